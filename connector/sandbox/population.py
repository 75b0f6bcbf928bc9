"""Makes up a whole population: leads with calls and other events over a span of time, with the oddities of real data.

Some leads have no call, some calls are under way or still lack their summary, stamps coincide, a few leads are deleted
or updated in bulk, webchat calls have no lead.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from connector.sandbox.calls import call_in_progress, made_up_call
from connector.sandbox.people import make_id, make_lead
from connector.sandbox.phrases import MESSAGES
from connector.sandbox.shelf import stamp_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.sandbox.dice import Dice

Record = dict[str, Any]
_EVENT_TYPES = ("MESSAGE", "MESSAGE", "EMAIL", "TOOL_CALL", "CUSTOM", "COMPLIANCE_BLOCKED", "REACTION")
_FRESH = timedelta(minutes=30)


@dataclass(slots=True)
class Population:
    """What the made-up world holds. `summaries` are those still to come, by call id."""

    leads: list[Record] = field(default_factory=list)
    calls: list[Record] = field(default_factory=list)
    events: list[Record] = field(default_factory=list)
    summaries: dict[str, str] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    bulk_updated: list[str] = field(default_factory=list)


def populate(dice: Dice, *, calls: int, leads: int, now: datetime, days: int) -> Population:
    """So many leads and calls of leads (and a few webchat calls on top), none older than `days` nor newer than now."""
    people = Population()
    begin = now - timedelta(days=days)
    for number in range(1, leads + 1):
        people.leads.append(make_lead(dice, number, begin + (now - begin) * dice.random() * 0.2))
        if dice.chance(2):
            people.deleted.append(people.leads[-1]["id"])
        elif dice.chance(8):
            people.bulk_updated.append(people.leads[-1]["id"])
    in_progress = (calls + 199) // 200
    for index, lead in enumerate(_callers(dice, people.leads, calls)):
        if index < in_progress:
            start = now - timedelta(seconds=dice.randint(5, 400))
            call = call_in_progress(make_id(dice, "call"), start)
        else:
            call = _past_call(dice, people, lead.get("firstName", ""), _moment(dice, lead["createdAt"], now), now)
        people.calls.append(call | {"leadId": lead["id"]})
    for _ in range((calls + 99) // 100):
        call = _past_call(dice, people, "there", _moment(dice, stamp_text(begin), now), now)
        people.calls.append(call | {"sessionId": make_id(dice, "session"), "direction": "INBOUND"})
    for lead in people.leads:
        people.events += _other_events(dice, lead, now)
    return people


def _callers(dice: Dice, leads: list[Record], calls: int) -> Iterator[Record]:
    """Whom each call is with: a tenth of the leads stays without one, nobody else has two before everybody has one."""
    callers = dice.sample(leads, len(leads) - len(leads) // 10)
    for index in range(calls):
        yield callers[index] if index < len(callers) else dice.choice(callers)


def _past_call(dice: Dice, people: Population, first_name: str, start: datetime, now: datetime) -> Record:
    call = made_up_call(dice, make_id(dice, "call"), first_name, start)
    if "summary" in call and dice.chance(40 if start > now - _FRESH else 4):
        people.summaries[call["id"]] = call.pop("summary")
    return call


def _moment(dice: Dice, after: str, now: datetime) -> datetime:
    """A time at which a call may have begun and been over by now; one in ten on the full minute, so that some tie."""
    begin = datetime.fromisoformat(after)
    at = begin + (now - timedelta(minutes=20) - begin) * dice.random()
    return at.replace(second=0, microsecond=0) if dice.chance(10) and at - begin > timedelta(minutes=1) else at


def _other_events(dice: Dice, lead: Record, now: datetime) -> Iterator[Record]:
    for _ in range(dice.choice((0, 0, 1, 1, 2, 3))):
        at = stamp_text(_moment(dice, lead["createdAt"], now))
        kind = dice.choice(_EVENT_TYPES)
        yield {
            "id": make_id(dice, "msg") if kind != "MESSAGE" else f"msg_{dice.getrandbits(48):012x}",
            "roomId": lead["id"],
            "orgId": "org_brightside",
            "type": kind,
            "timestamp": at,
            "updatedAt": at,
            "data": {"content": dice.choice(MESSAGES)} if kind == "MESSAGE" else {},
        }
