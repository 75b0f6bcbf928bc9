"""A small forward proxy that opens TLS, as companies have them; taken directly, it is a TLS server like any other."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

import pytest
import trustme

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from connector.sandbox.server import LocalServer


@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(ca: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "company.pem"
    ca.cert_pem.write_to_path(str(path))
    return path


class TlsProxy:
    """Listens on 127.0.0.1 while the context is open, and hands what it decrypts to a server.

    Args:
        ca: issues a certificate for whatever host is asked for.
        server: takes all requests.
        refusal: how CONNECT is answered instead, if not let through: `407 Proxy Authentication Required`.

    `asked` holds the targets of all CONNECTs; `port` is where it listens.
    """

    def __init__(self, ca: trustme.CA, server: LocalServer, *, refusal: str = "") -> None:
        self.asked: list[str] = []
        self._ca = ca
        self._upstream = ("127.0.0.1", urlsplit(server.url).port or 0)
        self._refusal = refusal
        self._contexts: dict[str, ssl.SSLContext] = {}

    @property
    def url(self) -> str:
        """As HTTPS_PROXY names it."""
        return f"http://127.0.0.1:{self.port}"

    def show(self, ca: trustme.CA) -> None:
        """Show certificates that `ca` issued, from the next connection on."""
        self._ca = ca
        self._contexts.clear()

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._listen, name="tls-proxy", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=[client], name="tls-proxy", daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            host = "127.0.0.1"
            if client.recv(7, socket.MSG_PEEK) == b"CONNECT":
                target = _read_head(client).split()[1].decode()
                self.asked.append(target)
                host = target.rpartition(":")[0]
                client.sendall(f"HTTP/1.1 {self._refusal or '200 Connection established'}\r\n\r\n".encode())
            if not self._refusal:
                with self._context(host).wrap_socket(client, server_side=True) as opened:
                    self._hand_over(opened)

    def _hand_over(self, client: ssl.SSLSocket) -> None:
        with socket.create_connection(self._upstream) as upstream:
            back = threading.Thread(target=_pump, args=[upstream, client], name="tls-proxy", daemon=True)
            back.start()
            _pump(client, upstream)
            back.join()

    def _context(self, host: str) -> ssl.SSLContext:
        context = self._contexts.get(host)
        if context is None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._ca.issue_cert(host).configure_cert(context)
            self._contexts[host] = context
        return context


def _read_head(client: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        head += client.recv(1)
    return head


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)
