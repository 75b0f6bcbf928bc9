"""A world of any number of calls, none of which is stored: every row is computed from its number."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

TALKS = 350
"""So many different talks there are: one in seven has no summary yet, one in fifty is longer than a task may be."""
_TURNS, _MANY_TURNS = 40, 250
_WORDS = ("solar", "panel", "roof", "quote", "meeting", "Tuesday", "battery", "warranty", "loan", "—", "naïve", "🙂")
_LASTED = timedelta(days=8)
"""From the first call to the last; the last is older than a run reads again, and nothing of it is still to come."""
_AGE = timedelta(days=25)
_LEAD = "c4f23a1b-d8e5-4f67-90c1-%012d"
_CALL = "a1b2c3d4-e5f6-7890-abcd-%012d"
_DIGITS = 12


@dataclass(slots=True)
class World:
    """`calls` calls of leads that have `calls_per_lead` each.

    Args:
        calls: how many.
        calls_per_lead: the last lead may have fewer.
        now: the time it is as of, aware UTC.
        known: whether Apten knows each lead's contact in Salesforce.

    `revised` counts how often all calls were changed: `revise` gives them, their events and their leads later stamps
    and another summary.
    """

    calls: int
    calls_per_lead: int
    now: datetime
    known: bool = True
    revised: int = 0
    _talks: list[bytes] = field(default_factory=lambda: [_talk(number) for number in range(TALKS)])

    @property
    def leads(self) -> int:
        """How many leads there are."""
        return -(-self.calls // self.calls_per_lead)

    @property
    def begin(self) -> datetime:
        """Before everything."""
        return self.now - _AGE - timedelta(days=1)

    def revise(self) -> None:
        """Change every call, later than all that is there so far."""
        self.revised += 1

    def calls_of(self, lead: int) -> range:
        """The numbers of a lead's calls."""
        return range(lead * self.calls_per_lead, min(self.calls, (lead + 1) * self.calls_per_lead))

    def changed_at(self, call: int) -> datetime:
        """When a call changed last; leads follow each other by it."""
        return self.now - _AGE + self.revised * _LASTED + _LASTED * call / self.calls

    def first_lead_since(self, since: datetime) -> int:
        """The number of the first lead that was active at this time or later; `leads` if none was."""
        first, end = 0, self.leads
        while first < end:
            middle = (first + end) // 2
            if self._active_at(middle) < since:
                first = middle + 1
            else:
                end = middle
        return first

    def lead_json(self, lead: int) -> bytes:
        """A lead as Apten sends it."""
        at = _stamp(self._active_at(lead))
        return (
            f'{{"id":"{_LEAD % lead}","firstName":"Ada","lastName":"No. {lead}","phone":"+12085550123",'
            f'"email":"ada.{lead}@example.com","customerProfile":"Website","createdAt":"{_stamp(self.begin)}",'
            f'"updatedAt":"{at}","lastActivityAt":"{at}","additionalInfo":{{}},'
            f'"hasReplied":true,"isHot":false,"isQualified":true,"isUnsubscribed":false,"isAiOn":true,"tags":[],'
            + (f'"externalLeadId":"{contact_id(lead)}",' if self.known else "")
            + '"deleted":false,"deletedAt":null}'
        ).encode()

    def event_json(self, call: int) -> bytes:
        """A call's event as Apten lists it."""
        at = _stamp(self.changed_at(call))
        return (
            f'{{"id":"{_CALL % call}","roomId":"{_LEAD % (call // self.calls_per_lead)}","orgId":"org_bench",'
            f'"type":"CALL","timestamp":"{at}","updatedAt":"{at}","data":{{"direction":"OUTBOUND"}}}}'
        ).encode()

    def call_json(self, call: int) -> bytes:
        """A call as Apten sends it: 9 KB, as a rule."""
        began = _stamp(self.now - _AGE + _LASTED * call / self.calls)
        head = (
            f'{{"id":"{_CALL % call}","leadId":"{_LEAD % (call // self.calls_per_lead)}","createdAt":"{began}",'
            f'"updatedAt":"{_stamp(self.changed_at(call))}",'
        )
        talk = self._talks[call % TALKS]
        return head.encode() + (talk.replace(b'"summary":"', b'"summary":"Once more. ', 1) if self.revised else talk)

    def _active_at(self, lead: int) -> datetime:
        return self.changed_at(self.calls_of(lead)[-1])


def number_of(record_id: str) -> int:
    """The number of the lead or call with this id. ValueError if it is none of a world's ids."""
    return int(record_id[-_DIGITS:])


def contact_id(lead: int) -> str:
    """A lead's record in Salesforce."""
    return f"003{lead:0{_DIGITS}}AAA"


def _talk(number: int) -> bytes:
    """The part of a call that does not name it."""
    dice = random.Random(number)
    turns = _MANY_TURNS if number % 50 == 0 else _TURNS
    said = [
        {
            "role": ("assistant", "user")[turn % 2],
            "content": " ".join(dice.choices(_WORDS, k=22)),
            "startTime": "2026-06-15T14:30:01.000Z",
            "endTime": "2026-06-15T14:30:05.000Z",
        }
        for turn in range(turns)
    ]
    facts = {
        "direction": dice.choice(("INBOUND", "OUTBOUND")),
        "callStatus": "COMPLETE",
        "durationSeconds": 30 + dice.randrange(600),
        "isTransfer": dice.choice((True, False)),
        "endedBy": dice.choice(("LEAD", "AGENT", "SYSTEM")),
        "transcript": said,
    }
    if number % 7:
        facts = {"summary": " ".join(dice.choices(_WORDS, k=60)), **facts}
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()[1:]


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
