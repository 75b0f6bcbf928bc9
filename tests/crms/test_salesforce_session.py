"""What a 401 in the middle of a run leads to: one new login and the same request again, or a clear stop."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from connector.crms.salesforce.adapter import Salesforce
from connector.crms.salesforce.login import Session
from connector.errors import CredentialsError, UnreachableError
from connector.sandbox.faults import Fault
from connector.sandbox.salesforce.app import SalesforceStandIn
from connector.sandbox.salesforce.org import SalesforceOrg
from connector.sandbox.server import LocalServer
from tests.clock import NOON
from tests.crms.conftest import LOGIN, TASK, call

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from tests.crms.conftest import World

EXPIRED = b'[{"errorCode":"INVALID_SESSION_ID","message":"Session expired or invalid"}]'


class Recorder:
    """Passes requests on to an application and keeps them: path, headers by name, body."""

    def __init__(self, app: ASGIApp) -> None:
        self.seen: list[tuple[str, dict[bytes, bytes], bytes]] = []
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        parts: list[Message] = [await receive()]
        while parts[-1].get("more_body"):
            parts.append(await receive())
        body = b"".join(part["body"] for part in parts)
        self.seen.append((scope["path"], dict(scope["headers"]), body))

        async def again() -> Message:
            return parts.pop(0) if parts else await receive()

        await self._app(scope, again, send)


def test_an_expired_session_is_renewed_once_and_the_very_same_request_repeated() -> None:
    stand_in = SalesforceStandIn(SalesforceOrg(), now=lambda: NOON)
    recorder = Recorder(stand_in.app)
    with LocalServer(recorder) as server:
        crm = Salesforce(LOGIN, base_url=server.url)
        crm.describe(TASK)
        stand_in.tokens.expire_all()
        assert crm.write(TASK, [call("a", Subject="Call")])[0].created
        crm.close()
    refused, login, repeated = recorder.seen[-3:]
    assert login[0] == "/services/oauth2/token"
    assert refused[1].pop(b"authorization") != repeated[1].pop(b"authorization")
    assert refused == repeated
    assert json.loads(repeated[2])["records"][0]["Subject"] == "Call"


def test_a_session_that_is_never_accepted_ends_in_an_error_after_one_new_login(world: World, crm: Salesforce) -> None:
    world.server.faults.add(Fault("/services/data", status=401, body=EXPIRED), times=1_000)
    with pytest.raises(CredentialsError, match="right after a new login") as caught:
        crm.describe(TASK)
    assert caught.value.todo
    assert world.asked("/oauth2/token") == 2
    assert world.asked("/describe") == 2


def test_a_session_renewed_for_one_request_is_renewed_anew_for_the_next(world: World, crm: Salesforce) -> None:
    for number in range(4):
        world.stand_in.tokens.expire_all()
        assert crm.write(TASK, [call(f"call-{number}")])[0].created
    # The first write describes the object beforehand.
    assert world.asked("/oauth2/token") == 4


@pytest.mark.parametrize("body", [b"", b"<html>Sign in</html>", b"{}", b"[]", b"[1]", b'[{"message":null}]'])
def test_a_401_of_any_shape_is_a_matter_of_credentials(world: World, crm: Salesforce, body: bytes) -> None:
    world.server.faults.add(Fault("/services/data", status=401, body=body), times=2)
    with pytest.raises(CredentialsError):
        crm.identity()
    assert world.asked("/oauth2/token") == 2


@pytest.mark.parametrize(
    ("message", "todo"),
    [
        ("This session is not valid for use with the REST API", "scope `api`"),
        ("Connected app is not attached to Agent", "agent"),
    ],
)
def test_a_401_that_is_no_expiry_stops_at_once_and_says_what_to_do(
    world: World, crm: Salesforce, message: str, todo: str
) -> None:
    body = f'[{{"errorCode":"INVALID_SESSION_ID","message":"{message}"}}]'
    world.server.faults.add(Fault("/services/data", status=401, body=body.encode()), times=1_000)
    with pytest.raises(CredentialsError, match="No new login was tried") as caught:
        crm.identity()
    assert todo in caught.value.todo
    assert world.asked("/oauth2/token") == 1
    assert world.asked("/query") == 1


def test_a_renewal_that_fails_ends_as_a_login_does(world: World, crm: Salesforce) -> None:
    crm.describe(TASK)
    world.stand_in.tokens.expire_all()
    world.server.faults.add(Fault("/oauth2/token", status=503))
    with pytest.raises(UnreachableError):
        crm.write(TASK, [call("a")])
    assert crm.write(TASK, [call("a")])[0].created


def test_a_session_that_is_given_works_until_it_ends_and_says_so_then(world: World) -> None:
    crm = world.connect(Session("https://acme.my.salesforce.com", world.stand_in.tokens.issue()))
    assert crm.identity() == world.org.id
    world.stand_in.tokens.expire_all()
    before = len(world.server.requests)
    with pytest.raises(CredentialsError, match="opened elsewhere") as caught:
        crm.describe(TASK)
    assert "`session_id`" in caught.value.todo
    assert len(world.server.requests) == before + 1
