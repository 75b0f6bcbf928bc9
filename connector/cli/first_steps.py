"""`init` and `check`."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from connector.cli.annotations import annotated, annotation
from connector.cli.options import ConfigOption, FormatOption, LogFormatOption, setting
from connector.cli.printing import say, say_json, show_problems
from connector.clock import SystemClock
from connector.config import Config, load_config
from connector.diagnostics import Diagnostic, Severity
from connector.errors import ConfigError
from connector.mapping.apply import compile_mapping
from connector.mapping.check import check as check_mapping
from connector.mapping.drift import drift
from connector.shipped import shipped
from connector.wiring import knock_at_apten, make_crm, read_mapping, read_snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.cli.options import Setting
    from connector.crm_schema import ObjectSchema
    from connector.mapping.load import MappingFile

UNSET_VARIABLE = "CFG107"


class Kind(StrEnum):
    """The CRMs that can be set up."""

    DATABASE = "database"
    SALESFORCE = "salesforce"


def init(
    crm: Annotated[Kind, typer.Option("--crm", help="Where calls are to be logged.")] = Kind.DATABASE,
    folder: Annotated[Path, typer.Argument(help="The folder to write to.")] = Path(),
) -> int:
    """Write a config and a mapping to start from. Nothing that is there is overwritten."""
    files = {
        folder / "config.yaml": starting_config(crm, datetime.now(UTC)),
        folder / "mappings" / f"{crm}.yaml": shipped(f"mappings/{crm}.yaml").read_text(encoding="utf-8"),
        folder / "mappings" / f"{crm}.schema.yaml": shipped(f"mappings/{crm}.schema.yaml").read_text(encoding="utf-8"),
        folder / "mappings" / f"{crm}.tests.yaml": shipped(f"mappings/{crm}.tests.yaml").read_text(encoding="utf-8"),
    }
    there = [path for path in files if path.exists()]
    if there:
        raise ConfigError(
            f"{' and '.join(map(str, there))} {'is' if len(there) == 1 else 'are'} there already.",
            done="Nothing was written.",
            todo="Move it away first, or give another folder: `apten-crm init FOLDER`.",
        )
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        say(f"wrote {path}")
    say()
    say("Next:")
    say("  1. Put your keys into the environment variables that config.yaml names.")
    say("  2. Look at the mapping, change what you like, then: apten-crm check")
    say("  3. See what it makes of your latest calls:           apten-crm preview --last 5")
    say("  4. Log them:                                         apten-crm sync")
    return 0


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


def check(
    context: typer.Context,
    mappings: Annotated[
        list[Path] | None, typer.Argument(help="Mappings to check by themselves, without a config.")
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Also sign in: to Apten, and to the CRM to check against it as it is now.")
    ] = False,
    config: ConfigOption = None,
    log_format: LogFormatOption = None,
    output: FormatOption = None,
) -> int:
    """Check config and mapping, all problems at once.

    Offline, the CRM's schema is read from the snapshot beside the mapping (`x.schema.yaml` beside `x.yaml`). With
    --live, fields that the mapping uses and that the CRM has narrowed since are told as well, as warnings.
    """
    given = setting(context, config, log_format, output)
    with annotated(wanted=given.github):
        return _check(given, mappings or [], live=live)


def _check(given: Setting, mappings: list[Path], *, live: bool) -> int:
    found: list[Diagnostic] = []
    paths = mappings
    if not paths:
        settings, found = read_settings(given.config_path, live=live)
        paths = list(settings.crm.mapping_files)
        given.log(settings)
        if live:
            knock_at_apten(settings, SystemClock())
    unchecked = []
    for path in paths:
        mapping = read_mapping(path)
        saved = read_snapshot(path)
        schema = _live_schema(settings, mapping) if live and not mappings else saved
        problems = check_mapping(mapping, schema)
        found += problems
        if schema is not None and saved is not None:
            found += drift(mapping, saved, schema, problems)
        if schema is None:
            unchecked.append(path)
    errors = sum(each.is_error for each in found)
    if given.json:
        say_json([each.as_json() for each in found])
    else:
        if given.github:
            for each in found:
                say(annotation(each))
        else:
            show_problems(found)
        for path in unchecked:
            say(f"{path}: checked without the CRM's schema, there is no {path.stem}.schema{path.suffix} beside it.")
        say(_verdict(errors, len(found) - errors, len(paths), with_config=not mappings))
    return 2 if errors else 0


def read_settings(path: Path, *, live: bool) -> tuple[Config, list[Diagnostic]]:
    """The config; offline a variable that is not set is worth a warning only."""
    try:
        return load_config(path, os.environ), []
    except ConfigError as error:
        unset = [each for each in error.diagnostics if isinstance(each, Diagnostic)]
        if live or not unset or {each.code for each in unset} != {UNSET_VARIABLE}:
            raise
        try:
            settings = load_config(path, _Pretended(os.environ))
        except ConfigError:
            raise error from None
        return settings, [
            Diagnostic(each.code, Severity.WARNING, each.message, each.place, each.label, each.help) for each in unset
        ]


class _Pretended(Mapping[str, str]):
    """An environment in which every variable is set, so that all else can be checked."""

    def __init__(self, true: Mapping[str, str]) -> None:
        self._true = true

    def __getitem__(self, name: str) -> str:
        return self._true.get(name) or "not-set"

    def __iter__(self) -> Iterator[str]:
        return iter(self._true)

    def __len__(self) -> int:
        return len(self._true)


def _live_schema(config: Config, mapping: MappingFile) -> ObjectSchema:
    with closing(make_crm(config, [mapping])) as crm:
        return crm.describe(compile_mapping(mapping).target)


def _verdict(errors: int, warnings: int, files: int, *, with_config: bool) -> str:
    def count(number: int, what: str) -> str:
        return f"{number} {what}" + ("" if number == 1 else "s")

    if errors or warnings:
        where = count(files, "mapping") + (" and the config" if with_config else "")
        return f"{count(errors, 'error')}, {count(warnings, 'warning')} in {where}"
    return f"{count(files, 'mapping')} checked: no problems"
