"""The documented exchanges on cassettes. Made against the stand-in: `python -m tests.apten.recording` makes them anew.

They hold what we send, byte for byte but for the key, so that no change of it goes unnoticed.
"""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import vcr  # type: ignore[import-untyped]  # vcrpy ships no types
from vcr.record_mode import RecordMode  # type: ignore[import-untyped]  # vcrpy ships no types

from connector.apten.client import Apten
from connector.errors import ConnectorError
from connector.sandbox.faults import Fault
from connector.sandbox.founding_call import FOUNDING_CALL, FOUNDING_LEAD
from connector.sandbox.world import World
from tests.apten.serving import KEY, served
from tests.contracts.source import lead_row, message_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from vcr.request import Request  # type: ignore[import-untyped]  # vcrpy ships no types

CASSETTES = Path(__file__).parent / "cassettes"
HOST = "api.attent.app"
NOW = datetime(2026, 6, 15, 15, 0, tzinfo=UTC)
SINCE = datetime(2026, 6, 15, 14, 0, 0, 123456, tzinfo=UTC)
TOKEN = "WyIyMDI2LTA2LTE1VDE0OjMyOjI1KzAwOjAwIiwgImEwIl0="


@dataclass(frozen=True)
class Exchange:
    """A request, and the fault that makes the stand-in answer it as recorded."""

    send: Callable[[Apten], object]
    fault: Fault | None = None


EXCHANGES = {
    "leads": Exchange(lambda apten: apten.leads(updated_since=SINCE)),
    "next_leads": Exchange(lambda apten: apten.leads(updated_since=SINCE, token=TOKEN)),
    "lead": Exchange(lambda apten: apten.lead(FOUNDING_LEAD["id"])),
    "events": Exchange(lambda apten: apten.events(FOUNDING_LEAD["id"], since=SINCE)),
    "next_events": Exchange(lambda apten: apten.events(FOUNDING_LEAD["id"], since=SINCE, token=TOKEN)),
    "founding_call": Exchange(lambda apten: apten.call(FOUNDING_CALL["id"])),
    "forbidden": Exchange(lambda apten: apten.call(FOUNDING_CALL["id"]), Fault(status=403, body=b'{"message": "no"}')),
    "not_found": Exchange(lambda apten: apten.call("room_abc/msg 1")),
    "too_many": Exchange(
        lambda apten: apten.call(FOUNDING_CALL["id"]), Fault(status=429, headers={"Retry-After": "7"})
    ),
}


def same_headers(one: Request, other: Request) -> None:
    """Match requests by their headers; the key and the stand-in's address are gone from both."""
    assert _headers(one) == _headers(other)


def cassette(name: str, mode: RecordMode = RecordMode.NONE) -> vcr.cassette.CassetteContextDecorator:
    """The cassette of an exchange, to be played with nothing but that very request."""
    machine = vcr.VCR(record_mode=mode, filter_headers=["x-api-key"], before_record_request=_addressed_to_apten)
    machine.register_matcher("headers but the key", same_headers)
    return machine.use_cassette(str(CASSETTES / f"{name}.yaml"), match_on=["method", "uri", "headers but the key"])


def _headers(request: Request) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items() if name.lower() != "host"}


def _addressed_to_apten(request: Request) -> Request:
    request.uri = urlsplit(request.uri)._replace(scheme="https", netloc=HOST).geturl()
    request.headers.pop("host", None)
    return request


def _record() -> None:
    world = World()
    world.add_lead(FOUNDING_LEAD)
    world.add_event(message_row("msg_abc", FOUNDING_LEAD["id"], SINCE + timedelta(minutes=1)))
    world.add_call(FOUNDING_CALL)
    world.add_lead(lead_row("room_abc", NOW - timedelta(minutes=5), externalLeadId=None))
    for name, exchange in EXCHANGES.items():
        (CASSETTES / f"{name}.yaml").unlink(missing_ok=True)
        with served(world, NOW) as server, closing(Apten(f"{server.url}/v1", KEY)) as apten:
            if exchange.fault:
                server.faults.add(exchange.fault)
            with cassette(name, RecordMode.ONCE), suppress(ConnectorError):
                exchange.send(apten)


if __name__ == "__main__":
    _record()
