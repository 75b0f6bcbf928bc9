"""The score: what is added up, and how a fault that was not survived is told."""

from __future__ import annotations

from tests.reliability.scoreboard import Fault, page, table

FAULTS = {("A crash", "lock taken"): Fault(3), ("A crash", "write sent"): Fault(4), ("G cursor", "ties"): Fault(1_000)}


def test_a_suite_has_a_row_and_all_have_a_sum() -> None:
    assert table(FAULTS).splitlines()[2:] == [
        "| A crash | 2 / 2 | 7 |",
        "| G cursor | 1 / 1 | 1,000 |",
        "| **all** | 3 / 3 | 1,007 |",
    ]


def test_what_was_not_survived_is_told_apart() -> None:
    text = page({**FAULTS, ("G cursor", "ties"): Fault(1_000, survived=False)}, soak=False)
    assert "These are the cases that `make check` takes" in text
    assert "| G cursor | 0 / 1 | 1,000 |" in text
    assert "- **A crash**: lock taken (3) · write sent (4)\n- **G cursor**: **ties: not survived**" in text
