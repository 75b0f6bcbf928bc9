"""Signing in to Salesforce as whoever runs a command meets it: every way by config, warned of, and only if need be."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from connector.cli.app import main
from connector.sandbox.salesforce.oauth import OrgUser
from connector.sandbox.together import Sandbox
from connector.sandbox.world import make_world
from connector.shipped import shipped
from tests.keys import pem, rsa_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.types import Receive, Scope, Send

Captured = pytest.CaptureFixture[str]
USER = "integration@acme.example"
APP = "domain: sandbox.my\n  consumer_key: ${SALESFORCE_CONSUMER_KEY}"
WAYS = {
    "client_credentials": f"{APP}\n  consumer_secret: ${{SALESFORCE_CONSUMER_SECRET}}",
    "jwt": f"{APP}\n  username: {USER}\n  private_key_file: salesforce.key",
    "password": f"domain: sandbox.my\n  username: {USER}\n  password: ${{PASSWORD}}\n  security_token: ${{TOKEN}}",
    "session": "session_id: ${SESSION}\n  instance_url: https://sandbox.my.salesforce.com",
}
SLOW = ("simple_salesforce", "zeep", "requests", "urllib3", "lxml", "cryptography", "jwt")


@pytest.fixture
def box() -> Iterator[Sandbox]:
    """Apten and an org in the present, where JWTs are made."""
    now = datetime.now(UTC)
    world = make_world(seed=1, calls=120, leads=30, now=now)
    with Sandbox(world, now=lambda: datetime.now(UTC)) as found:
        tokens = found.salesforce.tokens
        tokens.public_key = rsa_key().public_key()
        tokens.users[USER] = OrgUser(USER, "pässword", "token")
        yield found


@pytest.fixture
def configure(box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Configure:
    return Configure(box, tmp_path, monkeypatch)


class Configure:
    """Writes a config with one of the ways to sign in, and everything it needs."""

    def __init__(self, box: Sandbox, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._box = box
        for name, value in (("PASSWORD", "pässword"), ("TOKEN", "token"), ("SESSION", box.salesforce.tokens.issue())):
            monkeypatch.setenv(name, value)
        for name in ("salesforce.yaml", "salesforce.schema.yaml"):
            (folder / name).write_text(shipped(f"mappings/{name}").read_text())
        key = folder / "salesforce.key"
        key.write_text(pem(rsa_key()))
        key.chmod(0o600)

    def __call__(self, auth: str) -> str:
        """The config's path."""
        path = self.folder / "config.yaml"
        path.write_text(
            f"apten:\n  base_url: {self._box.apten_url}\n  api_key: ${{APTEN_API_KEY}}\n"
            f"crm:\n  kind: salesforce\n  mapping: salesforce.yaml\n  auth: {auth}\n  {WAYS[auth]}\n"
            f"  base_url: {self._box.salesforce_url}\nsync:\n  start: {self._box.begin:%Y-%m-%d}\n"
        )
        return str(path)


def run(path: str, *arguments: str) -> int:
    return main(["--config", path, *arguments])


@pytest.mark.parametrize("auth", WAYS)
def test_every_way_to_sign_in_syncs_and_the_ledger_is_at_home_with_all_of_them(
    configure: Configure, box: Sandbox, auth: str
) -> None:
    assert run(configure("client_credentials"), "sync", "--limit", "20") == 3
    some = len(box.org.tasks)
    assert run(configure(auth), "check", "--live") == 0
    assert run(configure(auth), "sync") in {0, 1}
    assert len(box.org.tasks) > some > 0


@pytest.mark.parametrize(
    ("auth", "told"),
    [
        ("client_credentials", "ok       Salesforce: way of signing in: OAuth client credentials."),
        ("jwt", "ok       Salesforce: way of signing in: OAuth JWT bearer."),
        ("password", "warning  Salesforce: way of signing in: A password, by SOAP `login()`: it ends with"),
        ("session", "warning  Salesforce: way of signing in: A session that was opened elsewhere"),
    ],
)
def test_doctor_tells_the_way_and_until_when_it_works(
    configure: Configure, capsys: Captured, auth: str, told: str
) -> None:
    assert run(configure(auth), "doctor") == 0
    assert told in capsys.readouterr().out


@pytest.mark.parametrize("auth", ["client_credentials", "jwt", "password"])
def test_a_sync_outlives_its_sessions(configure: Configure, box: Sandbox, auth: str) -> None:
    box.salesforce.tokens.requests_per_token = 2
    assert run(configure(auth), "sync") in {0, 1}
    logged = len(box.org.tasks)
    assert logged > 50
    assert sum("POST /services/" in line for line in box.salesforce_server.requests) > 1
    assert run(configure(auth), "sync") in {0, 1}
    assert len(box.org.tasks) == logged


@pytest.mark.parametrize("command", ["sync", "sync --plan", "check", "status"])
def test_the_way_that_ends_in_2027_is_warned_of_by_every_run_and_check(
    configure: Configure, capsys: Captured, command: str
) -> None:
    run(configure("password"), *command.split())
    told = capsys.readouterr().err
    assert told.count("warning[CFG115]: way to sign in that ends in 2027") == 1
    assert "auth: password" in told
    assert "`auth: client_credentials`" in told
    run(configure("jwt"), *command.split())
    assert "2027" not in capsys.readouterr().err


def test_cron_is_not_mailed_what_is_not_new(configure: Configure, capsys: Captured) -> None:
    run(configure("password"), "sync", "--quiet")
    assert "2027" not in capsys.readouterr().err


def test_a_run_with_nothing_to_write_neither_signs_in_nor_loads_what_it_would_need_to(
    configure: Configure, box: Sandbox
) -> None:
    path = configure("jwt")
    assert run(path, "sync") in {0, 1}
    box.salesforce_server.requests.clear()
    idle = subprocess.run(  # noqa: S603  # our own package
        [sys.executable, "-X", "importtime", "-m", "connector", "--config", path, "sync"],
        env=dict(os.environ),
        check=False,
        capture_output=True,
        text=True,
    )
    assert idle.returncode in {0, 1}
    assert "sync finished" in idle.stdout
    assert box.salesforce_server.requests == []
    loaded = {line.rpartition("|")[2].strip() for line in idle.stderr.splitlines() if line.startswith("import time:")}
    assert "connector.crms.salesforce.adapter" in loaded
    assert [name for name in SLOW if name in loaded] == []


def test_salesforce_is_asked_one_thing_at_a_time(configure: Configure, box: Sandbox) -> None:
    inner, under_way, most = box.salesforce_server._app, 0, 0

    async def counting(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.02)  # long enough for a second one to come in between
        await inner(scope, receive, send)
        under_way -= 1

    box.salesforce_server._app = counting  # type: ignore[assignment]  # stands before the whole org
    assert run(configure("client_credentials"), "sync") in {0, 1}
    assert len(box.salesforce_server.requests) > 3
    assert most == 1
