"""What goes into a field: plain values, and maps with one form and the options that go with it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from connector.mapping.functions.registry import CONVERSIONS
from connector.mapping.json_schema.pieces import (
    described,
    literally,
    named,
    number,
    or_map,
    ref,
    section,
    sentence,
    single,
    text,
    unoffered,
    words,
)
from connector.mapping.json_schema.sources import GROUPS, OPEN_PATTERN, is_one_of, path
from connector.mapping.problems import listed
from connector.mapping.scalars import DURATION, WHOLE
from connector.mapping.shape import CASE_OPTIONS, CUT, FIXED_FORMS, FORMS, FROM, KEEP, NOTHING, OPTIONS, REDACT, ZONE
from connector.mapping.source import PERSON, PERSON_PARTS, SOURCES
from connector.mapping.types import Kind
from connector.mapping.values.find import FOUND_BY, NAME
from connector.mapping.values.from_person import TAKES
from connector.mapping.values.from_source import MAPPED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from connector.crm_kinds import CrmKind
    from connector.mapping.json_schema.pieces import Schema
    from connector.mapping.json_schema.sources import Group
    from connector.mapping.shape import Key, Option

_OPTION = {option.name: option for option in OPTIONS}


def duration() -> Schema:
    """A length of time."""
    return text(DURATION, "a length of time is due here: 90s, 30m, 2h, 7d")


def definitions(crm: CrmKind | None) -> dict[str, Schema]:
    """Values, and what they are made of; `crm` is the CRM they are for, None for any."""
    finds = crm is None or crm.finds
    forms = [form for form in FORMS if finds or form.name != "find"]
    content = {
        "value": single(),
        "option": single(),
        "from": path(parts=PERSON_PARTS if finds else (PERSON,)),
        "text": single(pattern=""),
        "cases": {"type": "array", "items": ref("case"), "minItems": 1},
        "find": text(NAME, "the name of an object is due here"),
    }
    described_forms = {form.name: described(form, content[form.name]) for form in forms}
    return {
        "value": _value(forms, described_forms, OPTIONS),
        "case": _value(forms, described_forms, CASE_OPTIONS),
        "fixed": _fixed([form for form in forms if form.name in FIXED_FORMS], described_forms),
        "zone": named(dict.fromkeys(sorted(available_timezones()), ""), "there is no such time zone"),
        "timezone": _timezone(),
        "redact": _redact(),
        **{
            f"option_{name}": described(_OPTION[name], content)
            for name, content in _options().items()
            if finds or name != "where"
        },
    }


def _options() -> dict[str, Schema]:
    """The content of every option but `as` and `map`, which depend on the source."""
    held = or_map(single(), section(FROM, {"from": path(lambda type_: type_.kind in FOUND_BY)}))
    to = number(WHOLE, "a number of characters is due here", minimum=1)
    return {
        "when": ref("condition"),
        "unmapped": ref("fixed"),
        "plus": duration(),
        "timezone": ref("timezone"),
        "redact": ref("redact"),
        "default": ref("fixed"),
        "where": _where(held),
        "cut": section(CUT, {"to": to, "keep": words(KEEP), "mark": single()}),
        **{name: words(option.words) for name, option in _OPTION.items() if option.words and name != "redact"},
    }


def _value(forms: Sequence[Key], content: Mapping[str, Schema], options: Sequence[Option]) -> Schema:
    sections = {
        form.name: _from(content["from"], options)
        if form.name == "from"
        else _section(form.name, content[form.name], options)
        for form in forms
    }
    later = {option.name: unoffered({}) for option in options if option.name != "when"}
    return or_map(_plain(), _one_form(sections, {**content, "when": ref("option_when"), **later}), offered=forms)


def _plain() -> Schema:
    """A value as it stands, which must not look as if something else was meant."""
    sources = "|".join(literally(name) for name in (*SOURCES, *PERSON_PARTS))
    says_source = "this writes the word on every call; for its value write {from: …}, to write the word {value: …}"
    says_braces = 'the braces would be written as they stand; write {text: "…"} with the template in quotes'
    return {
        "allOf": [
            single(),
            {"pattern": f"^(?!(?:{sources}|{OPEN_PATTERN})$)", "errorMessage": says_source},
            {"pattern": r"^(?![\s\S]*(?:\{\{|\{%))", "errorMessage": says_braces},
        ]
    }


def _one_form(sections: Mapping[str, Schema], without: Mapping[str, Schema]) -> Schema:
    """A map with exactly one of these forms; `without` are the keys it may have while it has none yet."""
    due = f"{listed(sections)} is due here"
    return {
        "if": {"anyOf": [{"required": [form]} for form in sections]},
        "then": {"allOf": [{"if": {"required": [form]}, "then": each} for form, each in sections.items()]},
        "else": {
            "properties": without,
            "additionalProperties": False,
            "allOf": [{"anyOf": [{"required": [form], "errorMessage": due} for form in sections]}],
        },
    }


def _section(form: str, content: Schema | None, options: Iterable[Option]) -> Schema:
    """A form with the options that go with it."""
    taken = [option.name for option in options if form in option.forms]
    options_ = {name: ref(f"option_{name}") for name in taken}
    return {
        "properties": {form: True if content is None else content, **options_},
        "additionalProperties": False,
        **_relations(form, *taken),
    }


def _relations(*keys: str) -> Schema:
    """What keys demand of others beside them."""
    demands: dict[str, Schema] = {
        "map": {"properties": {"as": False}},
        "unmapped": {"required": ["map"]},
        "round": {"required": ["as"], "properties": {"as": {"const": "minutes"}}},
        "plus": {"required": ["as"], "properties": {"as": {"const": "date"}}},
        "find": {"required": ["where"]},
        "if_missing": {"properties": {"default": False}},
    }
    return {"dependentSchemas": {key: demand for key, demand in demands.items() if key in keys}}


def _from(content: Schema, options: Sequence[Option]) -> Schema:
    """What goes with a source depends on the source."""
    of_person = _section("from", None, [option for option in options if option.name in TAKES])
    sections = [(group.paths, _from_group(group, options)) for group in GROUPS]
    return {
        "properties": {"from": content},
        "allOf": [
            {"if": {"properties": {"from": is_one_of(paths)}}, "then": each}
            for paths, each in (*sections, (tuple(PERSON_PARTS), of_person))
        ],
    }


def _from_group(group: Group, options: Sequence[Option]) -> Schema:
    kind = group.type.kind
    conversions = {name: each.doc for name, each in CONVERSIONS.items() if kind in each.takes}
    fits = {
        "map": kind in MAPPED,
        "unmapped": kind in MAPPED,
        "round": "minutes" in conversions,
        "plus": "date" in conversions,
    }
    found = _section("from", None, [option for option in options if fits.get(option.name, True)])
    found["properties"]["as"] = {"description": sentence(_OPTION["as"].doc), **words(conversions)}
    if kind in MAPPED:
        found["properties"]["map"] = described(_OPTION["map"], _map(group))
        found["dependentSchemas"]["map"] |= _covered(group)
    return found


def _map(group: Group) -> Schema:
    return {
        "type": "object",
        "properties": {value: ref("fixed") for value in group.known},
        "additionalProperties": False if group.is_closed else ref("fixed"),
        "minProperties": 1,
    }


def _covered(group: Group) -> Schema:
    """A map says what every value becomes: the rest with `unmapped`, or each by name, where there are no others."""
    if not group.is_closed:
        return {"required": ["unmapped"]}
    return {"anyOf": [{"required": ["unmapped"]}, {"properties": {"map": {"required": list(group.known)}}}]}


def _fixed(forms: Sequence[Key], content: Mapping[str, Schema]) -> Schema:
    """A value that is the same on every call."""
    where = {"where": described(_OPTION["where"], _where(single()))}
    sections = {
        form.name: {
            "properties": {form.name: content[form.name], **(where if form.name == "find" else {})},
            "additionalProperties": False,
            **_relations(form.name),
        }
        for form in forms
    }
    without = {form.name: content[form.name] for form in forms}
    return or_map(single(), _one_form(sections, without), offered=forms)


def _where(held: Schema) -> Schema:
    return {
        "type": "object",
        "patternProperties": {f"^{NAME}$": held},
        "additionalProperties": False,
        "minProperties": 1,
    }


def _timezone() -> Schema:
    names_zone = path(lambda type_: type_.kind is Kind.TEXT and not type_.closed)
    return or_map(ref("zone"), section(ZONE, {"from": names_zone, "default": ref("zone")}))


def _redact() -> Schema:
    some = [name for name in REDACT if name != NOTHING]
    several = {"if": {"minItems": 2}, "then": {"items": {"enum": some}}}
    return {"anyOf": [words(REDACT), {"type": "array", "items": words(REDACT), "minItems": 1, **several}]}
