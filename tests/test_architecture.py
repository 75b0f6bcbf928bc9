"""The house keeps its rules, and a breach of any of them is noticed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import LONGEST_FILE, MAY_IMPORT, Module, violations

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "connector"
SLOW_TO_IMPORT = (
    *("simple_salesforce", "zeep", "requests", "sqlalchemy", "httpx"),
    *("structlog", "rich", "phonenumbers", "starlette", "uvicorn"),
)


# A house of empty rooms, in which breaches are planted.
ROOMS = (
    "errors",
    "model",
    "config",
    "wiring",
    "apten",
    "apten.client",
    "crms",
    "crms.salesforce",
    "crms.database",
    "ledger",
    "ledger.tables",
    "mapping",
    "sync",
    "sync.run",
    "sandbox",
    "sandbox.server",
    "cli",
    "cli.app",
    "ports",
)


def modules() -> dict[str, Module]:
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        found[name] = Module(name, path.read_text(encoding="utf-8"), is_package)
    return found


def test_the_house_keeps_its_rules() -> None:
    assert violations(modules()) == []


def test_every_part_with_a_place_in_the_house_exists() -> None:
    assert set(MAY_IMPORT) <= {module.part for module in modules().values()}


def test_no_test_file_is_longer_than_any_other_may_be() -> None:
    long = [path.name for path in Path(__file__).parent.rglob("*.py") if path.read_text().count("\n") > LONGEST_FILE]
    assert long == []


@pytest.mark.parametrize(
    ("name", "text", "breach"),
    [
        ("mapping.x", "import connector.apten.client", "mapping.x: may not import apten.client"),
        ("mapping.x", "from connector import apten", "mapping.x: may not import apten"),
        ("sync.x", "from connector.config import Config", "sync.x: may not import config"),
        ("sync.x", "def f():\n    from connector.ledger import tables", "sync.x: may not import ledger.tables"),
        ("apten.x", "if TYPE_CHECKING:\n    from connector.sync import run", "apten.x: may not import sync.run"),
        ("apten.x", "from connector.ledger import tables", "apten.x: may not import ledger.tables"),
        ("crms.x", "from connector.crms.salesforce import x", "crms.x: may not import its sibling crms.salesforce"),
        ("crms.x", "from connector.ports import Crm", "crms.x: may not import ports"),
        ("ledger.x", "from connector.crms import x", "ledger.x: may not import crms"),
        ("cli.x", "from connector.apten.client import Apten", "cli.x: may not import apten.client"),
        ("errors", "import connector.model", "errors: may not import model"),
        ("config", "import connector.mapping", "config: may not import mapping"),
        ("sandbox.x", "from connector.sync import run", "sandbox.x: may not import sync.run"),
        ("sync.x", "from connector.sandbox import server", "sync.x: may not import sandbox.server"),
        ("wiring", "from connector.cli import app", "wiring: may not import cli.app"),
        ("sync.x", "from .run import run", "sync.x: relative import .run"),
        ("sync.x", "import httpx", "sync.x: may not import the library httpx"),
        ("crms.x", "from httpx import Client", "crms.x: may not import the library httpx"),
        ("apten.x", "import sqlalchemy.exc", "apten.x: may not import the library sqlalchemy"),
        ("crms.database.x", "import requests", "crms.database.x: may not import the library requests"),
        ("wiring", "import typer", "wiring: may not import the library typer"),
        ("config", "import yaml", "config: may not import the library yaml"),
        ("ledger.x", "import numpy", "ledger.x: may not import the library numpy"),
        ("novelty.x", "", "novelty.x: a part without a place in the house"),
        ("sync.x", "\n" * (LONGEST_FILE + 1), "sync.x: more than 300 lines"),
        ("sync.x", "try: f()\nexcept Exception: pass", "sync.x: broad except"),
        ("sync.x", "try: f()\nexcept (ValueError, BaseException): g()", "sync.x: broad except"),
        ("sync.x", "try: f()\nexcept: pass", "sync.x: broad except"),
        ("sync.x", "now = datetime.now(UTC)", "sync.x: datetime.now is to be passed in"),
        ("apten.x", "time.sleep(1)", "apten.x: time.sleep is to be passed in"),
        ("sync.x", "self._log.info(f'call.{x}')", "sync.x: a log event is a constant noun.past_verb"),
        ("sync.x", "get_log().warning('Something happened')", "sync.x: a log event is a constant noun.past_verb"),
    ],
)
def test_a_planted_breach_is_noticed(name: str, text: str, breach: str) -> None:
    house = {room: Module(room, "") for room in ROOMS}
    assert violations(house) == []
    house[name] = Module(name, text)
    assert violations(house) == [breach]


@pytest.mark.parametrize("text", ["", "x = 1", '"""Doc."""\nfrom connector.sync.run import run'])
def test_an_init_that_is_more_than_its_docstring_is_noticed(text: str) -> None:
    planted = {"sync": Module("sync", text, is_package=True)}
    assert "sync: an __init__.py holds one docstring and nothing else" in violations(planted)


def test_a_ring_of_imports_is_noticed_wherever_the_imports_stand() -> None:
    ring = {
        "sync.a": Module("sync.a", "from connector.sync.b import f"),
        "sync.b": Module("sync.b", "def f():\n    from connector.sync import c"),
        "sync.c": Module("sync.c", "if TYPE_CHECKING:\n    import connector.sync.a"),
    }
    assert [found for found in violations(ring) if found.startswith("ring: ")]
    del ring["sync.c"]
    assert violations(ring) == []


def test_raising_again_is_no_broad_except() -> None:
    assert violations({"sync.x": Module("sync.x", "try: f()\nexcept BaseException:\n    g()\n    raise")}) == []


def test_a_mapping_is_checked_without_the_libraries_that_are_slow_to_import() -> None:
    code = f"""
import sys
from connector.cli.app import main
assert main(["check", "mappings/salesforce.yaml"]) == 0
print([name for name in {SLOW_TO_IMPORT} if name in sys.modules])
"""
    told = subprocess.run(  # noqa: S603 -- our own package, no outside input
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert told.stdout.splitlines()[-1] == "[]"
