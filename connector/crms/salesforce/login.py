"""The ways to log in to Salesforce."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from connector.errors import ConfigError

_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\Z")


@dataclass(frozen=True, slots=True)
class _ByDomain:
    """A login at the org's own address.

    Args:
        domain: the org's My Domain, such as `acme.my` or `acme--test.sandbox.my`; its whole host name will do as well.
            The general hosts `login` and `test` know no client credentials and no External Client Apps.

    Raises:
        ConfigError: the domain is not a My Domain.
    """

    domain: str

    def __post_init__(self) -> None:
        host = self.domain.strip().removeprefix("https://").rstrip("/").removesuffix(".salesforce.com")
        if not _HOST.match(host) or host in {"login", "test"}:
            raise ConfigError(
                "The Salesforce domain is not a My Domain.",
                todo="Set `domain` to the part before .salesforce.com of your My Domain, such as acme.my.",
            )
        object.__setattr__(self, "domain", host)

    @property
    def host(self) -> str:
        """The org's host."""
        return f"{self.domain}.salesforce.com"


@dataclass(frozen=True, slots=True)
class ClientCredentials(_ByDomain):
    """The OAuth client credentials flow of an External Client App; the recommended login.

    Args:
        consumer_key: the app's consumer key.
        consumer_secret: the app's consumer secret.
    """

    consumer_key: str
    consumer_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Jwt(_ByDomain):
    """The OAuth JWT bearer flow of an External Client App: no secret travels, a key signs instead.

    The My Domain is also the assertion's audience: External Client Apps know no other.

    Args:
        consumer_key: the app's consumer key.
        username: the integration user's name; the app must be approved for that user beforehand.
        private_key: the RSA key to the app's certificate, in PEM.
    """

    consumer_key: str
    username: str
    private_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Password(_ByDomain):
    """A user's password by SOAP `login()`, which Salesforce ends with Summer '27 and new orgs do not take.

    Args:
        username: the integration user's name.
        password: that user's password.
        security_token: that user's security token; empty where the org trusts the network.
    """

    username: str
    password: str = field(repr=False)
    security_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Session:
    """A session somebody else opened; it cannot be renewed when it ends.

    Args:
        instance_url: where the session lives, such as `https://acme.my.salesforce.com`.
        session_id: the session id or access token.

    Raises:
        ConfigError: the URL is not an https URL.
    """

    instance_url: str
    session_id: str = field(repr=False)

    def __post_init__(self) -> None:
        if urlsplit(self.instance_url).scheme != "https" or not self.host:
            raise ConfigError(
                "The Salesforce instance URL is not an https URL.",
                todo="Set `instance_url` to a URL such as https://acme.my.salesforce.com.",
            )

    @property
    def host(self) -> str:
        """The instance's host, with its port if it has one."""
        return urlsplit(self.instance_url).netloc.rpartition("@")[2]


Login = ClientCredentials | Jwt | Password | Session
