"""The faults of a line, one row each: what a server or the network does wrong, and how a run may end by it."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from connector.sandbox.faults import Fault, When
from tests.reliability.endpoints import APTEN, SALESFORCE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.reliability.endpoints import Endpoint
    from tests.reliability.network import Network

CANARY = "canary in a body"
ELSEWHERE = "https://elsewhere.example/v1"
IMPATIENT = 0.3
"""Seconds until a request of an impatient client times out; a test cannot have less without failing honest ones."""
WAIT = 20.0
_HTML = {"content-type": "text/html"}
_PAGE = f"<html><body>{CANARY}</body></html>".encode()
_GZIP = {"content-encoding": "gzip"}
_DATE = {"date": "Sat, 20 Jun 2026 09:00:00 GMT", "retry-after": "Sat, 20 Jun 2026 09:00:20 GMT"}


@dataclass(frozen=True)
class Row:
    """One fault.

    Args:
        name: as in the plan.
        fault: what the server does.
        network: what becomes of the network at that moment.
        ends: by the name of an endpoint or a side, how a run ends that meets the fault but once. Anywhere else one is
            got over by sending again, and only a fault that lasts ends the run, or leaves calls over: 3.
        patience: seconds that the clients wait for an answer.
        waits: seconds that are waited before a request is sent again.
    """

    name: str
    fault: Fault
    network: Callable[[Network], object] | None = None
    ends: Mapping[str, int] = field(default_factory=dict)
    patience: float = 30.0
    waits: float = 0.0

    def at(self, endpoint: Endpoint, shows: Callable[[], object]) -> Fault:
        """The fault as it meets the requests of an endpoint."""
        return replace(self.fault, match=endpoint.match, shows=shows)

    def hides(self, endpoint: Endpoint) -> bool:
        """Whether what was asked for came to pass, and a look at the CRM shows it: however often, it is got over."""
        took_effect = self.fault.when is When.AFTER or self.fault.spoil is not None
        return took_effect and endpoint.name in {"upsert", "update"}

    def ends_with(self, endpoint: Endpoint, *, once: bool) -> int:
        """The exit code of a run that meets the fault once, or at every request from then on."""
        got_over = 0 if once else 3
        return self.ends.get(endpoint.name, self.ends.get(endpoint.side, got_over))


def _half(body: bytes) -> bytes:
    return body[: len(body) // 2]


def _not_utf8(body: bytes) -> bytes:
    return body.replace(b'"', b'"\xff\xfe', 1)


def _bomb() -> bytes:
    """A gibibyte of nothing, in a megabyte."""
    return gzip.compress(bytes(2**26), 1) * 16


def _asked(retry_after: Mapping[str, str]) -> Fault:
    return Fault(status=429, body=_PAGE, headers=_HTML | dict(retry_after))


BOTH = (APTEN, SALESFORCE)
ROWS = (
    Row("refused", Fault(drop=True), network=lambda network: network.refuse()),
    Row("reset before the body", Fault(drop=True)),
    Row("reset within the body", Fault(spoil=_half, drop=True)),
    Row("timeout before commit", Fault(delay=60, drop=True), patience=IMPATIENT),
    Row("timeout after commit", Fault(when=When.AFTER, delay=60, drop=True), patience=IMPATIENT),
    Row("slow drip", Fault(spoil=lambda body: body + b" " * 2000, drip=0.02), patience=IMPATIENT),
    Row("cut JSON", Fault(spoil=_half)),
    Row("wrong content length", Fault(spoil=bytes, headers={"content-length": "99999"})),
    Row("gzip bomb", Fault(when=When.AFTER, status=200, body=_bomb(), headers=_GZIP), ends={"call": 1}),
    Row("HTML with 200", Fault(when=When.AFTER, status=200, body=_PAGE, headers=_HTML)),
    Row("cross-host redirect", Fault(status=302, body=_PAGE, headers={"location": ELSEWHERE}), ends={SALESFORCE: 2}),
    Row("bad UTF-8", Fault(spoil=_not_utf8)),
    Row("50 MB body", Fault(when=When.AFTER, status=200, body=b"x" * 50 * 2**20), ends={"call": 1}),
    Row(
        "bad certificate",
        Fault(drop=True),
        network=lambda network: network.change_certificates(),
        ends=dict.fromkeys(BOTH, 2),
    ),
    Row("DNS", Fault(drop=True), network=lambda network: network.lose_names()),
    *(Row(str(status), Fault(status=status, body=_PAGE, headers=_HTML)) for status in (500, 502, 503, 504)),
    Row("429", _asked({})),
    Row("429 with seconds", _asked({"retry-after": "20"}), waits=WAIT),
    Row("429 with a date", _asked(_DATE), waits=WAIT),
    Row("429 with an absurd wait", _asked({"retry-after": "999999999"}), ends=dict.fromkeys(BOTH, 3)),
)
