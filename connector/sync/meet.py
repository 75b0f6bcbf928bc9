"""Meets the CRM once per run, before the first call is mapped: whose it is, its schema, what it holds already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.errors import OtherTargetsError
from connector.mapping.apply import compile_mapping
from connector.sync.route import Route
from connector.sync.task import ask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.mapping.load import MappingFile
    from connector.model import Target
    from connector.ports import Crm, Ledger
    from connector.sync.context import Context
    from connector.sync.task import Task


def meet(context: Context) -> Task[list[Route]]:
    """The routes that calls may take in this run, in the mappings' order; all that they hold is known to the ledger.

    Raises:
        LedgerError: the ledger belongs to another org, database or target.
        MappingError: a mapping does not fit the CRM as it is now.
    """
    ledger = context.ledger
    routes = yield from routes_to(context.crm, ledger, context.mappings)
    for route in routes:
        if not route.scanned:
            yield from _scan(context, route.target)
            route.scanned = route.complete = True
        elif not route.schema.keeps_unique(route.target.key_field):
            # The CRM's adapter looks for every key before it creates anything.
            route.complete = True
    return routes


def routes_to(crm: Crm, ledger: Ledger, mappings: Sequence[MappingFile]) -> Task[list[Route]]:
    """The routes by the CRM's schema as it is now; for what is only looked at, this is all there is to meet.

    Raises:
        LedgerError: the ledger belongs to another org, database or target.
        MappingError: a mapping does not fit the CRM as it is now.
    """
    by_target: dict[Target, list[MappingFile]] = {}
    for file in mappings:
        by_target.setdefault(compile_mapping(file).target, []).append(file)
    ledger.claim("crm", (yield from ask(crm.identity)))
    _check_targets(ledger.targets(), [target.name for target in by_target])
    routes = []
    for target, its_files in by_target.items():
        schema = yield from ask(lambda target=target: crm.describe(target))  # type: ignore[misc]  # bound default
        compiled = tuple(compile_mapping(file, schema) for file in its_files)
        scanned = not schema.keeps_unique(target.key_field) or ledger.mark(_mark(target)) is not None
        routes.append(Route(target, schema, compiled, scanned))
    return routes


def _check_targets(known: frozenset[str], configured: Sequence[str]) -> None:
    """A ledger that never saw any of these targets would take every call it knows for logged there."""
    if known and known.isdisjoint(configured):
        raise OtherTargetsError(known, configured)


def _scan(context: Context, target: Target) -> Task[None]:
    """Learn every record that already holds a key, so that a new or lost ledger doubles nothing."""
    token: str | None = None
    while True:
        page = yield from ask(lambda token=token: context.crm.scan(target, token))  # type: ignore[misc]  # bound default
        found = {call_id: record_id for key, record_id in page.rows if (call_id := target.call_id(key)) is not None}
        with context.ledger.transaction():
            context.ledger.adopt(target.name, found, context.now)
            if page.next_token is None:
                context.ledger.set_mark(_mark(target), context.now)
        context.counts["adopted"] += len(found)
        if page.next_token is None:
            return
        token = page.next_token


def _mark(target: Target) -> str:
    return f"scanned {target.name}"
