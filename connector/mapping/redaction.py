"""`redact`: takes card numbers, e-mail addresses, phone numbers and long numbers out of what people said or wrote."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, TypeAlias

from stdnum import luhn

from connector.canonical import canonical_text
from connector.mapping.codes.file import NEEDS_COUNTRY
from connector.mapping.reading import word
from connector.mapping.shape import CARD_NUMBERS, EMAILS, LONG_NUMBERS, NOTHING, PHONES, REDACT
from connector.mapping.types import Kind, Plan
from connector.yaml_text import Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector.mapping.problems import Problems
    from connector.mapping.types import Type
    from connector.source_model import Turn
    from connector.yaml_text import Node

Rewrite: TypeAlias = Callable[[str], str]
Turns: TypeAlias = "tuple[Turn, ...]"

_MARKS = {
    CARD_NUMBERS: "[card number]",
    EMAILS: "[e-mail address]",
    PHONES: "[phone number]",
    LONG_NUMBERS: "[number]",
}

# What people, and speech recognition, put between digits: blanks, dots, dashes, and what nobody sees.
_BETWEEN = (
    r"[ .\-\t\u00a0\u00ad\u1680\u2000-\u200d\u2010-\u2015\u202f\u205f\u2060\u2212"
    r"\u3000\ufe58\ufe63\ufeff\uff0d\uff0e]{0,3}"
)
# A card's number has a check digit, so that a list of other numbers is rarely taken for one.
_BETWEEN_ON_CARDS = _BETWEEN.replace("[ .", "[ ,.", 1)
_DIGIT = re.compile(r"\d")
_GROUP = re.compile(r"\d+")
_DATE = r"(?<!\d)(?:(?:19|20)\d\d-[01]\d-[0-3]\d|[0-3]?\d\.[01]?\d\.(?:19|20)\d\d)(?!\d)"
_CARD_LENGTHS = range(12, 20)
_CARDS = re.compile(rf"(?<!\d)\d(?:{_BETWEEN_ON_CARDS}\d){{{_CARD_LENGTHS[0] - 1},}}")
_LONG = re.compile(rf"(?P<date>{_DATE})|(?<!\d)\d(?:{_BETWEEN}\d){{8,}}")
_LOCAL_PART = r"[^\s@<>()\[\],;:\"]"
_LABEL = r"[^\s@<>()\[\],;:\"'.!?/\\\u2012-\u201f]"
_EMAIL = re.compile(rf"(?!'){_LOCAL_PART}{{1,64}}@(?:{_LABEL}{{1,63}}\.){{1,126}}(?!\d){_LABEL}{{2,63}}")
_TEXTS_OF_A_CALL = 20
_HAS_DATE = re.compile(_DATE)
# A local number is told from other numbers by the dash in it.
_LOCAL = re.compile(r"\d{3}[\-\u2010\u2011]\d{4}")
_WITH_AREA_CODE = 10


@dataclass(frozen=True, slots=True)
class Redaction:
    """What is taken out, and where: out of prose alone, or with `everywhere` out of every text.

    `apply` does the work on a text, `turns` on a transcript; None if nothing is taken out.
    """

    apply: Rewrite | None = None
    turns: Callable[[Turns], Turns] | None = None
    everywhere: bool = False

    def of(self, plan: Plan) -> Plan:
        """The source with what is to go taken out of it."""
        type_ = plan.type
        rewrite: Any = self.turns if type_.kind is Kind.TRANSCRIPT else self.apply
        if rewrite is None or not (type_.prose or (self.everywhere and _is_open_text(type_))):
            return plan
        run = plan.run
        return Plan(type_, lambda call, lead: None if (value := run(call, lead)) is None else rewrite(value))


def read_redaction(node: Node, country: str | None, problems: Problems, *, everywhere: bool) -> Redaction:
    """The `redact` list; what is wrong in it is reported. `country` is that of phone numbers that name none."""
    items = node.items if isinstance(node, Sequence) else (node,)
    if len(items) == 1 and isinstance(items[0], Scalar) and items[0].text == NOTHING:
        return Redaction()
    allowed = [name for name in REDACT if name != NOTHING or len(items) == 1]
    named = {name: item for item in items if (name := word(item, allowed, problems, "redact"))}
    if PHONES in named and country is None:
        label = "only numbers that begin with + and a country's code can be told from others"
        problems.add(NEEDS_COUNTRY, named[PHONES].place, label, "add phone_country: US, say, to person")
    steps = [_STEPS[name](country) for name in REDACT if name in named]
    if not steps:
        return Redaction()
    apply = partial(_all, steps)
    # Several fields, and conditions on them, read the same texts of one call.
    return Redaction(lru_cache(_TEXTS_OF_A_CALL)(apply), _latest(partial(_turns, apply)), everywhere)


def _is_open_text(type_: Type) -> bool:
    return type_.kind is Kind.TEXT and not type_.closed and type_.longest is None


def _all(steps: list[Rewrite], text: str) -> str:
    # First canonical, so that nothing that is dropped later hides what stands around it.
    text = canonical_text(text)
    for step in steps:
        text = step(text)
    return text


def _turns(apply: Rewrite, turns: Turns) -> Turns:
    rewritten = ((turn, apply(turn.content)) for turn in turns)
    return tuple(
        turn if content == turn.content else turn.model_copy(update={"content": content}) for turn, content in rewritten
    )


def _latest(rewrite: Callable[[Turns], Turns]) -> Callable[[Turns], Turns]:
    """The same, remembering what it made of the last transcript."""
    given: Turns = ()
    made: Turns = ()

    def rewrite_once(turns: Turns) -> Turns:
        nonlocal given, made
        if turns is not given:
            given, made = turns, rewrite(turns)
        return made

    return rewrite_once


def _without(text: str, spans: Iterable[tuple[int, int]], mark: str) -> str:
    """The text with a mark in place of each span; spans that overlap are one."""
    kept, at = [], 0
    for start, end in sorted(spans):
        if start >= at:
            kept += [text[at:start], mark]
        at = max(at, end)
    return "".join([*kept, text[at:]])


def _cards(_country: str | None) -> Rewrite:
    return lambda text: _CARDS.sub(_without_cards, text) if _DIGIT.search(text) else text


def _without_cards(found: re.Match[str]) -> str:
    """The digits without those groups that make up a card's number; other digits may stand right beside it."""
    groups = list(_GROUP.finditer(found[0]))
    digits = ["".join(str(unicodedata.decimal(digit)) for digit in group[0]) for group in groups]
    ends = ((first, _end_of_card(digits, first)) for first in range(len(groups)))
    spans = [(groups[first].start(), groups[last].end()) for first, last in ends if last is not None]
    return _without(found[0], spans, _MARKS[CARD_NUMBERS])


def _end_of_card(groups: list[str], first: int) -> int | None:
    """The last group of the card's number that begins with this group, the longest there is; None if none does."""
    digits, found = "", None
    for last in range(first, len(groups)):
        digits += groups[last]
        if len(digits) > _CARD_LENGTHS[-1]:
            break
        if len(digits) in _CARD_LENGTHS and luhn.checksum(digits) == 0:
            found = last
    return found


def _emails(_country: str | None) -> Rewrite:
    # To look for the sign first is far quicker than to find that no address stands anywhere.
    return lambda text: _EMAIL.sub(_MARKS[EMAILS], text) if "@" in text else text


def _phones(country: str | None) -> Rewrite:
    return partial(_without_phones, country)


def _without_phones(country: str | None, text: str) -> str:
    # Imported where it is used: it brings the numbering plans of all countries along.
    from phonenumbers import Leniency, PhoneNumberMatcher  # noqa: PLC0415

    most = len(text)
    valid = PhoneNumberMatcher(text, country, leniency=Leniency.VALID, max_tries=most)
    possible = PhoneNumberMatcher(text, country, leniency=Leniency.POSSIBLE, max_tries=most)
    found = [each for each in valid if _is_international(each.raw_string) or not _HAS_DATE.search(each.raw_string)]
    found += [each for each in possible if _is_phone(each.raw_string)]
    return _without(text, [(each.start, each.end) for each in found], _MARKS[PHONES])


def _is_phone(written: str) -> bool:
    """Whether something that may be a phone number, though none that is in use, looks like one."""
    if _is_international(written):
        return True
    if _HAS_DATE.search(written):
        return False
    return sum(map(str.isdecimal, written)) >= _WITH_AREA_CODE or _LOCAL.fullmatch(written) is not None


def _is_international(written: str) -> bool:
    return written.startswith(("+", "\uff0b"))


def _long_numbers(_country: str | None) -> Rewrite:
    return lambda text: _LONG.sub(_without_number, text) if _DIGIT.search(text) else text


def _without_number(found: re.Match[str]) -> str:
    return found["date"] or _MARKS[LONG_NUMBERS]


_STEPS: dict[str, Callable[[str | None], Any]] = {
    CARD_NUMBERS: _cards,
    EMAILS: _emails,
    PHONES: _phones,
    LONG_NUMBERS: _long_numbers,
}
