"""Answers that say 401: which of them a new login may mend, and what the others mean."""

from __future__ import annotations

from typing import Any

from connector.crms.salesforce.codes import code_name
from connector.errors import CredentialsError

# Texts of Salesforce that come with 401 and are no expiry; the official client library jsforce knows the same two. A
# program that logs in anew upon them does so for ever.
_NO_SCOPE = (
    "Give the app the scope `api`; where API Access Control is on, let it allow the app; and see that the user's "
    "profile does not ask for high assurance sessions."
)
_NO_AGENT = "Attach the app to the agent in Setup, or make an app of the connector's own."
_NO_EXPIRY = {
    "not valid for use with the REST API": ("the session may not use the REST API", _NO_SCOPE),
    "Connected app is not attached to Agent": ("the app belongs to an agent and is not attached to it", _NO_AGENT),
}


def may_have_ended(content: Any) -> bool:
    """Whether a new login may help, by the body of a 401 (parsed JSON, or text)."""
    return _no_expiry(content) is None


def session_refused(content: Any, *, renewable: bool) -> CredentialsError:
    """The error of a 401 that stays.

    Args:
        content: the answer's body, parsed JSON or text.
        renewable: whether the settings allow a new login, so that this is the second 401.
    """
    name = code_name(_first(content).get("errorCode"))
    refused = f"Salesforce does not accept the session ({name}, HTTP 401)"
    if found := _no_expiry(content):
        means, todo = found
        return CredentialsError(f"{refused}: {means}.", done="No new login was tried; none would help.", todo=todo)
    if not renewable:
        return CredentialsError(
            f"{refused}: it has ended, or never was one.",
            done="It was opened elsewhere, so the connector cannot renew it.",
            todo="Name a new one in `session_id`, or let the connector log in: `auth: client_credentials`.",
        )
    return CredentialsError(
        f"{refused}, right after a new login.",
        done="The request was sent again once, and refused again.",
        todo="Check that the user is active, may use the API, and may use a session from this machine's address.",
    )


def _no_expiry(content: Any) -> tuple[str, str] | None:
    message = str(_first(content).get("message") or content)
    return next((found for text, found in _NO_EXPIRY.items() if text in message), None)


def _first(content: Any) -> dict[str, Any]:
    """The first of the answer's errors, if it holds any that can be read."""
    first = content[0] if isinstance(content, list) and content else None
    return first if isinstance(first, dict) else {}
