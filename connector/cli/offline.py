"""The config for commands that ask nobody anything: what is only needed on the way out may be missing."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from connector.clock import SystemClock
from connector.config import Config, load_config
from connector.diagnostics import Diagnostic, Severity
from connector.errors import ConfigError

UNSET_VARIABLE = "CFG107"
_NOT_SET = "not-set"
_PRETENDED = (_NOT_SET, f"https://{_NOT_SET}")
"""What stands in for what is not set: the second where an address is wanted."""


def read_config(path: Path, environ: Mapping[str, str] = os.environ) -> Config:
    """The config as of today.

    Raises:
        ConfigError: it is missing or wrong.
    """
    return load_config(path, environ, today=SystemClock().now().date())


def read_settings(path: Path, *, live: bool) -> tuple[Config, list[Diagnostic]]:
    """The config and its warnings; offline a variable that is not set is worth a warning only."""
    try:
        settings = read_config(path)
        return settings, list(settings.warnings)
    except ConfigError as error:
        unset = [each for each in error.diagnostics if isinstance(each, Diagnostic)]
        if live or not unset or {each.code for each in unset} != {UNSET_VARIABLE}:
            raise
        pretended = _pretending(path)
        if pretended is None:
            raise
        return pretended, [
            *pretended.warnings,
            *(
                Diagnostic(each.code, Severity.WARNING, each.message, each.place, each.label, each.help)
                for each in unset
            ),
        ]


def _pretending(path: Path) -> Config | None:
    """The config as it would be with every variable set; None if it has other problems, too."""
    for value in _PRETENDED:
        with suppress(ConfigError):
            return read_config(path, _Pretended(os.environ, value))
    return None


def read_where_ledger_is(path: Path) -> Config:
    """The config for commands that ask the ledger alone: keys may be missing, but nothing that says where it is.

    Raises:
        ConfigError: it is missing or wrong.
    """
    settings, _ = read_settings(path, live=False)
    return read_config(path) if _NOT_SET in settings.ledger else settings


class _Pretended(Mapping[str, str]):
    """An environment in which every variable is set, so that all else can be checked."""

    def __init__(self, true: Mapping[str, str], value: str) -> None:
        self._true = true
        self._value = value

    def __getitem__(self, name: str) -> str:
        return self._true.get(name) or self._value

    def __iter__(self) -> Iterator[str]:
        return iter(self._true)

    def __len__(self) -> int:
        return len(self._true)
