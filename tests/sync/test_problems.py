"""Failures are grouped by what an admin has to do about them."""

import pytest

from connector.diagnostics import SourceFile
from connector.errors import CrmSetupError, RejectedError, RetryableError
from connector.mapping.apply import compile_mapping
from connector.mapping.load import load
from connector.sync.problems import Problems, tracing

LINES = {"Subject": "a.yaml:7", "WhoId": "a.yaml:9"}


def refused(*fields: str, code: str = "STRING_TOO_LONG", says: str = "") -> RejectedError:
    return RejectedError("no", code=code, fields=fields, says=says)


def test_one_cause_is_one_problem_with_a_few_of_its_calls() -> None:
    problems = Problems()
    for number in range(300):
        problems.add(f"call-{number}", refused("Subject"), LINES, parked=True)
    [problem] = problems
    assert (problem.count, problem.call_ids) == (300, ["call-0", "call-1", "call-2"])
    assert (problem.code, problem.fields, problem.lines) == ("STRING_TOO_LONG", ("Subject",), {"Subject": "a.yaml:7"})


@pytest.mark.parametrize(
    "other",
    [
        refused("WhoId"),
        refused(),
        refused("Subject", code="MALFORMED_ID"),
        refused("Subject", says="Call us first."),
        RetryableError("no", code="STRING_TOO_LONG"),
    ],
)
def test_another_cause_is_another_problem(other: RejectedError | RetryableError) -> None:
    problems = Problems()
    problems.add("a", other, LINES, parked=isinstance(other, RejectedError))
    problems.add("b", refused("Subject"), LINES, parked=True)
    problems.add("c", refused("Subject"), LINES, parked=True)
    assert [problem.count for problem in problems] == [2, 1], "the most frequent first"


def test_the_same_field_in_another_mapping_is_another_problem() -> None:
    problems = Problems()
    problems.add("a", refused("Subject"), LINES, parked=True)
    problems.add("b", refused("Subject"), {"Subject": "b.yaml:3"}, parked=True)
    assert [problem.lines for problem in problems] == [{"Subject": "a.yaml:7"}, {"Subject": "b.yaml:3"}]


def test_an_admins_words_are_one_problem_whatever_ids_and_numbers_stand_in_them() -> None:
    problems = Problems()
    for said in ("Error 17 in task 00T5g000 of …: no product.", "Error 8,312 in task 00T5g0zz of \u2026: no product."):
        problems.add("a", refused(says=said), parked=True)
    [problem] = problems
    assert (problem.count, problem.says) == (2, "Error 17 in task 00T5g000 of …: no product.")


def test_a_call_that_fails_under_two_mappings_is_an_example_once() -> None:
    problems = Problems()
    for _ in range(2):
        problems.add("a", refused(), parked=True)
    [problem] = problems
    assert (problem.count, problem.call_ids) == (2, ["a"])


def test_an_error_that_stops_the_run_tells_the_lines_of_every_mapping_that_writes_the_field() -> None:
    text = "version: 1\nactivity: salesforce/Task\nkey: Key__c\nfields:\n  Subject: x\n"
    longer = text.replace("fields:", "fields:\n  Status: Completed")
    mappings = [
        compile_mapping(load(SourceFile(name, written))) for name, written in (("a.yaml", text), ("b.yaml", longer))
    ]
    with pytest.raises(CrmSetupError) as stopped, tracing([*mappings, mappings[0]]):
        raise CrmSetupError("No.", fields=("Subject", "Region__c"))
    assert stopped.value.happened == "No. The mapping writes Subject at a.yaml:5, b.yaml:6."
