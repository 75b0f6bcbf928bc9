from __future__ import annotations

import pytest
from sqlalchemy import exc

from connector.crms.database.errors import of_failure
from connector.errors import (
    ConnectorError,
    CredentialsError,
    CrmSetupError,
    RejectedError,
    RetryableError,
    RunError,
    UncertainWriteError,
    UnreachableError,
)


class DriverError(Exception):
    """An exception as drivers raise them: PostgreSQL's with a `sqlstate`, MySQL's with a number first."""

    def __init__(self, *args: object, sqlstate: str | None = None) -> None:
        super().__init__(*args)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("22001", RejectedError),
        ("23502", RejectedError),
        ("23505", RejectedError),
        ("22P02", RejectedError),
        ("23514", RejectedError),
        ("P0001", RejectedError),
        ("44000", RejectedError),
        ("54000", RejectedError),
        ("21000", RejectedError),
        ("28P01", CredentialsError),
        ("3D000", CrmSetupError),
        ("42P01", CrmSetupError),
        ("42501", CrmSetupError),
        ("40P01", RetryableError),
        ("55P03", RetryableError),
        ("53100", RunError),
        ("53300", UnreachableError),
        ("57P03", UnreachableError),
        ("08006", UnreachableError),
        (1406, RejectedError),
        (1048, RejectedError),
        (3819, RejectedError),
        (4025, RejectedError),
        (1644, RejectedError),
        (3140, RejectedError),
        (1045, CredentialsError),
        (1049, CrmSetupError),
        (1142, CrmSetupError),
        (1213, RetryableError),
        (1114, RunError),
        (2003, UnreachableError),
    ],
)
def test_drivers_codes_mean_the_same_everywhere(code: str | int, expected: type[ConnectorError]) -> None:
    orig = DriverError("canary", sqlstate=code) if isinstance(code, str) else DriverError(code, "canary")
    error = of_failure(exc.OperationalError("INSERT canary", {}, orig), "the writing", columns=["subject"])
    assert type(error) is expected
    assert "canary" not in str(error)


@pytest.mark.parametrize(
    ("number", "sqlstate", "expected"),
    [
        (1062, "23000", "NOT_UNIQUE"),
        (1048, "23000", "NO_VALUE"),
        (1205, "HY000", "RetryableError"),
        (1644, "02000", "CONSTRAINT"),
        (9999, "45000", "CONSTRAINT"),
    ],
)
def test_mysqls_number_counts_for_more_than_its_sqlstate(number: int, sqlstate: str, expected: str) -> None:
    error = of_failure(
        exc.OperationalError("INSERT", {}, DriverError(number, "canary", sqlstate=sqlstate)), "the writing"
    )
    assert getattr(error, "code", "") == expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ('connection failed: FATAL:  database "canary" does not exist', CrmSetupError),
        ('FATAL:  password authentication failed for user "canary"', CredentialsError),
        ('FATAL:  role "canary" does not exist', CredentialsError),
        ("connection refused by canary", UnreachableError),
    ],
)
def test_a_connection_postgresql_refuses_is_told_by_its_words(message: str, expected: type[ConnectorError]) -> None:
    error = of_failure(exc.OperationalError("connect", {}, DriverError(message)), "the writing")
    assert type(error) is expected
    assert "canary" not in str(error)


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ('null value in column "subject" of relation "calls" violates not-null constraint', "subject"),
        ("Data too long for column 'subject' at row 1", "subject"),
        ("Column 'subject' cannot be null", "subject"),
        ("NOT NULL constraint failed: calls.subject", "subject"),
        ("UNIQUE constraint failed: main.calls.subject", "subject"),
        ("Failing row contains (canary, column secret)", None),
    ],
)
def test_the_column_to_blame_is_taken_from_the_message_if_it_is_one_of_ours(message: str, field: str | None) -> None:
    error = of_failure(
        exc.IntegrityError("INSERT", {}, DriverError(message, sqlstate="23502")), "x", columns=["subject"]
    )
    assert isinstance(error, RejectedError)
    assert error.fields == ((field,) if field else ())
    assert "canary" not in str(error)


@pytest.mark.parametrize(
    ("message", "code", "named"),
    [
        ("CHECK constraint failed: short_subject", "23514", "(constraint short_subject)"),
        ('new row violates check constraint "short_subject"\nDETAIL: constraint "canary"', "23514", "short_subject"),
        ("Check constraint 'short_subject' is violated.", "23514", "(constraint short_subject)"),
        ("CHECK constraint failed: length(canary) < 3", "23514", "the writing: "),
        ("Duplicate entry 'constraint `canary`' for key 'x'", "23505", "the writing: "),
    ],
)
def test_the_constraint_to_blame_is_named_and_no_value(message: str, code: str, named: str) -> None:
    error = of_failure(exc.IntegrityError("INSERT", {}, DriverError(message, sqlstate=code)), "the writing")
    assert named in str(error)
    assert "canary" not in str(error)


def test_a_line_that_breaks_is_uncertain_only_once_the_commit_was_sent() -> None:
    broken = exc.OperationalError("COMMIT", {}, DriverError("canary"))
    assert type(of_failure(broken, "the writing")) is UnreachableError
    assert type(of_failure(broken, "the writing", committing=True)) is UncertainWriteError


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (exc.TimeoutError(), UnreachableError),
        (OSError("canary"), UnreachableError),
        (exc.StatementError("canary", "INSERT", {}, TypeError("canary")), RejectedError),
        (exc.DataError("canary", {}, DriverError()), RejectedError),
        (exc.ProgrammingError("canary", {}, DriverError()), CrmSetupError),
        (exc.CompileError("canary"), CrmSetupError),
        (KeyError("canary"), CrmSetupError),
    ],
)
def test_failures_without_a_code_are_judged_by_their_kind(error: Exception, expected: type[ConnectorError]) -> None:
    made = of_failure(error, "the writing")
    assert type(made) is expected
    assert "canary" not in str(made)
