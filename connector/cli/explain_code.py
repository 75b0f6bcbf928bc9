"""`explain-code`: what a code such as MAP201 means, without a config and without a connection."""

from __future__ import annotations

from textwrap import fill, indent
from typing import TYPE_CHECKING, Annotated

import typer

from connector.cli.options import ConfigOption, FormatOption, LogFormatOption, setting
from connector.cli.printing import say, say_json, table
from connector.errors import SetupError
from connector.mapping.codes.registry import CODES as MAPPING_CODES
from connector.mapping.problems import did_you_mean
from connector.settings.codes import CODES as CONFIG_CODES

if TYPE_CHECKING:
    from connector.diagnostics import Code

_CODES = dict(sorted({**CONFIG_CODES, **MAPPING_CODES}.items()))
_WIDTH = 100


def explain_code(
    context: typer.Context,
    code: Annotated[str | None, typer.Argument(help="The code, in any case; without one, all are listed.")] = None,
    config: ConfigOption = None,
    log_format: LogFormatOption = None,
    output: FormatOption = None,
) -> int:
    """Explain a code such as MAP201: what it means, what brings it about, what to write instead."""
    given = setting(context, config, log_format, output)
    if code is None:
        if given.json:
            say_json([_as_json(each) for each in _CODES.values()])
        else:
            say(table([(each.name, each.title) for each in _CODES.values()], indent=""))
        return 0
    found = _known(code)
    if given.json:
        say_json(_as_json(found))
    else:
        say(_explained(found))
    return 0


def _known(name: str) -> Code:
    found = _CODES.get(name.strip().upper())
    if found is None:
        likely = did_you_mean(name.strip(), _CODES)
        raise SetupError(
            f'There is no code "{name}".',
            todo=f"{likely[:1].upper()}{likely[1:]} `apten-crm explain-code` lists all of them.".strip(),
        )
    return found


def _explained(code: Code) -> str:
    return "\n\n".join(
        (
            f"{code.severity}[{code.name}]: {code.title}",
            fill(code.means, _WIDTH, break_on_hyphens=False),
            f"What brings it about:\n\n{indent(code.example, '    ')}",
            f"Instead:\n\n{indent(code.instead, '    ')}",
        )
    )


def _as_json(code: Code) -> dict[str, str]:
    return {
        "code": code.name,
        "severity": code.severity.value,
        "title": code.title,
        "means": code.means,
        "example": code.example,
        "instead": code.instead,
    }
