"""Every way to log in, and every way to be refused, against an org that verifies what it is shown."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from connector.crms.salesforce.login import ClientCredentials, Jwt, Password
from connector.errors import (
    ConfigError,
    ConnectorError,
    CredentialsError,
    CrmSetupError,
    RateLimitedError,
    UnreachableError,
)
from connector.sandbox.faults import Fault
from connector.sandbox.salesforce.app import SalesforceStandIn
from connector.sandbox.salesforce.oauth import OrgUser
from connector.sandbox.salesforce.org import SalesforceOrg
from connector.sandbox.server import LocalServer
from tests.crms.conftest import LOGIN, TASK, World, call, noted_hosts
from tests.keys import ec_key, pem, rsa_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.crms.salesforce.login import Login

USER = "integration@acme.example"
SECRET = "pä&s<>\"'word"
TOKEN = "T0ken&<"
JWT = Jwt("acme.my", "sandbox-consumer-key", USER, pem(rsa_key()))
PASSWORD = Password("acme.my", USER, SECRET, TOKEN)


@pytest.fixture
def world() -> Iterator[World]:
    """An org in the present, where JWTs are made, with a certificate and a user."""
    org = SalesforceOrg()
    stand_in = SalesforceStandIn(org, now=lambda: datetime.now(UTC))
    stand_in.tokens.public_key = rsa_key().public_key()
    stand_in.tokens.users[USER] = OrgUser(USER, SECRET, TOKEN)
    with LocalServer(stand_in.app) as server:
        yield World(org, stand_in, server)


def refused(world: World, login: Login, **settings: object) -> str:
    """How the login's refusal reads, after these changes to the org's tokens."""
    for name, value in settings.items():
        setattr(world.stand_in.tokens, name, value)
    with pytest.raises(CredentialsError) as caught:
        world.connect(login).identity()
    assert world.asked("POST ") == 1
    assert caught.value.todo
    assert caught.value.__context__ is caught.value.__cause__ is None
    return caught.value.happened


@pytest.mark.parametrize("login", [LOGIN, JWT, PASSWORD], ids=["client_credentials", "jwt", "password"])
def test_every_way_in_leads_in_and_in_again_when_the_session_ends(world: World, login: Login) -> None:
    crm = world.connect(login)
    assert crm.write(TASK, [call("a")])[0].created
    world.stand_in.tokens.expire_all()
    assert crm.write(TASK, [call("b")])[0].created
    assert world.asked("POST /services/") == 2
    assert world.asked("PATCH ") == 3


@pytest.mark.parametrize("login", [LOGIN, JWT, PASSWORD], ids=["client_credentials", "jwt", "password"])
def test_tokens_may_last_for_a_few_requests_only(world: World, login: Login) -> None:
    world.stand_in.tokens.requests_per_token = 2
    crm = world.connect(login)
    for number in range(7):
        assert crm.write(TASK, [call(f"call-{number}")])[0].created
    assert len(world.org.tasks) == 7


@pytest.mark.parametrize("traditional", [True, False])
def test_a_key_signs_in_either_form_that_openssl_writes(world: World, traditional: bool) -> None:
    key = pem(rsa_key(), traditional=traditional)
    assert world.connect(Jwt("acme.my", "sandbox-consumer-key", USER, key)).identity() == world.org.id


@pytest.mark.parametrize(
    "key",
    [
        "",
        "no key",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        pem(ec_key()),
        pem(rsa_key("short", 1024)),
        pem(rsa_key(), passphrase="canary"),
    ],
)
def test_a_key_that_cannot_sign_is_told_before_anything_is_sent(world: World, key: str) -> None:
    crm = world.connect(Jwt("acme.my", "sandbox-consumer-key", USER, key))
    with pytest.raises(ConfigError, match="`private_key_file`"):
        crm.identity()
    assert world.server.requests == []


def test_login_by_password_asks_a_version_that_has_it_whatever_the_others_use(world: World) -> None:
    assert world.connect(PASSWORD).identity() == world.org.id
    assert [line.split("?")[0] for line in world.server.requests] == [
        "POST /services/Soap/u/64.0",
        "GET /services/data/v66.0/query/",
    ]


def test_a_company_whose_name_holds_api_is_found_at_its_own_address(world: World) -> None:
    hosts = noted_hosts(world)
    world.connect(Password("acme-apiaries.my", USER, SECRET, TOKEN)).identity()
    assert hosts == ["acme-apiaries.my.salesforce.com"]


def test_no_security_token_is_needed_where_the_org_asks_for_none(world: World) -> None:
    world.stand_in.tokens.users[USER].security_token = ""
    assert world.connect(Password("acme.my", USER, SECRET)).identity() == world.org.id


KEY, OTHER = "sandbox-consumer-key", "somebody@acme.example"


@pytest.mark.parametrize(
    ("login", "settings", "means"),
    [
        (
            ClientCredentials("acme.my", "wrong", "s"),
            {},
            "(invalid_client_id, HTTP 400): the consumer key is not known",
        ),
        (ClientCredentials("acme.my", KEY, "wrong"), {}, "(invalid_client, HTTP 401): the consumer secret is wrong"),
        (LOGIN, {"run_as": None}, "(invalid_grant, HTTP 400): the app has no user to run as"),
        (LOGIN, {"run_as": OrgUser(USER, approved=False)}, "(invalid_app_access, HTTP 400): the app is not approved"),
        (LOGIN, {"run_as": OrgUser(USER, active=False)}, "(inactive_user, HTTP 400): the user is not active"),
        (Jwt("acme.my", "wrong", USER, JWT.private_key), {}, "(invalid_client_id, HTTP 400): the consumer key is not"),
        (
            Jwt("acme.my", KEY, USER, pem(rsa_key("b"))),
            {},
            "(invalid_grant, HTTP 400): the key is not that of the app's",
        ),
        (JWT, {"public_key": None}, "(invalid_grant, HTTP 400): the key is not that of the app's certificate"),
        (
            Jwt("acme.my", KEY, OTHER, JWT.private_key),
            {},
            "(invalid_grant, HTTP 400): the user is not known, or the app",
        ),
        (JWT, {"users": {USER: OrgUser(USER, approved=False)}}, "(invalid_grant, HTTP 400): the user is not known, or"),
        (JWT, {"users": {USER: OrgUser(USER, active=False)}}, "(inactive_user, HTTP 400): the user is not active"),
        (Password("acme.my", USER, "wrong", TOKEN), {}, "(INVALID_LOGIN, HTTP 500): user name, password or security"),
        (Password("acme.my", OTHER, SECRET, TOKEN), {}, "(INVALID_LOGIN, HTTP 500): user name, password or security"),
        (Password("acme.my", USER, SECRET), {}, "(LOGIN_MUST_USE_SECURITY_TOKEN, HTTP 500): the security token is"),
        (
            PASSWORD,
            {"soap_login": False},
            "(INVALID_OPERATION, HTTP 500): the org does not take user name and password",
        ),
    ],
)
def test_a_refusal_says_why_in_our_words_and_is_not_repeated(
    world: World, login: Login, settings: dict[str, object], means: str
) -> None:
    assert f"Salesforce refused the login {means}" in refused(world, login, **settings)


def test_the_clock_of_this_machine_is_named_when_a_signature_comes_too_late(world: World) -> None:
    world.stand_in._now = lambda: datetime.now(UTC) + timedelta(minutes=4)
    assert "the signature was too old when it came" in refused(world, JWT)


def test_a_user_who_has_not_approved_the_app_causes_no_warning(world: World) -> None:
    world.stand_in.tokens.users.clear()
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        refused(world, JWT)
    assert heard == []


@pytest.mark.parametrize(
    ("status", "body", "happened"),
    [
        (
            400,
            b'{"error":"app_not_found","error_description":"canary"}',
            "(app_not_found, HTTP 400): the org has no such",
        ),
        (400, b'{"error":"invalid_grant","error_description":"audience is invalid"}', ": the domain is not the org's"),
        (400, b'{"error":"invalid_grant","error_description":"Audience validation failed"}', ": the domain is not the"),
        (400, b'{"error":"invalid_grant","error_description":"IP restricted or invalid login hours"}', "this address"),
        (400, b'{"error":"invalid_grant","error_description":"canary"}', "(invalid_grant, HTTP 400)."),
        (400, b'{"error":"never_heard_of"}', "(never_heard_of, HTTP 400)."),
        (400, b'{"error":"canary: text"}', "(UNKNOWN, HTTP 400)."),
        (400, b'{"error":null}', "(UNKNOWN, HTTP 400)."),
        (404, b"<html>canary</html>", "(UNKNOWN, HTTP 404)."),
    ],
)
@pytest.mark.parametrize("login", [LOGIN, JWT], ids=["client_credentials", "jwt"])
def test_only_codes_and_our_own_words_are_shown(
    world: World, login: Login, status: int, body: bytes, happened: str
) -> None:
    world.server.faults.add(Fault("/oauth2/token", status=status, body=body))
    told = refused(world, login)
    assert happened in told
    assert "canary" not in told


def fault(code: str) -> bytes:
    return f'<a xmlns:sf="urn:x"><sf:exceptionCode>{code}</sf:exceptionCode>canary</a>'.encode()


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (500, fault("PASSWORD_LOCKOUT"), CredentialsError),
        (500, fault("NEVER_HEARD_OF"), CredentialsError),
        (500, fault("UNSUPPORTED_API_VERSION"), CredentialsError),
        (500, fault("SERVER_UNAVAILABLE"), UnreachableError),
        (500, fault("LOGIN_RATE_EXCEEDED"), RateLimitedError),
        (500, b"<a>canary</a>", UnreachableError),
        (503, fault("NEVER_HEARD_OF"), UnreachableError),
        (503, b"<html>canary", UnreachableError),
        (200, b"<html>canary", UnreachableError),
        (200, b"<a>canary</a>", UnreachableError),
        (302, b"", CrmSetupError),
    ],
)
def test_a_password_is_not_tried_again_unless_it_was_not_looked_at(
    world: World, status: int, body: bytes, expected: type[ConnectorError]
) -> None:
    world.server.faults.add(Fault("/Soap/", status=status, body=body, headers={"Location": "/x"}))
    with pytest.raises(expected) as caught:
        world.connect(PASSWORD).identity()
    assert type(caught.value) is expected
    assert "canary" not in str(caught.value)


def test_logins_that_come_too_often_wait_as_long_as_they_are_told(world: World) -> None:
    body = b'{"error":"invalid_grant","error_description":"login rate exceeded"}'
    world.server.faults.add(Fault("/oauth2/token", status=400, body=body, headers={"Retry-After": "7"}))
    with pytest.raises(RateLimitedError) as caught:
        world.connect().identity()
    assert caught.value.retry_after == 7.0
