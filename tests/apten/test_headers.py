"""What is made of `Date` and `Retry-After`, sensible or not."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.apten.headers import retry_after, server_time

DATE = "Mon, 15 Jun 2026 14:30:00 GMT"


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("0", None),
        ("7", 7.0),
        ("1.5", 1.5),
        (" 30 ", 30.0),
        ("Mon, 15 Jun 2026 14:30:20 GMT", 20.0),
        ("Monday, 15-Jun-26 14:30:20 GMT", 20.0),
        ("Mon, 15 Jun 2026 14:29:00 GMT", None),
        ("Tue, 15 Jun 2027 14:30:00 GMT", 86_400.0),
        ("99999999999", 86_400.0),
        ("9" * 400, None),
        ("-5", None),
        ("1e9", None),
        ("inf", None),
        ("nan", None),
        ("1_000", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_wait_is_taken_from_seconds_or_a_date_within_reason(asked: str, seconds: float | None) -> None:
    assert retry_after(httpx.Headers({"date": DATE, "retry-after": asked})) == seconds


def test_a_date_without_apten_s_own_time_asks_for_nothing() -> None:
    assert retry_after(httpx.Headers({"retry-after": DATE})) is None


@given(st.text(st.characters(codec="latin-1")))
def test_no_header_brings_the_reader_down(text: str) -> None:
    wait = retry_after({"retry-after": text, "date": DATE})
    assert wait is None or 0 < wait <= 86_400
    at = server_time({"date": text})
    assert at is None or at.tzinfo is UTC


@pytest.mark.parametrize("date", [DATE, "Mon, 15 Jun 2026 16:30:00 +0200", "Mon, 15 Jun 2026 14:30:00 -0000"])
def test_apten_s_time_is_utc(date: str) -> None:
    assert server_time(httpx.Headers({"date": date})) == datetime(2026, 6, 15, 14, 30, tzinfo=UTC)


def test_a_missing_date_is_no_time() -> None:
    assert server_time(httpx.Headers()) is None
