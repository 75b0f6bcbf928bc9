"""`init`: a config and a mapping to start from."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from connector.admin_files import read_schema
from connector.cli.files import write_all
from connector.cli.json_schema import beside, mapping_schema_text, naming_its_schema
from connector.cli.printing import say
from connector.errors import ConfigError
from connector.shipped import shipped


class Kind(StrEnum):
    """The CRMs that can be set up."""

    DATABASE = "database"
    SALESFORCE = "salesforce"


def init(
    crm: Annotated[Kind, typer.Option("--crm", help="Where calls are to be logged.")] = Kind.DATABASE,
    folder: Annotated[Path, typer.Argument(help="The folder to write to.")] = Path(),
) -> int:
    """Write a config and a mapping to start from. Nothing that is there is overwritten."""
    mapping = folder / "mappings" / f"{crm}.yaml"
    files = {
        folder / "config.yaml": starting_config(crm, datetime.now(UTC)),
        mapping: naming_its_schema(mapping, _shipped(f"{crm}.yaml")),
        mapping.with_name(f"{crm}.schema.yaml"): _shipped(f"{crm}.schema.yaml"),
        mapping.with_name(f"{crm}.tests.yaml"): _shipped(f"{crm}.tests.yaml"),
        beside(mapping): mapping_schema_text(read_schema(shipped(f"mappings/{crm}.schema.yaml"))),
    }
    there = [path for path in files if path.exists()]
    if there:
        raise ConfigError(
            f"{', '.join(map(str, there))}: there already.",
            done="Nothing was written.",
            todo="Move away what is there first, or give another folder: `apten-crm init FOLDER`.",
        )
    write_all(files, instead="give another: `apten-crm init FOLDER`")
    for path in files:
        say(f"wrote {path}")
    say()
    say("Next:")
    say("  1. Put your keys into the environment variables that config.yaml names, and your org or database into it.")
    say("  2. See whether all is well:                          apten-crm doctor")
    say("  3. Look at the mapping, change what you like, then:  apten-crm check, apten-crm test")
    say("  4. See what it makes of your latest calls:           apten-crm preview --last 5")
    say("  5. Log them:                                         apten-crm sync")
    say("A sync begins with the calls of today; for earlier ones set sync.start in config.yaml before the first.")
    return 0


def _shipped(name: str) -> str:
    return shipped(f"mappings/{name}").read_text(encoding="utf-8")


def starting_config(crm: Kind, now: datetime) -> str:
    """The example config for this kind of CRM; a new ledger looks back to the beginning of today."""
    text = shipped("config.example.yaml").read_text(encoding="utf-8")
    text = re.sub(r"^  # start: .*$", f"  start: {now:%Y-%m-%d}", text, flags=re.MULTILINE)
    text, marker, other = text.partition("\n# In place of the `crm` above")
    if crm is Kind.DATABASE:
        block = re.search(r"^# crm:\n(?:^#   .*\n?)+", other, re.MULTILINE)
        if not marker or block is None:
            raise AssertionError("config.example.yaml lost its database section")
        database = re.sub(r"^# ?", "", block[0], flags=re.MULTILINE).rstrip() + "\n"
        text = re.sub(r"^crm:\n(?:^(?:  .*)?\n)+", database + "\n", text, count=1, flags=re.MULTILINE)
    return text.rstrip() + "\n"
