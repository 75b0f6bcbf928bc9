"""`--profile`: where a run spends its time, as a page in HTML."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from connector.cli.printing import warn
from connector.errors import SetupError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyinstrument import Profiler


@contextmanager
def profiled(path: Path | None) -> Iterator[None]:
    """Watch what the main thread does in the block, and write it to a page in HTML, however the block ends.

    The page names functions and how long they took, no values.

    Raises:
        SetupError: pyinstrument is not installed, or the page cannot be written; where the block has failed already,
            the latter is only told.
    """
    if path is None:
        yield
        return
    try:
        from pyinstrument import Profiler  # noqa: PLC0415  # an extra, which most do without
    except ImportError:
        raise SetupError(
            "`--profile` needs the package pyinstrument.",
            done="Nothing was done.",
            todo="Install `apten-crm-connector[profile]`, or pyinstrument beside it.",
        ) from None
    _begin(path)
    profiler = Profiler()
    try:
        with profiler:
            yield
    except BaseException:
        try:
            _write(path, profiler)
        except SetupError as error:
            warn(error.happened)
        raise
    _write(path, profiler)


def _begin(path: Path) -> None:
    """Make sure before anything is done that there will be a page, and that nothing else is written over."""
    if path.suffix != ".html":
        raise SetupError(
            f"`--profile` writes a page in HTML; {path} is not named like one.",
            done="Nothing was done.",
            todo="Name a file that ends in .html.",
        )
    try:
        path.open("a", encoding="utf-8").close()
    except OSError as error:
        raise SetupError(
            f"The profile cannot be written to {path}: {error.strerror}.",
            done="Nothing was done.",
            todo="Name another file.",
        ) from error


def _write(path: Path, profiler: Profiler) -> None:
    try:
        path.write_text(profiler.output_html(), encoding="utf-8")
    except OSError as error:
        raise SetupError(
            f"The profile could not be written to {path}: {error.strerror}.",
            done="What the run did is recorded all the same.",
            todo="Name another file.",
        ) from error
