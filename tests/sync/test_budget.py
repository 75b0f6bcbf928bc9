"""A run keeps within what the org allows, stops cleanly where it must, and the next one goes on."""

from collections.abc import Callable

import pytest

from connector.cli.app import main
from connector.errors import QuotaError
from connector.model import State
from connector.wiring import open_house
from tests.clock import FakeClock
from tests.town import ENVIRON, Town, at

Build = Callable[..., Town]
Captured = pytest.CaptureFixture[str]


def with_budget(town: Town, budget: str) -> Town:
    text = town.config_path.read_text()
    town.config_path.write_text(text.replace("  domain:", f"  api_budget: {budget}\n  domain:"))
    return town


def test_a_run_stops_at_the_budget_and_the_next_one_goes_on_from_there(build: Build, clock: FakeClock) -> None:
    town = with_budget(build("salesforce", calls=700, leads=150), "50%")
    town.org.daily_requests, town.org.requests_used = 100, 44
    with pytest.raises(QuotaError) as stopped:
        town.run()
    assert town.org.requests_used == 50
    assert stopped.value.resume_at == at("2026-06-20T10:00:00+00:00")
    logged = town.logged()
    assert 0 < len(logged) < len(town.loggable())
    with open_house(town.config(), clock=clock, log=town.log) as house:
        written = {call.call_id for call in house.ledger.calls_in(State.WRITTEN)}
    assert written == set(logged), "what was finished is recorded"
    town.org.requests_used = 0
    assert town.run().exit_code == 0
    assert town.logged() == town.loggable()


def test_a_run_over_the_budget_sends_one_request_to_learn_of_it(build: Build) -> None:
    town = with_budget(build("salesforce", calls=5, leads=2), "1000")
    town.org.requests_used = 1_000
    for _ in range(3):
        before = len(town.salesforce.requests)
        with pytest.raises(QuotaError):
            town.run()
        login, only = town.salesforce.requests[before:]
        assert "/oauth2/token" in login
        assert "/query" in only
    assert town.activities() == []


def test_a_run_with_nothing_to_write_asks_nothing(build: Build) -> None:
    town = build("salesforce", calls=20, leads=5)
    first = town.run()
    assert first.cost["crm requests"] == len(town.salesforce.requests)
    assert (first.cost["api used"], first.cost["api allowed"]) == (town.org.requests_used, 15_000)
    before = len(town.salesforce.requests)
    again = town.run()
    assert len(town.salesforce.requests) == before
    assert not {"crm requests", "api used", "api allowed"} & set(again.cost)


def test_the_command_line_says_when_to_go_on_and_status_what_is_used(
    build: Build, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    town = with_budget(build("salesforce", calls=5, leads=2), "80%")
    town.org.daily_requests, town.org.requests_used = 100, 80
    assert main(["--config", str(town.config_path), "sync"]) == 3
    said = capsys.readouterr().err
    assert "81 of the 100 API requests that the org may send in 24 hours are used" in said
    assert "It may go on from 2026-06-20 10:00 UTC." in said
    main(["--config", str(town.config_path), "status"])
    shown = capsys.readouterr().out
    assert "81 of 100 in 24 hours, as of " in shown
    assert "runs stop at 80 (crm.api_budget)" in shown
