"""Nothing that is secret, and no call, leaves this machine but by TLS, and to nobody but whom the config names."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from connector.crms.salesforce.adapter import Salesforce
from connector.errors import ConnectorError
from connector.sandbox.faults import Fault
from tests.crms.conftest import LOGIN, TASK, world
from tests.crms.test_salesforce_line import environ, proxy
from tests.settings.conftest import folder
from tests.settings.pieces import APTEN, CREDENTIALS, DATABASE, ENVIRON, SESSION, load, told
from tests.tls_proxy import ca, ca_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.crms.conftest import World
    from tests.tls_proxy import TlsProxy

__all__ = ["ca", "ca_file", "environ", "folder", "proxy", "world"]

ELSEWHERE = "elsewhere.example"
ADDRESSES = {
    "apten.base_url": f"{APTEN}  base_url: ADDRESS\n{DATABASE}",
    "crm.base_url": f"{APTEN}{CREDENTIALS}  base_url: ADDRESS\n",
    "crm.instance_url": APTEN + SESSION.replace("https://acme.my.salesforce.com", "ADDRESS"),
    "alert.url": f"{APTEN}{DATABASE}alert:\n  url: ${{ADDRESS}}\n",
}


@pytest.mark.parametrize("url", ["http://10.0.0.1/x", "http://localhost.example/x", "http://[::2]/x", "http://hooks/x"])
@pytest.mark.parametrize("setting", ADDRESSES)
def test_no_address_of_plain_http_is_taken(
    folder: Path, monkeypatch: pytest.MonkeyPatch, setting: str, url: str
) -> None:
    monkeypatch.setitem(ENVIRON, "ADDRESS", url)
    text = ADDRESSES[setting]
    found = told(folder, text if "${ADDRESS}" in text else text.replace("ADDRESS", url))
    assert [problem.split()[0] for problem in found] == ["CFG110"]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://u:${DB_PASSWORD}@db.example/crm",
        "postgresql+psycopg://u:${DB_PASSWORD}@[::2]:5432/crm?sslmode=prefer",
        "postgresql://db.example/crm?sslmode=disable",
        "postgresql+psycopg://u@/crm?host=localhost&host=db.example:5432",
        "postgresql+psycopg://u@/crm?host=localhost,db.example",
        "mysql+pymysql://u:${DB_PASSWORD}@10.0.0.1/crm?ssl_key=x",
        "mariadb+pymysql://localhost.example/crm",
        "mysql+pymysql://u@localhost:${DB_PASSWORD}@db.example/crm",
        "mysql+pymysql://u@/crm?read_default_file=/etc/my.cnf",
        "mysql+pymysql://u@db.example/crm?ssl_ca=/x&ssl_disabled=true",
        "postgresql+psycopg://u@localhost:${DB_PASSWORD}@db.example/crm",
        "postgresql+psycopg://u@localhost/crm?hostaddr=10.1.2.3",
        "postgresql+psycopg:///crm?service=there",
        "${DB_URL}",
    ],
)
def test_no_database_elsewhere_is_taken_without_tls(folder: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setitem(ENVIRON, "DB_URL", "postgresql://u:canary@db.example/crm")
    found = told(folder, APTEN + DATABASE.replace("sqlite:///activities.db", url))
    assert [problem.split()[0] for problem in found] == ["CFG110"]
    assert "canary" not in str(found)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://u:${DB_PASSWORD}@db.example/crm?sslmode=verify-full&sslrootcert=system",
        "postgresql+psycopg://u:${DB_PASSWORD}@[::1]:5432/crm",
        "postgresql+psycopg://u@/crm?host=/var/run/postgresql",
        "postgresql://localhost/crm",
        "postgresql+psycopg://u@/crm?host=::1",
        "postgresql+psycopg://u@/crm?host=LOCALHOST:5432",
        "mysql+pymysql://u:${DB_PASSWORD}@10.0.0.1/crm?ssl_ca=/etc/ssl/ca.crt",
        "mysql+pymysql://u@127.0.0.1:3306/crm",
    ],
)
def test_a_database_is_taken_by_tls_or_on_this_machine(folder: Path, url: str) -> None:
    load(folder, APTEN + DATABASE.replace("sqlite:///activities.db", url))


@pytest.fixture
def crm(proxy: TlsProxy, ca_file: Path) -> Iterator[Salesforce]:
    """Salesforce by the address that its domain makes, through a proxy that sees whom we connect to."""
    assert proxy.port
    with closing(Salesforce(LOGIN, ca_file=ca_file)) as crm:
        yield crm


HOME = "acme.my.salesforce.com:443"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_instance_that_a_login_names_is_asked_by_tls(
    world: World, proxy: TlsProxy, crm: Salesforce, scheme: str
) -> None:
    answer = {"access_token": world.stand_in.tokens.issue(), "instance_url": f"{scheme}://{ELSEWHERE}"}
    world.server.faults.add(Fault("oauth2/token", status=200, body=json.dumps(answer).encode()))
    assert crm.identity() == world.org.id
    assert proxy.asked == [HOME, f"{ELSEWHERE}:443"]


@pytest.mark.parametrize("url", [f"https://{ELSEWHERE}/services/data/v66.0/query/01g-2000", f"http://{ELSEWHERE}/x"])
def test_a_next_page_is_asked_of_the_same_org_whatever_its_address_says(
    world: World, proxy: TlsProxy, crm: Salesforce, url: str
) -> None:
    page = {"done": False, "totalSize": 9, "records": [], "nextRecordsUrl": url}
    world.server.faults.add(Fault("GET .*/query", status=200, body=json.dumps(page).encode()))
    with pytest.raises(ConnectorError):
        crm.read(TASK, ["a"], ["Subject"])
    assert sum("/query" in request for request in world.server.requests) > 0
    assert set(proxy.asked) == {HOME}


@pytest.mark.parametrize("to", [f"https://{ELSEWHERE}/", f"http://{ELSEWHERE}/", "http://127.0.0.1:1/"])
@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("at", ["oauth2/token", "/services/data/"])
def test_neither_secret_nor_session_follows_a_redirect(  # noqa: PLR0917  # fixtures
    world: World, proxy: TlsProxy, crm: Salesforce, at: str, status: int, to: str
) -> None:
    world.server.faults.add(Fault(at, status=status, headers={"Location": to}), times=10)
    with pytest.raises(ConnectorError, match="redirect"):
        crm.identity()
    assert set(proxy.asked) == {HOME}
