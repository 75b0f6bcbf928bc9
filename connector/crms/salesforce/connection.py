"""One connection to Salesforce through simple-salesforce: logs in at first use, renews its session once per request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simple_salesforce.api import Salesforce as Client
from simple_salesforce.exceptions import SalesforceExpiredSession
from simple_salesforce.login import SalesforceLogin

from connector.crms.salesforce.errors import of_failure
from connector.crms.salesforce.exchange import Request
from connector.crms.salesforce.login import ClientCredentials, Login
from connector.crms.salesforce.transport import Transport, open_session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.errors import ConnectorError

_LOGIN = Request("the login")


class Connection:
    """Requests to one org. Used from one thread.

    The library is given a session instead of credentials: its own renewal repeats without end, drops headers, and
    trips over a 401 that is not JSON.
    """

    def __init__(self, login: Login, *, api_version: str, base_url: str | None, timeout: float) -> None:
        self._login = login
        self._version = api_version
        self._transport = Transport(timeout=timeout, base_url=base_url)
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
        answer, failure, expired = self._try(request, path, method=method, params=params, json=json)
        if expired and isinstance(self._login, ClientCredentials):
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
        """The answer, or the failure and whether it is an expired session.

        The failure is returned, not raised, so that it does not carry the foreign exception with it as its context.
        """
        doing = _LOGIN
        try:
            client = self._client = self._client or self._open()
            doing = request
            return client.restful(path, **arguments), None, False
        except Exception as error:  # noqa: BLE001  # the library raises nearly anything; all of it ends here
            failure = of_failure(error, doing, self._transport.answer)
            return None, failure, isinstance(error, SalesforceExpiredSession)

    def _open(self) -> Client:
        login = self._login
        if isinstance(login, ClientCredentials):
            token, host = SalesforceLogin(
                session=self._session,
                domain=login.domain,
                consumer_key=login.consumer_key,
                consumer_secret=login.consumer_secret,
            )
        else:
            token, host = login.session_id, login.host
        return Client(
            session_id=token,
            instance=host,
            version=self._version,
            session=self._session,
            object_pairs_hook=dict,
        )
