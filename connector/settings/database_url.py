"""Database URLs: a password only by reference, TLS to other machines, SQLite files relative to the config."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from connector.settings.codes import NO_FILE, NOT_HTTPS, OPEN_SECRET, WRONG, problem
from connector.settings.database_tls import lacks_tls
from connector.settings.references import expand, is_reference, is_variable, look_up

if TYPE_CHECKING:
    from connector.settings.references import Surroundings

# Where a URL's parts begin and end is as SQLAlchemy reads it.
_URL = re.compile(r"(?P<kind>[a-z][\w+]*)://(?:[^:/]*(?::(?P<password>[^@]*))?@)?(?P<rest>.+)")
_SQLITE = re.compile(r"(?P<scheme>sqlite(?:\+\w+)?)://(?:/(?P<path>[^?]*))?(?P<query>\?.*)?")
_OPEN_OPTION = re.compile(r"[?&](?:\w*pass\w*|pwd|\w*secret|\w*token)=(?!\$\{)", re.IGNORECASE)


def database_url(text: str, near: Surroundings) -> str:
    """A URL as SQLAlchemy takes it; user and password from the environment are encoded for it.

    Of PostgreSQL and MySQL on other machines it asks for TLS; of databases that are not known here it cannot.

    The URL as a whole may be a reference, too; then it is taken as it is.
    """
    if is_reference(text):
        url = look_up(text, near)
    elif _SQLITE.fullmatch(text):
        url = expand(text, near)
    else:
        url = _with_credentials(text, near)
    if _SQLITE.fullmatch(url):
        return _sqlite_url(url, near)
    found = _URL.fullmatch(url)
    if not found:
        raise _not_a_url()
    if missing := lacks_tls(found["kind"], found["rest"]):
        raise problem(NOT_HTTPS, "a database on another machine is reached by TLS only", f"add {missing} to the URL")
    return url


def ledger_url(text: str, near: Surroundings) -> str:
    """The URL of the SQLite file that holds the ledger; its folder exists."""
    url = expand(text, near)
    found = _SQLITE.fullmatch(url)
    if found is None or found["scheme"] != "sqlite" or found["query"]:
        raise problem(WRONG, "not the URL of a SQLite file", "write `sqlite:///apten-crm.db`")
    return _sqlite_url(url, near)


def passwords(url: str) -> tuple[str, ...]:
    """The password within a URL, as it stands there and decoded; none for SQLite."""
    found = None if _SQLITE.fullmatch(url) else _URL.fullmatch(url)
    return (found["password"], unquote(found["password"])) if found and found["password"] else ()


def _with_credentials(text: str, near: Surroundings) -> str:
    found = _URL.fullmatch(text)
    if found is None:
        raise _not_a_url()
    if (found["password"] and not is_variable(found["password"])) or _OPEN_OPTION.search(text):
        raise problem(OPEN_SECRET, "a password must not stand here", "write `${NAME}` in its place")
    user = text[: found.start("rest")]
    return expand(user, near, lambda value: quote(value, safe="")) + expand(found["rest"], near)


def _sqlite_url(url: str, near: Surroundings) -> str:
    found = _SQLITE.fullmatch(url)
    if found is None or found["path"] in (None, "", ":memory:"):
        raise problem(WRONG, "what is kept in memory is lost at the end", "name a file: `sqlite:///name.db`")
    path = near.folder / found["path"]
    if not path.parent.is_dir():
        raise problem(NO_FILE, f"there is no folder {path.parent}")
    return f"{found['scheme']}:///{path}{found['query'] or ''}"


def _not_a_url() -> Exception:
    return problem(
        WRONG,
        "not a database URL",
        "write `sqlite:///activities.db` or `postgresql+psycopg://user:${DB_PASSWORD}@host/database`",
    )
