"""Each kind of trouble, with canaries in all that the other side says."""

from __future__ import annotations

import json
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse

from connector.sandbox.faults import Fault
from tests.security.canaries import FOREIGN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from starlette.types import Receive, Scope, Send

    from tests.town import Town

    Trouble = Callable[[Town], AbstractContextManager[None]]

SOON = {"Retry-After": "0"}


def _body(value: object) -> bytes:
    return json.dumps(value).encode()


@contextmanager
def _apten(town: Town, fault: Fault) -> Iterator[None]:
    town.apten.faults.add(fault, times=10_000)
    yield
    town.apten.faults.clear()


@contextmanager
def _salesforce(town: Town, fault: Fault) -> Iterator[None]:
    town.salesforce.faults.add(fault, times=10_000)
    yield
    town.salesforce.faults.clear()


def _of(side: Callable[[Town, Fault], AbstractContextManager[None]], fault: Fault) -> Trouble:
    return lambda town: side(town, fault)


APTEN: dict[str, Trouble] = {
    **{
        f"apten answers {status}": _of(_apten, Fault(status=status, body=FOREIGN.encode(), headers=SOON))
        for status in (400, 401, 403, 404, 418, 429, 500)
    },
    "apten redirects": _of(_apten, Fault(status=302, headers={"Location": "https://hushhush.example/zzyzx"})),
    "apten answers no JSON": _of(_apten, Fault(status=200, body=FOREIGN.encode(), headers=SOON)),
    "apten answers other JSON": _of(_apten, Fault(status=200, body=_body({"leads": [FOREIGN], "id": [FOREIGN]}))),
    "apten's calls are no calls": _of(
        _apten, Fault("/calls/", status=200, body=_body({"id": FOREIGN, "summary": [FOREIGN], FOREIGN: FOREIGN}))
    ),
    "apten cuts the line": _of(_apten, Fault(drop=True)),
}


def _error(code: str) -> bytes:
    return _body([{"errorCode": code, "message": FOREIGN, "fields": [FOREIGN]}])


@contextmanager
def _refused(town: Town, code: str) -> Iterator[None]:
    """Salesforce refuses each row that is to be written."""
    inner = town.salesforce._app
    error = {"statusCode": code, "message": FOREIGN, "fields": [FOREIGN, "Subject"]}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "PATCH":
            await inner(scope, receive, send)
            return
        records = (await Request(scope, receive).json())["records"]
        await JSONResponse([{"success": False, "errors": [error]}] * len(records))(scope, receive, send)

    town.salesforce._app = app  # type: ignore[assignment]  # a whole server in its place
    yield
    town.salesforce._app = inner


_LOGIN = _body({"error": "invalid_client", "error_description": FOREIGN})
SALESFORCE: dict[str, Trouble] = {
    **{
        f"salesforce answers {status} {code}": _of(
            _salesforce, Fault("/services/data/", status=status, body=_error(code), headers=SOON)
        )
        for status, code in (
            (400, "INVALID_FIELD"),
            (400, "MALFORMED_QUERY"),
            (400, FOREIGN),
            (401, "INVALID_SESSION_ID"),
            (403, "REQUEST_LIMIT_EXCEEDED"),
            (404, "NOT_FOUND"),
            (500, "UNKNOWN_EXCEPTION"),
            (503, "SERVER_UNAVAILABLE"),
        )
    },
    **{
        f"salesforce refuses rows with {code}": partial(_refused, code=code)
        for code in (
            *("STRING_TOO_LONG", "FIELD_CUSTOM_VALIDATION_EXCEPTION", "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"),
            *("DUPLICATES_DETECTED", "INSUFFICIENT_ACCESS_OR_READONLY", "UNABLE_TO_LOCK_ROW", "SOMETHING_NEW"),
        )
    },
    "salesforce refuses the login": _of(_salesforce, Fault("oauth2", status=400, body=_LOGIN)),
    "salesforce logs in with nonsense": _of(_salesforce, Fault("oauth2", status=200, body=_body({"token": FOREIGN}))),
    "salesforce answers with a page": _of(
        _salesforce, Fault("/services/data/", status=200, body=f"<html>{FOREIGN}</html>".encode())
    ),
    "salesforce redirects": _of(
        _salesforce, Fault("/services/data/", status=302, headers={"Location": "https://hushhush.example/zzyzx"})
    ),
    "salesforce cuts the line": _of(_salesforce, Fault("/services/data/", drop=True)),
}


@contextmanager
def _config(town: Town, old: str, new: str) -> Iterator[None]:
    text = town.config_path.read_text()
    assert old in text
    town.config_path.write_text(text.replace(old, new))
    yield
    town.config_path.write_text(text)


@contextmanager
def _refusing_rows(town: Town) -> Iterator[None]:
    words = FOREIGN.replace("'", "")
    events = (("insert_", "INSERT"), ("update_", "UPDATE"))
    for name, event in events:
        town.sql(f"CREATE TRIGGER {name} BEFORE {event} ON calls BEGIN SELECT RAISE(ABORT, '{words}'); END")
    yield
    for name, _ in events:
        town.sql(f"DROP TRIGGER {name}")


@contextmanager
def _no_table(town: Town) -> Iterator[None]:
    town.sql("ALTER TABLE calls RENAME COLUMN summary TO another_name")
    yield
    town.sql("ALTER TABLE calls RENAME COLUMN another_name TO summary")


DATABASE: dict[str, Trouble] = {
    "the database refuses rows": _refusing_rows,
    "the database lacks a column": _no_table,
    "the database cannot be reached": lambda town: _config(
        town, "sqlite:///activities.db", "postgresql+psycopg://apten:${DB_PASSWORD}@127.0.0.1:1/crm"
    ),
}


@contextmanager
def _damaged(town: Town) -> Iterator[None]:
    path = town.folder / "ledger.db"
    sound = path.read_bytes()
    path.write_bytes(sound[:4096] + bytes(4096) + sound[8192:])
    yield
    path.write_bytes(sound)


@contextmanager
def _mapping(town: Town) -> Iterator[None]:
    text = town.mapping_path.read_text()
    town.mapping_path.write_text(text.replace("fields:\n", "fields:\n  Nonesuch__c: {from: nonesuch}\n"))
    yield
    town.mapping_path.write_text(text)


def _key(new: str) -> Trouble:
    return lambda town: _config(town, "${APTEN_API_KEY}", new)


HERE: dict[str, Trouble] = {
    "the ledger is damaged": _damaged,
    "the ledger is of another": lambda town: _config(town, "127.0.0.1", "localhost"),
    "a secret stands in the config": _key("hushhush-written-out"),
    "a secret stands where none belongs": _key("{hushhush: [hushhush}"),
    "a secret is not set": _key("${NOT_SET}"),
    "the mapping has mistakes": _mapping,
}
