"""Functions that make text: label, text, dialogue, default."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from connector.canonical import canonical_text
from connector.mapping.codes.source import BAD_ARGUMENT
from connector.mapping.codes.types import NEEDS_ZONE
from connector.mapping.functions.function import Example, Function, MisuseError, Step, unchanged
from connector.mapping.types import Kind, Type, one_of

if TYPE_CHECKING:
    from connector.mapping.functions.function import Argument
    from connector.mapping.scope import Scope
    from connector.source_model import Turn

_PRINTABLE = (Kind.TEXT, Kind.INTEGER, Kind.BOOLEAN, Kind.DATE, Kind.DATETIME, Kind.TEXTS)
_FLAG_WORDS = {True: "true", False: "false"}


def _label(type_: Type, _arguments: tuple[Argument, ...], scope: Scope) -> Step:
    wording = scope.labels.of(type_)
    if type_.kind is Kind.BOOLEAN:
        words = {flag: wording(word) for flag, word in _FLAG_WORDS.items()}
        return Step(one_of(tuple(words.values()), scope.counted), words.__getitem__)
    if type_.closed:
        known = one_of(tuple(dict.fromkeys(wording(value) for value in type_.values)), scope.counted)
        return Step(replace(known, missing=type_.missing), wording)
    return Step(Type(Kind.TEXT, type_.missing, blank=type_.blank), wording)


def as_text(type_: Type, scope: Scope) -> Step:
    """Any kind of value as text.

    Raises:
        MisuseError: it needs a time zone.
    """
    text = Type(Kind.TEXT, type_.missing)
    steps = {
        Kind.TEXT: Step(type_, unchanged),
        Kind.INTEGER: Step(replace(text, longest=_digits(type_)), str),
        Kind.BOOLEAN: Step(one_of(tuple(_FLAG_WORDS.values()), scope.counted), _FLAG_WORDS.__getitem__),
        Kind.DATE: Step(replace(text, longest=len("2026-06-15")), str),
        Kind.TEXTS: Step(text, ", ".join),
    }
    return steps[type_.kind] if type_.kind in steps else _moment_as_text(text, scope)


def _text(type_: Type, arguments: tuple[Argument, ...], scope: Scope) -> Step:
    return _dialogue(type_, arguments, scope) if type_.kind is Kind.TRANSCRIPT else as_text(type_, scope)


def _digits(type_: Type) -> int | None:
    """How many characters the longest of these numbers has."""
    if type_.low is None or type_.high is None:
        return None
    return max(len(str(type_.low)), len(str(type_.high)))


def _moment_as_text(text: Type, scope: Scope) -> Step:
    if scope.time is None:
        raise MisuseError(NEEDS_ZONE, "the time of day depends on the place", "add timezone: to the mapping")
    local, longest = scope.time.local, len("2026-06-15 14:30")
    return Step(replace(text, longest=longest), lambda at: f"{local(at):%Y-%m-%d %H:%M}")


def _dialogue(type_: Type, _arguments: tuple[Argument, ...], scope: Scope) -> Step:
    speaker = scope.labels.of(type_)

    def run(turns: tuple[Turn, ...]) -> str:
        return "\n".join([f"{speaker(turn.role)}: {said}" for turn in turns if (said := turn.content.strip())])

    return Step(Type(Kind.TEXT, blank=True), run, missing="")


def _default(type_: Type, arguments: tuple[Argument, ...], scope: Scope) -> Step:
    text = as_text(type_, scope)
    if not arguments:
        raise MisuseError(BAD_ARGUMENT, "default needs to know what to print", "write default('none'), say")
    instead = canonical_text(str(arguments[0]))
    longest = None if text.type.longest is None else max(text.type.longest, scope.length(instead))
    run = text.run
    result = Type(Kind.TEXT, blank=not instead, longest=longest, path=text.type.path)
    return Step(result, lambda value: run(value) or instead, missing=instead)


LABEL = Function(
    "label",
    "label",
    "The value in words: the mapping's `labels`, else built-in English, else the value made readable.",
    (Kind.TEXT, Kind.BOOLEAN),
    _label,
    (
        Example("{from: callStatus, as: label}", {"callStatus": "NO_ANSWER"}, "No answer"),
        Example("{from: endedBy, as: label}", {"endedBy": "LEAD"}, "Customer"),
        Example("{from: isTransfer, as: label}", {"isTransfer": True}, "Yes"),
        Example('{text: "{{ direction | label }} call"}', {"direction": "INBOUND"}, "Inbound call"),
    ),
)
TEXT = Function(
    "text",
    "text",
    "The value as text: numbers in digits, flags as true or false, lists with commas, a transcript as dialogue.",
    (*_PRINTABLE, Kind.TRANSCRIPT),
    _text,
    (
        Example("{from: durationSeconds, as: text}", {"durationSeconds": 145}, "145"),
        Example("{from: isTransfer, as: text}", {}, "false"),
        Example("{from: createdAt, as: text}", {"createdAt": "2026-06-15T14:30:00Z"}, "2026-06-15 10:30"),
    ),
)
DIALOGUE = Function(
    "dialogue",
    "dialogue",
    "The transcript line by line, each with its speaker; nothing while there is none.",
    (Kind.TRANSCRIPT,),
    _dialogue,
    (
        Example(
            '{text: "{{ transcript | dialogue }}"}',
            {"transcript": [{"role": "assistant", "content": "Hi."}, {"role": "user", "content": "Hello!"}]},
            "Agent: Hi.\nCustomer: Hello!",
        ),
    ),
)
DEFAULT = Function(
    "default",
    'default("text")',
    "The text, where the value is missing.",
    _PRINTABLE,
    _default,
    (
        Example("{text: \"{{ summary | default('No summary yet.') }}\"}", {}, "No summary yet."),
        Example("{text: \"{{ summary | default('No summary yet.') }}\"}", {"summary": "Agreed."}, "Agreed."),
    ),
    arguments=((str,),),
)
