"""Answers that are whole in time, or fail: a socket's own time-out starts anew with every byte that trickles in."""

from __future__ import annotations

import io
import math
import time
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    import socket


class WholeInTime(HTTPResponse):
    """An answer whose head and body come to an end within the time-out that its socket has by now.

    Reading raises TimeoutError from then on.
    """

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_Bounded(self.fp.detach(), sock))


class _Bounded(io.RawIOBase):
    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        super().__init__()
        timeout = sock.gettimeout()
        self._raw, self._sock = raw, sock
        self._deadline = math.inf if timeout is None else time.monotonic() + timeout

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer was not whole in time")
        self._sock.settimeout(None if math.isinf(left) else left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class HttpPool(HTTPConnectionPool):
    """Connections whose answers are whole in time."""

    def _new_conn(self) -> Any:
        return _bounded(super()._new_conn())


class HttpsPool(HTTPSConnectionPool):
    """The same over TLS."""

    def _new_conn(self) -> Any:
        return _bounded(super()._new_conn())


def _bounded(connection: Any) -> Any:
    connection.response_class = WholeInTime
    return connection
