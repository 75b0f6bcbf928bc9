"""What we send stays what it was: each documented exchange plays from its cassette, to that very request only."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from vcr.errors import CannotOverwriteExistingCassetteException as NotOnTapeError  # type: ignore[import-untyped]  # vcrpy ships no types

from connector.apten.client import Apten
from connector.errors import CallGoneError, ConnectorError, CredentialsError, RateLimitedError
from connector.model import CallRef, Page
from connector.sandbox.founding_call import FOUNDING_CALL, FOUNDING_LEAD
from connector.sandbox.shelf import read_stamp
from connector.source_model import Call, Lead
from tests.apten.recording import CASSETTES, EXCHANGES, HOST, NOW, SINCE, TOKEN, cassette
from tests.apten.serving import KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = f"https://{HOST}/v1"
LEAD = Lead.model_validate(FOUNDING_LEAD)
CALL = Call.model_validate(FOUNDING_CALL)
REF = CallRef(CALL.id, lead_id=LEAD.id, updated_at=read_stamp(FOUNDING_CALL["updatedAt"]))


@pytest.fixture
def apten() -> Iterator[Apten]:
    with closing(Apten(ROOT, KEY)) as source:
        yield source


def play(apten: Apten, name: str) -> object:
    """Send an exchange's request to its cassette."""
    with cassette(name) as tape:
        answer = EXCHANGES[name].send(apten)
        assert tape.all_played
    return answer


@pytest.mark.parametrize("name", ["leads", "next_leads"])
def test_a_page_of_leads(apten: Apten, name: str) -> None:
    page = play(apten, name)
    assert isinstance(page, Page)
    assert [lead.id for lead in page.rows] == [LEAD.id, "room_abc"]
    assert page.rows[0] == LEAD
    assert (page.next_token, page.server_time, page.unreadable) == (None, NOW, ())


@pytest.mark.parametrize("name", ["events", "next_events"])
def test_a_page_of_events(apten: Apten, name: str) -> None:
    assert play(apten, name) == Page((REF,), None, NOW)


def test_a_lead(apten: Apten) -> None:
    assert play(apten, "lead") == LEAD


def test_the_documented_call(apten: Apten) -> None:
    assert play(apten, "founding_call") == CALL


@pytest.mark.parametrize(
    ("name", "kind"), [("forbidden", CredentialsError), ("not_found", CallGoneError), ("too_many", RateLimitedError)]
)
def test_a_refusal(apten: Apten, name: str, kind: type[ConnectorError]) -> None:
    with pytest.raises(kind) as caught:
        play(apten, name)
    if isinstance(caught.value, RateLimitedError):
        assert caught.value.retry_after == 7


@pytest.mark.parametrize(
    ("name", "send"),
    [
        ("leads", lambda apten: apten.leads(updated_since=SINCE + timedelta(milliseconds=1))),
        ("leads", lambda apten: apten.leads(updated_since=SINCE, token=TOKEN)),
        ("next_events", lambda apten: apten.events(LEAD.id, since=SINCE)),
        ("events", lambda apten: apten.events("room_abc", since=SINCE)),
        ("not_found", lambda apten: apten.call("room_abc/msg+1")),
    ],
)
def test_a_cassette_does_not_play_to_any_other_request(
    apten: Apten, name: str, send: Callable[[Apten], object]
) -> None:
    with cassette(name), pytest.raises(NotOnTapeError):
        send(apten)


def test_no_cassette_holds_the_key_and_each_has_its_exchange() -> None:
    recorded = sorted(CASSETTES.glob("*.yaml"))
    assert [path.stem for path in recorded] == sorted(EXCHANGES)
    for path in recorded:
        text = path.read_text("utf-8")
        assert KEY not in text
        assert "x-api-key" not in text
        assert "127.0.0.1" not in text
