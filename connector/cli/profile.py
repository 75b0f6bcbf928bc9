"""`--profile`: where a run spends its time, as a flame graph."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from connector.errors import SetupError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def profiled(path: Path | None) -> Iterator[None]:
    """Watch what the main thread does in the block, and write it to an HTML file, however the block ends.

    The file names functions and how long they took, no values.

    Raises:
        SetupError: pyinstrument is not installed, or the file cannot be written.
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
    profiler = Profiler()
    try:
        with profiler:
            yield
    finally:
        _write(path, profiler.output_html())


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SetupError(
            f"The profile could not be written to {path}: {error.strerror}.",
            done="What the run did is recorded all the same.",
            todo="Name another file.",
        ) from error
