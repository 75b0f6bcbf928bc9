"""The mapping beside other languages that could say the same: the job of `bench/job.py`, 12 fields of talks of 9 KB.

All make the same values of the same calls. A call comes as Apten sends it, decoded from JSON; what an engine does to it
first is counted. "The mapping" and "by hand" begin with a call in the connector's own model, "with reading" counts the
reading into it, too. None of the others knows dates in a time zone, the length that Salesforce counts, or a cut that
leaves no half character: these are functions they are lent. Processor time in a tight loop; rounds take turns.
"""

from __future__ import annotations

from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Any

from bench import job
from bench.figures import Figure
from bench.mapping import in_turns
from bench.peers import cel_python, jinja, jsonata_python, singer
from connector.mapping.apply import compile_mapping
from connector.mapping.load import load
from connector.model import Draft, PersonRef
from connector.source_model import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench.figures import Options

TITLE = "The mapping beside other engines"
CALLS = 100
_LEAD = {"externalLeadId": "003xx000004TmiQAAS"}
_ENGINES = {
    "Jinja2, sandboxed": jinja.engine,
    "jsonata-python": jsonata_python.engine,
    "cel-python": cel_python.engine,
    "singer-sdk stream map": singer.engine,
}


def measure(options: Options) -> Iterator[Figure]:
    """All in turns."""
    calls = [_sent(number) for number in range(CALLS)]
    lead = job.lead()
    mapping = compile_mapping(load(job.twelve_fields()), job.schema())
    read = [Call.model_validate(call) for call in calls]
    engines = {name: engine(_LEAD) for name, engine in _ENGINES.items()}
    for number, call in enumerate(calls):
        right = _plain(job.by_hand(read[number], lead))
        draft = mapping.apply(read[number], lead)
        assert isinstance(draft, Draft)
        assert _plain(draft) == right
        for name, engine in engines.items():
            values = {field: str(value) for field, value in engine(call).items()}
            assert values == right, (name, {field: value for field, value in values.items() if value != right[field]})
    runs: dict[str, Callable[[], object]] = {
        "by hand": lambda: [job.by_hand(call, lead) for call in read],
        "the mapping": lambda: [mapping.apply(call, lead) for call in read],
        "the mapping, with reading": lambda: [mapping.apply(Call.model_validate(call), lead) for call in calls],
        **{name: partial(_all, engine, calls) for name, engine in engines.items()},
    }
    times = list(in_turns(options.repeats, *runs.values()))
    fastest = min(median(each) for each in list(zip(*times, strict=True))[3:])
    for name, spent in zip(runs, zip(*times, strict=True), strict=True):
        figure = Figure("speed", name, "× by hand")
        for seconds, by_hand in zip(spent, (each[0] for each in times), strict=True):
            figure.add(by_hand / seconds, us_a_call=1e6 * seconds / CALLS)
        yield figure
        if name.startswith("the mapping"):
            faster = Figure("speed", f"{name}, beside the fastest engine", "×", bar=1.0, at_least=True)
            faster.runs = [fastest / seconds for seconds in spent]
            yield faster


def _all(engine: Callable[[dict[str, Any]], object], calls: list[dict[str, Any]]) -> None:
    for call in calls:
        engine(call)


def _sent(number: int) -> dict[str, Any]:
    """What Apten does not know, it leaves out."""
    return {name: value for name, value in job.facts(number).items() if value is not None}


def _plain(draft: Draft) -> dict[str, str]:
    return {
        name: _LEAD["externalLeadId"] if isinstance(value, PersonRef) else str(value)
        for name, value in draft.fields.items()
    }
