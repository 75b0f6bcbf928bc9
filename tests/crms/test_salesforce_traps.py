"""Each known trap of simple-salesforce and what lies below it, shown not to catch us.

| trap | shown by |
| --- | --- |
| no address but salesforce.com, over https | test_every_request_carries_the_orgs_own_host_name_to_the_base_url |
| no time-out by default | test_a_server_that_never_answers_costs_a_time_out_not_for_ever |
| a time-out begins anew with every byte | test_an_answer_that_trickles_is_given_up_although_it_never_falls_silent |
| a body must be out within the connect time-out | test_a_large_request_may_go_out_for_longer_than_a_connection_takes |
| renewal repeats for ever | test_a_session_that_is_never_accepted_ends_in_an_error_after_one_new_login |
| renewal is tried where it cannot help | test_a_401_that_is_no_expiry_stops_at_once_and_says_what_to_do |
| renewal drops headers | test_an_expired_session_is_renewed_once_and_the_very_same_request_repeated |
| renewal trips over a 401 that is not JSON | test_a_401_of_any_shape_is_a_matter_of_credentials |
| renewal keeps to the old instance | test_after_a_new_login_requests_go_to_the_instance_it_names |
| exceptions quote the bodies of answers | test_a_response_body_never_becomes_the_text_of_an_error |
| exceptions lose the headers of answers | test_a_wait_that_is_asked_for_is_passed_on |
| not safe to use from several threads | test_salesforce_is_asked_one_thing_at_a_time |
| proxies ignored with a session | test_login_and_requests_go_through_the_proxy_whose_certificate_is_in_the_ca_file |
| `login()` asks a version without it | test_login_by_password_asks_a_version_that_has_it_whatever_the_others_use |
| `login()` cuts -api out of host names | test_a_company_whose_name_holds_api_is_found_at_its_own_address |
| `login()` does not escape the token | test_every_way_in_leads_in_and_in_again_when_the_session_ends |
| a warning shows the consumer key | test_a_user_who_has_not_approved_the_app_causes_no_warning |
| .netrc overrides the token | test_neither_netrc_nor_proxies_of_the_environment_touch_what_goes_to_a_stand_in |
| keys are spelled wrongly in paths | test_a_key_is_a_value_never_a_command |

Its bulk classes, which guess encodings, and its retries, of which there are none, are not used.
"""

from __future__ import annotations

import re
import socket
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from connector.crms.salesforce.adapter import Salesforce
from connector.crms.salesforce.login import ClientCredentials, Jwt, Password, Session
from connector.errors import (
    ConfigError,
    ConnectorError,
    CredentialsError,
    CrmSetupError,
    RateLimitedError,
    UncertainWriteError,
    UnreachableError,
)
from connector.sandbox.faults import Fault, When
from connector.sandbox.salesforce.app import SalesforceStandIn
from connector.sandbox.salesforce.org import SalesforceOrg
from connector.sandbox.server import LocalServer
from tests.clock import NOON
from tests.crms.conftest import LOGIN, TASK, call, noted_hosts
from tests.keys import pem, rsa_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.crms.salesforce.login import Login
    from tests.crms.conftest import World


def test_the_table_above_names_tests_that_are_there() -> None:
    named = re.findall(r"\| (test_\w+) \|", __doc__ or "")
    there = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.parent.rglob("*.py"))
    assert len(named) > 12
    assert [name for name in named if f"def {name}(" not in there] == []


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that takes connections and never answers."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_after_a_new_login_requests_go_to_the_instance_it_names(world: World, crm: Salesforce) -> None:
    hosts = noted_hosts(world)
    crm.identity()
    world.stand_in.tokens.expire_all()
    token = world.stand_in.tokens.issue()
    moved = f'{{"access_token":"{token}","instance_url":"https://moved.my.salesforce.com"}}'
    world.server.faults.add(Fault("/oauth2/token", status=200, body=moved.encode()))
    crm.describe(TASK)
    assert hosts[-1] == "moved.my.salesforce.com"


@pytest.mark.parametrize(
    "login",
    [
        LOGIN,
        Jwt("acme.my", "key", "user@acme.example", pem(rsa_key())),
        Password("acme.my", "user@acme.example", "password"),
        Session("https://acme.my.salesforce.com", "00D!token"),
    ],
    ids=["client_credentials", "jwt", "password", "session"],
)
def test_a_server_that_never_answers_costs_a_time_out_not_for_ever(silent: str, login: Login) -> None:
    crm = Salesforce(login, base_url=silent, timeout=0.2)
    started = time.monotonic()
    with pytest.raises(UnreachableError):
        crm.identity()
    assert time.monotonic() - started < 5


def test_a_write_that_times_out_may_have_happened(world: World) -> None:
    crm = world.connect(timeout=1.5)
    crm.describe(TASK)
    world.server.faults.add(Fault("^PATCH ", delay=60.0))
    with pytest.raises(UncertainWriteError):
        crm.write(TASK, [call("a")])


def test_a_server_that_is_not_there_was_never_sent_the_write() -> None:
    org = SalesforceOrg()
    with LocalServer(SalesforceStandIn(org, now=lambda: NOON).app) as server:
        crm = Salesforce(LOGIN, base_url=server.url)
        crm.describe(TASK)
        crm.close()
    with pytest.raises(UnreachableError):
        crm.write(TASK, [call("a")])
    assert org.tasks == {}


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (500, b"<html>canary</html>", UncertainWriteError),
        (502, b"canary", UncertainWriteError),
        (503, b'[{"errorCode":"SERVER_UNAVAILABLE","message":"canary"}]', UnreachableError),
        (500, b'[{"errorCode":"UNKNOWN_EXCEPTION","message":"canary"}]', UncertainWriteError),
        (420, b"canary", UnreachableError),
        (429, b"canary", RateLimitedError),
        (403, b'[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"ConcurrentRequests canary"}]', RateLimitedError),
        (403, b"<html>canary</html>", CrmSetupError),
        (302, b"canary", CrmSetupError),
        (307, b"canary", CrmSetupError),
        (410, b'[{"errorCode":"UNSUPPORTED_API_VERSION","message":"canary"}]', CrmSetupError),
    ],
)
def test_a_response_body_never_becomes_the_text_of_an_error(
    world: World, crm: Salesforce, status: int, body: bytes, expected: type[ConnectorError]
) -> None:
    crm.describe(TASK)
    headers = {"Location": "/services/elsewhere", "Retry-After": "7"}
    world.server.faults.add(Fault("^PATCH ", status=status, body=body, headers=headers))
    with pytest.raises(expected) as caught:
        crm.write(TASK, [call("a", Subject="canary")])
    assert type(caught.value) is expected
    assert "canary" not in str(caught.value)
    assert caught.value.__context__ is caught.value.__cause__ is None
    assert world.asked("elsewhere") == 0


def test_a_wait_that_is_asked_for_is_passed_on(world: World, crm: Salesforce) -> None:
    crm.describe(TASK)
    world.server.faults.add(Fault("^PATCH ", status=429, headers={"Retry-After": "7"}))
    with pytest.raises(RateLimitedError) as caught:
        crm.write(TASK, [call("a")])
    assert caught.value.retry_after == 7.0


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, b'{"error":"invalid_grant","error_description":"the-consumer-secret"}', CredentialsError),
        (400, b'{"error":"the-consumer-secret is wrong"}', CredentialsError),
        (400, b'{"error":{"the-consumer-secret":1}}', CredentialsError),
        (400, b'{"error":"unknown_error","error_description":"retry your request"}', UnreachableError),
        (503, b"<html>the-consumer-secret</html>", UnreachableError),
        (503, b'[{"errorCode":"SERVER_UNAVAILABLE"}]', UnreachableError),
        (200, b"<html>the-consumer-secret</html>", UnreachableError),
        (200, b"{}", UnreachableError),
        (302, b"", CrmSetupError),
    ],
)
def test_a_login_that_fails_says_whether_to_wait_or_to_act(
    world: World, crm: Salesforce, status: int, body: bytes, expected: type[ConnectorError]
) -> None:
    world.server.faults.add(Fault("/oauth2/token", status=status, body=body, headers={"Location": "/x"}))
    with pytest.raises(expected) as caught:
        crm.write(TASK, [call("a")])
    assert type(caught.value) is expected
    assert "the-consumer-secret" not in str(caught.value)


@pytest.mark.parametrize(("key", "secret"), [("wrong", "sandbox-consumer-secret"), ("sandbox-consumer-key", "wrong")])
def test_wrong_credentials_are_told_as_such(world: World, key: str, secret: str) -> None:
    crm = world.connect(ClientCredentials("acme.my", key, secret))
    with pytest.raises(CredentialsError):
        crm.identity()


def test_every_request_carries_the_orgs_own_host_name_to_the_base_url(world: World, crm: Salesforce) -> None:
    hosts = noted_hosts(world)
    crm.identity()
    assert hosts == ["acme.my.salesforce.com"]


@pytest.mark.parametrize(
    "url", ["http://proxy.example.com", "http://10.0.0.1", "ftp://127.0.0.1", "acme", "https://", ""]
)
def test_plain_http_is_for_this_machine_alone(url: str) -> None:
    with pytest.raises(ConfigError):
        Salesforce(LOGIN, base_url=url)


def test_neither_netrc_nor_proxies_of_the_environment_touch_what_goes_to_a_stand_in(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine acme.my.salesforce.com login mallory password guess\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert world.connect().identity() == world.org.id


@pytest.mark.parametrize("domain", ["login", "test", "", "acme.my/x", "user@evil", "https://acme.my.salesforce.com/x"])
def test_a_domain_that_is_no_my_domain_is_a_config_error(domain: str) -> None:
    with pytest.raises(ConfigError):
        ClientCredentials(domain, "key", "secret")


@pytest.mark.parametrize(
    "domain", ["acme.my", "acme.my.salesforce.com", "https://acme.my.salesforce.com/", " acme.my "]
)
def test_a_my_domain_may_be_given_as_its_host_name(domain: str) -> None:
    assert ClientCredentials(domain, "key", "secret").domain == "acme.my"


@pytest.mark.parametrize("url", ["http://acme.my.salesforce.com", "acme.my.salesforce.com", "https://"])
def test_a_session_lives_at_an_https_url(url: str) -> None:
    with pytest.raises(ConfigError):
        Session(url, "token")


@pytest.mark.parametrize("version", ["v66.0", "66", "45.0", "latest"])
def test_an_api_version_that_cannot_upsert_collections_is_a_config_error(version: str) -> None:
    with pytest.raises(ConfigError):
        Salesforce(LOGIN, api_version=version)


def test_logins_do_not_show_their_secrets() -> None:
    shown = repr(ClientCredentials("acme.my", "key", "s3cret")) + repr(
        Session("https://acme.my.salesforce.com", "s3cret")
    )
    assert "s3cret" not in shown


def test_a_connection_cut_before_the_effect_is_as_open_as_one_cut_after_it(world: World, crm: Salesforce) -> None:
    crm.describe(TASK)
    for when in When:
        world.server.faults.add(Fault("^PATCH ", when=when, drop=True))
        with pytest.raises(UncertainWriteError):
            crm.write(TASK, [call(when)])
    assert world.org.task_with_key("before") is None
    assert world.org.task_with_key("after") is not None
