"""The config for commands that ask nobody anything: what is only needed on the way out may be missing."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from connector.config import Config, load_config
from connector.diagnostics import Diagnostic, Severity
from connector.errors import ConfigError

UNSET_VARIABLE = "CFG107"
_NOT_SET = "not-set"


def read_settings(path: Path, *, live: bool) -> tuple[Config, list[Diagnostic]]:
    """The config and its warnings; offline a variable that is not set is worth a warning only."""
    try:
        settings = load_config(path, os.environ)
        return settings, list(settings.warnings)
    except ConfigError as error:
        unset = [each for each in error.diagnostics if isinstance(each, Diagnostic)]
        if live or not unset or {each.code for each in unset} != {UNSET_VARIABLE}:
            raise
        try:
            settings = load_config(path, _Pretended(os.environ))
        except ConfigError:
            raise error from None
        return settings, [
            *settings.warnings,
            *(
                Diagnostic(each.code, Severity.WARNING, each.message, each.place, each.label, each.help)
                for each in unset
            ),
        ]


def read_where_ledger_is(path: Path) -> Config:
    """The config for commands that ask the ledger alone: keys may be missing, but nothing that says where it is.

    Raises:
        ConfigError: it is missing or wrong.
    """
    settings, _ = read_settings(path, live=False)
    return load_config(path, os.environ) if _NOT_SET in settings.ledger else settings


class _Pretended(Mapping[str, str]):
    """An environment in which every variable is set, so that all else can be checked."""

    def __init__(self, true: Mapping[str, str]) -> None:
        self._true = true

    def __getitem__(self, name: str) -> str:
        return self._true.get(name) or _NOT_SET

    def __iter__(self) -> Iterator[str]:
        return iter(self._true)

    def __len__(self) -> int:
        return len(self._true)
