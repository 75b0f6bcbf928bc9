"""The judge of every fault: holds a town that has come to rest against what was promised.

It goes by what Apten says now and by what the CRM holds and was told, never by the word of the ledger; into the ledger
it looks only for what must not be there, and for what must be durable. Each broken promise is named with its calls:

- I1 no call is lost. I2 none has two activities, nor is there one of no call.
- I3 each activity holds what the mapping makes of what Apten says now.
- I4 nothing older was written over something newer. Without a `Watch` this cannot be told.
- I5 the next run fetches nothing and writes nothing.
- I6 no watermark is ahead of what is durable.
- I7 the budgets of requests are kept to.
- I8 nothing that was said, and nobody's name, number or address, is in the ledger, beside it, or in the log.
- I10 what cannot be logged is parked alone, and the exit code says so.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from connector.sandbox.shelf import read_stamp
from tests.reliability.truth import Wanted, present, truth

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from tests.reliability.truth import Truth
    from tests.reliability.watch import Watch
    from tests.town import Town

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHORTEST_CANARY = 8
_SHARE = 0.8
"""Of an org's daily requests, as in every config of a town."""


class BrokenPromiseError(AssertionError):
    """What was promised and is not so, one line a promise."""


@dataclass(frozen=True)
class Case:
    """What the judge is told of a town.

    Args:
        watch: what was shown and written from the beginning on.
        parked: the calls that cannot be logged.
        edited: by call, the fields that people changed, which stay as they are.
        rerun: runs the next sync, and returns its exit code; by default within this process.
        logs: texts that the program wrote, besides the town's log and files.
    """

    town: Town
    watch: Watch | None = None
    parked: Collection[str] = ()
    edited: Mapping[str, Collection[str]] = field(default_factory=dict)
    rerun: Callable[[], int] | None = None
    logs: Sequence[str] = ()


def judge(
    town: Town,
    *,
    watch: Watch | None = None,
    parked: Collection[str] = (),
    edited: Mapping[str, Collection[str]] | None = None,
    rerun: Callable[[], int] | None = None,
    logs: Sequence[str] = (),
) -> None:
    """Judge a town after a run that nothing disturbed, at that run's time. See `Case` for the rest.

    Raises:
        BrokenPromiseError: names each promise that was broken, and the calls.
    """
    case = Case(town, watch, parked, edited or {}, rerun, logs)
    broken = [*_budget(case), *_of_activities(case), *_watermark(case), *_next_run(case), *_canaries(case)]
    if broken:
        raise BrokenPromiseError("\n".join(broken))


def judge_in_between(town: Town) -> None:
    """Judge what must hold at any moment, whatever was cut short.

    Raises:
        BrokenPromiseError: as `judge`.
    """
    case = Case(town)
    broken = [*_doubled(case), *_watermark(case), *_canaries(case)]
    if broken:
        raise BrokenPromiseError("\n".join(broken))


def _of_activities(case: Case) -> Iterator[str]:
    town = case.town
    rows = {row[town.key_field]: row for row in town.activities()}
    yield from _doubled(case)
    with truth(town) as told:
        pictures = {call["id"]: present(town, call) for call in town.world.loggable_calls()}
        due = {call_id: told.key(call_id) for call_id, picture in pictures.items() if told.is_due(picture)}
        yield from _said(
            "I1 lost", [call_id for call_id, key in due.items() if key not in rows and call_id not in case.parked]
        )
        shown = case.watch.pictures if case.watch else {}
        told.look_up([*pictures.values(), *(picture for of_call in shown.values() for picture in of_call)])
        there = [call_id for call_id, key in due.items() if key in rows and call_id not in case.parked]
        stale = [name for call_id in there for name in _differing(case, told, call_id, rows[due[call_id]])]
        yield from _said("I3 not as Apten says now", stale)
        if case.watch is not None:
            yield from _said("I4 older over newer", list(_gone_back(case, case.watch, told)))


def _doubled(case: Case) -> Iterator[str]:
    times = Counter(row[case.town.key_field] for row in case.town.activities())
    yield from _said("I2 doubled", [str(key) for key, number in times.items() if number > 1])
    shown = case.watch.pictures if case.watch else ()
    known = {call["id"] for call in case.town.world.calls()} | {*case.parked, *shown}
    yield from _said("I2 of no call", [str(key) for key in times if str(key).split(":")[0] not in known])


def _differing(case: Case, told: Truth, call_id: str, row: Mapping[str, Any]) -> Iterator[str]:
    """The fields that hold something else, as `call.field`. What is written at creation may be as it was then."""
    world, edited = case.town.world, case.edited.get(call_id, ())
    now = told.of(present(case.town, world.call(call_id)))
    if now is None:
        return
    once = [told.of(picture) for picture in case.watch.pictures[call_id]] if case.watch else []
    at_creation = [wanted.at_creation for wanted in [now, *once] if wanted is not None]
    for name, value in now.always.items():
        if name not in edited and row[name] != value:
            yield f"{call_id}.{name}"
    for name in now.at_creation:
        if name not in edited and all(row[name] != wanted.get(name) for wanted in at_creation):
            yield f"{call_id}.{name}"


def _gone_back(case: Case, watch: Watch, told: Truth) -> Iterator[str]:
    """Calls with a write of a picture older than one written before, or of none that Apten ever showed."""
    if watch.mapping != case.town.mapping_path.read_text():
        return  # What an earlier mapping made of a call is not known any more.
    for key, writes in watch.writes().items():
        call_id = key.split(":")[0]
        pictures = [wanted for picture in watch.pictures[call_id] if (wanted := told.of(picture)) is not None]
        reached = 0
        for fields in writes:
            shows = [at for at, wanted in enumerate(pictures) if _is_of(fields, wanted, case.edited.get(call_id, ()))]
            further = [at for at in shows if at >= reached]
            if not further:
                yield call_id
                break
            reached = further[0]


def _is_of(fields: Mapping[str, Any], wanted: Wanted, edited: Collection[str]) -> bool:
    return all(fields[name] == wanted.always.get(name) for name in (wanted.always.keys() & fields.keys()) - {*edited})


def _next_run(case: Case) -> Iterator[str]:
    town = case.town
    before, asked, fetched = _written(case), len(town.salesforce.requests), len(town.apten.requests)
    code = case.rerun() if case.rerun else town.run().exit_code
    after = _written(case)
    yield from _said("I5 the next run wrote", [key for key in after if after[key] != before.get(key)])
    calls = [request for request in town.apten.requests[fetched:] if "/calls/" in request]
    yield from _said("I5 the next run fetched", [request.rpartition("/")[2] for request in calls])
    yield from _said("I5 the next run asked the CRM", town.salesforce.requests[asked:])
    parked = {call_id for call_id, state in _states(town) if state == "parked"}
    yield from _said("I10 parked, and could be logged", sorted(parked - {*case.parked}))
    yield from _said("I10 not parked, and cannot be logged", sorted({*case.parked} - parked))
    if code != bool(case.parked):
        yield f"I10 exit code {code} with {len(case.parked)} calls that cannot be logged"


def _written(case: Case) -> dict[str, Any]:
    """What shows whether anything was written to an activity: how it is, and how often that happened."""
    town = case.town
    times = Counter(write.id for write in town.org.history)
    return {row[town.key_field]: (row, times[row["Id"]] if "Id" in row else None) for row in town.activities()}


def _watermark(case: Case) -> Iterator[str]:
    """Leads below the watermark, and calls below their lead's, that the ledger does not know.

    A lead that is due will be listed again, and what it holds need not be known yet.
    """
    town, world = case.town, case.town.world
    watermark = datetime.fromisoformat(mark[0]) if (mark := _ask(town, "mark watermark")) else None
    known = {row[0]: row[1:] for row in _rows(town, "SELECT lead_id, events_since, due_at FROM lead")}
    calls = {row[0] for row in _rows(town, "SELECT call_id FROM call")}
    ahead = []
    for lead in world.leads():
        updated = read_stamp(lead["updatedAt"])
        if lead["id"] not in known:
            if watermark is not None and updated <= watermark:
                ahead.append(lead["id"])
            continue
        since, due = known[lead["id"]]
        if due is not None or since is None:
            continue
        reached = _EPOCH + timedelta(microseconds=since)
        ahead += [
            event["id"]
            for event in world.events_of(lead["id"])
            if event["type"] == "CALL" and read_stamp(event["updatedAt"]) <= reached and event["id"] not in calls
        ]
    yield from _said("I6 watermark ahead of", ahead)


def _budget(case: Case) -> Iterator[str]:
    org = case.town.org
    # The first request of a run tells how many are used: it alone may go beyond.
    allowed = org.daily_requests * _SHARE + 1
    if org.requests_used > allowed:
        yield f"I7 {org.requests_used} requests to the CRM, of {allowed:.0f} allowed"


def _canaries(case: Case) -> Iterator[str]:
    town = case.town
    files = [path for path in town.folder.iterdir() if path.name.startswith("ledger") or path.suffix == ".log"]
    written = [(path.name, path.read_bytes()) for path in files]
    written.append(("the log", "\n".join(map(repr, [*town.log.events, *case.logs])).encode()))
    canaries = list(_said_and_known(town))
    for name, content in written:
        yield from _said(f"I8 leaked into {name}", [of for of, text in canaries if text.encode() in content])


def _said_and_known(town: Town) -> Iterator[tuple[str, str]]:
    """Everything that must not leak, with what it is of."""
    for call in town.world.calls():
        texts = {call.get("summary"), *(turn.get("content") for turn in call.get("transcript") or ())}
        yield from ((call["id"], text) for text in texts if text and len(text) >= _SHORTEST_CANARY)
    for lead in town.world.leads():
        texts = {lead.get("phone"), lead.get("email"), f"{lead.get('firstName')} {lead.get('lastName')}"}
        yield from ((lead["id"], text) for text in texts if text and len(text) >= _SHORTEST_CANARY)


def _states(town: Town) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in _rows(town, "SELECT call_id, state FROM activity")]


def _ask(town: Town, name: str) -> tuple[str] | None:
    return next(iter(_rows(town, f"SELECT value FROM meta WHERE name = '{name}'")), None)


def _rows(town: Town, query: str) -> list[Any]:
    """What the ledger holds; nothing if it is not made yet."""
    path = town.folder / "ledger.db"
    if not path.exists():
        return []
    with closing(sqlite3.connect(path)) as ledger:
        made = ledger.execute("SELECT 1 FROM sqlite_master WHERE name = 'activity'").fetchone()
        return ledger.execute(query).fetchall() if made else []


def _said(promise: str, of: Sequence[str]) -> Iterator[str]:
    if of:
        named = ", ".join(of[:5]) + (f" and {len(of) - 5} more" if len(of) > 5 else "")
        yield f"{promise}: {named}"
