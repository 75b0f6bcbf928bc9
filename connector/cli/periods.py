"""Periods as they are given on the command line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import typer


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("no day or moment: write it like 2026-11-01 or 2026-11-01T14:30") from None


def _option(name: str, help_: str) -> Any:
    return typer.Option(name, help=help_, parser=_moment, metavar="TIME")


SinceOption = Annotated[datetime | None, _option("--since", "Calls begun at or after this moment (UTC).")]
UntilOption = Annotated[datetime | None, _option("--until", "Calls begun before this moment (UTC).")]
FOREVER = datetime.max.replace(tzinfo=UTC)


def period(since: datetime | None, until: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """When it begins and ends, the end not included; without `until` it has none.

    Raises:
        BadParameter: it has no beginning, or nothing lies in it.
    """
    if since is None:
        raise typer.BadParameter("--until needs --since: say where the period begins")
    begin, end = _utc(since), _utc(until) if until else FOREVER
    if begin >= end:
        raise typer.BadParameter("the period is empty: --since must be before --until")
    if begin > now:
        raise typer.BadParameter("nothing lies in the period yet: --since is still to come")
    return begin, end


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
