"""The org's token endpoint: the client credentials flow and the JWT bearer flow of one External Client App.

Refusals: Salesforce Help, "OAuth 2.0 Authorization Errors"; texts as clients of real orgs report them.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import jwt

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

OAuthAnswer = tuple[int, dict[str, Any]]
_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_GENERAL_HOSTS = {"login.salesforce.com", "test.salesforce.com"}
_THIS_MACHINE = {"127.0.0.1", "localhost"}


@dataclass(slots=True)
class OrgUser:
    """Somebody who may log in.

    Args:
        username: as Salesforce names them.
        password: for SOAP `login()`.
        security_token: follows the password there.
        active: whether they may log in at all.
        approved: whether the app is approved for them.
    """

    username: str
    password: str = ""
    security_token: str = ""
    active: bool = True
    approved: bool = True


@dataclass(slots=True)
class Tokens:
    """The app, its users, and the access tokens given out: knows which of them are good.

    Args:
        org_id: every token begins with it.
        consumer_key: the app's client id.
        consumer_secret: the app's client secret.
        run_as: whom the client credentials flow logs in, None for nobody.
        public_key: of the app's certificate, which verifies JWTs; None if it has none.
        users: by their names.
        requests_per_token: after so many requests a token has expired; None for never.
        soap_login: whether the org takes `login()`; new orgs do not.
    """

    org_id: str
    consumer_key: str
    consumer_secret: str
    run_as: OrgUser | None = field(default_factory=lambda: OrgUser("integration@sandbox.example"))
    public_key: RSAPublicKey | None = None
    users: dict[str, OrgUser] = field(default_factory=dict)
    requests_per_token: int | None = None
    soap_login: bool = True
    _uses: dict[str, int] = field(default_factory=dict, init=False)

    @property
    def username(self) -> str:
        """Whom tokens are for, where nobody asks more closely."""
        return self.run_as.username if self.run_as else ""

    def issue(self) -> str:
        """A new token."""
        token = f"{self.org_id[:15]}!{secrets.token_hex(24)}"
        self._uses[token] = 0
        return token

    def expire_all(self) -> None:
        """No token given out so far is good any longer."""
        self._uses.clear()

    def accepts(self, authorization: str) -> bool:
        """Whether an Authorization header carries a good token; asked once per request."""
        token = authorization.removeprefix("Bearer ")
        if token not in self._uses:
            return False
        self._uses[token] += 1
        if self._uses[token] == self.requests_per_token:
            del self._uses[token]
        return True

    def answer(self, authorization: str, body: bytes, host: str, now: datetime) -> OAuthAnswer:
        """Status and body for a token request. The client names itself in the header (Basic) or in the body."""
        form = {name: values[-1] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
        match form.get("grant_type"):
            case "client_credentials":
                refusal = self._client_refusal(*_client_of(authorization, form), host)
            case grant if grant == _JWT_BEARER:
                refusal = self._assertion_refusal(form.get("assertion", ""), host, now)
            case _:
                refusal = _refusal("unsupported_grant_type", "grant type not supported")
        return refusal or (200, self._granted(host, now))

    def _granted(self, host: str, now: datetime) -> dict[str, Any]:
        # Under a name of Salesforce the org is at https; under this machine's own, where it really is.
        url = f"http://{host}" if host.partition(":")[0] in _THIS_MACHINE else f"https://{host}"
        return {
            "access_token": self.issue(),
            "instance_url": url,
            "id": f"{url}/id/{self.org_id}/user",
            "scope": "api",
            "signature": "c3RhbmQtaW4=",
            "token_type": "Bearer",
            "issued_at": str(int(now.timestamp() * 1000)),
        }

    def _client_refusal(self, key: str, secret: str, host: str) -> OAuthAnswer | None:
        user = self.run_as
        return _first(
            (host in _GENERAL_HOSTS, "invalid_grant", "request not supported on this domain"),
            (key != self.consumer_key, "invalid_client_id", "client identifier invalid"),
            (secret != self.consumer_secret, "invalid_client", "invalid client credentials"),
            (user is None, "invalid_grant", "no client credentials user enabled"),
            (user and not user.active, "inactive_user", "user is inactive"),
            (user and not user.approved, "invalid_app_access", "user is not admin approved to access this app"),
        )

    def _assertion_refusal(self, assertion: str, host: str, now: datetime) -> OAuthAnswer | None:
        """What is wrong with a JWT. Its times are judged by the org's clock, and may be numbers written as text."""
        try:
            claims = jwt.decode(assertion, options={"verify_signature": False})
            issuer, audience, expires = claims["iss"], claims["aud"], int(claims["exp"])
            user = self.users.get(claims["sub"])
        except (jwt.InvalidTokenError, KeyError, TypeError, ValueError):
            return _refusal("invalid_grant", "invalid assertion")
        general = host in _GENERAL_HOSTS or any(_is_address(str(audience), each) for each in _GENERAL_HOSTS)
        return _first(
            (general, "app_not_found", "External client app is not installed in this org"),
            (issuer != self.consumer_key, "invalid_client_id", "client identifier invalid"),
            (not self._has_signed(assertion), "invalid_grant", "invalid assertion"),
            (not _is_address(str(audience), host), "invalid_grant", "audience is invalid"),
            (expires <= now.timestamp(), "invalid_grant", "expired authorization code"),
            (user is None or not user.approved, "invalid_grant", "user hasn't approved this consumer"),
            (user and not user.active, "inactive_user", "user is inactive"),
        )

    def _has_signed(self, assertion: str) -> bool:
        if self.public_key is None:
            return False
        try:
            jwt.decode(
                assertion, self.public_key, algorithms=["RS256"], options={"verify_aud": False, "verify_exp": False}
            )
        except jwt.InvalidTokenError:
            return False
        return True


def _client_of(authorization: str, form: Mapping[str, str]) -> tuple[str, str]:
    if authorization.startswith("Basic "):
        try:
            key, _, secret = base64.b64decode(authorization[6:], validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return key, secret
    return form.get("client_id", ""), form.get("client_secret", "")


def _is_address(url: str, host: str) -> bool:
    """Whether a URL is that of the host as a whole; clients of Salesforce's own end it with a slash."""
    return url.removesuffix("/") in {f"https://{host}", f"http://{host}"}


def _first(*checks: tuple[object, str, str]) -> OAuthAnswer | None:
    """The refusal of the first check that found something wrong."""
    return next((_refusal(error, description) for wrong, error, description in checks if wrong), None)


def _refusal(error: str, description: str) -> OAuthAnswer:
    status = 401 if error == "invalid_client" else 400
    return status, {"error": error, "error_description": description}
