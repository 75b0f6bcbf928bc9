"""What is news after a run: told once, told again when it changes, and told once when it is over."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from connector.crm_schema import Counted, ObjectSchema
from connector.errors import CallError, CredentialsError, RetryableError, UnreachableError
from connector.sync.problems import Problems
from connector.sync.run import Report
from connector.sync.trouble import DRIFT, FAILED, PARKED, WAITING, Bounds, Trouble, news, of_error, of_report

BOUNDS = Bounds(parked=2, waiting=10)
AT = datetime(2026, 6, 20, tzinfo=UTC)


def report(*, parked: int = 0, waiting: int = 0, counts: dict[str, int] | None = None) -> Report:
    problems = Problems()
    for number in range(parked):
        problems.add(f"call-{number}", CallError("canary: text", code="TOO_LONG"), parked=True)
    problems.add("call-x", RetryableError("canary: text"), parked=False)
    code = 3 if counts else 1 if parked else 0
    return Report(1, AT, AT, AT, Counter(counts or {}), {}, problems, code, parked, waiting, {})


def test_what_is_above_its_bound_is_trouble_and_what_is_at_it_is_none() -> None:
    standing = of_report(report(parked=2, waiting=10), BOUNDS, None, {})
    assert standing == {FAILED: None, PARKED: None, WAITING: None}
    standing = of_report(report(parked=3, waiting=11), BOUNDS, [], {})
    assert {kind for kind, trouble in standing.items() if trouble} == {PARKED, WAITING}
    assert standing[DRIFT] is None
    parked = standing[PARKED]
    assert parked is not None
    assert "3 calls are parked (more than 2)" in parked.text
    assert "3 x TOO_LONG" in parked.text
    assert "canary" not in parked.text


def test_what_is_left_over_is_a_failure_and_what_limit_left_out_is_none() -> None:
    assert of_report(report(counts={"over limit": 4}), BOUNDS, None, {})[FAILED] is None
    failed = of_report(report(counts={"left over": 4}), BOUNDS, None, {})[FAILED]
    assert failed is not None
    assert failed.state == "3"


def test_a_foreign_error_is_named_by_its_class_alone() -> None:
    failed = of_error(ValueError("canary: text"), 3)[FAILED]
    assert failed is not None
    assert "ValueError" in failed.text
    assert "canary" not in failed.text


def test_a_failure_that_turns_into_another_is_told_again() -> None:
    first = news(of_error(UnreachableError("Apten did not answer."), 3), {})
    assert first is not None
    assert first.told == {FAILED: "3"}
    assert news(of_error(UnreachableError("Apten did not answer."), 3), first.told) is None
    second = news(of_error(CredentialsError("Refused."), 2), first.told)
    assert second is not None
    assert second.told == {FAILED: "2"}
    assert news(of_report(report(), BOUNDS, None, second.told), second.told) is None, "the CRM was not asked anything"
    met = replace(report(), schemas={"Task": ObjectSchema("salesforce", "Task", Counted.UTF16, {})})
    over = news(of_report(met, BOUNDS, None, second.told), second.told)
    assert over is not None
    assert over.lines == ("Runs succeed again.",)
    assert over.told == {}


def test_what_is_not_known_stays_as_it_was() -> None:
    told = {DRIFT: "MAP412", PARKED: "above"}
    found = news(of_error(UnreachableError("No answer."), 3), told)
    assert found is not None
    assert found.told == told | {FAILED: "3"}


KINDS = st.sampled_from([FAILED, PARKED, WAITING, DRIFT])
TROUBLES = st.none() | st.builds(Trouble, state=st.sampled_from("ab"), text=st.just("text"))


@given(history=st.lists(st.dictionaries(KINDS, TROUBLES)))
def test_every_change_is_told_once_and_nothing_else_is(history: list[dict[str, Trouble | None]]) -> None:
    told: dict[str, str] = {}
    stands: dict[str, str] = {}
    for standing in history:
        before = dict(stands)
        for kind, trouble in standing.items():
            stands.pop(kind, None)
            if trouble:
                stands[kind] = trouble.state
        changed = sum(before.get(kind) != stands.get(kind) for kind in standing)
        found = news(standing, told)
        assert (0 if found is None else len(found.lines)) == changed
        told = dict(found.told) if found else told
        assert told == stands
