"""Random parts of a mapping: mostly such as an admin might write, so that many pass the check, and some that clash."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from connector.crm_schema import FieldType
from connector.mapping.source import SOURCES
from connector.mapping.types import Kind

Values = st.SearchStrategy[Any]


def paths(*kinds: Kind) -> st.SearchStrategy[str]:
    found = [path for path, source in SOURCES.items() if source.plan.type.kind in kinds]
    return st.sampled_from([*found, "lead.additionalInfo.region"] if Kind.TEXT in kinds else found)


_TESTS: dict[Kind, list[Any]] = {
    Kind.TEXT: ["LEAD", ["INBOUND", "AGENT"], {"not": "OUTBOUND"}, {"present": True}, {"present": False}],
    Kind.BOOLEAN: [True, False, {"not": True}],
    Kind.INTEGER: [145, {"at_least": "30s"}, {"at_most": 90}, {"at_least": 1, "at_most": "2h"}, {"present": True}],
    Kind.DATETIME: [{"at_least": "2026-06-15"}, {"at_most": "2026-03-08T07:00:00Z"}, {"present": False}],
    Kind.TEXTS: [{"has": "Zed"}, {"has": ["a", "é"]}, {"present": True}],
    Kind.TRANSCRIPT: [{"present": True}, {"present": False}],
}
_simple = st.one_of(
    [st.dictionaries(paths(kind), st.sampled_from(tests), min_size=1, max_size=2) for kind, tests in _TESTS.items()]
)
conditions: Values = st.recursive(
    _simple,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"not": inner}),
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=2)}),
        st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=2)}),
    ),
    max_leaves=3,
)

_FILTERS = {
    Kind.TEXT: ["", " | label", " | cut(5)", " | label | cut(9)", " | default('') | cut('…')"],
    Kind.BOOLEAN: ["", " | label"],
    Kind.INTEGER: ["", " | minutes", " | minutes('up')"],
    Kind.DATETIME: ["", " | date", " | date('long')", " | time('12h')"],
    Kind.TEXTS: [""],
    Kind.TRANSCRIPT: [" | dialogue", " | dialogue | cut(12)", " | dialogue | cut(' [..]')"],
}
_fallbacks = st.sampled_from([" | default('none')", " | default('')"] * 4 + [""])
_outputs = st.one_of(
    [
        st.builds(
            lambda path, chain, fallback: f"{{{{ {path}{chain}{fallback if 'default' not in chain else ''} }}}}",
            paths(kind),
            st.sampled_from(chains),
            _fallbacks if kind is not Kind.TRANSCRIPT else st.just(""),
        )
        for kind, chains in _FILTERS.items()
    ]
)
_questions = st.sampled_from(
    ["summary", "not endedBy", "durationSeconds > 60", "endedBy == 'LEAD' or isTransfer", "'Zed' in lead.tags"]
)
_parts = st.recursive(
    st.one_of(
        _outputs,
        st.sampled_from(["Call ", "\n\n", "\u0301", "é", "🎉 ", " "]),
        st.just("{% if summary %}{{ summary }}{% endif %}"),
        st.just("{% if not lead.phone %}-{% else %}{{ lead.phone | cut(7) }}{% endif %}"),
    ),
    lambda inner: st.builds("{{% if {} %}}{}{{% else %}}{}{{% endif %}}".format, _questions, inner, inner),
    max_leaves=3,
)
templates: st.SearchStrategy[str] = st.lists(_parts, min_size=1, max_size=3).map("".join)

_cuts = st.sampled_from(
    [
        {"keep": "start"},
        {"keep": "end", "mark": " 🎉"},
        {"to": 5, "mark": "…"},
        {"to": 18, "keep": "end", "mark": "\u0301"},
        {"to": 1},
        {"to": 2, "mark": "[cut]"},
    ]
)
_MAPS = {
    "direction": {"INBOUND": "{0}", "OUTBOUND": "{1}"},
    "endedBy": {"LEAD": "{0}", "AGENT": "{1}"},
    "isTransfer": {"true": "{0}", "false": "{1}"},
    "lead.isHot": {"true": "{1}", "false": "{0}"},
    "midCallTransferDuration": {"90s": "{0}", "0": "{1}"},
}
_LITERALS: dict[FieldType, list[str]] = {
    FieldType.TEXT: ["High", "007", "x" * 18, "e\u0301 🎉", "+15551234567"],
    FieldType.LONG_TEXT: ["High", "x" * 30, "a\nb"],
    FieldType.PICKLIST: ["Inbound", "Outbound", "Other"],
    FieldType.INTEGER: ["0", "7", "-1"],
    FieldType.NUMBER: ["1.5", "-2", "7"],
    FieldType.BOOLEAN: ["true", "false"],
    FieldType.DATE: ["2026-06-15", "0001-01-01"],
    FieldType.DATETIME: ["2026-06-15T14:30:00Z", "2026-06-15T14:30:00"],
    FieldType.REFERENCE: ["003xx0000000001"],
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


@st.composite
def values_for(draw: st.DrawFn, field_type: FieldType, depth: int = 2) -> Any:
    """What an admin might put into such a field."""
    form = draw(st.sampled_from(_forms(field_type, depth)))
    if form == "plain":
        return draw(st.sampled_from(_LITERALS[field_type]))
    value = draw(_FORMS[form](field_type, depth))
    if draw(st.integers(0, 3)) == 0:
        value |= draw(_around(field_type, form))
    if depth == _OUTERMOST and draw(st.integers(0, 3)) == 0:
        value |= draw(_WHOLE)
    return value


_OUTERMOST = 2
_WHOLE = st.sampled_from([{"write": "always"}, {"write": "on_create"}, {"if_missing": "clear"}])


def _forms(field_type: FieldType, depth: int) -> list[str]:
    forms = ["plain", "value", "from", "from", "map"]
    if field_type in _TEXTUAL:
        forms += ["text"] * 4
    return forms + ["cases"] * depth


def _literals(field_type: FieldType) -> Values:
    return st.sampled_from(_LITERALS[field_type])


def _value(field_type: FieldType, _depth: int) -> Values:
    return st.fixed_dictionaries({"value": _literals(field_type)})


@st.composite
def _from(draw: st.DrawFn, field_type: FieldType, _depth: int) -> dict[str, Any]:
    if field_type is FieldType.REFERENCE:
        return {"from": "person"}
    kinds, conversions = draw(st.sampled_from(_READ[field_type]))
    conversion = draw(st.sampled_from(conversions))
    value: dict[str, Any] = {"from": draw(paths(*kinds))}
    if conversion:
        value["as"] = conversion
    if field_type in _TEXTUAL and draw(st.booleans()):
        value["cut"] = draw(_cuts)
    return value


@st.composite
def _map(draw: st.DrawFn, field_type: FieldType, _depth: int) -> dict[str, Any]:
    path = draw(st.sampled_from(list(_MAPS)))
    one, other, unmapped = (draw(_literals(field_type)) for _ in range(3))
    return {"from": path, "map": {key: to.format(one, other) for key, to in _MAPS[path].items()}, "unmapped": unmapped}


@st.composite
def _text(draw: st.DrawFn, _field_type: FieldType, _depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {"text": draw(templates)}
    if draw(st.integers(0, 4)):
        value["cut"] = draw(_cuts)
    return value


@st.composite
def _cases(draw: st.DrawFn, field_type: FieldType, depth: int) -> dict[str, Any]:
    listed = []
    for _ in range(draw(st.integers(1, 2))):
        value = draw(values_for(field_type, depth - 1))
        case = value if isinstance(value, dict) else {"value": value}
        listed.append({**case, "when": draw(conditions)})
    if draw(st.booleans()):
        listed.append(draw(_value(field_type, 0)))
    return {"cases": listed}


@st.composite
def _around(draw: st.DrawFn, field_type: FieldType, form: str) -> dict[str, Any]:
    options: dict[str, Values] = {"when": conditions, "default": _literals(field_type)}
    if field_type in _TEXTUAL and form != "value":
        options["cut"] = _cuts
    if form in ("from", "text"):
        options["timezone"] = st.just("Pacific/Auckland")
    names = draw(st.sets(st.sampled_from(sorted(options)), min_size=1))
    return {name: draw(options[name]) for name in sorted(names)}


_FORMS = {"value": _value, "from": _from, "map": _map, "text": _text, "cases": _cases}
