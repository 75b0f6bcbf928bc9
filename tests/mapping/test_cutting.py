from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.canonical import canonical_text
from connector.crm_schema import Counted, length_of
from connector.mapping.cutting import WIDEST, cut

FAMILY = "👨\u200d👩\u200d👧"
texts = st.text(alphabet=st.sampled_from("ab \n\u0301é🎉\U0001f3fd\u200d👩🇩🇪\ufe0f"), max_size=40).map(canonical_text)
marks = st.sampled_from(["", "…", " [cut]", "🎉"])


@pytest.mark.parametrize(
    ("text", "limit", "counted", "expected"),
    [
        ("ę\u0301x", 2, Counted.CHARACTERS, "ę\u0301"),
        ("ę\u0301x", 1, Counted.CHARACTERS, "ę"),
        ("ax\u0328\u0330", 2, Counted.CHARACTERS, "a"),
        ("a🎉", 2, Counted.UTF16, "a"),
        ("a🎉b", 3, Counted.UTF16, "a🎉"),
        ("a🎉b", 2, Counted.CHARACTERS, "a🎉"),
        ("a" + FAMILY, 4, Counted.CHARACTERS, "a"),
        ("a👋🏽!", 2, Counted.CHARACTERS, "a"),
        ("🇩🇪🇫🇷", 3, Counted.CHARACTERS, "🇩🇪"),
        ("a❤\ufe0f", 2, Counted.CHARACTERS, "a"),
        ("ab\ncd", 4, Counted.UTF16, "ab"),
    ],
)
def test_what_reads_as_one_character_stays_whole(text: str, limit: int, counted: Counted, expected: str) -> None:
    assert cut(text, limit, counted) == expected


def test_the_end_is_kept_the_same_way() -> None:
    assert cut("ab" + FAMILY + "c", 3, Counted.CHARACTERS, keep_end=True) == "c"
    assert cut("one two", 5, Counted.CHARACTERS, keep_end=True, mark="…") == "…two"


def test_a_mark_that_does_not_fit_is_left_out() -> None:
    assert cut("abcdef", 3, Counted.CHARACTERS, mark=" [cut]") == "abc"


@given(texts, st.integers(0, 30), st.sampled_from(Counted), st.booleans(), marks)
def test_a_cut_text_fits_and_is_canonical(text: str, limit: int, counted: Counted, keep_end: bool, mark: str) -> None:
    made = cut(text, limit, counted, keep_end=keep_end, mark=mark)
    assert length_of(made, counted) <= limit or made == text
    assert length_of(made, counted) <= max(limit, 0)
    assert made == canonical_text(made)
    if length_of(text, counted) <= limit:
        assert made == text
    if text and limit >= WIDEST:
        assert made


@given(texts, st.integers(0, 30), st.sampled_from(Counted))
def test_a_cut_without_a_mark_keeps_the_very_start(text: str, limit: int, counted: Counted) -> None:
    assert text.startswith(cut(text, limit, counted))
