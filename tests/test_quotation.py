"""What an admin of the CRM wrote is shown without a word of the call."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.quotation import without


@given(st.text(max_size=200), st.lists(st.text(max_size=50), max_size=4))
def test_what_is_shown_repeats_no_run_of_eight_characters_of_a_value(message: str, values: list[str]) -> None:
    shown = without(f"{message} {' '.join(values)} {message}", values)
    for part in shown.split("…"):
        for start in range(len(part) - 7):
            assert not any(part[start : start + 8] in " ".join(value.split()) for value in values)


def test_what_is_shown_keeps_the_admins_own_words() -> None:
    text = without("Product\n is  required for 'a long summary'.", ["a long summary", None, 7, "Product"])
    assert text == "Product is required for '…'."


def test_values_within_others_are_known_too() -> None:
    call = {"transcript": [{"content": "I would like to cancel", "at": None}], "tags": ("warm lead",), "seconds": 61}
    text = without("He said 'I would like to cancel', a warm lead, at 61.", [call])
    assert text == "He said '…', a …, at 61."


@pytest.mark.parametrize(
    "number", ["+15551234567", "(555) 123-4567", "555.123.4567", "1 555 123 45 67", "5551234567", "123-4567"]
)
def test_a_phone_number_of_the_call_is_taken_out_however_it_is_written(number: str) -> None:
    lead = {"phone": "+1 (555) 123-4567"}
    assert without(f"Lead with phone {number} exists.", [lead]) == "Lead with phone … exists."


def test_other_numbers_stay() -> None:
    text = "Error ID: 1849339-23472 (-1), since 2026-11-01, see case 00123456."
    assert without(text, [{"phone": "+15551234567"}]) == text
