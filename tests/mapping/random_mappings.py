"""Random mappings: mostly such as an admin might write, so that many pass the check, and some that clash."""

from __future__ import annotations

import operator
from functools import cache
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from connector.crm_schema import FieldType
from connector.mapping.types import Kind
from tests.mapping.crm_rules import PREFIXES
from tests.mapping.random_parts import Values, conditions, cuts, paths, redactions, templates, zones

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.crm_schema import FieldSchema

_MAPS = {
    "direction": ("INBOUND", "OUTBOUND"),
    "endedBy": ("LEAD", "AGENT"),
    "isTransfer": ("true", "false"),
    "lead.isHot": ("true", "false"),
    "midCallTransferDuration": ("90s", "0"),
}
_LITERALS: dict[FieldType, list[str]] = {
    FieldType.TEXT: ["High", "007", "x" * 18, "e\u0301 🎉", "+15551234567", "null and void"],
    FieldType.LONG_TEXT: ["High", "x" * 30, "a\nb", "שלום"],
    FieldType.PICKLIST: ["Other", "Else"],
    FieldType.INTEGER: ["0", "7", "-1"],
    FieldType.NUMBER: ["1.5", "-2", "7"],
    FieldType.BOOLEAN: ["true", "false"],
    FieldType.DATE: ["2026-06-15", "0001-01-01"],
    FieldType.DATETIME: ["2026-06-15T14:30:00Z", "2026-06-15T14:30:00"],
    FieldType.REFERENCE: ["Ada Lovelace"],
    FieldType.OTHER: ["0,0"],
}
_READ: dict[FieldType, list[tuple[tuple[Kind, ...], list[str]]]] = {
    FieldType.TEXT: [
        ((Kind.TEXT,), ["", "label", "text"]),
        ((Kind.BOOLEAN,), ["label", "text"]),
        ((Kind.INTEGER, Kind.DATETIME, Kind.TEXTS, Kind.TRANSCRIPT), ["text"]),
    ],
    FieldType.PICKLIST: [((Kind.TEXT,), ["", "label"])],
    FieldType.INTEGER: [((Kind.INTEGER,), ["", "minutes", "milliseconds"])],
    FieldType.NUMBER: [((Kind.INTEGER,), ["", "minutes"])],
    FieldType.BOOLEAN: [((Kind.BOOLEAN,), [""])],
    FieldType.DATE: [((Kind.DATETIME,), ["date"])],
    FieldType.DATETIME: [((Kind.DATETIME,), ["", "datetime"])],
}
_READ[FieldType.LONG_TEXT] = _READ[FieldType.TEXT]
_TEXTUAL = (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.PICKLIST)
_LINKED = (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.REFERENCE)
_PERSON = ["person", "person", "person.owner", "person.account", "person.object"]
_OUTERMOST = 2
_WHOLE = st.sampled_from(
    [{"write": "always"}, {"write": "on_create"}, {"write": "unless_edited"}, {"if_missing": "clear"}]
)

heads: Values = st.fixed_dictionaries(
    {},
    optional={
        "timezone": st.none() | zones,
        "write": st.sampled_from(["always", "on_create", "unless_edited"]),
        "redact": redactions,
        "log_when": conditions,
        "wait_for": st.sampled_from(
            [{"summary": "30m"}, {"transcript": {"up_to": "2h", "when": {"isTransfer": "true"}}}]
        ),
        "labels": st.just({"endedBy": {"LEAD": "Customer 🎉"}, "isTransfer": {"true": "x" * 60}}),
        "person": st.none()
        | st.fixed_dictionaries(
            {"by": st.lists(st.sampled_from(["lead.phone", "lead.email", "lead.externalLeadId"]), min_size=1)},
            optional={
                "in": st.sampled_from([["Contact"], ["Lead", "Contact"], "Lead"]),
                "phone_country": st.sampled_from(["US", "DE"]),
                "if_none": st.sampled_from(["hold", "skip", "log_unlinked"]),
                "if_many": st.sampled_from(["hold", "skip", "log_unlinked"]),
            },
        ),
    },
)
"""Keys of the file beside `fields`; None leaves one out."""


@cache
def values_for(field: FieldSchema, depth: int = _OUTERMOST) -> Values:
    """What an admin might put into such a field."""
    whole = _perhaps(_WHOLE) if depth == _OUTERMOST else _NO_MORE
    forms = [
        st.builds(
            lambda value, around, more: value | around | more,
            _FORMS[form](field, depth),
            _perhaps(_around(field, form), often=field.required),
            whole,
        )
        for form in _forms(field, depth)
    ]
    return st.one_of(_literals(field), *forms)


_NO_MORE: Values = st.just({})


def _perhaps(options: Values, *, often: bool = False) -> Values:
    return st.one_of(*[_NO_MORE] * 3, *[options] * (9 if often else 1))


def _forms(field: FieldSchema, depth: int) -> list[str]:
    forms = ["value", "map"]
    if field.restricted:
        forms += ["map"] * 4
    elif field.type in _READ:
        forms += ["from"] * 3
    if field.type in _TEXTUAL and not field.restricted:
        forms += ["text"] * 4
    if field.type is FieldType.PICKLIST:
        forms += ["option"] * 2
    if field.type in _LINKED or field.type is FieldType.PICKLIST:
        forms += ["find", "person"] * (2 if field.type is FieldType.REFERENCE else 1)
    return forms + ["cases"] * depth


@cache
def _literals(field: FieldSchema) -> Values:
    # Nobody writes all activities to one and the same lead; then nothing could tell that they cannot be related.
    ids = [f"{PREFIXES[name]}xx0000000001" for name in field.references or ("Account",) if name != "Lead"]
    ids = ids if field.type is FieldType.REFERENCE else []
    own = [one.value for one in field.values]
    return st.sampled_from([*_LITERALS[field.type], *own, *ids, *ids])


@cache
def _value(field: FieldSchema, _depth: int) -> Values:
    return st.fixed_dictionaries({"value": _literals(field)})


@cache
def _option(field: FieldSchema, _depth: int) -> Values:
    labels = [one.label for one in field.values]
    return st.fixed_dictionaries({"option": st.sampled_from([*labels, "Else"])})


_held = st.sampled_from(["apten@acme.com", " Zed\r\n", "7"])
_held_per_call = st.fixed_dictionaries({"from": paths(Kind.TEXT, Kind.BOOLEAN, Kind.INTEGER)})


@cache
def _found(field: FieldSchema, held: Values) -> Values:
    objects = st.sampled_from([*field.references, *field.references, "User", "Contact"])
    where = st.dictionaries(st.sampled_from(["Name", "Username", "Code__c"]), held, min_size=1, max_size=2)
    return st.fixed_dictionaries({"find": objects, "where": where})


@cache
def _find(field: FieldSchema, _depth: int) -> Values:
    return _found(field, _held | _held_per_call)


def _person(_field: FieldSchema, _depth: int) -> Values:
    return st.fixed_dictionaries({"from": st.sampled_from(_PERSON)})


@cache
def _fixed(field: FieldSchema) -> Values:
    """What `default`, `unmapped` and a map's values may be."""
    forms = [_literals(field), _value(field, 0)]
    if field.values:
        forms.append(_option(field, 0))
    if field.type in _LINKED:
        forms.append(_found(field, _held))
    return st.one_of(forms)


@cache
def _from(field: FieldSchema, _depth: int) -> Values:
    made = []
    for kinds, conversions in _READ[field.type]:
        for conversion in conversions:
            parts = {"from": paths(*kinds)} | ({"as": st.just(conversion)} if conversion else {})
            optional = {"plus": st.sampled_from(["1d", "3650d"])} if conversion == "date" else {}
            optional |= {"cut": cuts} if field.type in _TEXTUAL else {}
            made.append(st.fixed_dictionaries(parts, optional=optional))
    return st.one_of(made)


@cache
def _map(field: FieldSchema, _depth: int) -> Values:
    fixed = _fixed(field)
    tables = [
        st.fixed_dictionaries(
            {"from": st.just(path), "map": st.fixed_dictionaries(dict.fromkeys(keys, fixed)), "unmapped": fixed}
        )
        for path, keys in _MAPS.items()
    ]
    return st.one_of(tables)


def _text(_field: FieldSchema, _depth: int) -> Values:
    return st.fixed_dictionaries({"text": templates, "cut": cuts}) | st.fixed_dictionaries({"text": templates})


@cache
def _cases(field: FieldSchema, depth: int) -> Values:
    case = st.builds(
        lambda value, when: {**(value if isinstance(value, dict) else {"value": value}), "when": when},
        values_for(field, depth - 1),
        conditions,
    )
    last = st.lists(_value(field, 0) | _find(field, 0), max_size=1)
    listed = st.builds(operator.add, st.lists(case, min_size=1, max_size=2), last)
    return st.fixed_dictionaries({"cases": listed})


@cache
def _around(field: FieldSchema, form: str) -> Values:
    options: dict[str, Values] = {"when": conditions}
    default = {"default": _fixed(field)}
    if field.type in _TEXTUAL and form not in ("value", "option", "find", "person"):
        options["cut"] = cuts
    if form in ("from", "text"):
        options |= {"timezone": zones, "redact": redactions}
    # What a record cannot do without is mostly written so that it is there.
    return (
        st.fixed_dictionaries(default, optional=options)
        if field.required
        else st.fixed_dictionaries({}, optional=options | default)
    )


_FORMS: dict[str, Callable[[FieldSchema, int], Values]] = {
    "value": _value,
    "option": _option,
    "from": _from,
    "map": _map,
    "text": _text,
    "cases": _cases,
    "find": _find,
    "person": _person,
}
