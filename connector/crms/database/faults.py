"""What a database or its driver means by an exception.

Codes: PostgreSQL's SQLSTATEs, MySQL's and MariaDB's error numbers, SQLite's extended result names, from their manuals.
"""

from __future__ import annotations

import re
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import exc


class Fault(StrEnum):
    """What went wrong. Upper-case ones are a row's own, and its code."""

    UNREACHABLE = auto()
    LOCKED = auto()
    LOGIN = auto()
    SETUP = auto()
    FULL = auto()
    TOO_LONG = "TOO_LONG"
    NO_VALUE = "NO_VALUE"
    NOT_UNIQUE = "NOT_UNIQUE"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    BAD_VALUE = "BAD_VALUE"
    CONSTRAINT = "CONSTRAINT"


_CODES: dict[str | int, Fault] = {
    # PostgreSQL
    "22001": Fault.TOO_LONG,
    "23502": Fault.NO_VALUE,
    "23505": Fault.NOT_UNIQUE,
    "22003": Fault.OUT_OF_RANGE,
    "22": Fault.BAD_VALUE,
    "23": Fault.CONSTRAINT,
    # What a trigger, or the row that it works on, ran into.
    "09": Fault.CONSTRAINT,
    "21": Fault.CONSTRAINT,
    "27": Fault.CONSTRAINT,
    "38": Fault.CONSTRAINT,
    "44": Fault.CONSTRAINT,
    "45": Fault.CONSTRAINT,
    "P0": Fault.CONSTRAINT,
    "54": Fault.TOO_LONG,
    "28": Fault.LOGIN,
    "3D": Fault.SETUP,
    "42": Fault.SETUP,
    "40": Fault.LOCKED,
    "55P03": Fault.LOCKED,
    "53100": Fault.FULL,
    "53": Fault.UNREACHABLE,
    "57": Fault.UNREACHABLE,
    "08": Fault.UNREACHABLE,
    # MySQL and MariaDB
    1118: Fault.TOO_LONG,
    1153: Fault.TOO_LONG,
    1301: Fault.TOO_LONG,
    1406: Fault.TOO_LONG,
    1048: Fault.NO_VALUE,
    1364: Fault.NO_VALUE,
    1062: Fault.NOT_UNIQUE,
    1264: Fault.OUT_OF_RANGE,
    1690: Fault.OUT_OF_RANGE,
    1265: Fault.BAD_VALUE,
    1292: Fault.BAD_VALUE,
    1366: Fault.BAD_VALUE,
    1411: Fault.BAD_VALUE,
    3140: Fault.BAD_VALUE,
    1452: Fault.CONSTRAINT,
    1644: Fault.CONSTRAINT,
    3819: Fault.CONSTRAINT,
    4025: Fault.CONSTRAINT,
    1045: Fault.LOGIN,
    1044: Fault.SETUP,
    1049: Fault.SETUP,
    1054: Fault.SETUP,
    1142: Fault.SETUP,
    1146: Fault.SETUP,
    1205: Fault.LOCKED,
    1213: Fault.LOCKED,
    1021: Fault.FULL,
    1114: Fault.FULL,
    # SQLite
    "SQLITE_BUSY": Fault.LOCKED,
    "SQLITE_LOCKED": Fault.LOCKED,
    "SQLITE_FULL": Fault.FULL,
    "SQLITE_TOOBIG": Fault.TOO_LONG,
    "SQLITE_CONSTRAINT_NOTNULL": Fault.NO_VALUE,
    "SQLITE_CONSTRAINT_UNIQUE": Fault.NOT_UNIQUE,
    "SQLITE_CONSTRAINT_PRIMARYKEY": Fault.NOT_UNIQUE,
    "SQLITE_CONSTRAINT_DATATYPE": Fault.BAD_VALUE,
    "SQLITE_MISMATCH": Fault.BAD_VALUE,
    "SQLITE_CONSTRAINT": Fault.CONSTRAINT,
    "SQLITE_IOERR": Fault.UNREACHABLE,
    "SQLITE_ERROR": Fault.SETUP,
    "SQLITE_CANTOPEN": Fault.SETUP,
    "SQLITE_READONLY": Fault.SETUP,
    "SQLITE_NOTADB": Fault.SETUP,
    "SQLITE_CORRUPT": Fault.SETUP,
    "SQLITE_PERM": Fault.SETUP,
    "SQLITE_AUTH": Fault.SETUP,
}
# PostgreSQL's driver gives no code for a connection that is refused, only the server's words.
_REFUSALS = (
    (re.compile(r'database ".*" does not exist'), Fault.SETUP),
    (
        re.compile(r'authentication failed|role ".*" does not exist|no pg_hba\.conf entry|no password supplied'),
        Fault.LOGIN,
    ),
)
# By kind of exception where the driver's code is unknown; the first that fits decides.
_KINDS: tuple[tuple[type[Exception], Fault], ...] = (
    (exc.OperationalError, Fault.UNREACHABLE),
    (exc.InterfaceError, Fault.UNREACHABLE),
    (exc.IntegrityError, Fault.CONSTRAINT),
    (exc.DataError, Fault.BAD_VALUE),
    (exc.DBAPIError, Fault.SETUP),
    (exc.StatementError, Fault.BAD_VALUE),
    (exc.TimeoutError, Fault.UNREACHABLE),
    (exc.DisconnectionError, Fault.UNREACHABLE),
    (OSError, Fault.UNREACHABLE),
)


def fault_of(error: Exception) -> Fault:
    """What went wrong, by the driver's own code if it has one, else by the kind of exception."""
    fault = _by_code(error.orig) if isinstance(error, exc.DBAPIError) else None
    if fault is None and isinstance(error, exc.DBAPIError) and error.connection_invalidated:
        fault = Fault.UNREACHABLE
    return fault or next((fault for kind, fault in _KINDS if isinstance(error, kind)), Fault.SETUP)


def _by_code(orig: Any) -> Fault | None:
    first: Any = orig.args[0] if orig.args else None
    # MySQL's numbers say more than the SQLSTATEs that its driver may give besides.
    if isinstance(first, int) and first in _CODES:
        return _CODES[first]
    given: Any = (
        getattr(orig, "sqlstate", None) or getattr(orig, "pgcode", None) or getattr(orig, "sqlite_errorname", None)
    )
    if not given:
        return next((fault for words, fault in _REFUSALS if words.search(str(first))), None)
    code = str(given)
    family = "_".join(code.split("_")[:2]) if code.startswith("SQLITE_") else code[:2]
    return _CODES.get(code) or _CODES.get(family)
