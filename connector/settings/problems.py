"""Turns pydantic's findings into diagnostics: a code, the place in the file, what is wrong, what to write instead."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from connector.settings.catalogue import catalogue
from connector.settings.codes import CODES, MISSING, UNKNOWN, WRONG
from connector.yaml_text import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

    from connector.diagnostics import Diagnostic, Place
    from connector.settings.catalogue import Setting
    from connector.yaml_text import Node

_LIKENESS = 0.7
_CHOOSERS = ("kind", "auth")
_LABELS = {
    "int_parsing": "not a whole number",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "tuple_type": "not a list; write `[one.yaml, two.yaml]`",
    "model_type": "not a section; its settings follow indented, one a line",
    "model_attributes_type": "not a section; its settings follow indented, one a line",
}


@dataclass(frozen=True, slots=True)
class _Spot:
    """What a finding is about: a setting's name, its section, and the key and value that stand there, if any do."""

    name: str
    section: str
    key: Place
    value: Node


def plain_data(node: Node) -> Any:
    """The tree as pydantic takes it: texts, lists and dictionaries; None for what is empty or `null`."""
    if isinstance(node, Scalar):
        return None if node.is_null else node.text
    if isinstance(node, Sequence):
        return [plain_data(item) for item in node.items]
    return {key.text: plain_data(value) for key, value in node.pairs}


def problems(error: ValidationError, root: Mapping, model: type[BaseModel]) -> list[Diagnostic]:
    """One diagnostic for each finding, in the order of the file."""
    settings = tuple(catalogue(model))
    findings = error.errors(include_url=False, include_input=False)
    found = [_diagnostic(finding, _spot(root, finding["loc"]), settings) for finding in findings]
    return sorted(found, key=lambda each: (each.place.line, each.place.column))


def place_of(root: Mapping, *names: str) -> Place:
    """Where the setting of this name within its sections has its value."""
    return _spot(root, names).value.place


def _spot(root: Mapping, loc: tuple[int | str, ...]) -> _Spot:
    """Walks the tree along pydantic's path, whose parts may also be choices (`salesforce`) that are no keys."""
    node: Node = root
    keys: list[Scalar] = []
    for at, part in enumerate(loc, 1):
        if isinstance(node, Sequence) and isinstance(part, int):
            node = node.items[part]
        elif isinstance(node, Mapping) and not (at < len(loc) and _chooses(node, part)):
            pair = next((pair for pair in node.pairs if pair[0].text == part), None)
            if pair is not None:
                keys.append(pair[0])
                node = pair[1]
    name = next(str(part) for part in reversed(loc) if isinstance(part, str))
    outer = [key.text for key in keys if key.text != name]
    return _Spot(name, outer[-1] if outer else "", keys[-1].place if keys else root.place, node)


def _chooses(section: Mapping, part: int | str) -> bool:
    """Whether the section makes this choice; one of them, `auth: password`, is called as a setting is."""
    return any(
        key.text in _CHOOSERS and isinstance(value, Scalar) and value.text == part for key, value in section.pairs
    )


def _diagnostic(finding: ErrorDetails, spot: _Spot, settings: tuple[Setting, ...]) -> Diagnostic:
    kind, context = finding["type"], finding.get("ctx", {})
    if kind in CODES:
        place = spot.key if isinstance(spot.value, Mapping) else spot.value.place
        return CODES[kind].at(place, context["label"], context["help"])
    if kind == "missing":
        return MISSING.at(spot.key, _needs(spot.section, spot.name), _description(spot, settings))
    if kind == "extra_forbidden":
        return UNKNOWN.at(spot.key, f"{_where(spot.section)} has no setting `{spot.name}`", _intended(spot, settings))
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        return _choice(context["discriminator"].strip("'"), spot, settings)
    label = _LABELS.get(kind, "not a value that this setting takes").format(**context)
    return WRONG.at(spot.value.place, label, _description(spot, settings))


def _choice(chooser: str, spot: _Spot, settings: tuple[Setting, ...]) -> Diagnostic:
    """A section's `kind` or `auth` is missing or unknown, so that the rest of the section cannot be judged."""
    section = spot.section or spot.name
    chosen = {pair: None for each in settings if each.section == section for pair in each.when.items()}
    allowed = "one of " + ", ".join(f"`{value}`" for name, value in chosen if name == chooser)
    node = spot.value.get(chooser) if isinstance(spot.value, Mapping) else None
    if node is None or (isinstance(node, Scalar) and node.is_null):
        return MISSING.at(spot.key, _needs(section, chooser), f"{chooser}: {allowed}")
    return WRONG.at(node.place, f"not {allowed}")


def _needs(section: str, name: str) -> str:
    return f"{_where(section)} needs `{name}`"


def _where(section: str) -> str:
    return f"`{section}`" if section else "the config"


def _description(spot: _Spot, settings: tuple[Setting, ...]) -> str:
    found = (each for each in settings if (each.section, each.name) == (spot.section, spot.name))
    return next((f"{each.name}: {each.description}" for each in found), "")


def _intended(spot: _Spot, settings: tuple[Setting, ...]) -> str:
    """What may have been meant by an unknown name: another place or choice, a likely spelling, or what there is."""
    for each in settings:
        if each.name == spot.name and each.section == spot.section:
            return f"`{each.name}` belongs to " + ", ".join(f"`{key}: {value}`" for key, value in each.when.items())
        if each.name == spot.name:
            return f"`{each.name}` belongs {f'under `{each.section}:`' if each.section else 'at the top, not indented'}"
    here = list(dict.fromkeys(each.name for each in settings if each.section == spot.section))
    likely = get_close_matches(spot.name, here, n=1, cutoff=_LIKENESS)
    return f"did you mean `{likely[0]}`?" if likely else "known here: " + ", ".join(f"`{name}`" for name in here)
