"""What lies between the connector and its servers, for the time of a test: connections, names, certificates."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import trustme

from tests.tls_proxy import TlsProxy

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack
    from pathlib import Path

    import pytest

    from tests.town import Town

LASTS = 10**6


class Network:
    """Breaks when told, for so many connections, or until it is mended.

    Servers stay up, so that they can be looked at; connections, and the resolving of names, fail in this process with
    what the system would say.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.times = LASTS
        self._refusals = self._nameless = 0
        self._proxies: list[TlsProxy] = []
        self._trusted, self._unknown = trustme.CA(), trustme.CA()
        monkeypatch.setattr(socket.socket, "connect", self._connecting(socket.socket.connect), raising=False)
        monkeypatch.setattr(socket, "getaddrinfo", self._resolving(socket.getaddrinfo))

    def use_tls(self, town: Town, stack: ExitStack) -> None:
        """Put a door with a certificate before each server, which the connector trusts by its `ca_file`."""
        text = town.config_path.read_text()
        for server in (town.apten, town.salesforce):
            proxy = stack.enter_context(TlsProxy(self._trusted, server))
            self._proxies.append(proxy)
            text = text.replace(server.url, f"https://127.0.0.1:{proxy.port}")
        town.config_path.write_text(f"{text}ca_file: {self._trust(town.folder).name}\n")

    def refuse(self) -> None:
        """Connections are refused."""
        self._refusals = self.times

    def lose_names(self) -> None:
        """Names are not known."""
        self._nameless = self.times

    def change_certificates(self) -> None:
        """Doors show certificates that nobody vouches for."""
        for proxy in self._proxies:
            proxy.show(self._unknown)

    def mend(self) -> None:
        """All is well again."""
        self._refusals = self._nameless = 0
        for proxy in self._proxies:
            proxy.show(self._trusted)

    def _trust(self, folder: Path) -> Path:
        path = folder / "company.pem"
        self._trusted.cert_pem.write_to_path(str(path))
        return path

    def _connecting(self, connect: Callable[..., Any]) -> Callable[..., Any]:
        def instead(line: socket.socket, *args: Any) -> Any:
            if self._refusals > 0:
                self._refusals -= 1
                raise ConnectionRefusedError
            return connect(line, *args)

        return instead

    def _resolving(self, resolve: Callable[..., Any]) -> Callable[..., Any]:
        def instead(*args: Any, **kwargs: Any) -> Any:
            if self._nameless > 0:
                self._nameless -= 1
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            return resolve(*args, **kwargs)

        return instead
