"""Random calls and leads, awkward on purpose: for the promises that must hold for all of them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from connector.mapping.source import SOURCES
from connector.source_model import Call, Lead

# Few characters, but the awkward ones: wide, combining, joined, control, every kind of line end, words and blanks.
_PIECES = [
    "a",
    "Zed ",
    " ",
    "\n",
    "\r\n",
    "é",
    "e\u0301",
    "🎉",
    "👩\u200d👧",
    "🇩🇪",
    "\u0328",
    "\x00",
    "\u2028",
    "ﬁ",
    "{{ id }}",
    "x" * 300,
]
texts = st.lists(st.sampled_from(_PIECES), max_size=8).map("".join)
_words = st.sampled_from(["LEAD", "AGENT", "COMPLETE", "NO_ANSWER", "answered", "human", "NEW_VALUE", "_", "Ünknown"])
_stamps = st.sampled_from(
    [
        "2026-06-15T14:30:00.000Z",
        "2026-03-08T06:59:59Z",
        "1900-01-01T00:00:00Z",
        "2999-12-31T23:59:59Z",
        "2024-02-29T12:00:00+14:00",
    ]
)
_seconds = st.integers(0, 366 * 86_400 - 1)
_turns = st.fixed_dictionaries({"role": st.sampled_from(["assistant", "user", "tool_call", ""]), "content": texts})


def _optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


_FLAGS = [path for path, found in SOURCES.items() if found.plan.type.kind.name == "BOOLEAN"]
_OPEN_WORDS = ["endedBy", "transferAnswerStatus", "transferFallbackAnswerStatus", "transferAnsweredBy"]
calls = st.builds(
    Call.model_validate,
    st.fixed_dictionaries(
        {
            "id": st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=100),
            "direction": st.sampled_from(["INBOUND", "OUTBOUND"]),
            "callStatus": _words | texts.map(lambda text: text + "x"),
            "durationSeconds": _seconds,
            "createdAt": _stamps,
            "updatedAt": _stamps,
        },
        optional={
            "transcript": _optional(st.lists(_turns, max_size=4)),
            "summary": _optional(texts),
            "midCallTransferDuration": _optional(_seconds),
            **{name: _optional(_words | texts) for name in (*_OPEN_WORDS, "leadId", "sessionId", "transferNumber")},
            **{name: _optional(st.booleans()) for name in _FLAGS if not name.startswith("lead.")},
            "addedLater": st.just({"by": "Apten"}),
        },
    ),
)
leads = st.none() | st.builds(
    Lead.model_validate,
    st.fixed_dictionaries(
        {"id": st.just("l1")},
        optional={
            **{name: _optional(texts) for name in ("firstName", "phone", "customerProfile", "externalLeadId")},
            "createdAt": _optional(_stamps),
            "isHot": _optional(st.booleans()),
            "tags": _optional(st.lists(st.fixed_dictionaries({"name": _optional(texts)}), max_size=3)),
            "additionalInfo": st.dictionaries(st.just("region"), st.none() | texts | st.integers() | st.just([1])),
        },
    ),
)
