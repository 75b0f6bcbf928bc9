"""SOAP `login()`: user name and password, with the security token at its end. No other call of that API is served.

The shapes: SOAP API Developer Guide, "login()" and "API Fault Element"; texts as clients of real orgs report them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from connector.sandbox.salesforce.org import API_VERSIONS

if TYPE_CHECKING:
    from connector.sandbox.salesforce.oauth import OrgUser, Tokens

_SPACE = "{urn:partner.soap.sforce.com}"
_VERSION = re.compile(r"\d\d\.0")
_FIRST_WITHOUT_LOGIN = 65
_NOT_IN_THIS_VERSION = (
    "The SOAP Login operation is not available in the API version specified ({}). "
    "Refer to the documentation for supported versions."
)
_NOT_IN_THIS_ORG = (
    "SOAP API login() is disabled by default in this org. Contact the org administrator to enable SOAP API login()."
)
_WRONG = "Invalid username, password, security token; or user locked out."
_ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>\
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" {spaces}>\
<soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"""


def login(tokens: Tokens, version: str, body: bytes, host: str) -> tuple[int, str]:
    """Status and body for a call of `login()`. Every refusal is a fault with status 500."""
    number = int(version[:2]) if _VERSION.fullmatch(version) else 0
    user, secret = _who(tokens, body)
    forgot = user and user.security_token and secret == user.password
    checks = (
        (number not in API_VERSIONS, "UNSUPPORTED_API_VERSION", "Invalid Api version specified on URL"),
        (number >= _FIRST_WITHOUT_LOGIN, "INVALID_OPERATION", _NOT_IN_THIS_VERSION.format(version)),
        (not tokens.soap_login, "INVALID_OPERATION", _NOT_IN_THIS_ORG),
        (user is None or not user.active, "INVALID_LOGIN", _WRONG),
        (forgot, "LOGIN_MUST_USE_SECURITY_TOKEN", _WRONG),
        (user and secret != user.password + user.security_token, "INVALID_LOGIN", _WRONG),
    )
    for wrong, code, message in checks:
        if wrong:
            return 500, _fault(code, message)
    return 200, _ENVELOPE.format(
        spaces='xmlns="urn:partner.soap.sforce.com"',
        body=f"<loginResponse><result><passwordExpired>false</passwordExpired><sandbox>false</sandbox>"
        f"<serverUrl>https://{host}/services/Soap/u/{version}/{tokens.org_id[:15]}</serverUrl>"
        f"<sessionId>{tokens.issue()}</sessionId></result></loginResponse>",
    )


def _who(tokens: Tokens, body: bytes) -> tuple[OrgUser | None, str]:
    try:
        envelope = ET.fromstring(body)  # noqa: S314  # from a client on this machine
    except ET.ParseError:
        return None, ""
    username, secret = (envelope.findtext(f".//{_SPACE}{name}", "") for name in ("username", "password"))
    return tokens.users.get(username), secret


def _fault(code: str, message: str) -> str:
    text = escape(message)
    return _ENVELOPE.format(
        spaces='xmlns:sf="urn:fault.partner.soap.sforce.com" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
        body=f"<soapenv:Fault><faultcode>sf:{code}</faultcode><faultstring>{code}: {text}</faultstring>"
        f'<detail><sf:LoginFault xsi:type="sf:LoginFault"><sf:exceptionCode>{code}</sf:exceptionCode>'
        f"<sf:exceptionMessage>{text}</sf:exceptionMessage></sf:LoginFault></detail></soapenv:Fault>",
    )
