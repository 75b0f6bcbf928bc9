"""The log: what it shows, and what it never shows whoever tries."""

from __future__ import annotations

import json
import logging
import warnings
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from connector.log import LogFormat, LogLevel, Redaction, configure_logging, get_log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.ports import Log

SECRET = "canary-s3cret/+="
PHONE = "+15550100123"


@pytest.fixture(autouse=True)
def _logging_as_found() -> Iterator[None]:
    handlers, level = logging.root.handlers[:], logging.root.level
    logging.captureWarnings(capture=False)
    yield
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)
    logging.root.handlers[:], logging.root.level = handlers, level


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The JSON lines on stderr; stdout stays empty."""
    out, err = capsys.readouterr()
    assert not out
    return [json.loads(line) for line in err.splitlines()]


def test_json_lines_hold_event_level_time_and_fields(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(LogFormat.JSON)
    log: Log = get_log()
    log.info("call.written", call="c_1", attempt=2)
    (line,) = lines(capsys)
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "call.written", "level": "info", "call": "c_1", "attempt": 2}


def test_console_lines_have_no_colours_off_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    get_log().warning("call.parked", call="c_1")
    out, err = capsys.readouterr()
    assert not out
    assert "call.parked" in err
    assert "call=c_1" in err
    assert "\x1b" not in err


def test_quiet_shows_only_what_a_person_may_want_to_look_at(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(LogFormat.JSON, LogLevel.WARNING)
    get_log().info("call.written", call="c_1")
    get_log().warning("call.parked", call="c_2")
    assert [line["event"] for line in lines(capsys)] == ["call.parked"]


@pytest.mark.parametrize("log_format", LogFormat)
@pytest.mark.parametrize(
    "fields",
    [
        {"url": f"https://api.example.com/?k={SECRET}"},
        {"url": "https://api.example.com/?k=canary-s3cret%2F%2B%3D"},
        {"nested": {"list": [f"x{SECRET}x"], SECRET: 1}},
        {"headers": {"Authorization": "Bearer other-canary"}},
        {"X-Api-Key": "other-canary"},
        {"access_token": ["other-canary"]},
        {"caller": PHONE},
        {"url": "https://api.example.com/leads?phone=%2B15550100123"},
        {"error": ValueError(SECRET, "other-canary", PHONE)},
        {"exc_info": ValueError("other-canary")},
        {"thing": type("Thing", (), {"__repr__": lambda _: "other-canary"})()},
    ],
)
def test_secrets_phone_numbers_and_foreign_texts_are_struck_out(
    capsys: pytest.CaptureFixture[str], log_format: LogFormat, fields: dict[str, Any]
) -> None:
    configure_logging(log_format, secrets=[SECRET])
    get_log().warning("call.parked", **fields)
    err = capsys.readouterr().err
    assert "call.parked" in err
    for canary in ("canary", PHONE, PHONE.removeprefix("+")):
        assert canary not in err


def test_an_exception_under_way_leaves_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    try:
        int("other-canary")
    except ValueError:
        get_log().exception("call.parked", call="c_1")
    err = capsys.readouterr().err
    assert "call.parked" in err
    assert "Traceback" not in err
    assert "canary" not in err


def test_a_library_only_says_that_it_spoke(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(LogFormat.JSON)
    logging.getLogger("httpx").info("GET https://api.example.com/canary")
    logging.getLogger("urllib3.connectionpool").warning("retrying %s", "canary")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("canary", UserWarning, stacklevel=1)
    told = [(line["event"], line["library"], line["severity"]) for line in lines(capsys)]
    assert told == [
        ("library.warned", "urllib3.connectionpool", "warning"),
        ("library.warned", "py.warnings", "warning"),
    ]


def test_a_value_cannot_begin_a_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    get_log().info("call.skipped", call="c_1\n2026-11-22 call.written\x1b[2J")
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "\x1b" not in err


@given(
    before=st.text(), after=st.text(), secret=st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=4)
)
def test_a_registered_secret_never_gets_through(before: str, after: str, secret: str) -> None:
    redacted = Redaction([secret])(None, "info", {"field": before + secret + after})["field"]
    assert secret not in redacted.replace("***", " ")


def test_ids_counts_and_times_pass_unchanged() -> None:
    fields = {
        "event": "run.finished",
        "call": "c_81f2",
        "key": "c_81f2:voicemail",
        "count": 3,
        "at": "2026-11-22T10:00Z",
    }
    assert Redaction([SECRET])(None, "info", dict(fields)) == fields
