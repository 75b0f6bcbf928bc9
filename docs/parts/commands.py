"""The command line, as it describes itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from inspect import Parameter, getdoc, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin, get_type_hints

from typer.models import ArgumentInfo, OptionInfo

from connector.cli.commands import Commands
from docs.parts.markdown import code, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from typer import Typer

COMMON_OPTIONS = ("--config", "--log-format", "--format")
_KINDS = {int: "N", str: "TEXT", Path: "PATH", datetime: "TIME"}


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its help, and each of its arguments and options with how it is written and what it says.

    `needs` are the arguments that cannot be left out.
    """

    name: str
    help: str
    parameters: tuple[tuple[str, str], ...]
    needs: tuple[str, ...] = ()

    @property
    def own(self) -> list[tuple[str, str]]:
        """Without the common options."""
        return [row for row in self.parameters if row[0].split(" ")[0] not in COMMON_OPTIONS]


def commands() -> list[Command]:
    """Every command, in the order of `--help`."""
    apps = Commands(lambda app: app)
    return [command for name, app in apps.items() for command in _commands(app, name)]


def _commands(app: Typer, name: str) -> Iterator[Command]:
    group = f"{name} " if app.info.name else ""
    for registered in app.registered_commands:
        if registered.callback:
            yield _command(group + (registered.name or registered.callback.__name__), registered.callback)


def _command(name: str, function: Callable[..., Any]) -> Command:
    hints = get_type_hints(function, include_extras=True)
    parameters = []
    needs = []
    for parameter in signature(function).parameters.values():
        if get_origin(hints[parameter.name]) is Annotated:
            kind, info = get_args(hints[parameter.name])
            parameters.append((_written(parameter.name, kind, info), _described(info, parameter.default)))
            needs += [parameters[-1][0]] if parameter.default is Parameter.empty else []
    return Command(name, getdoc(function) or "", tuple(parameters), tuple(needs))


def command_list() -> str:
    """What each command does, in a sentence or two."""
    return table(("command", "does"), ((code(each.name), _paragraphs(each.help)[0]) for each in commands()))


def command_reference() -> str:
    """Every command with its own arguments and options."""
    blocks = []
    for each in commands():
        rows = table(("written", "says"), ((code(name), text) for name, text in each.own)) if each.own else ""
        common = "" if len(each.own) == len(each.parameters) else "Takes the common options."
        blocks += [f"## `{' '.join(('apten-crm', each.name, *each.needs))}`", *_paragraphs(each.help), rows, common]
    return "\n\n".join(block for block in blocks if block)


def common_options() -> str:
    """The options that may also stand before the command."""
    rows = {row[0]: row[1] for each in commands() for row in each.parameters if row not in each.own}
    return table(("written", "says"), ((code(name), text) for name, text in rows.items()))


def _written(name: str, kind: Any, info: OptionInfo | ArgumentInfo) -> str:
    kinds = [each for each in (get_args(kind) or (kind,)) if each is not type(None)]
    if isinstance(info, ArgumentInfo):
        return (info.metavar or name).upper() + ("…" if get_origin(kinds[0]) is list else "")
    # Within Annotated, typer takes the first name for the default.
    option = next(str(each) for each in (info.default, *(info.param_decls or ())) if str(each).startswith("--"))
    if kinds[0] is bool:
        return option
    words = "|".join(kinds[0]) if issubclass(kinds[0], StrEnum) else _KINDS[kinds[0]]
    return f"{option} {info.metavar or words}"


def _described(info: OptionInfo | ArgumentInfo, default: Any) -> str:
    shown = default not in (None, False, Parameter.empty) and info.show_default
    return f"{info.help} (default: {default})" if shown else str(info.help)


def _paragraphs(text: str) -> list[str]:
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]
