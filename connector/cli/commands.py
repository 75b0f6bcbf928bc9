"""The commands by name, each imported when it is asked for: together they take longer to import than a sync to run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any, TypeVar

import typer
from typer.core import TyperGroup

T = TypeVar("T")

_WHERE = {
    "init": "init:init",
    "setup": "setup:setup",
    "doctor": "doctor:doctor",
    "check": "check:check",
    "test": "mapping_tests:test",
    "explain-code": "explain_code:explain_code",
    "schema": "schema:schema",
    "preview": "preview:preview",
    "sync": "runs:sync",
    "resync": "runs:resync",
    "reconcile": "reconcile:reconcile",
    "explain": "explain:explain",
    "runs": "past_runs:runs",
    "status": "status:status",
    "ledger": "ledger:ledger",
    "sandbox": "stand_ins:sandbox",
    "demo": "stand_ins:demo",
}
"""Module of `connector.cli` and what it holds: a function, or a group of commands. In the order of `--help`."""


class Commands(Mapping[str, T]):
    """Every command, or group of commands, each imported and made into something when it is first asked for.

    Args:
        make: makes it of an application that holds the command alone.
    """

    def __init__(self, make: Callable[[typer.Typer], T]) -> None:
        self._make = make
        self._made: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        if name not in self._made:
            self._made[name] = self._make(_application(name))
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_WHERE)

    def __len__(self) -> int:
        return len(_WHERE)


class CommandGroup(TyperGroup):
    """Typer's group over commands that are imported when they are asked for."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{**given, "commands": Commands(typer.main.get_command)})


def _application(name: str) -> typer.Typer:
    module, _, attribute = _WHERE[name].partition(":")
    found = getattr(import_module(f"connector.cli.{module}"), attribute)
    if isinstance(found, typer.Typer):
        return found
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    alone.command(name)(found)
    return alone
