"""Tells a person, by the webhook that the config names, what needs them after a run: once per change of state."""

from __future__ import annotations

import socket
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Protocol

from connector.admin_files import read_mapping, read_snapshot
from connector.cli.printing import warn
from connector.errors import AlertError, AnotherRunError, ConfigError, MappingError, exit_code
from connector.log import Redaction
from connector.mapping.apply import compile_mapping
from connector.mapping.check import check
from connector.mapping.drift import drift
from connector.sync.trouble import Bounds, news, of_error, of_report
from connector.wiring import make_alert

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from connector.config import Config
    from connector.crm_schema import ObjectSchema
    from connector.errors import Problem
    from connector.ports import Log
    from connector.sync.run import Report
    from connector.sync.trouble import Standing


class Alert(Protocol):
    """Where a person is told of what needs them."""

    def told(self) -> dict[str, str]:
        """The troubles told of and not yet told to be over, each with its state; none if that is not known."""

    def tell(self, text: str) -> None:
        """Send one message of plain text.

        Raises:
            AlertError: it was not delivered.
        """

    def remember(self, told: Mapping[str, str]) -> None:
        """Remember what was told, in place of what was remembered.

        Raises:
            AlertError: it cannot be kept.
        """


@contextmanager
def alerting(config: Config, path: Path, log: Log, kind: str) -> Iterator[Callable[[Report], None]]:
    """A run of this kind goes on inside and hands over its report, or ends by an error; then it is told what is new.

    Nothing is told of a run that found another under way, or that somebody interrupted. That a message could not be
    delivered is said, and changes nothing else.
    """
    if config.alert is None:
        yield lambda _report: None
        return
    reports: list[Report] = []
    bounds = Bounds(parked=config.alert.parked_above, waiting=config.alert.waiting_above)
    alert = make_alert(config, config.alert)
    heading = f"apten-crm {kind} on {socket.gethostname()}, {path.absolute()}:"
    try:
        yield reports.append
    except AnotherRunError:
        raise
    except Exception as error:
        _tell(alert, of_error(error, exit_code(error)), heading, log, config)
        raise
    for report in reports:
        standing = of_report(report, bounds, _drifted(config, report.schemas), alert.told())
        _tell(alert, standing, heading, log, config)


def _tell(alert: Alert, standing: Standing, heading: str, log: Log, config: Config) -> None:
    found = news(standing, alert.told())
    if found is None:
        return
    text = "\n".join([heading, *(f"• {line}" for line in found.lines)])
    try:
        alert.tell(Redaction(config.secrets()).struck_out(text))
        log.info("alert.sent", troubles=sorted(found.told))
        alert.remember(found.told)
    except AlertError as error:
        log.warning("alert.failed", what=error.happened)
        warn(str(error))


def _drifted(config: Config, schemas: Mapping[str, ObjectSchema]) -> Sequence[Problem] | None:
    """What no longer goes together since the CRM's schema was saved beside a mapping; None if the CRM was not met."""
    found: list[Problem] = []
    met = False
    for path in config.crm.mapping_files:
        # A snapshot that cannot be read is no trouble of the run, which needs none; `check` tells of it.
        with suppress(ConfigError, MappingError):
            mapping = read_mapping(path)
            live, saved = schemas.get(compile_mapping(mapping).target.name), read_snapshot(path)
            met = met or live is not None
            if live is not None and saved is not None:
                known = check(mapping, live)
                before = {problem.about for problem in check(mapping, saved)}
                found += [problem for problem in known if problem.about not in before]
                found += drift(mapping, saved, live, known)
    return found if met else None
