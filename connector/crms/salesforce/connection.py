"""One connection to Salesforce through simple-salesforce: logs in at first use, renews its session once per request."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from simple_salesforce.api import Salesforce as Client
from simple_salesforce.exceptions import SalesforceExpiredSession

from connector.crms.salesforce.budget import over_budget
from connector.crms.salesforce.errors import of_failure
from connector.crms.salesforce.exchange import Request
from connector.crms.salesforce.log_in import check_key, log_in
from connector.crms.salesforce.login import Session
from connector.crms.salesforce.refused_login import of_login
from connector.crms.salesforce.refused_session import may_have_ended
from connector.crms.salesforce.transport import Transport, open_session
from connector.errors import QuotaError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from connector.crms.salesforce.budget import Budget
    from connector.crms.salesforce.login import Login
    from connector.errors import ConnectorError
    from connector.usage import Usage

_LIMITS = Request("the question for the org's limits")

_OF_SEVERAL_PARTS = {"Content-Type": None}
"""In place of the library's own, which is JSON: requests then writes the type with what separates the parts."""


class Connection:
    """Requests to one org. Used from one thread.

    The library is given a session instead of credentials: its own renewal repeats without end, drops headers, and
    trips over a 401 that is not JSON. Of its many calls `restful` alone is used: those of `SFType` never give up.

    Raises:
        ConfigError: the login's key cannot sign.
    """

    def __init__(
        self,
        login: Login,
        *,
        api_version: str,
        base_url: str | None,
        budget: Budget,
        ca_file: Path | None,
        timeout: float,
    ) -> None:
        check_key(login)
        self._login = login
        self._renewable = not isinstance(login, Session)
        self._budget = budget
        self._version = api_version
        self._transport = Transport(timeout=timeout, base_url=base_url, ca_file=ca_file)
        self._session = open_session(self._transport)
        self._client: Client | None = None
        self._limits_read = False

    @property
    def usage(self) -> Usage:
        """What was sent so far, and how many of the org's requests of 24 hours are used as of the last answer."""
        return self._transport.usage

    @property
    def host(self) -> str | None:
        """Where the org lives, as the login told; None before the first request."""
        return self._client.sf_instance if self._client else None

    def ask(
        self,
        request: Request,
        path: str,
        *,
        method: str = "GET",
        params: Mapping[str, str] | None = None,
        json: Any = None,
        files: Mapping[str, Any] | None = None,
    ) -> Any:
        """The parsed answer to one REST request; `path` follows `/services/data/vXX.X/`.

        `files` are the parts of a body of several, as `requests` takes them.

        Raises:
            QuotaError: the budget has no room for another request; nothing was sent.
            ConnectorError: see `errors.of_failure`.
        """
        self._keep_to_budget()
        body: dict[str, Any] = {"json": json} if files is None else {"files": files, "headers": _OF_SEVERAL_PARTS}
        answer, failure, ended = self._try(request, path, method=method, params=params, **body)
        if ended and self._renewable:
            self._client = None
            answer, failure, _ = self._try(request, path, method=method, params=params, **body)
        if failure is not None:
            raise failure
        return answer

    def more(self, request: Request, url: str) -> Any:
        """The page of a query that `nextRecordsUrl` names."""
        return self.ask(request, url.partition(f"/v{self._version}/")[2])

    def close(self) -> None:
        """Close the line."""
        self._session.close()

    def _keep_to_budget(self) -> None:
        """The first request tells how many are used; it is the only one that may go beyond the budget."""
        if self.usage.used is None and self._client is not None:
            self._read_limits()
        used, allowed = self.usage.used, self.usage.allowed
        if used is not None and allowed is not None and used >= self._budget.of(allowed):
            raise over_budget(self._budget, used, allowed, self._transport.answer)

    def _read_limits(self) -> None:
        """Ask once where answers do not tell the usage by themselves. A user who may not read limits goes without."""
        if self._limits_read:
            return
        self._limits_read = True
        answer, failure, _ = self._try(_LIMITS, "limits/")
        if isinstance(failure, QuotaError):
            raise failure
        daily = answer.get("DailyApiRequests") if isinstance(answer, dict) else None
        if isinstance(daily, dict) and isinstance(daily.get("Max"), int) and isinstance(daily.get("Remaining"), int):
            self._transport.usage = replace(self.usage, used=daily["Max"] - daily["Remaining"], allowed=daily["Max"])

    def _try(self, request: Request, path: str, **arguments: Any) -> tuple[Any, ConnectorError | None, bool]:
        """The answer, or the failure and whether it is a session that may have ended.

        The failure is returned, not raised, so that it does not carry the foreign exception with it as its context.
        """
        try:
            client = self._client = self._client or self._open()
        except Exception as error:  # noqa: BLE001  # the library raises nearly anything; all of it ends here
            return None, of_login(error, self._login, self._transport.answer), False
        try:
            return client.restful(path, **arguments), None, False
        except Exception as error:  # noqa: BLE001  # ditto
            failure = of_failure(error, request, self._transport.answer, renewable=self._renewable)
            ended = isinstance(error, SalesforceExpiredSession) and may_have_ended(error.content)
            return None, failure, ended

    def _open(self) -> Client:
        token, host = log_in(self._login, self._session)
        return Client(
            session_id=token,
            instance=host,
            version=self._version,
            session=self._session,
            object_pairs_hook=dict,
        )
