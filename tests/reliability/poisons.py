"""Calls as nobody should ever send them: each a body to answer with, given the call as it truly is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Call = Mapping[str, Any]
    Poison = Callable[[Call], bytes]

_DEEP = 100_000


def _raw(body: bytes) -> Poison:
    return lambda _call: body


def _with(**fields: Any) -> Poison:
    return lambda call: json.dumps({**call, **fields}).encode()


def _without(name: str) -> Poison:
    return lambda call: json.dumps({key: value for key, value in call.items() if key != name}).encode()


def _text(name: str, written: str) -> Poison:
    """A field written in JSON as Python would not."""
    return lambda call: json.dumps({**call, name: "@@"}).replace('"@@"', written).encode()


NO_CALL: dict[str, Poison] = {
    "nothing": _raw(b""),
    "no JSON": _raw(b"<html>Not today</html>"),
    "cut": lambda call: json.dumps(call).encode()[:-30],
    "two at once": lambda call: json.dumps(call).encode() * 2,
    "not UTF-8": lambda call: json.dumps({**call, "summary": "@"}).encode().replace(b"@", b"\xff\xfe"),
    "UTF-16": lambda call: json.dumps(call).encode("utf-16"),
    "null": _raw(b"null"),
    "a number": _raw(b"7"),
    "a text": _raw(b'"call"'),
    "true": _raw(b"true"),
    "a list": _raw(b"[]"),
    "a list of it": lambda call: json.dumps([call]).encode(),
    "empty": _raw(b"{}"),
    "deep list": _raw(b"[" * _DEEP + b"]" * _DEEP),
    "deep object": _raw(b'{"a":' * _DEEP + b"1" + b"}" * _DEEP),
    "wrapped": lambda call: json.dumps({"call": call}).encode(),
    "an error with 200": _raw(b'{"message": "Internal server error"}'),
    "another's id": _with(id="somebody-else"),
    "no id": _without("id"),
    "id is null": _with(id=None),
    "id is empty": _with(id=""),
    "id is a number": _with(id=7),
    "id is a list": _with(id=["x"]),
    "no createdAt": _without("createdAt"),
    "createdAt is null": _with(createdAt=None),
    "createdAt is garbage": _with(createdAt="yesterday"),
    "createdAt is a number beyond time": _with(createdAt=10**30),
    "createdAt is NaN": _text("createdAt", "NaN"),
    "createdAt is an object": _with(createdAt={}),
    "no direction": _without("direction"),
    "no callStatus": _without("callStatus"),
}
"""What cannot be read as this call."""

ODD: dict[str, Poison] = {
    "status unknown": _with(callStatus="BEAMED_UP"),
    "status is an object": _with(callStatus={"is": "odd"}),
    "direction unknown": _with(direction="SIDEWAYS"),
    "duration negative": _with(durationSeconds=-1),
    "duration huge": _with(durationSeconds=10**18),
    "duration Infinity": _text("durationSeconds", "Infinity"),
    "duration 1e400": _text("durationSeconds", "1e400"),
    "duration of 5,000 digits": _text("durationSeconds", "9" * 5_000),
    "duration is a text": _with(durationSeconds="long"),
    "year 1": _with(createdAt="0001-01-01T00:00:00Z"),
    "year 9999": _with(createdAt="9999-12-31T23:59:59.999Z"),
    "leap second": _with(createdAt="2016-12-31T23:59:60Z"),
    "time without a zone": _with(createdAt="2026-06-15T14:30:00"),
    "summary is an object": _with(summary={"text": "hello"}),
    "summary of two megabytes": _with(summary="word " * 400_000),
    "summary of controls": _with(summary="a\x00b\x1bc\x7f\u0085d\u2028e\ufeff"),
    "summary of half an emoji": _text("summary", '"\\ud83d cut"'),
    "summary of nothing but blanks": _with(summary=" \n\t\u00a0"),
    "summary right to left": _with(summary="\u202egnihtyna\u202c \u200f"),
    "summary that looks like a template": _with(summary="{{ id }} {% for x in y %} ${APTEN_API_KEY}"),
    "summary that looks like SQL": _with(summary="'; DROP TABLE calls; --"),
    "transcript is a text": _with(transcript="Agent: hi"),
    "transcript is an object": _with(transcript={"role": "user"}),
    "transcript of nothing": _with(transcript=[None, 7, "x", [], {}]),
    "turns without words": _with(transcript=[{"role": "user"}, {"content": "hi"}, {"role": None, "content": None}]),
    "turn of a strange role": _with(transcript=[{"role": "ghost", "content": "boo"}]),
    "50,000 turns": _with(transcript=[{"role": "user", "content": "again"}] * 50_000),
    "tags of every kind": _with(leadId=None, endedBy={"who": "me"}, isTransfer="perhaps", isFollowUp=[]),
    "a thousand new fields": _with(**{f"new{number}": number for number in range(1_000)}),
    "keys that Python knows": _with(__class__="x", __init__=1, model_fields={}),
    "the same key twice": lambda call: json.dumps(call).encode()[:-1] + b', "summary": "second"}',
}
"""What may be read in part."""
