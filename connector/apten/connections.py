"""The connections to Apten, each lent to one request at a time."""

from __future__ import annotations

from contextlib import contextmanager
from queue import LifoQueue
from typing import TYPE_CHECKING
from urllib.request import getproxies, proxy_bypass

import httpx

from connector.trust import by_environment, trusted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Connections:
    """As many connections to one address as are asked for, opened when they are first needed.

    Each is an httpx transport of its own. In a common pool every request looks at all connections twice, under one
    lock, which with many of them costs more than the request itself; and threads that wait there now and then get one
    that was closed. There is no httpx client around them: it would see to redirects, cookies and logins, of which there
    are none here, and take half as long again over a request.

    Args:
        address: where requests go.
        most: connections open at once.
        ca_file: certificates in PEM to trust besides the usual ones.

    Raises:
        ImportError, OSError, ValueError: the proxy or the certificates of the environment cannot be used.
    """

    def __init__(self, address: httpx.URL, most: int, ca_file: Path | None) -> None:
        certificates = trusted(address.host, ca_file)
        environment = by_environment(address.host)
        proxy = _proxy(address) if environment else None
        one = httpx.Limits(max_connections=1, max_keepalive_connections=1)
        self._all = [
            httpx.HTTPTransport(verify=certificates, trust_env=environment, proxy=proxy, limits=one)
            for _ in range(most)
        ]
        # The one that was used last goes out first: where few are needed, the others stay closed.
        self._free: LifoQueue[httpx.HTTPTransport] = LifoQueue()
        for connection in self._all:
            self._free.put(connection)

    @contextmanager
    def lend(self) -> Iterator[httpx.HTTPTransport]:
        """A connection for one request, as soon as one is free."""
        connection = self._free.get()
        try:
            yield connection
        except httpx.HTTPError:
            # httpcore goes on counting a connection whose TLS did not come about behind a proxy as busy.
            connection.close()
            raise
        finally:
            self._free.put(connection)

    def close(self) -> None:
        """Close them all."""
        for connection in self._all:
            connection.close()


def _proxy(address: httpx.URL) -> str | None:
    """The proxy that the environment's usual variables name for an address."""
    named = getproxies()
    proxy = named.get(address.scheme) or named.get("all")
    return None if proxy is None or proxy_bypass(address.host) else proxy
