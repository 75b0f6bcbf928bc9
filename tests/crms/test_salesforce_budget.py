"""The org's daily requests are kept to, as far as the budget lets them be used."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from connector.crms.salesforce.adapter import Salesforce
from connector.crms.salesforce.budget import Budget
from connector.errors import ConfigError, QuotaError, RateLimitedError
from connector.sandbox.faults import Fault
from tests.clock import NOON
from tests.crms.conftest import LOGIN, TASK, call

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from tests.crms.conftest import World

USED_UP = b'[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"TotalRequests Limit exceeded."}]'
TOO_MANY_AT_ONCE = b'[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"ConcurrentRequests Limit exceeded."}]'


def connect(world: World, api_budget: str) -> Salesforce:
    return Salesforce(LOGIN, base_url=world.server.url, api_budget=api_budget)


def requests(crm: Salesforce) -> tuple[int, int | None, int | None]:
    """Those sent; then those used by everybody, of those allowed, as far as known."""
    return crm.usage.sent, crm.usage.used, crm.usage.allowed


@pytest.fixture
def silent(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in between takes the header away."""
    inner: ASGIApp = world.server._app

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        async def without(message: Message) -> None:
            kept = [pair for pair in message.get("headers", ()) if pair[0] != b"sforce-limit-info"]
            await send({**message, "headers": kept} if "headers" in message else message)

        await inner(scope, receive, without)

    monkeypatch.setattr(world.server, "_app", app)


@pytest.mark.parametrize(
    ("written", "allowed", "ends_at"),
    [("80%", 15_000, 12_000), ("100%", 15_000, 15_000), ("1%", 50, 0), ("33%", 100, 33), ("700", 15_000, 700)],
)
def test_a_budget_is_a_share_or_a_number(written: str, allowed: int, ends_at: int) -> None:
    assert Budget(written).of(allowed) == ends_at


def test_a_budget_never_exceeds_what_the_org_allows() -> None:
    assert Budget("20000").of(15_000) == 15_000


@pytest.mark.parametrize("written", ["", "0", "0%", "101%", "-5", "80 %", "8.5%", "most", "1" * 10])
def test_what_is_neither_is_a_config_error(written: str) -> None:
    with pytest.raises(ConfigError, match="API budget"):
        Budget(written)


def test_bytes_are_those_of_bodies_in_both_directions(crm: Salesforce) -> None:
    crm.identity()
    before = crm.usage
    assert before.bytes_received > 0
    crm.write(TASK, [call("one")])
    written = crm.usage
    assert written.bytes_sent - before.bytes_sent > len("one")
    assert written.bytes_received > before.bytes_received
    assert crm.usage == written


def test_usage_is_what_was_sent_and_what_the_last_answer_said(world: World, crm: Salesforce) -> None:
    seen = [requests(crm)]
    crm.identity()
    seen.append(requests(crm))
    world.org.requests_used += 70
    crm.write(TASK, [call("a")])
    seen.append(requests(crm))
    assert seen == [(0, None, None), (2, 1, 15_000), (4, 73, 15_000)]


def test_a_share_of_one_app_is_not_taken_for_the_orgs_usage(world: World, crm: Salesforce) -> None:
    told = {"Sforce-Limit-Info": "per-app-api-usage=17/250(appName=sync); api-usage=18/5000"}
    world.server.faults.add(Fault("/query", status=200, body=b'{"done":true,"records":[{"Id":"1"}]}', headers=told))
    crm.identity()
    assert requests(crm) == (2, 18, 5000)


@pytest.mark.parametrize("api_budget", ["80%", "120"])
def test_not_one_request_is_sent_beyond_the_budget_whoever_used_it(world: World, api_budget: str) -> None:
    world.org.daily_requests, world.org.requests_used = 150, 117
    crm = connect(world, api_budget)
    crm.identity()
    crm.describe(TASK)
    assert crm.write(TASK, [call("a")])[0].created
    assert world.org.requests_used == 120
    with pytest.raises(QuotaError) as stopped:
        crm.write(TASK, [call("b")])
    assert world.org.requests_used == 120
    assert world.org.task_with_key("b") is None
    assert "120 of the 150 API requests" in str(stopped.value)
    assert f"`crm.api_budget` ({api_budget}) stops at 120" in str(stopped.value)
    assert stopped.value.resume_at == NOON + timedelta(hours=1)


@pytest.mark.usefixtures("silent")
def test_where_answers_do_not_tell_the_usage_limits_are_asked_once_and_requests_counted_on(
    world: World,
) -> None:
    world.org.daily_requests, world.org.requests_used = 100, 70
    crm = connect(world, "75%")
    crm.identity()
    assert (world.asked("/limits"), crm.usage.used) == (0, None)
    crm.describe(TASK)
    crm.write(TASK, [call("a")])
    assert world.asked("/limits") == 1
    assert requests(crm) == (5, 74, 100)
    crm.write(TASK, [call("b")])
    with pytest.raises(QuotaError, match="75 of the 100"):
        crm.write(TASK, [call("c")])
    assert world.org.requests_used == 75


@pytest.mark.usefixtures("silent")
def test_a_user_who_may_not_read_limits_goes_on_without(world: World) -> None:
    world.server.faults.add(Fault("/limits", status=403, body=b'[{"errorCode":"INSUFFICIENT_ACCESS"}]'), times=9)
    crm = connect(world, "80%")
    crm.identity()
    assert crm.write(TASK, [call("a")])[0].created
    assert world.asked("/limits") == 1
    assert crm.usage.used is None


def test_what_salesforce_itself_refuses_stops_the_run_until_the_next_full_hour(world: World, crm: Salesforce) -> None:
    crm.describe(TASK)
    world.server.faults.add(
        Fault("^PATCH ", status=403, body=USED_UP, headers={"Date": "Mon, 15 Jun 2026 14:59:59 GMT"})
    )
    with pytest.raises(QuotaError, match="REQUEST_LIMIT_EXCEEDED") as stopped:
        crm.write(TASK, [call("a")])
    assert stopped.value.resume_at == NOON + timedelta(hours=3)
    assert world.org.tasks == {}


@pytest.mark.parametrize("date", ["", "yesterday"])
def test_without_a_date_no_time_is_promised(world: World, crm: Salesforce, date: str) -> None:
    crm.describe(TASK)
    world.server.faults.add(Fault("^PATCH ", status=403, body=USED_UP, headers={"Date": date}))
    with pytest.raises(QuotaError) as stopped:
        crm.write(TASK, [call("a")])
    assert stopped.value.resume_at is None


def test_too_many_long_requests_at_once_are_a_matter_of_waiting(world: World, crm: Salesforce) -> None:
    crm.describe(TASK)
    world.server.faults.add(Fault("^PATCH ", status=403, body=TOO_MANY_AT_ONCE))
    with pytest.raises(RateLimitedError):
        crm.write(TASK, [call("a")])
