"""Apten's HTTP API as the `Source` port. Facts: Apten's public API reference; see `source_model`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pydantic import ValidationError

from connector.apten.body import TooLargeError
from connector.apten.failures import CHECK_ADDRESS
from connector.apten.http import Answer, AptenHttp
from connector.apten.rows import CallEvent, read_row, read_rows
from connector.errors import (
    BadCallError,
    CallGoneError,
    ConfigError,
    ConnectorError,
    ExpiredTokenError,
    SetupError,
    UnreachableError,
)
from connector.model import CallRef, Page
from connector.source_model import Call, Lead

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from connector.usage import Usage

PAGE_SIZE = 1000
_REPORT = "Report it to Apten's support."


class Apten:
    """Reads from Apten; safe to share between threads.

    Args:
        base_url: the API's address, with its version: `https://api.attent.app/v1`.
        api_key: sent in the header `x-api-key`, to this address only: redirects are not followed.
        connections: how many requests may be under way at once, at most 16; further ones wait.
        timeout: seconds that Apten may stay silent, and that the body of an answer may take.
        ca_file: certificates in PEM to trust besides the usual ones.

    Raises:
        ConfigError: the address, or the proxy settings of the environment, cannot be used.
        CredentialsError: the key cannot be one.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        connections: int = 8,
        timeout: float = 30.0,
        ca_file: Path | None = None,
    ) -> None:
        self._http = AptenHttp(base_url, api_key, connections=connections, timeout=timeout, ca_file=ca_file)

    @property
    def host(self) -> str:
        """The API's host, with its port unless it is the usual one; part of the ledger's identity."""
        return self._http.netloc

    @property
    def usage(self) -> Usage:
        """What was sent and received so far."""
        return self._http.usage

    @property
    def server_time(self) -> datetime | None:
        """Apten's time as of its last answer; None before the first."""
        return self._http.server_time

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def leads(self, *, updated_since: datetime, token: str | None = None) -> Page[Lead]:
        """One page of up to 1,000 leads changed since then (inclusive), oldest change first."""
        malformed = SetupError(
            "Apten refused GET /leads as malformed (400).",
            done="Nothing was written for it.",
            todo="Check `apten.base_url`; if it is right, please report this as a bug.",
        )
        answer = self._list("/leads", {"updatedSince": _stamp(updated_since)}, token, malformed, of_one=False)
        if answer is None:
            raise ConfigError("Apten's address knows no leads (404 at GET /leads).", todo=CHECK_ADDRESS)
        rows, next_token = _page(answer, "leads", "/leads")
        leads, unreadable = read_rows(Lead, rows)
        return Page(leads, next_token, answer.server_time, unreadable)

    def lead(self, lead_id: str) -> Lead | None:
        """One lead; None if Apten has none by that id. Its unreadable optional fields count as missing."""
        path = f"/leads/{_segment(lead_id)}"
        answer = self._http.get(path)
        if answer is None:
            return None
        lead, _ = read_row(Lead, answer.json)
        if lead is None or lead.id != lead_id:
            raise UnreachableError(f"Apten's answer to GET {path} is not that lead.")
        return lead

    def events(self, lead_id: str, *, since: datetime, token: str | None = None) -> Page[CallRef]:
        """One page of a lead's call events changed since then (inclusive); of up to 1,000, or none and yet more follow.

        A ref whose event's stamp cannot be read has none: it may have changed.
        """
        path = f"/leads/{_segment(lead_id)}/events"
        malformed = UnreachableError(f"Apten refused GET {path} as malformed (400).", at_most=2, todo=_REPORT)
        answer = self._list(path, {"since": _stamp(since), "types": "CALL"}, token, malformed, of_one=True)
        if answer is None:
            return Page((), None, gone=True)
        rows, next_token = _page(answer, "events", path)
        events, unreadable = read_rows(CallEvent, (row for row in rows if _may_be_call(row)))
        refs = tuple(CallRef(event.id, lead_id=lead_id, updated_at=event.updated_at) for event in events)
        return Page(refs, next_token, answer.server_time, unreadable)

    def call(self, call_id: str) -> Call:
        """One call, whole and as documented."""
        path = f"/calls/{_segment(call_id)}"
        try:
            answer = self._http.get(path)
        except TooLargeError as error:
            raise BadCallError(
                f"Apten's record of call {call_id} is larger, or nested deeper, than any honest one.",
                code="too_large",
                todo=f"{_REPORT} To try once more, run `apten-crm resync {call_id}`.",
            ) from error
        if answer is None:
            raise CallGoneError(f"Apten has no call {call_id}.", code="call_gone")
        if not isinstance(answer.json, dict) or "id" not in answer.json:
            raise UnreachableError(f"Apten's answer to GET {path} is not a call.")
        try:
            call = Call.model_validate(answer.json)
        except ValidationError as error:
            fields = [".".join(map(str, problem["loc"])) for problem in error.errors(include_input=False)]
            raise BadCallError(
                f"Apten's record of call {call_id} is not as documented: {', '.join(fields)}.",
                code="bad_call",
                fields=fields,
                todo=_REPORT,
            ) from None
        if call.id != call_id:
            raise BadCallError(f"Apten answered with another call than {call_id}.", code="other_call", todo=_REPORT)
        return call

    def _list(
        self, path: str, params: Mapping[str, str], token: str | None, malformed: ConnectorError, *, of_one: bool
    ) -> Answer | None:
        # A token carries no filters: the same parameters go along with it.
        query = {**params, "limit": str(PAGE_SIZE)} | ({"nextToken": token} if token else {})
        expired = ExpiredTokenError(f"Apten no longer takes the page token of GET {path}.", todo="List again.")
        return self._http.get(path, query, malformed=expired if token else malformed, of_one=of_one)


def _stamp(at: datetime) -> str:
    """ISO 8601 UTC with milliseconds, as Apten writes it, rounded down: listings include their bound."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _segment(record_id: str) -> str:
    """The id as one segment of a path, whatever it holds; `..` too."""
    return quote(record_id, safe="", errors="replace").replace(".", "%2E")


def _page(answer: Answer, name: str, path: str) -> tuple[list[Any], str | None]:
    """The rows of a page and the next page's token."""
    page = answer.json
    if isinstance(page, dict) and name in page:
        rows = [] if page[name] is None else page[name]
        token = page.get("nextToken") or None
        if isinstance(rows, list) and (token is None or isinstance(token, str)):
            return rows, token
    raise UnreachableError(f"Apten's answer to GET {path} is not a page of {name}.")


def _may_be_call(row: Any) -> bool:
    """Whether it is an event of type CALL, or unreadable; other types may appear at any time and are not for us."""
    return not isinstance(row, dict) or row.get("type", "CALL") == "CALL"
