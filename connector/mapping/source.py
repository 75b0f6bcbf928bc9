"""What a mapping can read: the call's fields bare, the lead's behind `lead.`, derived from `connector.source_model`."""

from __future__ import annotations

import json
import re
import types
import typing
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Any, Literal

from annotated_types import Ge, Lt
from pydantic.fields import FieldInfo

from connector.canonical import canonical_text
from connector.mapping.types import Kind, Plan, Type
from connector.source_model import Call, Known, Lead, Longest, Prose, Turn, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydantic import BaseModel

    from connector.mapping.types import Run

PERSON = "person"
PERSON_PARTS = {
    PERSON: "the record that the call was with",
    "person.object": "the object of that record, such as Contact or Lead",
    "person.owner": "the active user who owns that record",
    "person.account": "the account that a contact belongs to",
}
"""What a field can be filled with once the person is found."""
OPEN_KEYS = "lead.additionalInfo."
AWAITABLE = ("summary", "transcript")
"""What Apten may add some time after a call has ended."""

_VISIBLE = re.compile(r"[^\s\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Source:
    """One thing a mapping can read: its name in the language, what it means, and how it is read."""

    path: str
    doc: str
    plan: Plan


def find(path: str) -> Source | None:
    """The source by this name; None if there is none."""
    if path.startswith(OPEN_KEYS) and len(path) > len(OPEN_KEYS):
        return _additional_info(path)
    return SOURCES.get(path)


def part_of_person(path: str) -> str:
    """Which part of the person one of `PERSON_PARTS` reads, as `connector.model.PersonRef` names it."""
    return "id" if path == PERSON else path.removeprefix(f"{PERSON}.")


def _sources() -> Iterator[Source]:
    yield from _fields(Call, "", lambda read: lambda call, _lead: read(call))
    yield Source(
        "endedAt",
        "when the call ended: createdAt plus durationSeconds",
        Plan(Type(Kind.DATETIME, path="endedAt"), lambda call, _lead: call.ended_at),
    )
    yield from _fields(Lead, "lead.", lambda read: lambda _call, lead: None if lead is None else read(lead))


def _fields(model: type[BaseModel], prefix: str, of: Callable[[Callable[[Any], Any]], Run]) -> Iterator[Source]:
    hints = typing.get_type_hints(model, include_extras=True)
    for name, info in model.model_fields.items():
        path = f"{prefix}{info.alias}"
        type_ = _type(hints[name], path)
        if type_ is None:
            continue
        run = of(_reader(name, type_))
        if type_.kind is Kind.BOOLEAN:
            # A flag that is absent reads as false, a lead that is absent has no flags.
            type_, run = type_.present(), _flag(run)
        elif prefix:
            type_ = replace(type_, missing=True)
        yield Source(path, info.description or "", Plan(type_, run))


def _flag(run: Run) -> Run:
    return lambda call, lead: bool(run(call, lead))


def _type(hint: Any, path: str) -> Type | None:
    """The type of a field; None for what is no value by itself (`lead.additionalInfo`)."""
    base, facts, optional = _unwrapped(hint)
    if typing.get_origin(base) is Literal:
        values = typing.get_args(base)
        return Type(Kind.TEXT, optional, longest=max(map(len, values)), values=values, closed=True, path=path)
    if typing.get_origin(base) is tuple:
        item = typing.get_args(base)[0]
        known = _unwrapped(typing.get_type_hints(Turn, include_extras=True)["role"])[1] if item is Turn else []
        return Type(
            Kind.TRANSCRIPT if item is Turn else Kind.TEXTS,
            missing=True,
            values=next((fact.values for fact in known if isinstance(fact, Known)), ()),
            path=path,
            prose=item is Turn,
        )
    kinds = {str: Kind.TEXT, int: Kind.INTEGER, bool: Kind.BOOLEAN, datetime: Kind.DATETIME}
    return Type(kinds[base], optional, path=path, **_said(facts)) if base in kinds else None


def _said(facts: list[Any]) -> dict[str, Any]:
    """What annotations say of a type."""
    said: dict[str, Any] = {}
    for fact in facts:
        match fact:
            case Known(values):
                said["values"] = values
            case Unit(name):
                said["unit"] = name
            case Longest(characters):
                said["longest"] = characters
            case Prose():
                said["prose"] = True
            case Ge(int(ge)):
                said["low"] = ge
            case Lt(int(lt)):
                said["high"] = lt - 1
    return said


def _unwrapped(hint: Any) -> tuple[Any, list[Any], bool]:
    """The bare type, what is annotated to it, and whether it may be None."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        inner = next(arg for arg in typing.get_args(hint) if arg is not type(None))
        base, facts, _ = _unwrapped(inner)
        return base, facts, True
    if typing.get_origin(hint) is Annotated:
        inner, *annotated = typing.get_args(hint)
        base, facts, optional = _unwrapped(inner)
        for fact in annotated:
            facts += fact.metadata if isinstance(fact, FieldInfo) else [fact]
        return base, facts, optional
    return hint, [], False


def _reader(name: str, type_: Type) -> Callable[[Any], Any]:
    read = attrgetter(name)
    if type_.kind is Kind.TEXT and not type_.closed:
        return lambda record: _visible(read(record))
    if type_.kind is Kind.TRANSCRIPT:
        return lambda record: read(record) or None
    if type_.kind is Kind.TEXTS:
        return lambda record: [name for tag in read(record) if (name := _visible(tag.name))] or None
    return read


def _visible(text: str | None) -> str | None:
    """The text; None if nothing of it would be left once canonical, which is the same as missing."""
    return text if text and (text[0].isalnum() or _VISIBLE.search(text)) else None


def _additional_info(path: str) -> Source:
    key = path.removeprefix(OPEN_KEYS)

    def run(_call: Call, lead: Lead | None) -> str | None:
        return None if lead is None else _visible(_as_text(lead.additional_info.get(key)))

    return Source(path, "a key your own systems sent to Apten", Plan(Type(Kind.TEXT, missing=True, path=path), run))


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


SOURCES: dict[str, Source] = {source.path: source for source in _sources()}


def canonical(value: str | None) -> str | None:
    """A text as it is written; None if nothing is left of it."""
    return None if value is None else canonical_text(value) or None
