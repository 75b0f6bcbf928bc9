"""A diagnostic is drawn so that the caret stands below what it means."""

from __future__ import annotations

import pytest

from connector.diagnostics import Diagnostic, Place, Severity, SourceFile


def drawn(line: str, meant: str) -> list[str]:
    """The line and the carets below it."""
    place = Place(SourceFile("a.yaml", line), 1, line.index(meant) + 1, len(meant))
    return Diagnostic("MAP201", Severity.ERROR, "wrong", place).render().splitlines()[3:]


@pytest.mark.parametrize(
    ("line", "meant", "carets"),
    [
        ("a: bc", "bc", "   ^^"),
        ("é: bc", "bc", "   ^^"),
        ("e\u0301: bc", "bc", "   ^^"),
        ("会議: bc", "bc", "      ^^"),
        ("📞: bc", "bc", "    ^^"),
        ("\u200ba: bc", "bc", "   ^^"),
        ("a: 会議", "会議", "   ^^^^"),
        ("\ta: bc", "bc", "       ^^"),
        ("a: \u00a0", "\u00a0", "   ^"),
    ],
)
def test_the_carets_stand_below_what_they_mean_however_wide_the_text_is(line: str, meant: str, carets: str) -> None:
    assert drawn(line, meant) == [f"1 | {line.replace(chr(9), ' ' * 4)}".rstrip(), f"  | {carets}"]


def test_a_width_beyond_the_line_ends_with_it() -> None:
    place = Place(SourceFile("a.yaml", "a: bc"), 1, 4, 99)
    assert Diagnostic("MAP201", Severity.ERROR, "wrong", place).render().endswith("  |    ^^")


@pytest.mark.parametrize("at", [0, 5_000, 9_999])
def test_of_a_very_long_line_the_stretch_around_the_place_is_drawn(at: int) -> None:
    place = Place(SourceFile("a.yaml", "x" * at + "y" + "x" * (9_999 - at)), 1, at + 1)
    line, carets = Diagnostic("MAP201", Severity.ERROR, "wrong", place).render().splitlines()[3:]
    assert line[carets.index("^")] == "y"
    assert (line.startswith("1 | …"), line.endswith("…")) == (at > 0, at < 9_999)
    assert len(line) < 260
