"""Options that every command takes, before or after its name."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from connector.cli.offline import read_config
from connector.config import Config
from connector.errors import SetupError
from connector.log import LogFormat, LogLevel, configure_logging, get_log
from connector.ports import Log


class OutputFormat(StrEnum):
    """How results look."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="The config file. (default: ./config.yaml)", show_default=False)
]
LogFormatOption = Annotated[
    LogFormat | None,
    typer.Option("--log-format", help="Log lines on stderr: console or json. (default: console)", show_default=False),
]
FormatOption = Annotated[
    OutputFormat | None,
    typer.Option(
        "--format",
        help="Results on stdout: text, json for programs, or, of check alone, github for annotations. (default: text)",
        show_default=False,
    ),
]


_SUMMARY = frozenset({"run.finished"})


@dataclass(slots=True)
class Common:
    """The common options as given before the command; those given after it win."""

    config: Path | None = None
    log_format: LogFormat | None = None
    output: OutputFormat | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """What a command works with: where the config is, how to print, how to log."""

    config_path: Path
    log_format: LogFormat
    json: bool
    github: bool

    def config(self) -> Config:
        """The config, read now.

        Raises:
            ConfigError: it is missing or wrong.
        """
        return read_config(self.config_path)

    def log(self, config: Config | None, *, quiet: bool = False) -> Log:
        """A log on stderr that never shows the config's secrets: on a terminal only what a person may want to see.

        Lines of JSON are for programs: a terminal makes no difference, and the line that sums up a run is always there.
        Before there is a config, nothing must be logged but what holds no text of others.
        """
        secrets = config.secrets() if config else frozenset[str]()
        if self.log_format is LogFormat.JSON:
            configure_logging(self.log_format, secrets=secrets, only=_SUMMARY if quiet else None)
        else:
            level = LogLevel.ERROR if quiet else LogLevel.WARNING if sys.stderr.isatty() else LogLevel.INFO
            configure_logging(self.log_format, level, secrets)
        return get_log()


def setting(
    context: typer.Context,
    config: Path | None = None,
    log_format: LogFormat | None = None,
    output: OutputFormat | None = None,
) -> Setting:
    """The common options from both sides of the command's name.

    Raises:
        SetupError: the command cannot print in that format.
    """
    common: Common = context.obj or Common()
    refuse_github(output, context.info_name)
    chosen = output or common.output
    return Setting(
        config or common.config or Path("config.yaml"),
        log_format or common.log_format or LogFormat.CONSOLE,
        chosen is OutputFormat.JSON,
        chosen is OutputFormat.GITHUB,
    )


def refuse_github(output: OutputFormat | None, command: str | None) -> None:
    """Annotations are for problems at lines of files, which `check` alone has.

    Raises:
        SetupError: they are asked of another command.
    """
    if output is OutputFormat.GITHUB and command != "check":
        raise SetupError(
            "`--format github` is for `apten-crm check` alone.",
            done="Nothing was done.",
            todo="Use `--format text` or `--format json`.",
        )
