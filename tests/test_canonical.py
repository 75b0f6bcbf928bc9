import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from connector.canonical import canonical_text


@given(st.text(st.characters()))
def test_is_stable_trimmed_composed_and_sendable(text: str) -> None:
    once = canonical_text(text)
    assert canonical_text(once) == once
    assert once == once.strip() == unicodedata.normalize("NFC", once)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]", once)
    once.encode("utf-8")


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"))))
def test_a_crm_that_trims_and_sends_windows_line_ends_back_makes_no_difference(text: str) -> None:
    assert canonical_text(f"  {text}\n".replace("\n", "\r\n")) == canonical_text(text)


def test_keeps_tabs_line_ends_and_emoji() -> None:
    assert canonical_text("a\tb\r\nc\u2028d 👩‍👩‍👧 \x00\x1b\ud83d") == "a\tb\nc\nd 👩‍👩‍👧"
