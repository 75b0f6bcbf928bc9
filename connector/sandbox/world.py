"""The world as Apten sees it: leads, their calls and other events; and how that world changes."""

from __future__ import annotations

import heapq
from datetime import timedelta
from itertools import count
from threading import RLock
from typing import TYPE_CHECKING, Any

from connector.sandbox.dice import Dice
from connector.sandbox.founding_call import FOUNDING_CALL, FOUNDING_LEAD
from connector.sandbox.population import populate
from connector.sandbox.shelf import Row, Shelf, read_stamp, stamp_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

ORG_ID = "org_brightside"
IN_PROGRESS = "IN_PROGRESS"
_IN_EVENTS = ("direction", "durationSeconds", "isTransfer", "hasVoicemail")


class World:
    """Everything Apten knows. Rows are shaped as in its API and must not be changed but by these methods.

    Methods that change something take the time at which it happens, and stamp what it touches. All are safe to use
    while a stand-in serves the world; `lock` makes several of them one step.

    Attributes:
        activity_touches_lead: whether activity moves a lead's `updatedAt`; its `lastActivityAt` moves in any case.
    """

    def __init__(self) -> None:
        self.lock = RLock()
        self.activity_touches_lead = True
        self._leads = Shelf("updatedAt", "createdAt")
        self._calls = Shelf()
        self._events: dict[str, Shelf] = {}
        self._summaries: dict[str, str] = {}
        self._coming: list[tuple[datetime, int, Callable[[], object]]] = []
        self._numbers = count()

    # --- what is there ---

    def leads(self) -> list[Row]:
        """All leads, deleted ones too."""
        with self.lock:
            return list(self._leads)

    def lead(self, lead_id: str) -> Row:
        """One lead. KeyError if Apten has none by that id."""
        with self.lock:
            return self._leads[lead_id]

    def call(self, call_id: str) -> Row:
        """One call. KeyError if Apten has none by that id."""
        with self.lock:
            return self._calls[call_id]

    def calls(self) -> list[Row]:
        """All calls: of leads, of deleted leads, and webchat calls."""
        with self.lock:
            return list(self._calls)

    def finished_calls(self) -> list[Row]:
        """The leads' calls that are over; what a sync that starts early enough must have met."""
        return [call for call in self.calls() if "leadId" in call and call["callStatus"] != IN_PROGRESS]

    def loggable_calls(self) -> list[Row]:
        """The finished calls of leads that are not deleted; what must be in the CRM in the end."""
        return [call for call in self.finished_calls() if not self.lead(call["leadId"])["deleted"]]

    def calls_in_progress(self) -> list[Row]:
        """Calls under way."""
        return [call for call in self.calls() if call["callStatus"] == IN_PROGRESS]

    def webchat_calls(self) -> list[Row]:
        """Calls with a webchat session instead of a lead; no listing names them."""
        return [call for call in self.calls() if "sessionId" in call]

    def calls_of(self, lead_id: str) -> list[Row]:
        """A lead's calls, by the order of their events."""
        with self.lock:
            return [self._calls[event["id"]] for event in self.events_of(lead_id) if event["id"] in self._calls]

    def calls_lacking_summary(self) -> list[Row]:
        """Finished calls in which something was said, whose summary is still to come; oldest first."""
        lacking = [call for call in self.finished_calls() if call["transcript"] and "summary" not in call]
        return sorted(lacking, key=lambda call: (call["createdAt"], call["id"]))

    def events_of(self, lead_id: str) -> list[Row]:
        """A lead's events of all types, in the order of their stamps."""
        with self.lock:
            return sorted(self._events[lead_id], key=lambda event: (read_stamp(event["updatedAt"]), event["id"]))

    # --- what happens ---

    def add_lead(self, lead: Row) -> None:
        """A lead appears, stamped as it is."""
        with self.lock:
            self._leads.put(lead)
            self._events.setdefault(lead["id"], Shelf("updatedAt"))

    def change_lead(self, lead_id: str, at: datetime, **fields: Any) -> None:
        """A lead's profile changes; without fields only its stamp moves, and never back."""
        with self.lock:
            lead = self._leads[lead_id]
            moved = stamp_text(max(at, read_stamp(lead["updatedAt"])))
            self._leads.put({**lead, **fields, "updatedAt": moved})

    def delete_lead(self, lead_id: str, at: datetime) -> None:
        """A lead is deleted, as Apten does it: listed further on, with `deleted`."""
        self.change_lead(lead_id, at, deleted=True, deletedAt=stamp_text(at))

    def forget_lead(self, lead_id: str) -> None:
        """A lead is gone for good, with its events and calls: 404."""
        with self.lock:
            for event in self._events.pop(lead_id):
                self._calls.drop(event["id"])
            self._leads.drop(lead_id)

    def lose_lead(self, lead_id: str) -> None:
        """A lead is gone for good, 404, with its events; its calls are there still, as those of a lead merged away."""
        with self.lock:
            self._events.pop(lead_id)
            self._leads.drop(lead_id)

    def add_call(self, call: Row, *, summary_to_come: str = "") -> None:
        """A call appears, stamped as it is; its lead, if it has one, is there already. Webchat calls have no event."""
        with self.lock:
            self._calls.put(call)
            if summary_to_come:
                self._summaries[call["id"]] = summary_to_come
            if "leadId" in call:
                self._touch_event(call, read_stamp(call["updatedAt"]))

    def change_call(self, call_id: str, at: datetime, *, touch: bool = True, **fields: Any) -> None:
        """A call's record changes. Without `touch` neither its own stamp nor its event's nor its lead's moves."""
        with self.lock:
            call = {**self._calls[call_id], **fields}
            if touch:
                call["updatedAt"] = stamp_text(at)
            self._calls.put(call)
            if touch and "leadId" in call:
                self._touch_event(call, at)

    def finish_call(self, call_id: str, at: datetime, *, summary_to_come: str = "", **fields: Any) -> None:
        """A call in progress ends; `fields` say how (`durationSeconds`, `transcript`, …)."""
        with self.lock:
            if summary_to_come:
                self._summaries[call_id] = summary_to_come
            self.change_call(call_id, at, **{"callStatus": "COMPLETE", **fields})

    def summary_arrives(self, call_id: str, at: datetime, *, summary: str = "", touch: bool = True) -> None:
        """A call gets the summary given, else the one that was to come. For `touch` see `change_call`."""
        with self.lock:
            to_come = self._summaries.pop(call_id, "The customer and the agent spoke on the phone.")
            self.change_call(call_id, at, touch=touch, summary=summary or to_come)

    def late_summaries(self, most: int, at: datetime, *, touch: bool = True) -> list[str]:
        """Up to so many summaries arrive; returns the ids of their calls."""
        with self.lock:
            late = [call["id"] for call in self.calls_lacking_summary()[:most]]
            for call_id in late:
                self.summary_arrives(call_id, at, touch=touch)
            return late

    def transfer_ends(self, call_id: str, at: datetime, *, answer: str = "answered") -> None:
        """A pending transfer is answered, or not."""
        by = "human" if answer == "answered" else "unknown"
        self.change_call(call_id, at, transferAnswerStatus=answer, transferAnsweredBy=by)

    def forget_call(self, call_id: str) -> None:
        """A call is gone, 404, though its event is still listed."""
        with self.lock:
            self._calls.drop(call_id)

    def add_event(self, event: Row) -> None:
        """An event of any type appears on its lead's list (`roomId`), stamped as it is."""
        with self.lock:
            self._events[event["roomId"]].put(event)
            self._touch_lead(event["roomId"], read_stamp(event["updatedAt"]))

    def later(self, when: datetime, change: Callable[[], object]) -> None:
        """Let a change show only from then on, whatever stamps it sets: `later(t, lambda: world.add_call(call))`."""
        with self.lock:
            heapq.heappush(self._coming, (when, next(self._numbers), change))

    def catch_up(self, now: datetime) -> None:
        """Let every change show that is due by now."""
        with self.lock:
            while self._coming and self._coming[0][0] <= now:
                heapq.heappop(self._coming)[2]()

    # --- for the stand-in, under the lock ---

    @property
    def lead_shelf(self) -> Shelf:
        """The leads as they are served."""
        return self._leads

    @property
    def call_shelf(self) -> Shelf:
        """The calls as they are served."""
        return self._calls

    def event_shelf(self, lead_id: str) -> Shelf | None:
        """A lead's events as they are served; None if there is no such lead."""
        return self._events.get(lead_id)

    def _touch_event(self, call: Row, at: datetime) -> None:
        self.add_event(
            {
                "id": call["id"],
                "roomId": call["leadId"],
                "orgId": ORG_ID,
                "type": "CALL",
                "timestamp": call["createdAt"],
                "updatedAt": stamp_text(at),
                "data": {name: call[name] for name in _IN_EVENTS if name in call},
            }
        )

    def _touch_lead(self, lead_id: str, at: datetime) -> None:
        lead = self._leads[lead_id]
        stamps = ("lastActivityAt", "updatedAt") if self.activity_touches_lead else ("lastActivityAt",)
        moved = {stamp: stamp_text(max(at, read_stamp(lead[stamp]))) for stamp in stamps}
        self._leads.put({**lead, **moved})


def make_world(*, seed: int, calls: int, leads: int, now: datetime, days: int = 30) -> World:
    """A world that has gone on for `days`, the same for the same arguments.

    It holds `calls` calls of `leads` leads, the documented call and a lead fitting it among them, and a few webchat
    calls on top. Before its time (2026-06-15 14:32:25 UTC) the documented call has not happened yet.
    """
    people = populate(Dice(seed), calls=calls - 1, leads=leads - 1, now=now, days=days)
    world = World()
    for lead in people.leads:
        world.add_lead(lead)
    for call in people.calls:
        world.add_call(call, summary_to_come=people.summaries.get(call["id"], ""))
    for event in people.events:
        world.add_event(event)
    for lead_id in people.bulk_updated:
        world.change_lead(lead_id, now - timedelta(minutes=1))
    for lead_id in people.deleted:
        world.delete_lead(lead_id, now - timedelta(minutes=1))
    world.later(read_stamp(FOUNDING_CALL["updatedAt"]), lambda: world.add_lead(FOUNDING_LEAD))
    world.later(read_stamp(FOUNDING_CALL["updatedAt"]), lambda: world.add_call(FOUNDING_CALL))
    world.catch_up(now)
    return world
