"""Rows that cannot be locked hold up nobody but themselves, and not for long."""

import json
from collections import Counter
from collections.abc import Callable
from itertools import groupby
from typing import Any

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connector.sandbox.salesforce.assumptions import Assumptions
from tests.clock import FakeClock
from tests.town import Town, salesforce_id

Build = Callable[..., Town]
Rows = list[dict[str, Any]]


@pytest.fixture
def town(build: Build) -> Town:
    return build("salesforce", calls=330, leads=40)


@pytest.fixture
def sent(town: Town, monkeypatch: pytest.MonkeyPatch) -> list[Rows]:
    """The rows of each request to write, as they come in."""
    inner: ASGIApp = town.salesforce._app
    found: list[Rows] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        body = b""

        async def noting() -> Message:
            nonlocal body
            message = await receive()
            body += message.get("body", b"")
            return message

        await inner(scope, noting, send)
        if scope["method"] == "PATCH":
            found.append(json.loads(body)["records"])

    monkeypatch.setattr(town.salesforce, "_app", app)
    return found


def keys(rows: Rows) -> list[str]:
    return [row["Apten_Call_Id__c"] for row in rows]


@pytest.mark.parametrize("wrapped", [False, True])
def test_only_the_locked_rows_are_sent_again_in_halves(town: Town, sent: list[Rows], wrapped: bool) -> None:
    town.org.assumptions = Assumptions(lock_error_is_wrapped=wrapped)
    town.org.locks.refuse_rows(37)
    report = town.run()
    assert report.exit_code == 0
    assert town.logged() == town.loggable()
    assert [len(rows) for rows in sent] == [200, 19, 18, len(town.loggable()) - 200]
    assert sorted(keys(sent[1] + sent[2])) == sorted(keys(sent[0][:37]))
    assert 0.5 <= town.clock.slept <= 1.5, "a moment for whoever holds the lock"


def test_rows_of_one_person_stand_together_and_always_in_the_same_order(town: Town, sent: list[Rows]) -> None:
    town.run()
    for rows in sent:
        people = [person for person, _ in groupby(row.get("WhoId", "") for row in rows)]
        assert len(people) == len(set(people)) > 1
        assert [(row.get("WhoId", ""), row["Apten_Call_Id__c"]) for row in rows] == sorted(
            (row.get("WhoId", ""), row["Apten_Call_Id__c"]) for row in rows
        )


def test_a_lock_that_lasts_leaves_its_rows_to_the_next_run_and_no_others(town: Town, clock: FakeClock) -> None:
    leads = {lead["id"]: salesforce_id(lead.get("externalLeadId")) for lead in town.world.leads()}
    busiest = Counter(leads[call["leadId"]] for call in town.world.loggable_calls() if leads[call["leadId"]])
    [(person, number)] = busiest.most_common(1)
    locked = {call["id"] for call in town.world.loggable_calls() if leads[call["leadId"]] == person}
    assert number > 1
    town.org.locks.wait_seconds = 0.0
    town.org.locks._held.add(person)
    report = town.run()
    assert report.exit_code == 3
    assert set(town.logged()) == set(town.loggable()) - locked
    [problem] = report.problems
    assert (problem.code, problem.parked, problem.count) == ("UNABLE_TO_LOCK_ROW", False, number)
    town.org.locks._held.clear()
    clock.advance(minutes=5)
    assert town.run().exit_code == 0
    assert town.logged() == town.loggable()
