"""How fast a mapping is applied and checked, in a tight loop.

Applying is measured against a function written by hand that makes the same drafts of the same calls (`bench/job.py`).
Times are processor time; rounds take turns, and before each the garbage is collected.
"""

from __future__ import annotations

import gc
from functools import partial
from time import process_time
from typing import TYPE_CHECKING

from bench import job
from bench.figures import Figure
from connector.crm_schema import Counted, FieldSchema, FieldType, ObjectSchema
from connector.mapping.apply import compile_mapping
from connector.mapping.check import check
from connector.mapping.load import load
from connector.source_model import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench.figures import Options
    from connector.diagnostics import SourceFile
    from connector.mapping.apply import Mapping
    from connector.source_model import Lead

TITLE = "The mapping"
CALLS = 1_000
_BARS = {12: 5.0, 100: None, 250: 50.0}


def measure(options: Options) -> Iterator[Figure]:
    """Applying, then checking."""
    mapping, lead = compile_mapping(load(job.twelve_fields()), job.schema()), job.lead()
    for sort, turns in (("talks of 9 KB", 40), ("calls that nobody answered", 0)):
        calls = [Call.model_validate(job.facts(number, turns)) for number in range(CALLS)]
        assert all(mapping.apply(call, lead) == job.by_hand(call, lead) for call in calls)
        figure = Figure("speed", f"12 fields, {sort}", "× by hand", bar=0.5, at_least=True)
        rounds = in_turns(
            options.repeats,
            partial(_apply, mapping, calls, lead),
            partial(_by_hand, calls, lead),
        )
        for ours, plain in rounds:
            figure.add(
                plain / ours, us_a_call=1e6 * ours / CALLS, us_by_hand=1e6 * plain / CALLS, calls_a_second=CALLS / ours
            )
        yield figure
    for fields, bar in _BARS.items():
        file, schema = (
            (job.twelve_fields(), job.schema()) if fields == min(_BARS) else (_wide(fields), _wide_schema(fields))
        )
        assert not check(load(file), schema)
        figure = Figure("full check", f"{fields} fields", "ms", bar=bar)
        for (seconds,) in in_turns(options.repeats, partial(_check, file, schema)):
            figure.add(1e3 * seconds)
        yield figure


def _apply(mapping: Mapping, calls: list[Call], lead: Lead) -> None:
    for call in calls:
        mapping.apply(call, lead)


def _by_hand(calls: list[Call], lead: Lead) -> None:
    for call in calls:
        job.by_hand(call, lead)


def _check(file: SourceFile, schema: ObjectSchema) -> None:
    check(load(file), schema)


def in_turns(rounds: int, *runs: Callable[[], object]) -> Iterator[list[float]]:
    """The processor time of each, round by round, after a round that does not count."""
    for number in range(rounds + 1):
        times = []
        for run in runs:
            gc.collect()
            begun = process_time()
            run()
            times.append(process_time() - begun)
        if number:
            yield times


_WIDE = (
    ("{from: endedBy, as: label, default: Unknown, cut: {keep: start, mark: …}}", FieldType.TEXT),
    ("{from: durationSeconds, as: minutes, round: up}", FieldType.INTEGER),
    ("{from: createdAt, as: date}", FieldType.DATE),
    ("{text: \"{{ direction | label }}: {{ summary | default('none') }}\", cut: {keep: start}}", FieldType.TEXT),
    ("{cases: [{when: {isTransfer: true, durationSeconds: {at_least: 30s}}, value: High}, Normal]}", FieldType.TEXT),
)


def _wide(fields: int) -> SourceFile:
    """A mapping of so many fields, of the usual sorts in turn."""
    lines = [f"  field_{number}: {_WIDE[number % len(_WIDE)][0]}\n" for number in range(fields)]
    head = "version: 1\nactivity: salesforce/Wide\nkey: call_id\ntimezone: America/New_York\nfields:\n"
    return job.file(head + "".join(lines))


def _wide_schema(fields: int) -> ObjectSchema:
    key = FieldSchema("call_id", FieldType.TEXT, length=255, key=True)
    types = [_WIDE[number % len(_WIDE)][1] for number in range(fields)]
    columns = [
        FieldSchema(f"field_{number}", type_, length=255 if type_ is FieldType.TEXT else None)
        for number, type_ in enumerate(types)
    ]
    return ObjectSchema("salesforce", "Wide", Counted.UTF16, {column.name: column for column in (key, *columns)})
