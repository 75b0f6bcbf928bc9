"""Runs the connector with meters on its parts: `python -m bench.metered FILE sync …` writes seconds by part to FILE.

A part counts the processor time of its thread while it is the innermost part under way. The meters themselves cost a
few microseconds a call.
"""

from __future__ import annotations

import json
import sys
import threading
from collections import Counter
from functools import wraps
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from time import process_time, thread_time
from typing import TYPE_CHECKING, Any

import connector

if TYPE_CHECKING:
    from collections.abc import Callable

REST = "the rest"
_PARTS: dict[str, tuple[str, ...]] = {
    "HTTP client": ("httpx:HTTPTransport.handle_request", "httpx:Response.close", "connector.apten.body:_read"),
    "JSON of answers": ("json:loads",),
    "reading into the model": ("connector.source_model:AptenRecord.model_validate",),
    "ledger, statements": (
        "sqlalchemy.engine:Connection.execute",
        "sqlalchemy.engine:Connection.exec_driver_sql",
        "connector.ledger.session:Session.rows_of",
    ),
    "ledger, commits": ("sqlalchemy.engine.base:RootTransaction._do_commit",),
    "ledger, around them": (
        "connector.ledger.ledger:SqlLedger.calls",
        "connector.ledger.ledger:SqlLedger.leads",
        "connector.ledger.ledger:SqlLedger.save_calls",
        "connector.ledger.ledger:SqlLedger.save_leads",
        "connector.ledger.ledger:SqlLedger.activities",
        "connector.ledger.ledger:SqlLedger.save_activities",
    ),
    "fingerprint of the call": ("connector.sync.fingerprint:of_call",),
    "fingerprints of fields": ("connector.sync.fingerprint:of_fields", "connector.sync.edits:renewed"),
    "redaction of transcripts": ("connector.mapping.redaction:_turns",),
    "mapping": ("connector.mapping.apply:Mapping.apply",),
    "receipts": ("connector.sync.record:Recorder.flush", "connector.sync.record:Recorder.answered"),
    "log": ("structlog._base:BoundLoggerBase._proxy_to_logger",),
    "CRM": (
        "connector.crms.salesforce.adapter:Salesforce.write",
        "connector.crms.salesforce.adapter:Salesforce.find",
        "connector.crms.database.adapter:Database.write",
    ),
    "threads: handing over, starting": ("connector.sync.workers:Threads.submit", "connector.sync.workers:Threads.wait"),
    "requests, around the HTTP client": ("connector.sync.attempt:Attempts.__call__",),
    "loop and tasks": ("connector.sync.loop:Loop.run",),
}
"""Functions by part."""


class Meter:
    """Processor time by part, in all threads."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self._here = threading.local()
        self._lock = threading.Lock()

    def on(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, measured."""

        @wraps(function)
        def measured(*args: Any, **options: Any) -> Any:
            outer, begun, inner = getattr(self._here, "inner", 0.0), thread_time(), 0.0
            self._here.inner = 0.0
            try:
                return function(*args, **options)
            finally:
                taken = thread_time() - begun
                inner = self._here.inner
                self._here.inner = outer + taken
                with self._lock:
                    self.spent[part] += taken - inner

        return measured


def _put(meter: Meter, part: str, place: str) -> None:
    """Replace a function wherever it is known by name."""
    module, _, name = place.partition(":")
    owner: Any = import_module(module)
    *classes, last = name.split(".")
    for each in classes:
        owner = getattr(owner, each)
    function = getattr(owner, last)
    if classes:
        bound = getattr(function, "__func__", None)
        setattr(owner, last, classmethod(meter.on(part, bound)) if bound else meter.on(part, function))
        return
    measured = meter.on(part, function)
    for known in list(sys.modules.values()):
        for alias, value in list(vars(known).items()):
            if value is function:
                setattr(known, alias, measured)


def main() -> None:
    """Run what the command line says."""
    file = Path(sys.argv.pop(1))
    for module in walk_packages(connector.__path__, "connector."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    begun = process_time()
    meter = Meter()
    for part, places in _PARTS.items():
        for place in places:
            _put(meter, part, place)
    try:
        import_module("connector.__main__").main()
    finally:
        spent = {part: meter.spent[part] for part in _PARTS}
        file.write_text(json.dumps({**spent, REST: process_time() - begun - sum(spent.values())}), encoding="utf-8")


if __name__ == "__main__":
    main()
