"""Logging set-up: structured lines on stderr, and the last line of defence against saying too much.

Events are constants, `noun.past_verb`; ids and counts are their fields. Content never belongs in a log, and should a
secret or a phone number end up in one all the same, it is struck out here. What libraries log or warn of is not passed
on, only that they did: their texts hold addresses, bodies and worse.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from enum import StrEnum
from io import TextIOBase
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast
from urllib.parse import quote

from connector.sparing import without_terminals

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

_HIDDEN = "***"
_PRIVATE_KEY = re.compile(
    r"authori[sz]ation|api[-_]?key|token|secret|password|cookie|session_id|consumer_key", re.IGNORECASE
)
_PHONE = re.compile(r"(?:\+|%2B)[1-9]\d{6,14}", re.IGNORECASE)
_NEVER = ("exc_info", "stack_info", "exception", "stack")
_SHORTEST_SECRET = 4


class LogFormat(StrEnum):
    """How log lines look: for people, or one JSON object a line."""

    CONSOLE = "console"
    JSON = "json"


class LogLevel(StrEnum):
    """The least important lines to show."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def configure_logging(
    log_format: LogFormat = LogFormat.CONSOLE,
    level: LogLevel = LogLevel.INFO,
    secrets: Iterable[str] = (),
    *,
    only: Collection[str] | None = None,
) -> None:
    """Set up logging for the whole process. May be called again.

    Args:
        log_format: how lines look.
        level: the least important ones to write.
        secrets: struck out wherever they turn up.
        only: the only events to write; None for all.
    """
    # Imported where something is logged: the commands that only look at files do without.
    with without_terminals():
        import structlog  # noqa: PLC0415

    structlog.configure(
        processors=[
            _Selection(only),
            structlog.processors.add_log_level,
            Redaction(secrets),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _renderer(log_format),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Unbreakable(sys.stderr))),
    )
    logging.basicConfig(handlers=[_LibraryHandler()], level=logging.WARNING, force=True)
    logging.captureWarnings(capture=True)


def get_log() -> FilteringBoundLogger:
    """The log as `configure_logging` last set it up."""
    import structlog  # noqa: PLC0415  # see configure_logging

    log: FilteringBoundLogger = structlog.get_logger()
    return log


class _Unbreakable(TextIOBase):
    """A stream that may end: a log nobody reads any more (`| head`), or a full disk, must not end a run."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write, or not."""
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush, or not."""
        with suppress(OSError):
            self._stream.flush()


class _Selection:
    """Drops all events but some."""

    def __init__(self, only: Collection[str] | None) -> None:
        self._only = only

    def __call__(self, _logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
        """The line, unless it is not wanted."""
        import structlog  # noqa: PLC0415  # see configure_logging

        if self._only is not None and event_dict["event"] not in self._only:
            raise structlog.DropEvent
        return event_dict


class Redaction:
    """Strikes out secrets and phone numbers, leaves out tracebacks, and keeps every value on one printable line."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        long_enough = {secret for secret in secrets if len(secret) >= _SHORTEST_SECRET}
        spellings = long_enough | {quote(secret, safe="") for secret in long_enough}
        self._secrets = sorted(spellings, key=len, reverse=True)

    def __call__(self, _logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
        """The line with what must not be read struck out."""
        return {key: self._field(key, value) for key, value in event_dict.items() if key not in _NEVER}

    def _field(self, key: object, value: Any) -> Any:
        return _HIDDEN if _PRIVATE_KEY.search(str(key)) else self._value(value)

    def _value(self, value: Any) -> Any:
        if value is None or isinstance(value, (bool, int, float)):
            return value
        if isinstance(value, (str, Path, date, datetime, timedelta)):
            return self._text(str(value))
        if isinstance(value, Mapping):
            return {self._text(str(key)): self._field(key, inner) for key, inner in value.items()}
        if isinstance(value, (list, tuple, set, frozenset)):
            return [self._value(inner) for inner in value]
        return type(value).__name__

    def _text(self, text: str) -> str:
        text = self.struck_out(text)
        return text if text.isprintable() else repr(text)[1:-1]

    def struck_out(self, text: str) -> str:
        """The text without secrets and phone numbers, otherwise as it is."""
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return _PHONE.sub(_HIDDEN, text)


class _LibraryHandler(logging.Handler):
    """Says that a library has something to say, and nothing of what."""

    def emit(self, record: logging.LogRecord) -> None:
        get_log().warning("library.warned", library=record.name, severity=record.levelname.lower())


def _renderer(log_format: LogFormat) -> Processor:
    import structlog  # noqa: PLC0415  # see configure_logging

    if log_format is LogFormat.JSON:
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty() and not os.environ.get("NO_COLOR"))
