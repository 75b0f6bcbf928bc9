"""What a mapping can read, as an editor offers it: sources, what each is compared with, the wording of its values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from connector.mapping.json_schema.pieces import (
    flag,
    literally,
    named,
    number,
    one_or_more,
    or_map,
    ref,
    section,
    sentence,
    single,
    suggested,
    text,
    words,
)
from connector.mapping.labels import Labels, has_labels
from connector.mapping.scalars import DURATION, WHOLE
from connector.mapping.shape import ALL, ANY, COMBINED, COMPARED, NOT, ORDERED, PRESENT, TESTS
from connector.mapping.source import OPEN_KEYS, PERSON_PARTS, SOURCES, find
from connector.mapping.types import Kind, Type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from connector.mapping.json_schema.pieces import Schema
    from connector.mapping.shape import Test
    from connector.mapping.source import Source

OPEN_PATTERN = literally(OPEN_KEYS) + ".+"
"""The sources that have no fixed names."""
_OPEN = OPEN_KEYS + "…"


@dataclass(frozen=True, slots=True)
class Group:
    """Sources that can be used in the same ways; `type` is that of the first of them."""

    name: str
    type: Type
    paths: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Sources without fixed names belong to it."""
        return _OPEN in self.paths

    @property
    def known(self) -> tuple[str, ...]:
        """The values that such a source is known to have."""
        return tuple(PRESENT) if self.type.kind is Kind.BOOLEAN else self.type.values

    @property
    def is_closed(self) -> bool:
        """It has no other values."""
        return self.type.closed or self.type.kind is Kind.BOOLEAN


def _all() -> Iterator[Source]:
    yield from SOURCES.values()
    if open_one := find(_OPEN):
        yield open_one


def _groups() -> tuple[Group, ...]:
    found: dict[object, list[Source]] = {}
    for source in _all():
        type_ = source.plan.type
        found.setdefault((type_.kind, type_.values, type_.closed, type_.unit), []).append(source)
    return tuple(_group(sources) for sources in found.values())


def _group(sources: list[Source]) -> Group:
    type_, paths = sources[0].plan.type, tuple(source.path for source in sources)
    return Group(paths[0] if type_.values else type_.kind.name.lower(), type_, paths)


GROUPS = _groups()


def definitions() -> dict[str, Schema]:
    """Conditions with the tests they are made of, and the wording of values."""
    tests = {f"test_{group.name}": _test(group) for group in GROUPS}
    wordings = {f"wording_{group.name}": _wording(group) for group in GROUPS if has_labels(SOURCES[group.paths[0]])}
    return {"condition": _condition(lead=True), "condition_on_call": _condition(lead=False), **tests, **wordings}


def path(fits: Callable[[Type], bool] = lambda _type: True, *, parts: Iterable[str] = ()) -> Schema:
    """The name of a source that fits, or of one of these parts of the person."""
    known = {source.path: source.doc for source in _all() if fits(source.plan.type)}
    open_doc = known.pop(_OPEN, None)
    known |= {part: PERSON_PARTS[part] for part in parts}
    schema = named(known, "there is no such source here", OPEN_PATTERN if open_doc else "")
    if open_doc:
        schema["defaultSnippets"] = [{"label": _OPEN, "description": sentence(open_doc), "bodyText": f"{OPEN_KEYS}$1"}]
    return schema


def is_one_of(paths: Iterable[str]) -> Schema:
    """The name of one of these sources; as a pattern, which no editor offers or lists."""
    patterns = (OPEN_PATTERN if path == _OPEN else literally(path) for path in paths)
    return {"type": "string", "pattern": f"^(?:{'|'.join(patterns)})$"}


def _condition(*, lead: bool) -> Schema:
    """`lead`: the lead can be asked for."""
    again = ref("condition" if lead else "condition_on_call")
    several = {"type": "array", "items": again, "minItems": 1}
    condition = section(COMBINED, {ANY: several, ALL: several, NOT: again})
    tests = _by_path(lambda group: ref(f"test_{group.name}"), lead=lead)
    condition["properties"] = {**tests, **condition["properties"]}
    if lead:
        condition["patternProperties"] = {
            f"^{OPEN_PATTERN}$": ref(f"test_{group.name}") for group in GROUPS if group.is_open
        }
        condition["defaultSnippets"] = [{"label": _OPEN, "bodyText": f"{OPEN_KEYS}$1: "}]
    return condition


def _by_path(schema: Callable[[Group], Schema], *, lead: bool = True) -> dict[str, Schema]:
    """Every source with a fixed name, in the order they are described in, with the schema of its group."""
    group_of = {path: group for group in GROUPS for path in group.paths}
    return {
        source.path: {"description": sentence(source.doc), **schema(group_of[source.path])}
        for source in SOURCES.values()
        if lead or not source.path.startswith("lead.")
    }


def _test(group: Group) -> Schema:
    kind, value = group.type.kind, _operand(group)
    keys = [_fitting(key, group) for key in TESTS if kind in key.kinds]
    content = {
        "not": one_or_more(value),
        "at_least": value,
        "at_most": value,
        "present": flag(PRESENT),
        "has": one_or_more(single()),
    }
    tests = section(keys, content)
    return or_map(one_or_more(value), tests, offered=keys) if kind in COMPARED else tests


def _fitting(key: Test, group: Group) -> Test:
    """The key with an example that fits the source."""
    kind = group.type.kind
    if key.kinds == COMPARED:
        of_kind = {Kind.INTEGER: "30s", Kind.DATETIME: "2026-06-15"}
        return replace(key, example=group.known[0] if group.known else of_kind.get(kind, "…"))
    return replace(key, example="2026-06-15") if key.kinds == ORDERED and kind is Kind.DATETIME else key


def _operand(group: Group) -> Schema:
    """What such a source is compared with."""
    match group.type.kind:
        case Kind.BOOLEAN:
            return flag()
        case Kind.INTEGER:
            return number(f"{WHOLE}|{DURATION}", "a number is due here, or a length of time as 90s, 30m or 2h")
        case Kind.DATETIME:
            return text("[0-9]{4}.*", "a date as 2026-06-15 is due here, or a time as 2026-06-15T14:30:00Z")
    if group.is_closed:
        return words(group.known)
    return suggested(group.known) if group.known else single()


def labels() -> Schema:
    """The section `labels`."""
    worded = _by_path(lambda group: ref(f"wording_{group.name}"))
    return {
        "type": "object",
        "properties": {path: worded[path] for path in worded if has_labels(SOURCES[path])},
        "patternProperties": {f"^{OPEN_PATTERN}$": ref(f"wording_{group.name}") for group in GROUPS if group.is_open},
        "additionalProperties": False,
        "minProperties": 1,
    }


def _wording(group: Group) -> Schema:
    built_in = Labels().of(group.type)
    return {
        "type": "object",
        "properties": {value: {"examples": [built_in(value)], **single()} for value in group.known},
        "additionalProperties": False if group.is_closed else single(),
        "minProperties": 1,
    }
