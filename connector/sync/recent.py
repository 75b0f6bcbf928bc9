"""Reads single calls for a preview: by id, or the latest few. Touches no ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from connector.model import CallRef, Page
    from connector.ports import Source
    from connector.source_model import Call, Lead
    from connector.sync.attempt import Attempts

Row = TypeVar("Row")

_WINDOWS = tuple(timedelta(days=days) for days in (1, 7, 30, 365))
_NEVER = datetime.min.replace(tzinfo=UTC)


def named_calls(source: Source, attempts: Attempts, call_ids: Sequence[str]) -> Iterator[tuple[Call, Lead | None]]:
    """These calls with their leads, in the order named. Raises what `Source.call` and `Source.lead` raise."""
    for call_id in call_ids:
        call = attempts(lambda call_id=call_id: source.call(call_id))  # type: ignore[misc]  # bound default
        lead_id = call.lead_id
        lead = attempts(lambda lead_id=lead_id: source.lead(lead_id)) if lead_id else None  # type: ignore[misc]  # bound default
        yield call, lead


def latest_calls(source: Source, attempts: Attempts, count: int, now: datetime) -> Iterator[tuple[Call, Lead | None]]:
    """The `count` calls that changed last within a year, newest first, with their leads."""
    found: list[tuple[CallRef, Lead]] = []
    for window in _WINDOWS:
        found = _latest_refs(source, attempts, count, now - window)
        if len(found) >= count:
            break
    for ref, lead in found:
        yield attempts(lambda ref=ref: source.call(ref.call_id)), lead  # type: ignore[misc]  # bound default


def _latest_refs(source: Source, attempts: Attempts, count: int, since: datetime) -> list[tuple[CallRef, Lead]]:
    leads = list(rows(attempts, lambda token: source.leads(updated_since=since, token=token)))
    leads.sort(key=lambda lead: lead.activity_at or _NEVER, reverse=True)
    found: list[tuple[CallRef, Lead]] = []
    for lead in leads:
        # A lead's calls cannot be newer than its last activity: once enough are newer than that, we have the latest.
        if len(found) >= count and _age(found[count - 1]) >= (lead.activity_at or _NEVER):
            break
        events = rows(attempts, lambda token, lead=lead: source.events(lead.id, since=since, token=token))  # type: ignore[misc]  # bound default
        found += [(ref, lead) for ref in events]
        found.sort(key=_age, reverse=True)
    return found[:count]


def _age(found: tuple[CallRef, Lead]) -> datetime:
    return found[0].updated_at or _NEVER


def rows(attempts: Attempts, page_at: Callable[[str | None], Page[Row]]) -> Iterator[Row]:
    """Every row of a listing, page by page; it ends where a page token comes back."""
    token: str | None = None
    used: set[str] = set()
    while True:
        page = attempts(lambda token=token: page_at(token))  # type: ignore[misc]  # bound default
        yield from page.rows
        if page.next_token is None or page.next_token in used:
            return
        token = page.next_token
        used.add(token)
