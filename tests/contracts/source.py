"""The exam every Source sits: it must show the whole of a world, and say so in our words where it cannot."""

from __future__ import annotations

from abc import abstractmethod
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from connector.errors import CallGoneError, CredentialsError, ExpiredTokenError
from connector.sandbox.founding_call import FOUNDING_CALL, FOUNDING_LEAD
from connector.sandbox.shelf import read_stamp, stamp_text
from connector.sandbox.world import World, make_world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from connector.model import CallRef, Page
    from connector.ports import Source
    from connector.source_model import Lead

NOW = datetime(2026, 6, 20, 15, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=365)
ODD_CALL_IDS = ("call_abc", "a/b", "..", "b?#%25&+", "id:1;x=2")
ODD_IDS = (*ODD_CALL_IDS, "ä b", "🌞")


def lead_row(lead_id: str, at: datetime, **fields: Any) -> dict[str, Any]:
    """A lead as the API shows it."""
    stamp = stamp_text(at)
    row = {"id": lead_id, "createdAt": stamp, "updatedAt": stamp, "lastActivityAt": stamp, "deleted": False}
    return row | fields


def call_row(call_id: str, lead_id: str, at: datetime, **fields: Any) -> dict[str, Any]:
    """A call as the API shows it."""
    row = {"id": call_id, "leadId": lead_id, "direction": "INBOUND", "callStatus": "COMPLETE", "durationSeconds": 5}
    return row | {"createdAt": stamp_text(at), "updatedAt": stamp_text(at), "transcript": []} | fields


def message_row(event_id: str, lead_id: str, at: datetime, kind: str = "MESSAGE") -> dict[str, Any]:
    """An event that is no call."""
    stamp = stamp_text(at)
    return {"id": event_id, "roomId": lead_id, "type": kind, "timestamp": stamp, "updatedAt": stamp, "data": {}}


class SourceContract:
    """What every Source promises. A subclass named `Test…` brings one to the exam through its hooks."""

    @abstractmethod
    def serving(self, world: World, now: datetime) -> AbstractContextManager[Source]:
        """The source, showing this world at that time, for as long as the context is open."""

    @abstractmethod
    def refused(self, world: World, now: datetime) -> AbstractContextManager[Source]:
        """The same with credentials that are not accepted."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        hooks = ("serving", "refused")
        missing = [name for name in hooks if getattr(cls, name) is getattr(SourceContract, name)]
        if missing:
            raise TypeError(f"{cls.__name__} lacks the hooks {', '.join(missing)}")

    @pytest.fixture(autouse=True)
    def _source(self) -> Iterator[None]:
        self.world = World()
        with self.serving(self.world, NOW) as self.source:
            yield

    def all_leads(self, since: datetime) -> list[Lead]:
        """Every lead listed, page after page."""
        return [
            lead for page in _pages(lambda t: self.source.leads(updated_since=since, token=t)) for lead in page.rows
        ]

    def event_pages(self, lead_id: str, since: datetime) -> list[Page[CallRef]]:
        """Every page of a lead's events."""
        return list(_pages(lambda token: self.source.events(lead_id, since=since, token=token)))

    def test_shows_the_documented_call_and_lead_as_documented(self) -> None:
        self.world.add_lead(FOUNDING_LEAD)
        self.world.add_call(FOUNDING_CALL)
        call = self.source.call(FOUNDING_CALL["id"])
        assert (call.direction, call.call_status, call.duration_seconds) == ("OUTBOUND", "COMPLETE", 145)
        assert (call.ended_by, call.is_transfer, call.has_voicemail) == ("LEAD", False, None)
        assert call.summary == FOUNDING_CALL["summary"]
        assert [turn.content for turn in call.transcript] == [t["content"] for t in FOUNDING_CALL["transcript"]]
        assert call.ended_at == call.updated_at == datetime(2026, 6, 15, 14, 32, 25, tzinfo=UTC)
        lead = self.source.lead(FOUNDING_LEAD["id"])
        assert lead is not None
        assert (lead.first_name, lead.external_lead_id) == ("Zoë", FOUNDING_LEAD["externalLeadId"])
        [ref] = self.event_pages(FOUNDING_LEAD["id"], LONG_AGO)[0].rows
        assert (ref.call_id, ref.lead_id, ref.updated_at) == (call.id, lead.id, call.updated_at)

    def test_shows_every_lead_and_every_call_of_a_made_up_world(self) -> None:
        world = make_world(seed=7, calls=60, leads=30, now=NOW)
        with self.serving(world, NOW) as self.source:
            leads = self.all_leads(LONG_AGO)
            assert [lead.id for lead in leads] == [
                row["id"] for row in sorted(world.leads(), key=lambda row: (read_stamp(row["updatedAt"]), row["id"]))
            ]
            for lead in leads:
                refs = [ref.call_id for page in self.event_pages(lead.id, LONG_AGO) for ref in page.rows]
                assert refs == [call["id"] for call in world.calls_of(lead.id)]
            for row in world.calls():
                call = self.source.call(row["id"])
                assert (call.lead_id, call.session_id) == (row.get("leadId"), row.get("sessionId"))
                assert (call.summary, len(call.transcript)) == (row.get("summary"), len(row["transcript"]))

    def test_lists_leads_from_the_given_stamp_on_included(self) -> None:
        for millisecond in range(5):
            self.world.add_lead(lead_row(f"lead{millisecond}", NOW + timedelta(milliseconds=millisecond)))
        assert [lead.id for lead in self.all_leads(NOW + timedelta(milliseconds=3))] == ["lead3", "lead4"]
        # Apten counts in milliseconds: what lies between two of them is asked for from the earlier on.
        assert [lead.id for lead in self.all_leads(NOW + timedelta(microseconds=3999))] == ["lead3", "lead4"]

    def test_lists_2500_leads_of_one_stamp_once_each(self) -> None:
        for number in range(2500):
            self.world.add_lead(lead_row(f"lead{number:04d}", NOW))
        assert [lead.id for lead in self.all_leads(NOW)] == [f"lead{number:04d}" for number in range(2500)]

    def test_lists_deleted_leads_as_deleted(self) -> None:
        self.world.add_lead(lead_row("lead", NOW))
        self.world.delete_lead("lead", NOW)
        [lead] = self.all_leads(NOW)
        assert (lead.deleted, lead.deleted_at) == (True, NOW)

    def test_lists_calls_alone_from_the_given_stamp_on_included(self) -> None:
        self.world.add_lead(lead_row("lead", NOW))
        for kind in ("MESSAGE", "EMAIL", "COMPLIANCE_BLOCKED", "REACTION", "call"):
            self.world.add_event(message_row(kind, "lead", NOW, kind))
        for second in range(4):
            self.world.add_call(call_row(f"call{second}", "lead", NOW + timedelta(seconds=second)))
        [page] = self.event_pages("lead", NOW + timedelta(seconds=2))
        assert [ref.call_id for ref in page.rows] == ["call2", "call3"]

    def test_finds_a_call_behind_empty_pages(self) -> None:
        self.world.add_lead(lead_row("lead", NOW))
        for number in range(2100):
            self.world.add_event(message_row(f"msg_{number:04d}", "lead", NOW))
        self.world.add_call(call_row("call", "lead", NOW + timedelta(seconds=1)))
        pages = self.event_pages("lead", NOW)
        assert [len(page.rows) for page in pages] == [0, 0, 1]

    def test_tells_apten_s_time_with_every_page(self) -> None:
        self.world.add_lead(lead_row("lead", NOW))
        assert self.source.leads(updated_since=NOW).server_time == NOW
        assert self.source.events("lead", since=NOW).server_time == NOW

    @pytest.mark.parametrize("odd", ODD_IDS)
    def test_takes_lead_ids_of_any_look(self, odd: str) -> None:
        self.world.add_lead(lead_row(odd, NOW))
        self.world.add_call(call_row("call", odd, NOW))
        lead = self.source.lead(odd)
        assert lead is not None
        assert lead.id == odd
        [ref] = self.source.events(odd, since=NOW).rows
        assert (ref.call_id, ref.lead_id) == ("call", odd)

    @pytest.mark.parametrize("odd", ODD_CALL_IDS)
    def test_takes_call_ids_of_any_look(self, odd: str) -> None:
        self.world.add_lead(lead_row("lead", NOW))
        self.world.add_call(call_row(odd, "lead", NOW))
        [ref] = self.source.events("lead", since=NOW).rows
        assert self.source.call(ref.call_id).id == odd

    @pytest.mark.parametrize("unknown", [*ODD_IDS, "00000000-0000-0000-0000-000000000000", "\ud83d", ""])
    def test_says_that_an_unknown_call_is_gone(self, unknown: str) -> None:
        with pytest.raises(CallGoneError) as caught:
            self.source.call(unknown)
        assert caught.value.code == "call_gone"

    @pytest.mark.parametrize("unknown", [*ODD_IDS, "events"])
    def test_knows_no_unknown_lead_and_no_events_of_it(self, unknown: str) -> None:
        assert self.source.lead(unknown) is None
        page = self.source.events(unknown, since=NOW)
        assert (page.rows, page.next_token, page.gone) == ((), None, True)

    def test_says_that_a_page_token_is_no_longer_taken(self) -> None:
        self.world.add_lead(lead_row("lead", NOW))
        with pytest.raises(ExpiredTokenError):
            self.source.leads(updated_since=NOW, token="stale")
        with pytest.raises(ExpiredTokenError):
            self.source.events("lead", since=NOW, token="stale")

    def test_blames_refused_credentials_on_the_setting_and_on_no_call(self) -> None:
        with self.refused(self.world, NOW) as source:
            requests: tuple[Callable[[], object], ...] = (
                lambda: source.leads(updated_since=NOW),
                lambda: source.leads(updated_since=NOW, token="stale"),
                lambda: source.lead("lead"),
                lambda: source.events("lead", since=NOW),
                lambda: source.call("call"),
            )
            for send in requests:
                with pytest.raises(CredentialsError, match=r"apten\.api_key"):
                    send()

    def test_serves_many_threads_at_once(self) -> None:
        self.world.add_lead(lead_row("lead", NOW))
        for number in range(60):
            self.world.add_call(call_row(f"call{number}", "lead", NOW))
        with ThreadPoolExecutor(20) as pool:
            fetched = list(pool.map(self.source.call, (f"call{number}" for number in range(60))))
        assert [call.id for call in fetched] == [f"call{number}" for number in range(60)]


def _pages(page_at: Callable[[str | None], Page[Any]]) -> Iterator[Page[Any]]:
    token: str | None = None
    while True:
        page = page_at(token)
        yield page
        if page.next_token is None:
            return
        token = page.next_token
