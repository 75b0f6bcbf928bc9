"""How the connection signs in, for how long that will work, and which versions of the API there are.

Sources: Salesforce Help 005228017 (no new connected apps since Spring '26), 000886201 (OAuth username-password flow),
and "SOAP API End-of-Life" (`login()` ends with Summer '27).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

from connector.crms.salesforce.exchange import Request
from connector.crms.salesforce.login import ClientCredentials, Jwt, Password, Session
from connector.crms.salesforce.unanswered import unreadable
from connector.findings import Finding, Level

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector.crms.salesforce.login import Login
    from connector.crms.salesforce.org import Org

SIGN_IN, VERSION = "Salesforce: sign-in", "Salesforce: API version"


def sign_in(org: Org, login: Login) -> Iterable[Finding]:
    """Who is signed in where, and how."""
    user = org.connected_user()
    yield Finding(Level.OK, SIGN_IN, f"Signed in to {org.title} as {user.name}.")
    yield _flow(login)


def versions(org: Org, used: str) -> Iterable[Finding]:
    """Whether the org offers the version that is used."""
    request = Request("the question which API versions there are")
    answer = org.connection.ask(request, "../")
    if not isinstance(answer, list):
        raise unreadable(request)
    offered = sorted({_number(each) for each in answer} - {0.0})
    newest = f"{offered[-1]:.1f}" if offered else "none"
    if float(used) in offered:
        yield Finding(Level.OK, VERSION, f"{used} is in use; the newest that the org offers is {newest}.")
    else:
        todo = f'Set `crm.api_version` to "{newest}".'
        yield Finding(Level.PROBLEM, VERSION, f"The org does not offer {used}; its newest is {newest}.", todo)


def _flow(login: Login) -> Finding:
    about = "Salesforce: way of signing in"
    match login:
        case ClientCredentials():
            return Finding(Level.OK, about, "OAuth client credentials. Salesforce has announced no end of it.")
        case Jwt():
            return Finding(Level.OK, about, "OAuth JWT bearer. Salesforce has announced no end of it.")
        case Password():
            return Finding(
                Level.WARNING,
                about,
                "A password, by SOAP `login()`: it ends with Salesforce's Summer '27 release at the latest.",
                "Use `auth: client_credentials` or `auth: jwt` with an External Client App.",
            )
        case Session():
            return Finding(
                Level.WARNING,
                about,
                "A session that was opened elsewhere: it ends by itself after some hours and cannot be renewed.",
                "Use `auth: client_credentials` for runs on a schedule.",
            )
        case _:
            assert_never(login)


def _number(version: Any) -> float:
    text = version.get("version") if isinstance(version, dict) else None
    try:
        return float(str(text))
    except ValueError:
        return 0.0
