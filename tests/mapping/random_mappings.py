"""Random mappings: mostly such as an admin might write, so that many pass the check, and some that clash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from connector.crm_schema import FieldType
from connector.mapping.types import Kind
from tests.mapping.crm_rules import PREFIXES
from tests.mapping.random_parts import Values, conditions, cuts, paths, redactions, templates, zones

if TYPE_CHECKING:
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


@st.composite
def values_for(draw: st.DrawFn, field: FieldSchema, depth: int = _OUTERMOST) -> Any:
    """What an admin might put into such a field."""
    form = draw(st.sampled_from(_forms(field, depth)))
    if form == "plain":
        return draw(_literals(field))
    value = draw(_FORMS[form](field, depth))
    if draw(st.integers(0, 3)) == 0:
        value |= draw(_around(field, form))
    if depth == _OUTERMOST and draw(st.integers(0, 3)) == 0:
        value |= draw(_WHOLE)
    return value


def _forms(field: FieldSchema, depth: int) -> list[str]:
    forms = ["plain", "value", "map"]
    if field.type in _READ:
        forms += ["from"] * 3
    if field.type in _TEXTUAL:
        forms += ["text"] * 4
    if field.type is FieldType.PICKLIST:
        forms += ["option"] * 2
    if field.type in _LINKED or field.type is FieldType.PICKLIST:
        forms += ["find", "person"] * (2 if field.type is FieldType.REFERENCE else 1)
    return forms + ["cases"] * depth


def _literals(field: FieldSchema) -> Values:
    # Nobody writes all activities to one and the same lead; then nothing could tell that they cannot be related.
    ids = [f"{PREFIXES[name]}xx0000000001" for name in field.references or ("Account",) if name != "Lead"]
    ids = ids if field.type is FieldType.REFERENCE else []
    own = [one.value for one in field.values]
    return st.sampled_from([*_LITERALS[field.type], *own, *ids, *ids])


def _value(field: FieldSchema, _depth: int) -> Values:
    return st.fixed_dictionaries({"value": _literals(field)})


def _option(field: FieldSchema, _depth: int) -> Values:
    labels = [one.label for one in field.values]
    return st.fixed_dictionaries({"option": st.sampled_from([*labels, "Else"])})


def _objects(field: FieldSchema) -> st.SearchStrategy[str]:
    return st.sampled_from([*field.references, *field.references, "User", "Contact"])


_held = st.sampled_from(["apten@acme.com", " Zed\r\n", "7"])
_held_per_call = st.fixed_dictionaries({"from": paths(Kind.TEXT, Kind.BOOLEAN, Kind.INTEGER)})


def _found(field: FieldSchema, held: Values) -> Values:
    where = st.dictionaries(st.sampled_from(["Name", "Username", "Code__c"]), held, min_size=1, max_size=2)
    return st.fixed_dictionaries({"find": _objects(field), "where": where})


def _find(field: FieldSchema, _depth: int) -> Values:
    return _found(field, _held | _held_per_call)


def _person(_field: FieldSchema, _depth: int) -> Values:
    return st.fixed_dictionaries({"from": st.sampled_from(_PERSON)})


def _fixed(field: FieldSchema) -> Values:
    """What `default`, `unmapped` and a map's values may be."""
    forms = [_literals(field), _value(field, 0)]
    if field.values:
        forms.append(_option(field, 0))
    if field.type in _LINKED:
        forms.append(_found(field, _held))
    return st.one_of(forms)


@st.composite
def _from(draw: st.DrawFn, field: FieldSchema, _depth: int) -> dict[str, Any]:
    kinds, conversions = draw(st.sampled_from(_READ[field.type]))
    conversion = draw(st.sampled_from(conversions))
    value: dict[str, Any] = {"from": draw(paths(*kinds))}
    if conversion:
        value["as"] = conversion
    if conversion == "date" and draw(st.booleans()):
        value["plus"] = draw(st.sampled_from(["1d", "3650d"]))
    if field.type in _TEXTUAL and draw(st.booleans()):
        value["cut"] = draw(cuts)
    return value


@st.composite
def _map(draw: st.DrawFn, field: FieldSchema, _depth: int) -> dict[str, Any]:
    path = draw(st.sampled_from(list(_MAPS)))
    table = {key: draw(_fixed(field)) for key in _MAPS[path]}
    return {"from": path, "map": table, "unmapped": draw(_fixed(field))}


@st.composite
def _text(draw: st.DrawFn, _field: FieldSchema, _depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {"text": draw(templates)}
    if draw(st.integers(0, 4)):
        value["cut"] = draw(cuts)
    return value


@st.composite
def _cases(draw: st.DrawFn, field: FieldSchema, depth: int) -> dict[str, Any]:
    listed = []
    for _ in range(draw(st.integers(1, 2))):
        value = draw(values_for(field, depth - 1))
        case = value if isinstance(value, dict) else {"value": value}
        listed.append({**case, "when": draw(conditions)})
    if draw(st.booleans()):
        listed.append(draw(_value(field, 0) | _find(field, 0)))
    return {"cases": listed}


@st.composite
def _around(draw: st.DrawFn, field: FieldSchema, form: str) -> dict[str, Any]:
    options: dict[str, Values] = {"when": conditions, "default": _fixed(field)}
    if field.type in _TEXTUAL and form not in ("value", "option", "find", "person"):
        options["cut"] = cuts
    if form in ("from", "text"):
        options["timezone"] = zones
        options["redact"] = redactions
    names = draw(st.sets(st.sampled_from(sorted(options)), min_size=1))
    return {name: draw(options[name]) for name in sorted(names)}


_FORMS = {
    "value": _value,
    "option": _option,
    "from": _from,
    "map": _map,
    "text": _text,
    "cases": _cases,
    "find": _find,
    "person": _person,
}
