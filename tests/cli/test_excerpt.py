"""Of long texts only the lines that differ are shown, and of long lines only the part where they do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from connector.cli.excerpt import LONGEST_LINE, MOST_LINES, excerpt

lines = st.lists(st.sampled_from(["", "a", "b", "x" * 200, "x" * 199 + "y"]), min_size=1, max_size=30)


def test_lines_that_are_alike_are_left_out() -> None:
    assert excerpt("a\nb\nc\nd\ne", "a\nB\nc\nd\ne\nf") == ["- b", "+ B", "…", "+ f"]


def test_a_text_that_comes_or_goes_is_all_of_one_kind() -> None:
    assert excerpt("", "a\n\nb") == ["+ a", "+", "+ b"]
    assert excerpt("a\nb", "") == ["- a", "- b"]


def test_a_long_line_is_shown_from_a_little_before_it_differs() -> None:
    head = " ".join(str(number) for number in range(100))
    old, new = excerpt(f"{head} old {head}", f"{head} new {head}")
    assert old.startswith("- …3 94 95 96 97 98 99 old 0 1 2")
    assert new.startswith("+ …3 94 95 96 97 98 99 new 0 1 2")
    assert len(old) == len(new) == LONGEST_LINE
    assert old.endswith("…")


def test_a_long_line_that_differs_early_is_shown_from_its_beginning() -> None:
    old, new = excerpt("old " * 50, "new " * 50)
    assert old.startswith("- old old")
    assert new.startswith("+ new new")


def test_a_line_that_was_cut_is_shown_at_its_end() -> None:
    old, new = excerpt("x" * 300, "x" * 200 + "[cut]")
    assert old == "- …" + "x" * 88 + "…"
    assert new == "+ …" + "x" * 20 + "[cut]"


def test_what_is_too_much_is_counted() -> None:
    shown = excerpt("\n".join("abcdefghijklmnop"), "z")
    assert shown[:2] == ["- a", "- b"]
    assert shown[-1] == "… and 6 lines more"
    assert len(shown) == MOST_LINES


@given(lines, lines)
def test_texts_that_differ_have_an_excerpt_that_fits(old: list[str], new: list[str]) -> None:
    shown = excerpt("\n".join(old), "\n".join(new))
    assert (shown == []) == (old == new)
    assert len(shown) <= MOST_LINES
    assert max(map(len, shown), default=0) <= LONGEST_LINE
