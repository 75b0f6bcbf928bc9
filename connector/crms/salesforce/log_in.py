"""Logs in by simple-salesforce, whichever way the settings choose."""

from __future__ import annotations

import warnings
from html import escape
from typing import TYPE_CHECKING, assert_never

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from simple_salesforce.login import SalesforceLogin

from connector.crms.salesforce.login import ClientCredentials, Jwt, Login, Password, Session
from connector.errors import ConfigError

if TYPE_CHECKING:
    import requests

_SOAP_VERSION = "64.0"
"""The newest API version that has `login()`, whatever version the other requests use: Salesforce, "SOAP API login()
Call is Being Retired". The library would take the version of its other requests, or 59.0."""
_SHORTEST_KEY = 2048
"""Bits; Salesforce, "OAuth 2.0 JWT Bearer Flow for Server-to-Server Integration"."""


def check_key(login: Login) -> None:
    """See that a key can sign for Salesforce, before anything is sent.

    Raises:
        ConfigError: it cannot.
    """
    if isinstance(login, Jwt) and not _can_sign(login.private_key):
        raise ConfigError(
            "The file that `private_key_file` names holds no RSA key of 2048 bits or more that can be read.",
            done="Nothing was sent.",
            todo="Name the PEM file of the private key, without a passphrase, that belongs to the app's certificate.",
        )


def _can_sign(pem: str) -> bool:
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return False
    return isinstance(key, RSAPrivateKey) and key.key_size >= _SHORTEST_KEY


def log_in(login: Login, http: requests.Session) -> tuple[str, str]:
    """A session's token, and the host where it is good.

    Raises:
        Exception: nearly anything; see `refused_login.of_login`.
    """
    match login:
        case ClientCredentials():
            token, host = SalesforceLogin(
                session=http,
                domain=login.domain,
                consumer_key=login.consumer_key,
                consumer_secret=login.consumer_secret,
            )
        case Jwt():
            # Where the app is not approved for the user, the library prints a warning that shows the consumer key.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                token, host = SalesforceLogin(
                    session=http,
                    domain=login.domain,
                    consumer_key=login.consumer_key,
                    username=login.username,
                    privatekey=login.private_key,
                )
        case Password():
            # The library escapes the password for XML, but not the token. The host that it returns is not used: it
            # cuts "-api" out of it, which may be part of a company's name.
            token, _ = SalesforceLogin(
                session=http,
                domain=login.domain,
                username=login.username,
                password=login.password,
                security_token=escape(login.security_token),
                sf_version=_SOAP_VERSION,
            )
            host = login.host
        case Session():
            token, host = login.session_id, login.host
        case _:
            assert_never(login)
    return token, host
