"""What happens at Apten in some thirty hours, by the dice: calls, their summaries, and all that befalls leads."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from connector.sandbox.shelf import read_stamp, stamp_text
from connector.sync.discover import SWEEP_BACK

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.sandbox.dice import Dice
    from connector.sandbox.world import World
    from tests.reliability.simulation.conditions import Conditions

LASTS = timedelta(hours=30)
STAYS_FOR = SWEEP_BACK / 3
"""A lead's stamp stays for no longer: calls of a lead that the sweep no longer looks at are not promised."""
_VERY_LONG = 5 * 3600


@dataclass
class Life:
    """Fills a world with what is to come.

    Every change that shows of a call makes it a second longer, so that the length tells its versions apart.

    Attributes:
        late: the spans in which a row that is newer than one that does not show yet shows already.
    """

    world: World
    dice: Dice
    conditions: Conditions
    begin: datetime
    late: list[tuple[datetime, datetime]] = field(default_factory=list)
    _lead_of: dict[str, str] = field(default_factory=dict)
    _shown: dict[str, datetime] = field(default_factory=dict)

    def unfold(self, *, leads: int, calls: int) -> None:
        """Let so many leads come, and be called so often."""
        ids = [f"lead-{number}" for number in range(leads)]
        came = {lead_id: self._lead(lead_id, number) for number, lead_id in enumerate(ids)}
        for number in range(calls):
            lead_id = self.dice.choice(ids)
            self.call(f"call-{number:02}", lead_id, self._between(came[lead_id], self.begin + timedelta(hours=24)))
        for lead_id in ids:
            self._vicissitudes(lead_id, came[lead_id])
        if self.dice.chance(20):
            at = self._any_time()
            for lead_id in ids:
                self._at(at, lambda lead_id=lead_id: self.world.change_lead(lead_id, at))  # type: ignore[misc]  # bound default

    def call(self, call_id: str, lead_id: str, at: datetime) -> None:
        """A call is made, and goes on as calls do."""
        dice, stamp = self.dice, self._stamp(at)
        answered, in_progress = dice.chance(85), dice.chance(30)
        length = (dice.randint(5, 1800) if dice.chance(95) else _VERY_LONG) if answered else 0
        end = at + timedelta(seconds=length)
        row: dict[str, Any] = {"id": call_id, "leadId": lead_id, "direction": dice.choice(("INBOUND", "OUTBOUND"))}
        row |= {"createdAt": stamp_text(stamp), "transcript": [], "durationSeconds": 0}
        said = {"transcript": [{"role": "user", "content": f"{call_id} was about something."}]} if answered else {}
        over = {"callStatus": "COMPLETE" if answered else "NO_ANSWER", "durationSeconds": length, **said}
        if answered and dice.chance(10):
            over["transferAnswerStatus"] = "pending"
        self._shown[call_id], self._lead_of[call_id] = at, lead_id
        if in_progress:
            begun = {**row, "callStatus": "IN_PROGRESS", "updatedAt": stamp_text(stamp)}
            self._show(call_id, at, lambda _: self._add(begun))
            # A call of more than four hours is logged as it is; only a stamp says that it has ended after all.
            moves = length == _VERY_LONG or not dice.chance(self.conditions.summary_stays)
            self._change(call_id, end, moves=moves, **over)
        else:
            done = {**row, **over, "updatedAt": stamp_text(self._stamp(end))}
            self._show(call_id, end, lambda _: self._add(done))
        if answered:
            self._aftermath(call_id, end, pending="transferAnswerStatus" in over)

    def _aftermath(self, call_id: str, end: datetime, *, pending: bool) -> None:
        dice = self.dice
        stays = self.conditions.summary_stays
        seconds = dice.choice((0, dice.uniform(5, 7200), dice.uniform(5, 600), None))
        if seconds is not None:
            at, text = end + timedelta(seconds=6 + seconds), f"{call_id} in short."
            self._change(call_id, at, moves=not dice.chance(stays), summary=text)
        if pending:
            at = end + timedelta(seconds=dice.uniform(20, 3600))
            self._change(call_id, at, moves=not dice.chance(stays), transferAnswerStatus="answered")
        if dice.chance(15):
            at = end + timedelta(hours=dice.uniform(2.2, 20))
            at = max(end, min(at, self.begin + LASTS))
            self._change(call_id, at, moves=True, summary=f"{call_id} in other words.")
        if dice.chance(2):
            self._at(self._between(end, self.begin + LASTS), lambda: self.world.forget_call(call_id))

    def _lead(self, lead_id: str, number: int) -> datetime:
        came = self.begin - timedelta(hours=self.dice.uniform(1, 48))
        if self.dice.chance(30):
            came = self.begin + timedelta(hours=self.dice.uniform(0, 20))
        stamp = stamp_text(self._stamp(came))
        lead = {"id": lead_id, "createdAt": stamp, "updatedAt": stamp, "lastActivityAt": stamp, "deleted": False}
        if self.dice.chance(85):
            lead["externalLeadId"] = f"person-{number}"
        self._show(lead_id, came, lambda _: self.world.add_lead(lead))
        return self._shown[lead_id]

    def _vicissitudes(self, lead_id: str, came: datetime) -> None:
        dice, end = self.dice, self.begin + LASTS
        for _ in range(dice.randint(0, 3)):
            at = self._between(came, end)
            self._show(lead_id, at, lambda stamp: self.world.change_lead(lead_id, stamp, firstName="Lee"))
        for number in range(dice.randint(0, 6)):
            at = self._between(came, end)
            event_id = f"{lead_id}-message-{number}"
            self._show(lead_id, at, partial(self._message, event_id, lead_id))
        if dice.chance(6):
            at = self._between(came, end)
            self._show(lead_id, at, lambda stamp: self.world.delete_lead(lead_id, stamp))
        if dice.chance(2):
            self._at(self._between(came, end), lambda: self.world.forget_lead(lead_id))

    def _add(self, row: dict[str, Any]) -> None:
        self._lead_moves(row["leadId"], read_stamp(row["updatedAt"]))  # who is gone is called no more
        self.world.add_call(row)

    def _message(self, event_id: str, lead_id: str, at: datetime) -> None:
        self._lead_moves(lead_id, at)
        stamp = stamp_text(at)
        event = {"id": event_id, "roomId": lead_id, "type": "MESSAGE", "timestamp": stamp, "updatedAt": stamp}
        self.world.add_event(event)

    def _change(self, call_id: str, at: datetime, *, moves: bool, **fields: Any) -> None:
        def change(stamp: datetime) -> None:
            self._lead_moves(self._lead_of[call_id], stamp)
            length = {"durationSeconds": self.world.call(call_id)["durationSeconds"] + 1}
            self.world.change_call(call_id, stamp, touch=moves, **(length | fields))

        # What is changed later is also seen later.
        self._shown[call_id] = max(at, self._shown[call_id] + timedelta(seconds=5))
        self._show(call_id, self._shown[call_id], change)

    def _lead_moves(self, lead_id: str, at: datetime) -> None:
        """Decide whether the lead's stamp moves with what happens next; one that has stayed for long does."""
        stays = self.dice.chance(self.conditions.lead_stays)
        overdue = at - read_stamp(self.world.lead(lead_id)["updatedAt"]) > STAYS_FOR
        self.world.activity_touches_lead = not stays or overdue

    def _show(self, row_id: str, at: datetime, change: Callable[[datetime], object]) -> None:
        """Something happens, and shows at once, or some time after its stamp; never before what happened earlier."""
        late = self.dice.uniform(1, 90) if self.dice.chance(self.conditions.late) else 0
        self._shown[row_id] = max(at + timedelta(seconds=late), self._shown.get(row_id, at))
        if late:
            self._overtake(at, self._shown[row_id], self._lead_of.get(row_id, row_id))
        self._at(self._shown[row_id], lambda: change(self._stamp(at)))

    def _overtake(self, stamp: datetime, shows: datetime, lead_id: str) -> None:
        """While a row has its stamp and does not show yet, something newer shows already."""
        number = len(self.late)
        if self.dice.chance(40):
            lead_id = self.dice.choice(sorted(set(self._lead_of.values())) or [lead_id])
        at = stamp + (shows - stamp) * 0.3
        self.late.append((at, shows))
        if self.dice.chance(30):
            self._at(at, partial(self._message, f"meanwhile-{number}", lead_id, at))
        else:
            row = {"id": f"meanwhile-{number}", "leadId": lead_id, "direction": "OUTBOUND", "callStatus": "NO_ANSWER"}
            stamps = {"createdAt": stamp_text(at), "updatedAt": stamp_text(at)}
            self._at(at, partial(self._add, {**row, **stamps, "durationSeconds": 0, "transcript": []}))

    def _at(self, when: datetime, change: Callable[[], object]) -> None:
        def happen() -> None:
            with suppress(KeyError):  # the lead or call is gone by then
                change()

        self.world.later(when, happen)

    def _stamp(self, at: datetime) -> datetime:
        return at.replace(microsecond=0) if self.dice.chance(self.conditions.rounded) else at

    def _between(self, begin: datetime, end: datetime) -> datetime:
        return begin + max(timedelta(), end - begin) * self.dice.random()

    def _any_time(self) -> datetime:
        return self._between(self.begin, self.begin + LASTS)
