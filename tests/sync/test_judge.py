import pytest

from connector.errors import (
    BadCallError,
    BrakeError,
    ConnectorError,
    CredentialsError,
    ExpiredTokenError,
    QuotaError,
    RateLimitedError,
    RejectedError,
    UncertainWriteError,
    UnreachableError,
)
from connector.sync.judge import Verdict, judge

REJECTED = RejectedError("no", code="STRING_TOO_LONG")


@pytest.mark.parametrize("error", [RateLimitedError("x"), UnreachableError("x"), UncertainWriteError("x")])
def test_a_transient_cause_is_tried_again_and_never_parks_a_call(error: ConnectorError) -> None:
    assert judge(error, attempts_left=1) is Verdict.AGAIN
    assert judge(error, attempts_left=0, rows=1) is Verdict.LEFT_OVER
    assert judge(error, attempts_left=0) is Verdict.STOP


@pytest.mark.parametrize("error", [REJECTED, BadCallError("x", code="bad_call")])
def test_a_refused_batch_is_halved_until_the_one_refused_call_is_parked(error: ConnectorError) -> None:
    assert judge(error, attempts_left=4, rows=200) is Verdict.HALVE
    assert judge(error, attempts_left=4, rows=2) is Verdict.HALVE
    assert judge(error, attempts_left=4, rows=1) is Verdict.PARK


@pytest.mark.parametrize(
    "error", [CredentialsError("x"), QuotaError("x"), BrakeError("x"), ExpiredTokenError("x"), REJECTED]
)
def test_what_no_call_is_to_blame_for_stops_the_run(error: ConnectorError) -> None:
    assert judge(error, attempts_left=4) is Verdict.STOP
