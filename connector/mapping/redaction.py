"""`redact`: takes card numbers, e-mail addresses, phone numbers and long numbers out of what people said or wrote."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from stdnum import luhn

from connector.mapping.codes.file import NEEDS_COUNTRY
from connector.mapping.reading import word
from connector.mapping.shape import CARD_NUMBERS, EMAILS, LONG_NUMBERS, NOTHING, PHONES, REDACT
from connector.mapping.types import Kind, Plan
from connector.yaml_text import Scalar, Sequence

if TYPE_CHECKING:
    from connector.mapping.problems import Problems
    from connector.mapping.types import Type
    from connector.source_model import Turn
    from connector.yaml_text import Node

Rewrite: TypeAlias = Callable[[str], str]

_MARKS = {
    CARD_NUMBERS: "[card number]",
    EMAILS: "[e-mail address]",
    PHONES: "[phone number]",
    LONG_NUMBERS: "[number]",
}

# Digits as people write and speech recognition spells them: in groups, a space, dot or dash between two.
_DIGITS = r"(?<!\d)\d(?:[ .\-\u00a0\u2010-\u2014]{{0,2}}\d){{{least},{most}}}(?!\d)"
_CARD_LENGTHS = range(12, 20)
_CARDS = re.compile(_DIGITS.format(least=_CARD_LENGTHS[0] - 1, most=""))
_LONG = re.compile(_DIGITS.format(least=8, most=""))
_GROUP = re.compile(r"\d+")
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"']{1,64}@(?:[^\W_](?:[\w\-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}")


@dataclass(frozen=True, slots=True)
class Redaction:
    """What is taken out, and where: out of prose alone, or with `everywhere` out of every text.

    `apply` does the work on a text; None if nothing is taken out.
    """

    apply: Rewrite | None = None
    everywhere: bool = False

    def of(self, plan: Plan) -> Plan:
        """The source with what is to go taken out of it."""
        apply, type_ = self.apply, plan.type
        if apply is None or not (type_.prose or (self.everywhere and _is_open_text(type_))):
            return plan
        rewrite = partial(_turns, apply) if type_.kind is Kind.TRANSCRIPT else apply
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
    return Redaction(partial(_all, steps) if steps else None, everywhere)


def _is_open_text(type_: Type) -> bool:
    return type_.kind is Kind.TEXT and not type_.closed and type_.longest is None


def _all(steps: list[Rewrite], text: str) -> str:
    for step in steps:
        text = step(text)
    return text


def _turns(apply: Rewrite, turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    return tuple(turn.model_copy(update={"content": apply(turn.content)}) for turn in turns)


def _cards(_country: str | None) -> Rewrite:
    return partial(_CARDS.sub, _without_cards)


def _without_cards(found: re.Match[str]) -> str:
    """The digits without those groups that make up a card's number; its expiry date may stand right behind it."""
    text = found[0]
    groups = list(_GROUP.finditer(text))
    kept, at, first = [], 0, 0
    while first < len(groups):
        last = _end_of_card(groups, first)
        if last is not None:
            kept += [text[at : groups[first].start()], _MARKS[CARD_NUMBERS]]
            at, first = groups[last].end(), last
        first += 1
    return "".join([*kept, text[at:]])


def _end_of_card(groups: list[re.Match[str]], first: int) -> int | None:
    """The last group of the card's number that begins with this group, the longest there is; None if none does."""
    digits, found = "", None
    for last in range(first, len(groups)):
        digits += "".join(str(unicodedata.decimal(digit)) for digit in groups[last][0])
        if len(digits) > _CARD_LENGTHS[-1]:
            break
        if len(digits) in _CARD_LENGTHS and luhn.is_valid(digits):
            found = last
    return found


def _emails(_country: str | None) -> Rewrite:
    return partial(_EMAIL.sub, _MARKS[EMAILS])


def _phones(country: str | None) -> Rewrite:
    return partial(_without_phones, country)


def _without_phones(country: str | None, text: str) -> str:
    # Imported where it is used: it brings the numbering plans of all countries along.
    from phonenumbers import Leniency, PhoneNumberMatcher  # noqa: PLC0415

    kept, at = [], 0
    for found in PhoneNumberMatcher(text, country, leniency=Leniency.POSSIBLE, max_tries=len(text)):
        kept += [text[at : found.start], _MARKS[PHONES]]
        at = found.end
    return "".join([*kept, text[at:]])


def _long_numbers(_country: str | None) -> Rewrite:
    return partial(_LONG.sub, _MARKS[LONG_NUMBERS])


_STEPS: dict[str, Callable[[str | None], Any]] = {
    CARD_NUMBERS: _cards,
    EMAILS: _emails,
    PHONES: _phones,
    LONG_NUMBERS: _long_numbers,
}
