"""How errors, diagnostics and tallies are shown: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import os
import sys
import traceback
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connector.errors import ConfigError, ConnectorError, MappingError, QuotaError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from connector.errors import Problem

TALLIES = (
    *("created", "updated", "unchanged", "skipped", "waiting", "parked", "left over"),
    *("unlinked", "linked later", "edits kept", "tried again"),
)


def say(text: str = "") -> None:
    """A result, on stdout. Whoever reads it may have seen enough (`| head`); the work goes on all the same."""
    if sys.stdout is None:  # closed by whoever started us
        return
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except OSError:
        # Python would try again at its end, and complain.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  # lives as long as the process


def counted(number: int, one: str, many: str = "") -> str:
    """`1 call`, `2,000 calls`; `many` is the word for other numbers where an s is not all it takes."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def say_json(value: Any) -> None:
    """A result for a program, on stdout."""
    say(json.dumps(value, indent=2, ensure_ascii=False, default=_plain))


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def warn(text: str) -> None:
    """Something beside the result, on stderr."""
    with suppress(OSError, AttributeError):  # closed, or nobody reads it
        sys.stderr.write(text + "\n")


def show_error(error: ConnectorError) -> None:
    """What happened, what was done, what to do now; a mapping's or config's problems one by one before that."""
    colour = has_colour()
    if isinstance(error, MappingError | ConfigError):
        show_problems(error.diagnostics)
    red, off = ("\x1b[1;31m", "\x1b[0m") if colour else ("", "")
    warn(f"{red}error:{off} {error.happened}")
    for line in (error.done, error.todo):
        if line:
            warn(f"  {line}")
    if isinstance(error, QuotaError) and error.resume_at:
        warn(f"  It may go on from {error.resume_at:%Y-%m-%d %H:%M} UTC.")


def show_defect(error: BaseException) -> None:
    """An error that is none of ours: where it arose, without its text, which may hold anything."""
    from importlib.metadata import version  # noqa: PLC0415  # takes longer to import than most commands have

    ours = version("apten-crm-connector")
    warn(f"error: apten-crm {ours} came upon a defect of its own ({type(error).__name__}).")
    for frame in traceback.extract_tb(error.__traceback__)[-5:]:
        warn(f"    {Path(frame.filename).name}:{frame.lineno} in {frame.name}")
    warn("  What was finished is recorded, nothing else was written.")
    warn("  The next run goes on from here; please report the lines above if it happens again.")


def has_colour() -> bool:
    """Whether stderr is a terminal whose reader wants colours."""
    return sys.stderr.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def show_problems(problems: Iterable[Problem]) -> None:
    """Diagnostics, an empty line after each, on stderr."""
    for problem in problems:
        warn(problem.render(colour=has_colour()) + "\n")


def table(rows: Sequence[tuple[str, object]], *, indent: str = "  ") -> str:
    """Two columns, the second aligned; empty for no rows."""
    width = max((len(name) for name, _ in rows), default=0)
    return "\n".join(f"{indent}{name:<{width}}  {value}" for name, value in rows)


def named(code: str, fields: Sequence[str], lines: Mapping[str, str]) -> str:
    """A code with the fields it names and where the mapping writes them: `CODE, field Subject (salesforce.yaml:41)`."""
    shown = [f"{name} ({lines[name]})" if name in lines else name for name in fields]
    return code if not shown else f"{code}, field{'s' if len(shown) > 1 else ''} {', '.join(shown)}"


def tallies(counts: Mapping[str, int]) -> list[tuple[str, object]]:
    """The tallies worth a line, in the order a reader wants them."""
    return [(name, f"{counts[name]:,}") for name in TALLIES if counts.get(name)]
