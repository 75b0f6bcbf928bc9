"""Random calls and leads, awkward on purpose: for the promises that must hold for all of them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from connector.mapping.source import SOURCES
from connector.source_model import Call, Lead

# Few characters, but the awkward ones: wide, combining, joined, right to left, control, every kind of line end, words
# and blanks, and what `redact` looks for.
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
    "\u0344",
    "\x00",
    "\u2028",
    "\ufeff",
    "ﬁ",
    "שלום ",
    "\u202eسلم\u202c",
    "한국",
    "{{ id }}",
    "x" * 300,
    "4111 1111 1111 1111 ",
    "ada@example.com ",
    "+12085550100 ",
]
texts = st.lists(st.sampled_from(_PIECES), max_size=8).map("".join)
_words = st.sampled_from(["LEAD", "AGENT", "COMPLETE", "NO_ANSWER", "answered", "human", "NEW_VALUE", "_", "Ünknown"])
_ADDRESSES = ["Zed@Example.com", "a@b", "zoë@example.com", "a.b+c@x-y.example", "x" * 40 + "@example.com", "@x.de"]
_stamps = st.sampled_from(
    [
        "2026-06-15T14:30:00.000Z",
        "2026-03-08T06:59:59Z",
        "2026-11-01T05:59:59.999Z",
        "1900-01-01T00:00:00Z",
        "2999-12-31T23:59:59Z",
        "2024-02-29T12:00:00+14:00",
    ]
)
_seconds = st.sampled_from([0, 1, 29, 30, 59, 60, 366 * 86_400 - 1]) | st.integers(0, 366 * 86_400 - 1)
_turns = st.fixed_dictionaries({"role": st.sampled_from(["assistant", "user", "tool_call", ""]), "content": texts})
_LONG_TRANSCRIPTS = [
    [{"role": "user", "content": "word " * 20_000}],
    [{"role": "assistant", "content": "👩\u200d👧e\u0301" * 20_000}, {"role": "user", "content": "ok"}],
    [{"role": role, "content": "pricing, pricing\n" * 60} for role in ("assistant", "user") * 50],
]
"""Of 100,000 characters each."""
_transcripts = st.one_of(
    [st.lists(_turns, max_size=4)] * 9 + [st.sampled_from(_LONG_TRANSCRIPTS)]  # one in ten
)
_ZONES = ["Europe/Berlin", "US/Eastern", " Asia/Kathmandu ", "EST", "", "Europe", "Mars/Base", "../UTC", "é\x00"]


def _optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


_FLAGS = [path for path, found in SOURCES.items() if found.plan.type.kind.name == "BOOLEAN"]
_OPEN_WORDS = [
    "endedBy",
    "transferAnswerStatus",
    "transferFallbackAnswerStatus",
    "transferAnsweredBy",
    "transferFallbackAnsweredBy",
]
_OPEN_TEXTS = ["leadId", "sessionId", "transferNumber", "fallbackTransferNumber"]
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
            "transcript": _optional(_transcripts),
            "summary": _optional(texts),
            "midCallTransferDuration": _optional(_seconds),
            **{name: _optional(_words | texts) for name in (*_OPEN_WORDS, *_OPEN_TEXTS)},
            **{name: _optional(st.booleans()) for name in _FLAGS if not name.startswith("lead.")},
            "addedLater": st.just({"by": "Apten"}),
        },
    ),
)
_ANY_JSON = st.none() | texts | st.integers() | st.booleans() | st.just([1, {"a": None}])
leads = st.none() | st.builds(
    Lead.model_validate,
    st.fixed_dictionaries(
        {"id": st.just("l1")},
        optional={
            "email": _optional(texts | st.sampled_from(_ADDRESSES)),
            **{name: _optional(texts) for name in ("firstName", "phone", "customerProfile", "externalLeadId")},
            "summary": _optional(texts),
            "createdAt": _optional(_stamps),
            "isHot": _optional(st.booleans()),
            "tags": _optional(st.lists(st.fixed_dictionaries({"name": _optional(texts)}), max_size=3)),
            "additionalInfo": st.fixed_dictionaries(
                {}, optional={"region": _ANY_JSON, "zone": st.sampled_from(_ZONES) | _ANY_JSON}
            ),
        },
    ),
)
