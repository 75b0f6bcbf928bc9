"""What needs a person after a run, and what of it is news: pure, from a report and what was told before."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector.errors import ConfigError, ConnectorError, MappingError
from connector.model import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from connector.errors import Problem
    from connector.sync.run import Report

FAILED, PARKED, WAITING, DRIFT = "failed", "parked", "waiting", "drift"
_OVER = {
    FAILED: "Runs succeed again.",
    PARKED: "No more calls are parked than may be.",
    WAITING: "No more calls are waiting than may be.",
    DRIFT: "The mapping and the CRM agree again.",
}
_NEEDS_A_PERSON = "2"
"""The state of a failure by that exit code."""
_MOST_NAMED = 5
_LONGEST = 600
"""Characters of one trouble: mappings can have many problems, and a chat is no place for all of them."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many calls may be parked, and how many may wait, in the ledger as a whole, before somebody is told."""

    parked: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that needs a person. It is told once, and again when its `state` changes."""

    state: str
    text: str


Standing = dict[str, Trouble | None]
"""How things stand by kind of trouble; None: it is well. A kind that is left out is not known this time."""


@dataclass(frozen=True, slots=True)
class News:
    """What there is to tell, and what has been told once that was done."""

    lines: tuple[str, ...]
    told: Mapping[str, str]


def of_error(error: Exception, exit_code: int) -> Standing:
    """How things stand after a run that ended by this error. All else is as it was, as far as anybody knows."""
    if isinstance(error, ConnectorError):
        found = _codes(error.diagnostics) if isinstance(error, ConfigError | MappingError) else ""
        text = f"The run failed (exit code {exit_code}): {error.happened} {found}{error.todo}".rstrip()
    else:
        # Its text is foreign and may hold anything.
        kind = type(error).__name__
        text = f"The run failed (exit code {exit_code}) by a defect of apten-crm itself ({kind}). Please report it."
    return {FAILED: Trouble(str(exit_code), _short(text))}


def of_report(report: Report, bounds: Bounds, drifted: Sequence[Problem] | None, told: Mapping[str, str]) -> Standing:
    """How things stand after a run that got to its end.

    Args:
        report: the run's.
        bounds: what is too many.
        drifted: None where the CRM was not met.
        told: what was told so far. What a person must change may be about the CRM or a mapping, of which a run that
            had nothing to write knows nothing: it does not end that.
    """
    standing: Standing = {PARKED: None, WAITING: None}
    if report.schemas or told.get(FAILED) != _NEEDS_A_PERSON:
        standing[FAILED] = None
    if left_over := report.counts.get(State.LEFT_OVER):
        text = f"Requests for {left_over:,} calls kept failing (exit code 3). The next run tries them again."
        standing[FAILED] = Trouble("3", text)
    if report.parked > bounds.parked:
        codes = Counter({problem.code: problem.count for problem in report.problems if problem.parked})
        new = f" In this run: {_counted(codes)}." if codes else ""
        text = f"{_calls_are(report.parked)} parked (more than {bounds.parked:,}).{new} See `apten-crm status`."
        standing[PARKED] = Trouble("above", _short(text))
    if report.waiting > bounds.waiting:
        text = f"{_calls_are(report.waiting)} waiting (more than {bounds.waiting:,}). See `apten-crm status`."
        standing[WAITING] = Trouble("above", text)
    if drifted is not None:
        standing[DRIFT] = _drift(drifted)
    return standing


def _calls_are(number: int) -> str:
    return "1 call is" if number == 1 else f"{number:,} calls are"


def news(standing: Standing, told: Mapping[str, str]) -> News | None:
    """What is to be told now; None if nothing changed."""
    troubles = {kind: trouble for kind, trouble in standing.items() if trouble is not None}
    new = [trouble.text for kind, trouble in troubles.items() if told.get(kind) != trouble.state]
    over = [_OVER[kind] for kind in standing if kind in told and kind not in troubles]
    if not new and not over:
        return None
    still = {kind: state for kind, state in told.items() if kind not in standing}
    return News((*new, *over), still | {kind: trouble.state for kind, trouble in troubles.items()})


def _drift(drifted: Sequence[Problem]) -> Trouble | None:
    if not drifted:
        return None
    text = (
        f"The CRM is no longer as the mapping takes it to be. {_codes(drifted)}"
        "Calls may be refused, or written otherwise than you meant. See `apten-crm check --live`."
    )
    return Trouble(" ".join(sorted({problem.about for problem in drifted})), _short(text))


def _codes(problems: Iterable[Problem]) -> str:
    counted = Counter(problem.code for problem in problems)
    return f"Found: {_counted(counted)}. " if counted else ""


def _counted(codes: Counter[str]) -> str:
    named = [f"{count:,} x {code}" for code, count in codes.most_common(_MOST_NAMED)]
    return ", ".join(named) + (", and others" if len(codes) > _MOST_NAMED else "")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
