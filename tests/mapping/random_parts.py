"""Random parts of values: conditions, templates, cuts, zones and redactions, such as an admin might write."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from connector.mapping.source import SOURCES
from connector.mapping.types import Kind

Values = st.SearchStrategy[Any]


def paths(*kinds: Kind) -> st.SearchStrategy[str]:
    """Sources of these kinds."""
    found = [path for path, source in SOURCES.items() if source.plan.type.kind in kinds]
    return st.sampled_from([*found, "lead.additionalInfo.region"] if Kind.TEXT in kinds else found)


_TESTS: dict[Kind, list[Any]] = {
    Kind.TEXT: ["LEAD", ["INBOUND", "AGENT"], {"not": "OUTBOUND"}, {"present": "true"}, {"present": "false"}],
    Kind.BOOLEAN: ["true", "false", {"not": "true"}],
    Kind.INTEGER: ["145", {"at_least": "30s"}, {"at_most": "90"}, {"at_least": "1", "at_most": "2h"}],
    Kind.DATETIME: [
        {"at_least": "2026-06-15"},
        {"at_most": "2026-03-08T07:00:00Z"},
        "2026-03-08",
        {"present": "false"},
    ],
    Kind.TEXTS: [{"has": "Zed"}, {"has": ["a", "é"]}, {"present": "true"}],
    Kind.TRANSCRIPT: [{"present": "true"}, {"present": "false"}],
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
    [
        "summary",
        "not endedBy",
        "durationSeconds > 60",
        "endedBy == 'LEAD' or isTransfer",
        "'Zed' in lead.tags",
        "createdAt >= '2026-06-15' and summary",
    ]
)
_parts = st.recursive(
    st.one_of(
        _outputs,
        st.sampled_from(["Call ", "\n\n", "\u0301", "é", "🎉 ", " ", "שלום"]),
        st.just("{% if summary %}{{ summary }}{% endif %}"),
        st.just("{% if not lead.phone %}-{% else %}{{ lead.phone | cut(7) }}{% endif %}"),
    ),
    lambda inner: st.builds("{{% if {} %}}{}{{% else %}}{}{{% endif %}}".format, _questions, inner, inner),
    max_leaves=3,
)
templates: st.SearchStrategy[str] = st.lists(_parts, min_size=1, max_size=3).map("".join)

cuts: Values = st.sampled_from(
    [
        {"keep": "start"},
        {"keep": "end", "mark": " 🎉"},
        {"to": "5", "mark": "…"},
        {"to": "18", "keep": "end", "mark": "\u0301"},
        {"to": "1"},
        {"to": "2", "mark": "[cut]"},
    ]
)
zones: Values = st.sampled_from(
    [
        "Pacific/Auckland",
        {"from": "lead.additionalInfo.zone", "default": "America/New_York"},
        {"from": "lead.customerProfile", "default": "Asia/Kolkata"},
    ]
)
redactions: Values = st.sampled_from(
    ["nothing", ["card_numbers"], ["emails", "phones"], ["long_numbers"], ["card_numbers", "emails", "phones"]]
)
