"""How requests travel: over TLS that is verified, through proxies, and never for longer than they may."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import pytest
import requests
import trustme

from connector.crms.salesforce.adapter import Salesforce
from connector.crms.salesforce.login import Session
from connector.crms.salesforce.transport import Transport, open_session
from connector.errors import ConfigError, CrmSetupError, SetupError, UncertainWriteError, UnreachableError
from tests.apten.raw_server import raw_server
from tests.crms.conftest import LOGIN, TASK, call
from tests.tls_proxy import TlsProxy, ca, ca_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connector.crms.salesforce.login import Login
    from tests.crms.conftest import World

__all__ = ["ca", "ca_file"]

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@pytest.fixture(autouse=True)
def environ(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's own."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in BUNDLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def proxy(ca: trustme.CA, world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[TlsProxy]:
    """A proxy that the environment names."""
    with TlsProxy(ca, world.server) as found:
        monkeypatch.setenv("HTTPS_PROXY", found.url)
        yield found


def given(world: World, port: int) -> Login:
    """A session at a server of this machine."""
    return Session(f"https://127.0.0.1:{port}", world.stand_in.tokens.issue())


def test_login_and_requests_go_through_the_proxy_whose_certificate_is_in_the_ca_file(
    world: World, proxy: TlsProxy, ca_file: Path
) -> None:
    crm = Salesforce(LOGIN, ca_file=ca_file)
    assert crm.identity() == world.org.id
    assert crm.write(TASK, [call("a")])[0].created
    assert set(proxy.asked) == {"acme.my.salesforce.com:443"}
    crm.close()


def test_a_certificate_that_nobody_vouches_for_is_told_and_nothing_is_sent(world: World, proxy: TlsProxy) -> None:
    with pytest.raises(CrmSetupError, match="`ca_file`"):
        Salesforce(LOGIN).identity()
    assert proxy.asked
    assert world.server.requests == []


def test_a_certificate_for_another_host_is_not_taken(world: World, ca: trustme.CA, ca_file: Path) -> None:
    with TlsProxy(ca, world.server) as server, pytest.raises(CrmSetupError, match="certificate"):
        Salesforce(Session(f"https://localhost:{server.port}", "token"), ca_file=ca_file).identity()
    assert world.server.requests == []


@pytest.mark.parametrize("name", BUNDLES)
def test_the_usual_variables_for_certificates_are_honoured_and_a_ca_file_adds_to_them(
    world: World, ca: trustme.CA, ca_file: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    other, bundle = trustme.CA(), ca_file.with_name("bundle.pem")
    other.cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv(name, str(bundle))
    with TlsProxy(other, world.server) as usual, TlsProxy(ca, world.server) as company:
        for port in (usual.port, company.port):
            crm = Salesforce(given(world, port), ca_file=ca_file)
            assert crm.identity() == world.org.id
            crm.close()


def test_no_proxy_names_what_goes_directly(
    world: World, ca: trustme.CA, ca_file: Path, proxy: TlsProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    with TlsProxy(ca, world.server) as server, ExitStack() as opened:
        for hosts, asked in (("", [f"127.0.0.1:{server.port}"]), ("127.0.0.1", [])):
            monkeypatch.setenv("NO_PROXY", hosts)
            crm = Salesforce(given(world, server.port), ca_file=ca_file)
            opened.callback(crm.close)
            assert crm.identity() == world.org.id
            assert proxy.asked == asked
            proxy.asked.clear()


@pytest.mark.parametrize("refusal", ["407 Proxy Authentication Required", "403 Forbidden", "502 Bad Gateway"])
def test_a_proxy_that_lets_nothing_through_is_named_and_was_sent_nothing(
    world: World, ca: trustme.CA, ca_file: Path, monkeypatch: pytest.MonkeyPatch, refusal: str
) -> None:
    with TlsProxy(ca, world.server) as server:
        crm = Salesforce(given(world, server.port), ca_file=ca_file)
        crm.describe(TASK)
        crm.close()
        with TlsProxy(ca, world.server, refusal=refusal) as proxy:
            monkeypatch.setenv("HTTPS_PROXY", proxy.url)
            with pytest.raises(UnreachableError, match="The proxy did not let the writing to Task through"):
                crm.write(TASK, [call("a")])
    assert world.org.tasks == {}


@pytest.mark.parametrize("url", ["socks5://127.0.0.1:1", "nonsense://127.0.0.1:1", "http://", "http://[::1"])
def test_proxy_settings_that_are_none_are_named(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", url)
    with pytest.raises(SetupError, match="HTTPS_PROXY"):
        Salesforce(LOGIN).identity()


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_certificates_of_the_environment_that_are_none_are_named(
    world: World, ca: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    bundle = tmp_path / "bundle.pem"
    if content is not None:
        bundle.write_text(content)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    with TlsProxy(ca, world.server) as server, pytest.raises(ConfigError, match="REQUESTS_CA_BUNDLE"):
        Salesforce(given(world, server.port)).identity()


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"])
@pytest.mark.parametrize("login", [LOGIN, Session("https://acme.my.salesforce.com", "token")], ids=["login", "request"])
def test_an_answer_that_trickles_is_given_up_although_it_never_falls_silent(login: Login, head: bytes) -> None:
    def trickle(wire: socket.socket) -> None:
        wire.sendall(head)
        for _ in range(200):
            wire.sendall(b"[")
            time.sleep(0.02)  # a trickle takes its time

    with raw_server(trickle) as port:
        crm = Salesforce(login, base_url=f"http://127.0.0.1:{port}", timeout=0.3)
        started = time.monotonic()
        with pytest.raises(UnreachableError):
            crm.identity()
        assert time.monotonic() - started < 2
        crm.close()


def test_an_answer_to_a_write_that_trickles_leaves_it_open(world: World) -> None:
    def trickle(wire: socket.socket) -> None:
        wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        for _ in range(200):
            wire.sendall(b" ")
            time.sleep(0.02)  # ditto

    crm = world.connect(timeout=1.0)
    crm.describe(TASK)
    with raw_server(trickle) as port:
        crm._connection._transport._base_url = f"http://127.0.0.1:{port}"
        started = time.monotonic()
        with pytest.raises(UncertainWriteError):
            crm.write(TASK, [call("a")])
        assert time.monotonic() - started < 2
    crm.close()


def test_a_large_request_may_go_out_for_longer_than_a_connection_takes() -> None:
    received: list[int] = []

    def read_slowly(wire: socket.socket) -> None:
        count = 0
        while count < 8_000_000 and (data := wire.recv(200_000)):
            time.sleep(0.01)  # a slow line takes its time
            count += len(data)
        received.append(count)
        wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    http = open_session(Transport(timeout=10.0, base_url=None, connect_timeout=0.15))
    with raw_server(read_slowly) as port, closing(http):
        http.adapters["https://"]._base_url = f"http://127.0.0.1:{port}"  # type: ignore[attr-defined]
        assert http.post("https://acme.my.salesforce.com/", data=b"x" * 8_100_000).status_code == 200
    assert received


def test_a_connection_that_does_not_come_about_costs_its_own_time_out() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, ExitStack() as opened:
        address = full.getsockname()
        for _ in range(8):
            waiting = opened.enter_context(socket.socket())
            waiting.settimeout(0)
            waiting.connect_ex(address)
        transport = Transport(timeout=60.0, base_url=f"http://127.0.0.1:{address[1]}", connect_timeout=0.1)
        started = time.monotonic()
        with closing(open_session(transport)) as http, pytest.raises(requests.ConnectTimeout):
            http.get("https://acme.my.salesforce.com/")
        assert time.monotonic() - started < 5
