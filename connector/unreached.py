"""Why an address could not be reached: told by what kind of failure it was, never by its text."""

from __future__ import annotations

import errno
import socket
from typing import Any

_NO_WAY = {errno.ENETUNREACH, errno.EHOSTUNREACH}


def causes(error: BaseException) -> list[BaseException]:
    """The exception and what it wraps: urllib3 and requests pass causes on as arguments and as `reason`."""
    found: list[BaseException] = []
    waiting: list[Any] = [error]
    while waiting:
        cause = waiting.pop()
        if isinstance(cause, BaseException) and cause not in found:
            found.append(cause)
            waiting += [*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__]
    return found


def why(error: BaseException) -> str:
    """The end of a sentence, as `: its name is not known`; empty where the failure does not tell."""
    found = causes(error)
    if any(isinstance(cause, socket.gaierror) for cause in found):
        return ": its name is not known here"
    if any(isinstance(cause, ConnectionRefusedError) for cause in found):
        return ": nothing takes connections there"
    if any(isinstance(cause, OSError) and cause.errno in _NO_WAY for cause in found):
        return ": no network leads there"
    return ""
