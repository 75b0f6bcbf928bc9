"""With `--log-format json` every run ends with one line for programs, also one that never began."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from connector.ledger.lock import hold_lock
from connector.sandbox.faults import Fault
from docs.generate import ROOT
from tests.cli.conftest import change, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from tests.town import Town

    Build = Callable[..., Town]
    Captured = pytest.CaptureFixture[str]

from contextlib import contextmanager, nullcontext


def summaries(text: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == "run.finished"]


@contextmanager
def no_config(town: Town) -> Iterator[None]:
    town.config_path.unlink()
    yield


@contextmanager
def bad_config(town: Town) -> Iterator[None]:
    change(town.config_path, ("api_key", "api_kye"))
    yield


@contextmanager
def bad_mapping(town: Town) -> Iterator[None]:
    change(town.mapping_path, ("fields:\n", "fields:\n  nonesuch: {from: nonesuch}\n"))
    yield


@contextmanager
def no_ledger(town: Town) -> Iterator[None]:
    (town.folder / "ledger.db").write_bytes(b"a shopping list" * 500)
    yield


@contextmanager
def wrong_key(town: Town) -> Iterator[None]:
    town.apten.faults.add(Fault(status=401))
    yield


@contextmanager
def another_apten(town: Town) -> Iterator[None]:
    town.run()
    change(town.config_path, ("127.0.0.1", "localhost"))
    yield


TROUBLES: dict[str, tuple[Callable[[Town], AbstractContextManager[None]], int, bool]] = {
    "ConfigError: none": (no_config, 2, False),
    "ConfigError: bad": (bad_config, 2, False),
    "MappingError": (bad_mapping, 2, False),
    "LedgerError: damaged": (no_ledger, 2, False),
    "LedgerError: another": (another_apten, 2, False),
    "AnotherRunError": (lambda town: hold_lock(f"sqlite:///{town.folder}/ledger.db"), 3, False),
    "CredentialsError": (wrong_key, 2, True),
    "None": (lambda _: nullcontext(), 0, True),
}


@pytest.mark.parametrize("name", TROUBLES)
@pytest.mark.parametrize("quiet", [[], ["--quiet"]])
def test_every_run_ends_with_one_line_that_says_how(
    build: Build, capsys: Captured, name: str, quiet: list[str]
) -> None:
    trouble, code, begun = TROUBLES[name]
    town = build("database", calls=6, leads=2)
    with trouble(town):
        capsys.readouterr()
        assert run(town, "sync", "--log-format", "json", *quiet) == code
    said = capsys.readouterr().err
    [line] = summaries(said)
    assert line["exit_code"] == code
    assert str(line["error"]) == name.partition(":")[0]
    assert (line["run"] is not None) is begun
    assert line["kind"] == "sync"
    assert line["seconds"] >= 0
    if quiet:
        assert [json.loads(text)["event"] for text in said.splitlines() if text.startswith("{")] == ["run.finished"]
    elif begun:
        assert "run.started" in said


def test_a_run_with_tallies_tells_them(build: Build, capsys: Captured) -> None:
    town = build("database", calls=6, leads=2)
    assert run(town, "resync", "--all", "--log-format", "json") == 0
    assert run(town, "sync", "--log-format", "json", "--quiet") == 0
    resync, sync = summaries(capsys.readouterr().err)
    assert (resync["kind"], resync["run"], sync["run"]) == ("resync", 1, 2)
    assert sync["created"] == len(town.loggable())


def test_its_fields_are_those_that_the_reference_names(build: Build, capsys: Captured) -> None:
    town = build("salesforce", calls=40, leads=8)
    town.fill_the_bin(1)
    assert run(town, "sync", "--log-format", "json") == 1
    [line] = summaries(capsys.readouterr().err)
    named = set(re.findall(r"`([\w ]+)`", (ROOT / "docs/reference/log-events.md").read_text(encoding="utf-8")))
    assert set(line) - named - {"event"} == set()
