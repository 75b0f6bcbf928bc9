"""One connection to Salesforce through simple-salesforce: logs in at first use, renews its session once per request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simple_salesforce.api import Salesforce as Client
from simple_salesforce.exceptions import SalesforceExpiredSession

from connector.crms.salesforce.errors import of_failure
from connector.crms.salesforce.log_in import check_key, log_in
from connector.crms.salesforce.login import Session
from connector.crms.salesforce.refused_login import of_login
from connector.crms.salesforce.refused_session import may_have_ended
from connector.crms.salesforce.transport import Transport, open_session

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from connector.crms.salesforce.exchange import Request
    from connector.crms.salesforce.login import Login
    from connector.errors import ConnectorError


class Connection:
    """Requests to one org. Used from one thread.

    The library is given a session instead of credentials: its own renewal repeats without end, drops headers, and
    trips over a 401 that is not JSON. Of its many calls `restful` alone is used: those of `SFType` never give up.

    Raises:
        ConfigError: the login's key cannot sign.
    """

    def __init__(
        self, login: Login, *, api_version: str, base_url: str | None, ca_file: Path | None, timeout: float
    ) -> None:
        check_key(login)
        self._login = login
        self._renewable = not isinstance(login, Session)
        self._version = api_version
        self._transport = Transport(timeout=timeout, base_url=base_url, ca_file=ca_file)
        self._session = open_session(self._transport)
        self._client: Client | None = None

    @property
    def usage(self) -> tuple[int, int] | None:
        """The org's API requests of the last 24 hours as of the last answer: used, allowed."""
        return self._transport.usage

    def ask(
        self,
        request: Request,
        path: str,
        *,
        method: str = "GET",
        params: Mapping[str, str] | None = None,
        json: Any = None,
    ) -> Any:
        """The parsed answer to one REST request; `path` follows `/services/data/vXX.X/`.

        Raises:
            ConnectorError: see `errors.of_failure`.
        """
        answer, failure, ended = self._try(request, path, method=method, params=params, json=json)
        if ended and self._renewable:
            self._client = None
            answer, failure, _ = self._try(request, path, method=method, params=params, json=json)
        if failure is not None:
            raise failure
        return answer

    def more(self, request: Request, url: str) -> Any:
        """The page of a query that `nextRecordsUrl` names."""
        return self.ask(request, url.partition(f"/v{self._version}/")[2])

    def close(self) -> None:
        """Close the line."""
        self._session.close()

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
