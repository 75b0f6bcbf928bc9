"""The org's token endpoint, for the OAuth client credentials flow."""

from __future__ import annotations

import base64
import binascii
import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

OAuthAnswer = tuple[int, dict[str, Any]]


class Tokens:
    """Gives out access tokens and knows which of them are good.

    Args:
        consumer_key: the app's client id.
        consumer_secret: the app's client secret.
    """

    def __init__(self, consumer_key: str, consumer_secret: str) -> None:
        self._client = (consumer_key, consumer_secret)
        self._good: set[str] = set()

    def issue(self) -> str:
        """A new token."""
        token = f"00D!{secrets.token_urlsafe(32)}"
        self._good.add(token)
        return token

    def expire_all(self) -> None:
        """No token given out so far is good any longer."""
        self._good.clear()

    def accepts(self, authorization: str) -> bool:
        """Whether an Authorization header carries a good token."""
        return authorization.removeprefix("Bearer ") in self._good

    def answer(self, authorization: str, body: bytes, host: str, org_id: str, now: datetime) -> OAuthAnswer:
        """Status and body for a token request. The client names itself in the header (Basic) or in the body."""
        form = {name: values[-1] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
        if form.get("grant_type") != "client_credentials":
            return 400, _refusal("unsupported_grant_type", "grant type not supported")
        key, secret = _client_of(authorization, form)
        if key != self._client[0]:
            return 400, _refusal("invalid_client_id", "client identifier invalid")
        if secret != self._client[1]:
            return 401, _refusal("invalid_client", "invalid client credentials")
        return 200, {
            "access_token": self.issue(),
            "instance_url": f"https://{host}",
            "id": f"https://{host}/id/{org_id}/user",
            "scope": "api",
            "signature": "c3RhbmQtaW4=",
            "token_type": "Bearer",
            "issued_at": str(int(now.timestamp() * 1000)),
        }


def _client_of(authorization: str, form: Mapping[str, str]) -> tuple[str, str]:
    if authorization.startswith("Basic "):
        try:
            key, _, secret = base64.b64decode(authorization[6:], validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return key, secret
    return form.get("client_id", ""), form.get("client_secret", "")


def _refusal(error: str, description: str) -> dict[str, Any]:
    return {"error": error, "error_description": description}
