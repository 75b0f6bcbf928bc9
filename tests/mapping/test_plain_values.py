from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.mapping.samples import call, codes, schema_of, value, visit


@pytest.mark.parametrize("typed", ["+15551234567", "007", "Yes", "No", "on", "1.10", "1_000", "0x1F", "null and void"])
def test_a_plain_value_in_a_text_field_stays_as_typed(typed: str) -> None:
    assert value(typed, call()) == typed
    assert value(typed, call(), field="{type: text}") == typed
    assert value(f"{{value: {typed}}}", call(), field="{type: text}") == typed


@pytest.mark.parametrize(
    ("typed", "field", "expected"),
    [
        ("7", "{type: integer}", 7),
        ("-7", "{type: number}", -7),
        ("1.5", "{type: number}", 1.5),
        ("true", "{type: boolean}", True),
        ("FALSE", "{type: boolean}", False),
        ("2026-06-15", "{type: date}", date(2026, 6, 15)),
        ("2026-06-15T14:30:00Z", "{type: datetime}", datetime(2026, 6, 15, 14, 30, tzinfo=UTC)),
        ("2026-06-15T10:30:00", "{type: datetime}", datetime(2026, 6, 15, 14, 30, tzinfo=UTC)),
        ("Inbound", "{type: picklist, restricted: true, values: [Inbound]}", "Inbound"),
        ("2026-06-15", "{type: text}", "2026-06-15"),
    ],
)
def test_a_plain_value_is_read_as_what_its_field_holds(typed: str, field: str, expected: Any) -> None:
    assert value(typed, call(), field=field) == expected


@pytest.mark.parametrize("typed", ["1e5", "12345678901234567890", "\u0661", "1.", "--1", "five"])
def test_a_whole_number_is_digits_and_nothing_else(typed: str) -> None:
    assert codes(visit(typed), schema_of("target: {type: integer}")) == ["MAP303"]
