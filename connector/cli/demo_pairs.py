"""Shows a call beside the task that became of it."""

from __future__ import annotations

from io import StringIO
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_LABELS, _VALUES = (17, 23), (24, 31)
_GAP = 2
_MOST_LINES = {"summary": 4, "transcript": 6, "Description": 11}
# The line a field stands on beside the one it is made of.
_OF_CALL = (
    "direction",
    "callStatus",
    "durationSeconds",
    "endedBy",
    "isTransfer",
    "createdAt",
    "externalLeadId",
    "hasVoicemail",
    "summary",
    "transcript",
)
_OF_TASK = (
    "CallType",
    "Subject",
    "CallDurationInSeconds",
    "CallDisposition",
    "Priority",
    "ActivityDate",
    "WhoId",
    "Status",
    "Description",
)


def side_by_side(call: Mapping[str, Any], lead: Mapping[str, Any], task: Mapping[str, Any]) -> list[str]:
    """Lines of at most 97 columns: what Apten said of a call on the left, what Salesforce holds on the right."""
    said = {**call, "externalLeadId": lead.get("externalLeadId"), "transcript": _spoken(call["transcript"])}
    left = ["Apten said", *_column(said, _OF_CALL, _LABELS[0], _VALUES[0])]
    right = ["Salesforce now holds", *_column(task, _OF_TASK, _LABELS[1], _VALUES[1])]
    width = _LABELS[0] + _VALUES[0] + _GAP
    pairs = zip_longest(left, right, fillvalue="")
    return [f"{one}{' ' * (width - cell_len(one))}{other}".rstrip() for one, other in pairs]


def wrapped(text: str, width: int, most: int) -> list[str]:
    """A text in lines of so many columns, wide characters counted as two; what is more than `most` lines is left out.

    Empty lines are left out as well.
    """
    console = Console(file=StringIO(), width=width)
    lines = [line.plain.rstrip() for line in Text(text).wrap(console, width) if line.plain.strip()]
    return lines if len(lines) <= most else [*lines[: most - 1], "…"]


def _column(record: Mapping[str, Any], names: Sequence[str], label: int, width: int) -> Iterable[str]:
    for name in names:
        lines = wrapped(_text(record.get(name)), width, _MOST_LINES.get(name, 1))
        for heading, line in zip_longest((name,), lines, fillvalue=""):
            yield f"{heading:<{label}}{line}"


def _text(value: Any) -> str:
    if value is None or value == "":
        return "-"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _spoken(transcript: Sequence[Mapping[str, str]]) -> str:
    return "\n".join(f"{turn['role']}: {turn['content']}" for turn in transcript)
