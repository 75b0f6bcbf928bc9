"""A line of progress on a terminal; nothing anywhere else."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_SHOWN = ("found", "fetched", "created", "updated", "parked")


@contextmanager
def progress(*, wanted: bool) -> Iterator[Callable[[Mapping[str, int]], None]]:
    """A function to tell the growing tallies; it draws only where stderr is a terminal and `wanted`."""
    if not (wanted and sys.stderr.isatty()):
        yield lambda _counts: None
        return
    # Imported where it is drawn: it takes longer than many a command.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting")

        def tell(counts: Mapping[str, int]) -> None:
            shown = [f"{counts[name]:,} {name}" for name in _SHOWN if counts.get(name)]
            bar.update(task, description=", ".join(shown) or "looking for calls")

        yield tell
