"""Makes up phone conversations: what was said, when, and the summary an AI would write of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from connector.sandbox.phrases import COMPANY, ELSEWHERE, ENDINGS, TOPICS, TRANSFER, VOICEMAIL, Ending, Topic
from connector.sandbox.shelf import stamp_text

if TYPE_CHECKING:
    from datetime import datetime

    from connector.sandbox.dice import Dice

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_LETTERS_PER_SECOND = 15


@dataclass(frozen=True, slots=True)
class Conversation:
    """Lines as (role, content), what they come to, and who hung up."""

    lines: tuple[tuple[str, str], ...]
    summary: str
    ended_by: str


def talk(dice: Dice, first_name: str) -> Conversation:
    """A conversation that comes to one of the usual endings; now and then in another language."""
    if dice.chance(12):
        summary, lines = dice.choice(ELSEWHERE)
        return Conversation(_taking_turns(lines), summary, "LEAD")
    return _compose(dice, first_name, dice.choice(TOPICS), dice.choice(ENDINGS))


def transfer(dice: Dice, first_name: str) -> Conversation:
    """A conversation after which the agent puts the customer through."""
    return _compose(dice, first_name, dice.choice(TOPICS), TRANSFER)


def voicemail(dice: Dice, first_name: str) -> Conversation:
    """The message left where nobody answered."""
    topic = dice.choice(TOPICS).name
    said = VOICEMAIL.format(first=first_name, company=COMPANY, topic=topic)
    return Conversation((("assistant", said),), f"Left a voicemail about {topic}.", "AGENT")


def timed(lines: tuple[tuple[str, str], ...], start: datetime) -> tuple[list[dict[str, Any]], int]:
    """The lines as Apten's transcript, and how many seconds the call took."""
    at, turns = start + timedelta(seconds=1), []
    for role, content in lines:
        end = at + timedelta(seconds=1 + len(content) // _LETTERS_PER_SECOND)
        turns.append({"role": role, "content": content, "startTime": stamp_text(at), "endTime": stamp_text(end)})
        at = end + timedelta(seconds=1)
    return turns, round((at - start).total_seconds())


def _compose(dice: Dice, first_name: str, topic: Topic, ending: Ending) -> Conversation:
    day = dice.choice(_WEEKDAYS)
    exchanges = dice.sample(topic.exchanges, dice.randint(1, len(topic.exchanges)))
    lines = [f"Hi {first_name}, this is Ava with {COMPANY}. You asked us about {topic.name}. Is now a good time?"]
    for question, answer, _ in exchanges:
        lines += [question, answer]
    lines[1] = f"Yes, it is. {lines[1]}"
    lines[-1] += f" {ending.agent.format(day=day)}"
    lines.append(ending.customer.format(day=day))
    asked = _listed([summed_up for _, _, summed_up in exchanges])
    summary = f"{first_name} is interested in {topic.name}: {asked}. {ending.summary.format(day=day)}"
    return Conversation(_taking_turns(tuple(lines)), summary, ending.ended_by)


def _taking_turns(lines: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple(("user" if index % 2 else "assistant", line) for index, line in enumerate(lines))


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
