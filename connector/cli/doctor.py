"""`doctor`: looks at everything that a run needs, and says of each thing what to do."""

from __future__ import annotations

import platform
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from importlib.metadata import version

import typer

from connector.cli.doctor_checks import apten_check, ledger_check, mapping_check, readable_mappings
from connector.cli.options import ConfigOption, FormatOption, LogFormatOption, Setting, setting
from connector.cli.printing import counted, say, say_json, show_problems
from connector.clock import SystemClock
from connector.config import Config
from connector.errors import ConfigError, ConnectorError, exit_code
from connector.findings import Check, Finding, Level
from connector.ports import Clock
from connector.wiring import make_crm

_PROBLEM, _PASSES = 2, 3
_LIBRARIES = ("httpx", "pydantic", "requests", "simple-salesforce", "sqlalchemy", "structlog", "typer")
_MARKS = {Level.OK: "ok", Level.WARNING: "warning", Level.PROBLEM: "PROBLEM"}


def doctor(
    context: typer.Context,
    config: ConfigOption = None,
    log_format: LogFormatOption = None,
    output: FormatOption = None,
) -> int:
    """Look at all that a run needs: config, Apten, CRM, rights, mappings, ledger; and say what to do. Changes nothing.

    Ends with exit code 2 if there is a problem, 3 if all problems may pass by themselves, 0 if there are warnings only.
    """
    given = setting(context, config, log_format, output)
    findings: list[Finding] = []
    for finding in _examine(given, SystemClock()):
        findings.append(finding)
        if not given.json:
            _show(finding)
    problems = [finding for finding in findings if finding.level is Level.PROBLEM]
    if given.json:
        say_json({"versions": _versions(), "findings": [asdict(finding) for finding in findings]})
    else:
        say(_verdict(findings))
    if not problems:
        return 0
    return _PASSES if all(finding.passes for finding in problems) else _PROBLEM


def _examine(given: Setting, clock: Clock) -> Iterator[Finding]:
    try:
        settings = given.config()
    except ConfigError as error:
        show_problems(error.diagnostics)
        yield _of_error("config", error)
        return
    given.log(settings)
    yield Finding(Level.OK, "config", f"{given.config_path} can be read.")
    yield from _look([apten_check(settings, clock)])
    identity = yield from _crm(settings)
    yield from _look([ledger_check(settings, clock, identity)])


def _crm(settings: Config) -> Generator[Finding, None, str | None]:
    """The CRM by the mappings that can be read, and what is wrong with the others.

    Returns:
        The CRM's identity, if it could be asked.
    """
    uses, mappings = [], []
    for found in readable_mappings(settings):
        if isinstance(found, Finding):
            yield found
        else:
            mappings.append(found[0])
            uses.append(found[1])
    try:
        crm = make_crm(settings, mappings)
    except ConnectorError as error:
        yield _of_error("CRM", error)
        return None
    with closing(crm):
        checks = [*crm.checks(uses), *(mapping_check(crm, *pair) for pair in zip(mappings, uses, strict=True))]
        if not (yield from _look(checks)):  # another wrong password might lock the user out
            return None
        try:
            return crm.identity()
        except ConnectorError:  # it has been told already
            return None


def _look(checks: Sequence[Check]) -> Generator[Finding, None, bool]:
    """What the checks find. Where the first of them fails, the others could only say the same, and are left out.

    Returns:
        Whether none was left out.
    """
    for number, check in enumerate(checks):
        try:
            yield from check.look()
        except ConnectorError as error:
            finding = _of_error(check.about, error)
            yield finding
            if not number or finding.passes:
                return False
    return True


def _of_error(about: str, error: ConnectorError) -> Finding:
    return Finding(Level.PROBLEM, about, error.happened, error.todo, passes=exit_code(error) == _PASSES)


def _show(finding: Finding) -> None:
    say(f"{_MARKS[finding.level]:<8} {finding.about}: {finding.found}")
    if finding.todo:
        say(f"{'':<8} → {finding.todo}")


def _verdict(findings: Sequence[Finding]) -> str:
    def count(level: Level) -> str:
        return counted(sum(finding.level is level for finding in findings), level)

    if all(finding.level is Level.OK for finding in findings):
        return "\nAll is well."
    return f"\n{count(Level.PROBLEM)}, {count(Level.WARNING)}"


def _versions() -> dict[str, str]:
    ours = {"apten-crm-connector": version("apten-crm-connector"), "python": platform.python_version()}
    return {**ours, "platform": sys.platform, **{name: version(name) for name in _LIBRARIES}}
