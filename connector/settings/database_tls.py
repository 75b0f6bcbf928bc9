"""Whether a database URL leaves it to the driver to do without TLS."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from connector.loopback import is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACE = re.compile(r"(?P<host>\[[^\]]*\]|[^:/?]*)[^?]*(?:\?(?P<options>.*))?")
_PORT = re.compile(r"(?<!:):\d*$")
_ELSEWHERE = frozenset({"service", "read_default_file", "read_default_group"})
"""Options that let another file say which machine it is."""
_TLS_MODES = {"require", "verify-ca", "verify-full"}
"""Of PostgreSQL's `sslmode`; the others go on without where the server has no TLS."""
_FOR_POSTGRESQL = "`sslmode=verify-full&sslrootcert=system`"
_FOR_MYSQL = "`ssl_ca=` and the file of your certificate authority"


def lacks_tls(kind: str, place: str) -> str | None:
    """What to add to the URL of another machine's database; None where nothing is missing, or nothing is known.

    Args:
        kind: the URL's scheme: `postgresql+psycopg`.
        place: what follows user and password: `host:port/database?option=value`.
    """
    found = _PLACE.fullmatch(place)
    options = parse_qs((found and found["options"]) or "")
    if found is None or (_ELSEWHERE.isdisjoint(options) and all(map(_is_here, _hosts(found["host"], options)))):
        return None
    match kind.split("+", maxsplit=1)[0]:
        case "postgresql":
            return None if _TLS_MODES.issuperset(options.get("sslmode", [""])) else _FOR_POSTGRESQL
        case "mysql" | "mariadb":
            by_tls = {"ssl_ca", "ssl_capath"} & options.keys() and "ssl_disabled" not in options
            return None if by_tls else _FOR_MYSQL
        case _:
            return None


def _hosts(first: str, options: dict[str, list[str]]) -> Iterator[str]:
    """The hosts of a URL; PostgreSQL's may also name some, or the folder of a socket, in its options."""
    yield first.strip("[]")
    for hosts in (*options.get("host", []), *options.get("hostaddr", [])):
        yield from (_PORT.sub("", host) for host in hosts.split(","))


def _is_here(host: str) -> bool:
    return not host or host.startswith("/") or is_loopback(host.lower())
