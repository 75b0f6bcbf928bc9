"""Why a login was refused, per way of logging in, and what to do about it.

Codes and descriptions of the token endpoint: Salesforce Help, "OAuth 2.0 Authorization Errors" and "OAuth 2.0 JWT
Bearer Flow"; of `login()`: SOAP API Developer Guide, "Core Data Types": ExceptionCode. The words are ours: a
description may repeat what was sent, so it is only compared, never shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from connector.crms.salesforce.codes import UNKNOWN
from connector.crms.salesforce.errors import BUSY, of_failure
from connector.crms.salesforce.exchange import Request
from connector.crms.salesforce.login import ClientCredentials, Jwt, Password
from connector.crms.salesforce.unanswered import unreadable
from connector.errors import CredentialsError, RateLimitedError, UnreachableError

if TYPE_CHECKING:
    from connector.crms.salesforce.exchange import Answer
    from connector.crms.salesforce.login import Login
    from connector.errors import ConnectorError

LOGIN = Request("the login")
_CODE = re.compile(r"[a-z_]{1,60}\Z|[A-Z][A-Z0-9_]{1,60}\Z")
_AGAIN = frozenset(
    {
        *("unknown_error", "server_error", "temporarily_unavailable"),
        *("API_CURRENTLY_DISABLED", "FUNCTIONALITY_TEMPORARILY_UNAVAILABLE", "ORG_IN_MAINTENANCE"),
        *("REQUEST_RUNNING_TOO_LONG", "SERVER_UNAVAILABLE", "SSO_SERVICE_DOWN", "UNKNOWN_EXCEPTION"),
    }
)
_TOO_OFTEN = frozenset({"rate_limit_exceeded", "LOGIN_RATE_EXCEEDED"})


@dataclass(frozen=True, slots=True)
class _Cause:
    means: str
    todo: str


_APPROVED = (
    "In the app's policies, let admins approve users beforehand, and add a permission set or profile of the user; "
    "a permission set of the licence Salesforce API Integration does not count."
)
_UNLOCK = "Set password and token anew, unlock the user, and hold scheduled syncs until a login by hand works."
_INSTEAD = "Use `auth: client_credentials` or `auth: jwt` with an External Client App."
_ADDRESS = "Let this machine's address and the hour pass: the user's profile > Login IP Ranges and Login Hours."

_CAUSES = {
    "app_not_found": _Cause(
        "the org has no such app", "Check `domain` (a sandbox has one of its own), and that the app is in that org."
    ),
    "inactive_org": _Cause("the org is locked, closed or suspended", "Ask Salesforce's support."),
    "inactive_user": _Cause("the user is not active", "Activate the user in Setup > Users."),
    "invalid_app_access": _Cause("the app is not approved for the user", _APPROVED),
    "invalid_client": _Cause("the consumer secret is wrong", "Copy key and secret from the app's settings once more."),
    "invalid_client_id": _Cause(
        "the consumer key is not known",
        "Copy the key from the app's settings; a new app takes ten minutes to be known.",
    ),
    "unauthorized_client": _Cause("the app may not log in this way", "Enable the flow in the app's settings."),
    "unsupported_grant_type": _Cause("the app may not log in this way", "Enable the flow in the app's settings."),
    "API_DISABLED_FOR_ORG": _Cause("the org has no API access", "Its edition needs API access as an extra."),
    "INACTIVE_OWNER_OR_USER": _Cause("the user is not active", "Activate the user in Setup > Users."),
    "INVALID_LOGIN": _Cause("user name, password or security token is wrong, or the user is locked out", _UNLOCK),
    "INVALID_OPERATION": _Cause("the org does not take user name and password from programs", _INSTEAD),
    "INVALID_OPERATION_WITH_EXPIRED_PASSWORD": _Cause("the password has expired", "Set one that never expires."),
    "LOGIN_CHALLENGE_ISSUED": _Cause("Salesforce wants to know who logs in from here", _ADDRESS),
    "LOGIN_CHALLENGE_PENDING": _Cause("Salesforce wants to know who logs in from here", _ADDRESS),
    "LOGIN_DURING_RESTRICTED_DOMAIN": _Cause("the user may not log in from this address", _ADDRESS),
    "LOGIN_DURING_RESTRICTED_TIME": _Cause("the user may not log in at this hour", _ADDRESS),
    "LOGIN_MUST_USE_SECURITY_TOKEN": _Cause(
        "the security token is missing or wrong", "Reset it in the user's personal settings; a new password voids it."
    ),
    "ORG_LOCKED": _Cause("the org is locked", "Ask Salesforce's support."),
    "PASSWORD_LOCKOUT": _Cause("the user is locked out after too many wrong passwords", _UNLOCK),
    "TRIAL_EXPIRED": _Cause("the org's trial is over", "Ask Salesforce's sales."),
    "UNSUPPORTED_API_VERSION": _Cause("Salesforce has ended this way to log in", _INSTEAD),
}
# invalid_grant says why in its description alone. Parts of descriptions, in lower case, and what they mean.
_GRANTS = {
    "audience": _Cause("the domain is not the org's", "Set `domain` to the My Domain of the org that has the app."),
    "expired": _Cause("the signature was too old when it came", "Set this machine's clock right."),
    "invalid assertion": _Cause(
        "the key is not that of the app's certificate", "Upload the certificate made from `private_key_file`."
    ),
    "hasn't approved": _Cause("the user is not known, or the app is not approved for that user", _APPROVED),
    "not admin approved": _Cause("the app is not approved for the user", _APPROVED),
    "no client credentials user": _Cause("the app has no user to run as", "Set Run As in the app's policies."),
    "flow not enabled": _Cause("the app may not log in this way", "Enable the flow in the app's settings."),
    "not supported on this domain": _Cause("the domain is not a My Domain", "Set `domain` to the org's My Domain."),
    "ip restricted": _Cause("the user may not log in from this address or at this hour", _ADDRESS),
    "no valid scopes": _Cause("the app has no scope", "Give the app the scope `api`."),
}
_OTHERWISE = {
    ClientCredentials: "Check domain, consumer key and consumer secret; and in the app, that the client credentials "
    "flow is enabled and that there is a user to run as.",
    Jwt: "Check domain, consumer key, username and private key; and in the app, that the JWT bearer flow is enabled, "
    "that it has the key's certificate, and that it is approved for the user.",
    Password: "Check domain, username, password and security token, and that the user may use the API.",
}


def of_login(error: Exception, login: Login, answer: Answer | None) -> ConnectorError:
    """The error of a login, from whatever the library raised. `answer` is None if none came."""
    from simple_salesforce.exceptions import SalesforceAuthenticationFailed  # noqa: PLC0415  # loaded by then

    if not isinstance(error, SalesforceAuthenticationFailed):
        return of_failure(error, LOGIN, answer)
    if answer is None or answer.status < HTTPStatus.BAD_REQUEST:
        # A page instead of a token, which the library takes for a refusal.
        return unreadable(LOGIN, answer)
    return _refused(error.code, str(error.auth_message), login, answer)


def _refused(code: object, description: str, login: Login, answer: Answer) -> ConnectorError:
    status = answer.status
    name = code if isinstance(code, str) and _CODE.match(code) else UNKNOWN
    cause = _grant(description) if name == "invalid_grant" else _CAUSES.get(name)
    if cause is None:
        retry_after = answer.retry_after
        if name in _TOO_OFTEN or "login rate exceeded" in description.lower():
            return RateLimitedError(
                f"Salesforce has seen too many logins of the user ({name}).", retry_after=retry_after
            )
        if name in _AGAIN or _not_now(status, name):
            return UnreachableError(
                f"Salesforce could not log us in just now (HTTP {status}).", retry_after=retry_after
            )
    means = f": {cause.means}" if cause else ""
    return CredentialsError(
        f"Salesforce refused the login ({name}, HTTP {status}){means}.",
        done="The request that needed it was not sent.",
        todo=cause.todo if cause else _OTHERWISE.get(type(login), ""),
    )


def _not_now(status: int, name: str) -> bool:
    """Whether a status says so, of a code nobody knows.

    `login()` puts every refusal into a 500, and whoever repeats refused passwords locks the user out.
    """
    by_password = name.isupper() and name != UNKNOWN
    return status in BUSY or status >= HTTPStatus.INTERNAL_SERVER_ERROR + by_password


def _grant(description: str) -> _Cause | None:
    found = description.lower()
    return next((cause for part, cause in _GRANTS.items() if part in found), None)
