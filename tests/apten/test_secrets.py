"""The API key is seen by Apten and by nobody else; call text is not seen in errors and logs."""

from __future__ import annotations

import logging
import traceback
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from connector.apten.client import Apten
from connector.errors import ConnectorError, CredentialsError
from connector.sandbox.faults import Fault
from connector.sandbox.founding_call import FOUNDING_CALL, FOUNDING_LEAD
from connector.sandbox.shelf import to_json
from connector.sandbox.world import World
from tests.apten.serving import KEY, client, served
from tests.contracts.source import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

SPOKEN = "canary: words spoken on the phone"
PHONE = "+12025550177"


def test_neither_key_nor_call_text_shows_in_errors_logs_or_reprs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    shown = []
    call = FOUNDING_CALL | {"summary": SPOKEN, "transferNumber": PHONE, "durationSeconds": SPOKEN, "endedBy": [PHONE]}
    row = FOUNDING_LEAD | {"phone": [PHONE], "summary": {"text": SPOKEN}}
    with served(World(), NOW) as server, client(server) as source:
        requests: tuple[Callable[[], object], ...] = (
            lambda: source.leads(updated_since=NOW),
            lambda: source.leads(updated_since=NOW, token="stale"),
            lambda: source.lead(FOUNDING_LEAD["id"]),
            lambda: source.events(FOUNDING_LEAD["id"], since=NOW),
            lambda: source.call(FOUNDING_CALL["id"]),
        )
        faults = [
            Fault(status=status, body=SPOKEN.encode()) for status in (200, 302, 400, 401, 403, 404, 418, 429, 500)
        ]
        faults += [
            Fault(drop=True),
            Fault(status=200, body=to_json(call)),
            Fault(status=200, body=to_json(row)),
            Fault(status=200, body=to_json({"leads": [row], "events": [call]})),
            Fault(status=200, body=to_json(call)[:-5]),
        ]
        for fault in faults:
            for send in requests:
                server.faults.add(fault)
                try:
                    shown.append(repr(getattr(send(), "unreadable", "")))
                except ConnectorError as error:
                    shown += traceback.format_exception(error)
        shown += [repr(source), str(source), repr(vars(source)), repr(vars(vars(source)["_http"]))]
    text = "".join(shown) + caplog.text
    assert "GET /calls/" in text
    for canary in (KEY, SPOKEN, PHONE):
        assert canary not in text


@pytest.mark.parametrize("key", ["", " ", "two words", "line\nbreak", "tab\t", " space", "ключ", "bell\x07"])
def test_a_key_that_no_header_could_carry_is_refused_unseen(key: str) -> None:
    with pytest.raises(CredentialsError, match=r"`apten\.api_key`") as caught, closing(Apten("https://x.example", key)):
        pass
    assert key.strip() == "" or key not in str(caught.value)
