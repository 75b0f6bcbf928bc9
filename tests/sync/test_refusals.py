"""Every code of Salesforce's, met in a run: what the run does about it, and what it says."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from connector.errors import CredentialsError, CrmSetupError, OutOfAttemptsError, QuotaError
from connector.sandbox.faults import Fault
from connector.sandbox.founding_call import FOUNDING_CALL
from connector.sandbox.salesforce.org import SalesforceOrg
from connector.sandbox.world import make_world
from connector.sync.problems import Problem
from connector.sync.run import Report
from connector.sync.select import Named
from tests.clock import FakeClock
from tests.sync.conftest import NOW, raise_town
from tests.sync.refusals import AGAIN, PARK, REQUEST_AGAIN, STOP
from tests.town import Town

CALL = str(FOUNDING_CALL["id"])
WRITE = "^PATCH "
ALWAYS = 10**6
CANARY = str(FOUNDING_CALL["summary"])[:40]
"""Salesforce may repeat what was sent in any message."""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town where a few calls are logged."""
    clock = FakeClock(NOW)
    world = make_world(seed=1, calls=8, leads=3, now=clock.now())
    org = SalesforceOrg(people_must_exist=False)
    folder = tmp_path_factory.mktemp("town")
    with ExitStack() as stack:
        town = raise_town(stack, "salesforce", folder, clock, world=world, org=org)
        town.run()
        yield town


@pytest.fixture
def town(shared: Town) -> Iterator[Town]:
    yield shared
    shared.salesforce.faults.clear()
    assert write(shared).counts["updated"] == 1, "once the trouble is over, nothing of it is left"


@pytest.fixture
def subject_line(town: Town) -> str:
    """Where the mapping writes the subject."""
    lines = town.mapping_path.read_text().splitlines()
    return f"salesforce.yaml:{next(number for number, line in enumerate(lines, 1) if line.startswith('  Subject:'))}"


def write(town: Town, *call_ids: str) -> Report:
    """Write one call over, or several."""
    return town.run(Named(list(call_ids or [CALL])), overwrite=True)


def writes(town: Town, doing: Callable[[], Any]) -> int:
    """How many requests to write went out meanwhile."""
    before = len(town.salesforce.requests)
    doing()
    return sum(request.startswith("PATCH ") for request in town.salesforce.requests[before:])


def refuse_row(town: Town, code: str, *fields: str, message: str = CANARY, times: int = ALWAYS) -> None:
    error = {"statusCode": code, "message": message, "fields": list(fields)}
    body = json.dumps([{"success": False, "errors": [error]}]).encode()
    town.salesforce.faults.add(Fault(WRITE, status=200, body=body), times=times)


def refuse_request(
    town: Town, status: int, code: str | None, *, message: str = CANARY, times: int = ALWAYS, match: str = WRITE
) -> None:
    body = CANARY.encode() if code is None else json.dumps([{"errorCode": code, "message": message}]).encode()
    town.salesforce.faults.add(Fault(match, status=status, body=body), times=times)


def only_problem(report: Report) -> Problem:
    [problem] = report.problems
    assert CANARY not in str(problem.error)
    return problem


@pytest.mark.parametrize("code", AGAIN)
def test_a_row_that_something_passing_kept_back_is_sent_again(town: Town, code: str) -> None:
    refuse_row(town, code, times=1)
    assert writes(town, lambda: write(town)) == 2
    refuse_row(town, code)
    reports: list[Report] = []
    sent = writes(town, lambda: reports.append(write(town)))
    assert sent == (3 if code == "UNKNOWN_EXCEPTION" else 5)
    assert reports[0].exit_code == 3
    problem = only_problem(reports[0])
    assert (problem.code, problem.parked, problem.call_ids) == (code, False, [CALL])
    assert f"{AGAIN[code]}" in str(problem.error)
    assert f"({code})" in str(problem.error)


@pytest.mark.parametrize("code", PARK)
def test_a_row_that_cannot_be_written_is_parked_with_cause_cure_and_line(
    town: Town, subject_line: str, code: str
) -> None:
    refuse_row(town, code, "Subject")
    reports: list[Report] = []
    assert writes(town, lambda: reports.append(write(town))) == 1
    assert reports[0].exit_code == 1
    problem = only_problem(reports[0])
    assert (problem.code, problem.parked, problem.fields) == (code, True, ("Subject",))
    assert problem.lines["Subject"].endswith(subject_line)
    told = str(problem.error)
    assert f"call {CALL} (field Subject): " in told
    assert f"{PARK[code]}" in told
    assert problem.error.todo


@pytest.mark.parametrize("code", STOP)
def test_what_an_admin_must_change_stops_the_run_and_blames_no_call(town: Town, subject_line: str, code: str) -> None:
    for of_row in (True, False):
        if of_row:
            refuse_row(town, code, "Subject", times=1)
        else:
            refuse_request(town, 400, code, times=1)
        with pytest.raises(CrmSetupError) as stopped:
            write(town)
        assert f"{STOP[code]} ({code}" in stopped.value.happened
        assert CANARY not in str(stopped.value)
        assert stopped.value.todo
        assert stopped.value.happened.endswith(f"{subject_line}.") == of_row


def test_a_field_that_went_missing_meanwhile_is_told_with_its_line_however_salesforce_says_it(
    town: Town, subject_line: str
) -> None:
    refuse_request(town, 400, "INVALID_FIELD", message="No such column 'Subject' on sobject of type Task")
    with pytest.raises(CrmSetupError, match=rf"\(field Subject\).*{subject_line}"):
        write(town)


@pytest.mark.parametrize(("status", "code", "sent"), REQUEST_AGAIN)
def test_a_request_that_something_passing_kept_back_is_sent_again(
    town: Town, status: int, code: str | None, sent: int
) -> None:
    refuse_request(town, status, code, times=1)
    assert writes(town, lambda: write(town)) == 2
    refuse_request(town, status, code)

    def fails() -> None:
        with pytest.raises(OutOfAttemptsError) as stopped:
            write(town)
        assert CANARY not in str(stopped.value)

    assert writes(town, fails) == sent


@pytest.mark.parametrize("code", ["JSON_PARSER_ERROR", "EXCEEDED_ID_LIMIT", "INVALID_INPUT"])
def test_a_batch_that_is_refused_as_a_whole_is_halved_until_each_row_is_judged(town: Town, code: str) -> None:
    calls = town.loggable()[:4]
    refuse_request(town, 400, code, times=1)
    reports: list[Report] = []
    assert writes(town, lambda: reports.append(write(town, *calls))) == 3
    assert reports[0].counts["updated"] == 4
    refuse_request(town, 400, code)
    assert writes(town, lambda: reports.append(write(town, *calls))) == 7
    [problem] = reports[1].problems
    assert (problem.code, problem.count, problem.parked) == (code, 4, True)
    assert len(problem.call_ids) == 3


def test_a_query_that_salesforce_cannot_read_is_a_fault_of_ours(town: Town) -> None:
    refuse_request(town, 400, "MALFORMED_QUERY", match="/queryAll", times=1)
    with pytest.raises(CrmSetupError, match="fault of the connector"):
        write(town)


def test_a_used_up_day_stops_the_run_and_says_when_to_look_again(town: Town) -> None:
    refuse_request(town, 403, "REQUEST_LIMIT_EXCEEDED", message="TotalRequests Limit exceeded.", times=1)
    with pytest.raises(QuotaError, match="for the last 24 hours are used up") as stopped:
        write(town)
    assert stopped.value.resume_at is None, "this answer told no time"


def test_too_many_long_requests_at_once_are_waited_for(town: Town) -> None:
    refuse_request(town, 403, "REQUEST_LIMIT_EXCEEDED", message="ConcurrentRequests Limit exceeded.", times=2)
    assert writes(town, lambda: write(town)) == 3


def test_a_session_that_ended_is_renewed_once_then_the_run_stops(town: Town) -> None:
    def logins() -> int:
        return sum("/oauth2/token" in request for request in town.salesforce.requests)

    refuse_request(town, 401, "INVALID_SESSION_ID", times=1)
    before = logins()
    assert writes(town, lambda: write(town)) == 2
    assert logins() - before == 2, "one to begin with, one to renew"
    refuse_request(town, 401, "INVALID_SESSION_ID")

    def fails() -> None:
        with pytest.raises(CredentialsError, match="INVALID_SESSION_ID"):
            write(town)

    assert writes(town, fails) == 2


@pytest.mark.parametrize("code", ["invalid_grant", "invalid_client", "app_not_found"])
def test_a_login_that_is_refused_stops_the_run(town: Town, code: str) -> None:
    body = json.dumps({"error": code, "error_description": CANARY}).encode()
    town.salesforce.faults.add(Fault("/oauth2/token", status=400, body=body))
    with pytest.raises(CredentialsError, match=code) as stopped:
        write(town)
    assert CANARY not in str(stopped.value)
    assert stopped.value.todo


@pytest.mark.parametrize("code", ["FIELD_CUSTOM_VALIDATION_EXCEPTION", "CANNOT_EXECUTE_FLOW_TRIGGER"])
def test_an_admins_words_are_quoted_without_those_of_call_and_lead(town: Town, code: str) -> None:
    lead = town.world.lead(town.world.call(CALL)["leadId"])
    number, told = str(lead["phone"]), str(FOUNDING_CALL["transcript"][0]["content"])
    digits = f"({number[2:5]}) {number[5:8]}-{number[8:]}"
    refuse_row(town, code, message=f'{digits} must not be told "{told}" without a product.\n See the wiki.', times=1)
    problem = only_problem(write(town))
    assert problem.says == '… must not be told "…" without a product. See the wiki.'
    assert f'The CRM says: "{problem.says}"' in str(problem.error)


def test_the_ledger_remembers_code_and_field_alone(town: Town) -> None:
    refuse_row(town, "STRING_TOO_LONG", "Subject", message=f"data value too large: {CANARY}", times=1)
    write(town)
    ledger = b"".join(path.read_bytes() for path in town.folder.glob("ledger.db*"))
    assert CANARY.encode() not in ledger
    assert b"STRING_TOO_LONG" in ledger
