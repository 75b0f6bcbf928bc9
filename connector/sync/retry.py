"""Tries parked calls again when what they were tried with has changed: the mappings, or the CRM's object.

Each parked activity remembers what that was, so it is tried once after a change, whenever a run dies in between. A
change of the mappings shows in their files, at every sync. One of the CRM's object shows only where the CRM is met,
which a sync that has nothing to write does not do: while calls are parked, it does so once a day.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from connector.mapping.apply import compile_mapping
from connector.model import State
from connector.sync import fingerprint
from connector.sync.task import room

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from connector.mapping.load import MappingFile
    from connector.ports import Ledger
    from connector.sync.context import Context
    from connector.sync.fetch import Fetch
    from connector.sync.route import Route
    from connector.sync.task import Task

MET_AGAIN = timedelta(days=1)


def is_worth_meeting(ledger: Ledger, mappings: Sequence[MappingFile], met: datetime, now: datetime) -> bool:
    """Whether a sync is to meet the CRM, as it last was when it was `met`, for the sake of calls that are parked."""
    if next(ledger.calls_in(State.PARKED), None) is None:
        return False  # The usual case, before anything is compiled.
    by_target = dict(_by_target(mappings))
    if any(next(ledger.calls_tried_otherwise(target, tried), None) for target, tried in by_target.items()):
        return True
    is_fresh = timedelta() <= now - met < MET_AGAIN
    return not is_fresh and any(next(ledger.calls_in(State.PARKED, target), None) for target in by_target)


def try_again(context: Context, routes: Sequence[Route], fetch: Fetch) -> Task[None]:
    """Fetch each parked call that was tried with anything else than what there is now."""
    for route in routes:
        for state in context.ledger.calls_tried_otherwise(route.target.name, route.tried):
            if state.due_at is not None and state.due_at <= context.now:
                continue  # This sync fetches it anyway.
            yield from room()
            context.counts["tried again"] += 1
            context.spawn(fetch.call(state, None))


def _by_target(mappings: Sequence[MappingFile]) -> Iterator[tuple[str, bytes]]:
    compiled = [compile_mapping(file) for file in mappings]
    for target in dict.fromkeys(mapping.target.name for mapping in compiled):
        prints = [mapping.fingerprint for mapping in compiled if mapping.target.name == target]
        yield target, fingerprint.of_mappings(prints)
