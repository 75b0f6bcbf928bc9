"""The mapping language: its keys, what it reads, what it can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.mapping import labels, shape
from connector.mapping.functions.registry import CONVERSIONS, FILTERS
from connector.mapping.source import PERSON_PARTS, SOURCES
from docs.parts.markdown import code, sentence, table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from connector.mapping.functions.function import Example, Function


def keys(keys: Sequence[shape.Key]) -> Callable[[], str]:
    """Some keys, each with what it says and an example."""

    def part() -> str:
        rows = ((code(key.name), _says(key), code(f"{key.name}: {key.example}")) for key in keys)
        return table(("key", "says", "for example"), rows)

    return part


def _says(key: shape.Key) -> str:
    words = "; ".join(f"{code(word)}: {meaning}" for word, meaning in key.words.items())
    return sentence(key.doc) + (" Required." if key.required else "") + (f" {words}." if words else "")


def options() -> str:
    """The options of a value, with the forms that take them."""
    rows = ((code(each.name), _says(each), ", ".join(map(code, each.forms))) for each in shape.OPTIONS)
    case = {each.name for each in shape.CASE_OPTIONS}
    outer = ", ".join(code(each.name) for each in shape.OPTIONS if each.name not in case)
    return f"{table(('option', 'says', 'goes with'), rows)}\n\nInside a case, all of them but {outer}."


def sources(prefix: str) -> Callable[[], str]:
    """What can be read of the call (`""`) or of the lead (`"lead."`)."""

    def part() -> str:
        rows = []
        for each in SOURCES.values():
            if each.path.startswith("lead.") is not (prefix == "lead."):
                continue
            kind = each.plan.type
            known = ", ".join(map(code, kind.values))
            values = f"{'one of' if kind.closed else 'for instance'} {known}" if known else ""
            unit = f", in {kind.unit}" if kind.unit else ""
            rows.append((code(each.path), kind.kind + unit, "yes" if kind.missing else "", sentence(each.doc), values))
        return table(("field", "holds", "may be missing", "says", "values"), rows)

    return part


def person_parts() -> str:
    """What can be read of the person."""
    return table(("from", "gives"), ((code(path), sentence(doc)) for path, doc in PERSON_PARTS.items()))


def conversions() -> str:
    """What `as` takes."""
    rows = ((code(each.name), each.doc, _kinds(each), _examples(each, "{from:")) for each in CONVERSIONS.values())
    return table(("as", "does", "works on", "for example"), rows)


def filters() -> str:
    """What stands behind `|` in a template."""
    rows = ((code(each.signature), each.doc, _kinds(each), _examples(each, "{text:")) for each in FILTERS.values())
    return table(("filter", "does", "works on", "for example"), rows)


def _kinds(function: Function) -> str:
    return ", ".join(kind.value for kind in function.takes)


def _examples(function: Function, form: str) -> str:
    return "<br>".join(_shown(each) for each in function.examples if each.written.startswith(form))


def _shown(example: Example) -> str:
    plain = {name: value for name, value in example.call.items() if not isinstance(value, list)}
    said = ", ".join(f"{name}: {str(value).lower() if value is True else value}" for name, value in plain.items())
    return f"{code(example.written)} {'with ' + code(said) + ' ' if said else ''}gives {code(_flat(example.gives))}"


def _flat(value: object) -> str:
    return str(value).replace("\n", "⏎")


def built_in_labels() -> str:
    """The wording that `label` brings along."""
    rows = [(code(path), code(value), text) for path, words in labels.BUILT_IN.items() for value, text in words.items()]
    return table(("field", "value", "label"), rows)
