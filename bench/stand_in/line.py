"""What lies between a client and a stand-in: latency, a rate limit, and a tally of all that passes."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, deque
from dataclasses import dataclass, field, fields
from time import monotonic, process_time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTROL = "/bench/"
_TOO_MANY = 429


@dataclass(slots=True)
class Tally:
    """What passed since the last reset; times are those of the machine's monotonic clock.

    Args:
        requests: by kind, refused ones included.
        repeated: requests for a path that was answered before, also before the reset, by kind; if it is to remember.
        refused: those beyond the rate limit, by kind.
        most_in_a_second: requests in the fullest second.
        first: when the first request came in.
        last: when the last answer went out.
        in_flight: seconds during which so many requests were under way.
        cpu: seconds of processor time of the stand-in itself.
    """

    requests: Counter[str] = field(default_factory=Counter)
    repeated: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    most_in_a_second: int = 0
    first: float = 0.0
    last: float = 0.0
    in_flight: dict[int, float] = field(default_factory=dict)
    cpu: float = 0.0


class Line:
    """ASGI middleware. An answer goes out `latency` seconds after its request came in, or as soon as it is ready.

    Args:
        app: the stand-in.
        latency: seconds.
        rate: requests it takes in any second; more are refused with 429. None for no limit.
        kind: what a request is counted as.
        remember: count repeated requests.
        control: what else may be asked of the stand-in at `/bench/<name>`; none of it is counted.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        latency: float,
        rate: int | None,
        kind: Callable[[Scope], str],
        remember: bool,
        control: dict[str, Callable[[], None]],
    ) -> None:
        self._app = app
        self._latency = latency
        self._rate = rate
        self._kind = kind
        self._remember = remember
        self._control = {**control, "report": lambda: None, "reset": self._reset}
        self._seen: set[str] = set()
        self._reset()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request pass."""
        if scope["path"].startswith(CONTROL):
            self._control[scope["path"].removeprefix(CONTROL)]()
            await _send_json(send, 200, self.report())
            return
        arrived = monotonic()
        kind = self._kind(scope)
        self._arrive(arrived, kind)
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        if self._is_too_many(arrived):
            self._tally.refused[kind] += 1
            await _send_json(keep, _TOO_MANY, {"message": "Too Many Requests"}, (b"retry-after", b"1"))
        else:
            await self._app(scope, receive, keep)
            self._count_repetition(scope, kind)
        left = arrived + self._latency - monotonic()
        if left > 0:
            await asyncio.sleep(left)
        for message in answer:
            await send(message)
        self._leave(monotonic())

    def _reset(self) -> None:
        self._tally = Tally()
        self._started = process_time()
        self._under_way, self._since = 0, 0.0
        self._second: deque[float] = deque()
        self._taken: deque[float] = deque()

    def report(self) -> dict[str, Any]:
        """The tally, by the names of its parts."""
        self._tally.cpu = process_time() - self._started
        return {each.name: getattr(self._tally, each.name) for each in fields(Tally)}

    def _arrive(self, now: float, kind: str) -> None:
        tally = self._tally
        tally.requests[kind] += 1
        tally.first = tally.first or now
        self._spend(now, 1)
        self._second.append(now)
        while self._second[0] <= now - 1:
            self._second.popleft()
        tally.most_in_a_second = max(tally.most_in_a_second, len(self._second))

    def _leave(self, now: float) -> None:
        self._tally.last = now
        self._spend(now, -1)

    def _spend(self, now: float, change: int) -> None:
        if self._since:
            spent = self._tally.in_flight
            spent[self._under_way] = spent.get(self._under_way, 0.0) + now - self._since
        self._under_way += change
        self._since = now

    def _is_too_many(self, now: float) -> bool:
        if self._rate is None:
            return False
        while self._taken and self._taken[0] <= now - 1:
            self._taken.popleft()
        if len(self._taken) >= self._rate:
            return True
        self._taken.append(now)
        return False

    def _count_repetition(self, scope: Scope, kind: str) -> None:
        if not self._remember:
            return
        if scope["path"] in self._seen:
            self._tally.repeated[kind] += 1
        self._seen.add(scope["path"])


async def _send_json(send: Send, status: int, value: object, *headers: tuple[bytes, bytes]) -> None:
    body = json.dumps(value).encode()
    length = (b"content-length", str(len(body)).encode())
    told = [(b"content-type", b"application/json"), length, *headers]
    await send({"type": "http.response.start", "status": status, "headers": told})
    await send({"type": "http.response.body", "body": body})
