"""Through a company's proxy that opens TLS, as many must go."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import trustme

from connector.apten.client import Apten
from connector.errors import ConfigError, UnreachableError
from connector.sandbox.world import make_world
from tests.apten.serving import KEY, served
from tests.contracts.source import LONG_AGO, NOW
from tests.tls_proxy import TlsProxy, ca, ca_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connector.sandbox.server import LocalServer

__all__ = ["ca", "ca_file"]

ADDRESS = "https://api.attent.app/v1"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServer]:
    """Apten, and nothing of the machine's own in the environment."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    with served(make_world(seed=1, calls=2, leads=2, now=NOW), NOW) as found:
        yield found


@pytest.fixture
def proxy(ca: trustme.CA, server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[TlsProxy]:
    with TlsProxy(ca, server) as found:
        monkeypatch.setenv("HTTPS_PROXY", found.url)
        yield found


def test_the_proxys_certificate_is_trusted_by_the_ca_file(proxy: TlsProxy, ca_file: Path) -> None:
    with closing(Apten(ADDRESS, KEY, ca_file=ca_file)) as source:
        assert len(source.leads(updated_since=LONG_AGO).rows) == 2
    assert proxy.asked == ["api.attent.app:443"]


def test_the_usual_variable_is_honoured_and_a_ca_file_adds_to_it(
    proxy: TlsProxy, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = ca_file.with_name("other.pem")
    trustme.CA().cert_pem.write_to_path(str(other))
    for named, given in ((ca_file, None), (ca_file, other), (other, ca_file)):
        monkeypatch.setenv("SSL_CERT_FILE", str(named))
        with closing(Apten(ADDRESS, KEY, ca_file=given)) as source:
            assert len(source.leads(updated_since=LONG_AGO).rows) == 2
    assert len(proxy.asked) == 3


def test_a_certificate_that_nobody_vouches_for_is_told_and_gets_no_key(proxy: TlsProxy, server: LocalServer) -> None:
    with closing(Apten(ADDRESS, KEY)) as source, pytest.raises(ConfigError, match="`ca_file`"):
        source.leads(updated_since=LONG_AGO)
    assert proxy.asked
    assert server.requests == []


def test_a_handshake_that_failed_through_the_proxy_spoils_no_later_request(
    ca: trustme.CA, proxy: TlsProxy, ca_file: Path
) -> None:
    with closing(Apten(ADDRESS, KEY, ca_file=ca_file, connections=1, timeout=2)) as source:
        proxy.show(trustme.CA())
        with pytest.raises(ConfigError):
            source.leads(updated_since=LONG_AGO)
        proxy.show(ca)
        assert len(source.leads(updated_since=LONG_AGO).rows) == 2


def test_a_proxy_that_lets_nothing_through_is_named(
    ca: trustme.CA, server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with TlsProxy(ca, server, refusal="407 Proxy Authentication Required") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with closing(Apten(ADDRESS, KEY)) as source, pytest.raises(UnreachableError, match="The proxy did not let"):
            source.leads(updated_since=LONG_AGO)
    assert server.requests == []
