"""The types of settings: texts, secrets, addresses, files, durations, days."""

from __future__ import annotations

import re
import ssl
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr, ValidationInfo, WithJsonSchema

from connector.loopback import is_loopback
from connector.settings.codes import NO_CERTIFICATE, NO_FILE, NOT_HTTPS, WRONG, problem
from connector.settings.database_url import database_url, ledger_url
from connector.settings.private_key import private_key
from connector.settings.references import REFERENCE, Surroundings, expand, password, secret

if TYPE_CHECKING:
    from collections.abc import Callable

_DURATION = re.compile(r"(\d{1,6})([smhd])")
_SHORTEST_OVERLAP = timedelta(minutes=1)
_LONGEST_OVERLAP = timedelta(days=7)
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")
_SALESFORCE = ".salesforce.com"
_USERNAME = re.compile(r"[^@\s]+@[^@\s]+")
_BUDGET = re.compile(r"(100|[1-9]\d?)%|[1-9]\d{0,8}")
_API_VERSION = re.compile(r"[1-9]\d\.0")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_AHEAD = timedelta(days=1)
"""It may be tomorrow already where the reader is."""
_NOWHERE = Surroundings(environ={}, folder=Path())


def _text_to(function: Callable[[str, Surroundings], Any]) -> BeforeValidator:
    """Applies to what was written; values handed over by a program are of the final type already."""

    def convert(value: Any, info: ValidationInfo) -> Any:
        return function(value, info.context or _NOWHERE) if isinstance(value, str) else value

    return BeforeValidator(convert)


def _web_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or not url.isprintable() or " " in url or parts.scheme not in ("http", "https"):
        raise problem(WRONG, "not a web address", "write it whole: `https://host/path`")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise problem(WRONG, "a user, password, query or fragment has no place here", "write `https://host/path`")
    if parts.scheme == "http" and not is_loopback(host):
        raise problem(NOT_HTTPS, "plain http is for this machine only", "write `https://`")
    return url.rstrip("/")


def _alert_url(text: str, near: Surroundings) -> str:
    """A webhook's address: a secret as a whole, since whoever knows it can post there; so no problem quotes it."""
    url = secret(text, near)
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or " " in url or parts.scheme not in ("http", "https") or parts.username or parts.fragment:
        raise problem(WRONG, "does not name a web address", "it looks like `https://hooks.example.com/...`")
    if parts.scheme == "http" and not is_loopback(host):
        raise problem(NOT_HTTPS, "names an address of plain http, which is for this machine only", "use `https://`")
    return url


def _existing_file(text: str, near: Surroundings) -> Path:
    path = near.folder / expand(text, near)
    try:
        there = path.is_file()
    except OSError as error:
        raise problem(NO_FILE, f"this user may not look for {path}") from error
    if not there:
        raise problem(NO_FILE, f"there is no file {path}")
    return path


def _certificates(text: str, near: Surroundings) -> Path:
    path = _existing_file(text, near)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except OSError as error:
        raise problem(NO_CERTIFICATE, f"{path} holds no certificates in PEM, or may not be read") from error
    return path


def _username(name: str) -> str:
    if not _USERNAME.fullmatch(name):
        raise problem(WRONG, "not a user name of Salesforce", "it looks like an address: `integration@acme.com`")
    return name


def _my_domain(domain: str) -> str:
    if _DOMAIN.fullmatch(domain) and domain.endswith(_SALESFORCE):
        raise problem(WRONG, f"without `{_SALESFORCE}`", f"write `{domain.removesuffix(_SALESFORCE)}`")
    if not _DOMAIN.fullmatch(domain) or domain in ("login", "test"):
        raise problem(WRONG, "not a My Domain", "write `acme.my`, or `acme--dev.sandbox.my` for a sandbox")
    return domain


def _api_version(version: str) -> str:
    if not _API_VERSION.fullmatch(version):
        raise problem(WRONG, "not an API version", "write it like `66.0`")
    return version


def _api_budget(budget: str) -> str:
    if not _BUDGET.fullmatch(budget):
        raise problem(WRONG, "not a share or number of requests", "write `80%` (1% to 100%), or a number: `12000`")
    return budget


def _duration(text: str, near: Surroundings) -> timedelta:
    found = _DURATION.fullmatch(expand(text, near))
    if found is None:
        raise problem(WRONG, "not a duration", "write a number and a unit: `90s`, `10m`, `2h` or `7d`")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _overlap(overlap: timedelta) -> timedelta:
    if not _SHORTEST_OVERLAP <= overlap <= _LONGEST_OVERLAP:
        raise problem(WRONG, "outside of 1m to 7d", "10m suits all but clocks that are far off")
    return overlap


def _day(text: str, near: Surroundings) -> date:
    written = expand(text, near)
    try:
        day = date.fromisoformat(written) if _DAY.fullmatch(written) else None
    except ValueError:
        day = None
    if day is None:
        raise problem(WRONG, "not a day of the calendar", "write year-month-day: `2026-11-01`")
    # A ledger keeps to the start of its first run: a wrong one would leave everything out for good.
    if near.today and day > near.today + _AHEAD:
        raise problem(WRONG, "this day is still to come", "to begin then, let syncs run from that day on")
    return day


_OnlyNamed = WithJsonSchema(
    {
        "type": "string",
        "pattern": f"^(?:{REFERENCE})$",
        "errorMessage": "a secret must not stand here; write ${NAME}, or file:path of a file only you can read",
    }
)
Secret = Annotated[SecretStr, _text_to(secret), _OnlyNamed]
AlertUrl = Annotated[SecretStr, _text_to(_alert_url), _OnlyNamed]
Password = Annotated[SecretStr, _text_to(password), _OnlyNamed]
PrivateKeyFile = Annotated[SecretStr, _text_to(private_key), WithJsonSchema({"type": "string"})]
WebUrl = Annotated[str, _text_to(expand), AfterValidator(_web_url)]
ExistingFile = Annotated[Path, _text_to(_existing_file)]
Certificates = Annotated[Path, _text_to(_certificates)]
Username = Annotated[str, _text_to(expand), AfterValidator(_username)]
MyDomain = Annotated[str, _text_to(expand), AfterValidator(_my_domain)]
ApiVersion = Annotated[str, _text_to(expand), AfterValidator(_api_version)]
ApiBudget = Annotated[str, _text_to(expand), AfterValidator(_api_budget)]
Overlap = Annotated[
    timedelta,
    _text_to(_duration),
    AfterValidator(_overlap),
    WithJsonSchema({"type": "string", "pattern": r"^(?:[0-9]+[smhd]|\$\{.*)$"}),
]
Day = Annotated[date, _text_to(_day)]
LedgerUrl = Annotated[str, _text_to(ledger_url)]
DatabaseUrl = Annotated[SecretStr, _text_to(database_url)]
