"""Runs that are stopped, and those after them, which go on."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest

from connector.errors import CredentialsError, OutOfAttemptsError
from connector.sandbox.faults import Fault
from connector.wiring import read_standing
from tests.town import Town, at

Build = Callable[..., Town]


def complete_up_to(town: Town) -> datetime:
    """How far `status` says that everything is known."""
    standing = read_standing(town.config(), town.clock)
    assert standing is not None
    assert standing.watermark is not None
    return standing.watermark


def test_apten_down_stops_the_run_and_the_next_goes_on(town: Town) -> None:
    town.apten.faults.add(Fault("GET /v1/leads", status=503), times=5)
    with pytest.raises(OutOfAttemptsError):
        town.run()
    assert town.logged() == []
    town.run()
    assert town.logged() == town.loggable()


def test_the_crm_down_stops_the_run_and_the_next_goes_on(build: Build) -> None:
    town = build("salesforce")
    town.salesforce.faults.add(Fault("composite", status=503), times=5)
    with pytest.raises(OutOfAttemptsError):
        town.run()
    town.run()
    assert town.logged() == town.loggable()


def test_a_wrong_api_key_stops_before_anything_is_written(town: Town) -> None:
    town.apten.faults.add(Fault(status=403))
    with pytest.raises(CredentialsError, match="api_key"):
        town.run()
    assert town.logged() == []


def test_leads_that_a_stopped_run_left_are_listed_again_and_not_asked_for_one_by_one(build: Build) -> None:
    town = build("database", calls=200, leads=100)
    town.apten.faults.add(Fault(status=403), times=1000, after=20)
    with pytest.raises(CredentialsError):
        town.run()
    town.apten.faults.clear()
    assert complete_up_to(town) < at("2026-06-01T00:00:00+00:00")
    seen = len(town.apten.requests)
    town.run()
    assert complete_up_to(town) > at("2026-06-01T00:00:00+00:00")
    asked_for = [request for request in town.apten.requests[seen:] if re.search(r"/leads/[^/?]+$", request)]
    assert len(asked_for) <= 40
    assert town.logged() == town.loggable()
    seen = len(town.apten.requests)
    town.run()
    (listing,) = [request for request in town.apten.requests[seen:] if "/leads?" in request]
    assert "2026-05-01" not in listing
