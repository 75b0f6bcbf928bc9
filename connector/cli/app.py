"""The command `apten-crm`: its commands, and how errors become exit codes."""

from __future__ import annotations

import sys
import threading
from io import TextIOWrapper
from typing import Annotated

import typer

from connector.cli.commands import CommandGroup
from connector.cli.options import Common, ConfigOption, FormatOption, LogFormatOption, refuse_github
from connector.cli.printing import say, show_defect, show_error
from connector.errors import ConnectorError, exit_code


def _leave(code: int, **_options: object) -> None:
    raise typer.Exit(code)


app = typer.Typer(
    name="apten-crm",
    cls=CommandGroup,
    help="Logs Apten's calls in your CRM: once each, on the right person, in your own fields and words.",
    epilog="Exit codes: 0 nothing left to do · 1 finished, but calls are parked or a case of `test` failed · 2 a "
    "person must change something first · 3 stopped early, the next run goes on by itself.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    result_callback=_leave,
)


def _show_version(wanted: bool) -> None:  # typer calls it with the flag
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415  # takes longer to import than to tell

        say(version("apten-crm-connector"))
        raise typer.Exit


@app.callback()
def common(
    context: typer.Context,
    config: ConfigOption = None,
    log_format: LogFormatOption = None,
    output: FormatOption = None,
    _version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Options for every command; they may also stand after its name."""
    refuse_github(output, context.invoked_subcommand)
    context.obj = Common(config, log_format, output)


def hide_foreign_texts() -> None:
    """For the whole process: what goes wrong where no caller learns of it is shown without its text, as all defects.

    Python itself would print the text, which may hold anything: in another thread, or while an object is taken down.
    """
    threading.excepthook = lambda failed: _show_unseen(failed.exc_value)
    sys.unraisablehook = lambda failed: _show_unseen(failed.exc_value)


def _show_unseen(error: BaseException | None) -> None:
    if error is not None:
        show_defect(error)


def main(arguments: list[str] | None = None) -> int:
    """Run a command; its exit code is returned, every error shown on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # Calls are in any script; a terminal that cannot show one gets its code points, not an error.
            stream.reconfigure(errors="backslashreplace")
    try:
        app(arguments)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    except ConnectorError as error:
        show_error(error)
        return exit_code(error)
    except Exception as error:  # noqa: BLE001  # the last resort: no traceback, whose texts may hold call data
        show_defect(error)
    return 3
