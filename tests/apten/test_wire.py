"""What no HTTP server would say: garbage, resets, trickles, a certificate of one's own."""

from __future__ import annotations

import ssl
import time
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from connector.apten.client import Apten
from connector.errors import ConfigError, UnreachableError
from tests.apten.raw_server import raw_server, reset
from tests.apten.serving import KEY

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 4000\r\n\r\n"


def fetch(port: int, *, scheme: str = "http", timeout: float = 5.0) -> None:
    """Ask a server on this port for a call."""
    source = Apten(f"{scheme}://127.0.0.1:{port}/v1", KEY, timeout=timeout)
    try:
        source.call("call")
    finally:
        source.close()


def _reset_at_once(wire: socket.socket) -> None:
    reset(wire)


def _reset_in_the_body(wire: socket.socket) -> None:
    wire.sendall(HEAD + b'{"id": ')
    reset(wire)


def _break_off_in_the_head(wire: socket.socket) -> None:
    wire.sendall(HEAD[:30])


def _break_off_in_a_chunk(wire: socket.socket) -> None:
    wire.sendall(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{")


def _talk_nonsense(wire: socket.socket) -> None:
    wire.sendall(b"SSH-2.0-OpenSSH_9.7\r\n\r\n")


def _send_an_endless_head(wire: socket.socket) -> None:
    wire.sendall(b"HTTP/1.1 200 OK\r\nx-padding: " + b"x" * 300_000)


@pytest.mark.parametrize(
    "speak",
    [
        _reset_at_once,
        _reset_in_the_body,
        _break_off_in_the_head,
        _break_off_in_a_chunk,
        _talk_nonsense,
        _send_an_endless_head,
    ],
)
def test_a_broken_exchange_asks_to_try_again(speak: Callable[[socket.socket], None]) -> None:
    with raw_server(speak) as port, pytest.raises(UnreachableError, match="broke during GET /calls/call"):
        fetch(port)


def test_a_trickle_is_given_up_although_it_never_falls_silent() -> None:
    def trickle(wire: socket.socket) -> None:
        wire.sendall(HEAD)
        for _ in range(200):
            wire.sendall(b" ")
            time.sleep(0.02)  # a trickle takes its time

    with raw_server(trickle) as port, pytest.raises(UnreachableError, match="did not arrive in time"):
        fetch(port, timeout=0.3)


def test_a_host_that_does_not_exist_asks_to_try_again() -> None:
    with pytest.raises(UnreachableError, match="could not be reached for GET /calls/call: its name is not known"):
        Apten("https://apten.invalid/v1", KEY, timeout=2.0).call("call")


def test_a_certificate_of_its_own_is_not_trusted_and_gets_no_key(tmp_path: Path) -> None:
    heard: list[bytes] = []

    def listen(wire: socket.socket) -> None:
        heard.append(wire.recv(65536))

    with raw_server(listen, tls=_self_signed(tmp_path)) as port:
        with pytest.raises(ConfigError, match="certificate"):
            fetch(port, scheme="https")
        assert heard == []


def _self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    day, now = timedelta(days=1), datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - day, now + day)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    plain = serialization.NoEncryption()
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


@pytest.mark.parametrize("address", ["api.attent.app/v1", "ftp://api.attent.app/v1", "http://[::1", "", "https://"])
def test_an_address_that_is_none_names_the_setting(address: str) -> None:
    with pytest.raises(ConfigError, match=r"apten\.base_url"):
        Apten(address, KEY).call("call")


def test_proxy_settings_that_cannot_be_used_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "nonsense://proxy.example")
    with pytest.raises(ConfigError, match="HTTPS_PROXY"):
        Apten("https://api.attent.app/v1", KEY)


def test_a_proxy_is_not_asked_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:1")
    with raw_server(_talk_nonsense) as port, pytest.raises(UnreachableError, match="broke"):
        fetch(port)
