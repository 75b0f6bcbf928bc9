"""Who gets a token of the stand-in org, and who is refused with which words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import jwt
import pytest

from connector.sandbox.salesforce.oauth import OrgUser
from tests.clock import NOON
from tests.keys import ec_key, rsa_key
from tests.sandbox.org_client import DATA

if TYPE_CHECKING:
    import httpx

    from tests.sandbox.org_client import OrgClient

USER, HOST = "integration@acme.example", "acme.my.salesforce.com"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
GOOD = {
    "iss": "sandbox-consumer-key",
    "sub": USER,
    "aud": f"https://{HOST}",
    "exp": str(int((NOON + timedelta(minutes=3)).timestamp())),
}


def ask(client: OrgClient, assertion: str, host: str = HOST) -> httpx.Response:
    client.stand_in.tokens.public_key = rsa_key().public_key()
    client.stand_in.tokens.users.setdefault(USER, OrgUser(USER, "pass", "token"))
    data = {"grant_type": GRANT, "assertion": assertion}
    return client.http.post("/services/oauth2/token", data=data, headers={"Host": host, "Authorization": ""})


def signed(claims: dict[str, Any], key: Any = None, algorithm: str = "RS256") -> str:
    return jwt.encode(claims, key or rsa_key(), algorithm=algorithm)


def test_a_jwt_that_the_certificates_key_signed_gets_a_token(client: OrgClient) -> None:
    body = ask(client, signed(GOOD)).json()
    assert body["instance_url"] == f"https://{HOST}"
    usable = {"Authorization": f"Bearer {body['access_token']}"}
    assert client.http.get(f"{DATA}/limits", headers=usable).status_code == 200


@pytest.mark.parametrize(
    ("assertion", "error", "description"),
    [
        ("", "invalid_grant", "invalid assertion"),
        ("a.b.c", "invalid_grant", "invalid assertion"),
        (signed(GOOD, rsa_key("another")), "invalid_grant", "invalid assertion"),
        (signed(GOOD, ec_key(), "ES256"), "invalid_grant", "invalid assertion"),
        (signed(GOOD, "x" * 32, "HS256"), "invalid_grant", "invalid assertion"),
        (jwt.encode(GOOD, "", algorithm="none"), "invalid_grant", "invalid assertion"),
        (signed({**GOOD, "exp": "soon"}), "invalid_grant", "invalid assertion"),
        (signed({**GOOD, "iss": "another"}), "invalid_client_id", "client identifier invalid"),
        (signed({**GOOD, "aud": "https://other.my.salesforce.com"}), "invalid_grant", "audience is invalid"),
        (signed({**GOOD, "aud": HOST}), "invalid_grant", "audience is invalid"),
        (
            signed({**GOOD, "aud": "https://login.salesforce.com"}),
            "app_not_found",
            "External client app is not installed in this org",
        ),
        (signed({**GOOD, "exp": int(NOON.timestamp())}), "invalid_grant", "expired authorization code"),
        (signed({**GOOD, "sub": "nobody@acme.example"}), "invalid_grant", "user hasn't approved this consumer"),
    ],
)
def test_a_jwt_with_anything_wrong_is_refused_in_salesforces_words(
    client: OrgClient, assertion: str, error: str, description: str
) -> None:
    answer = ask(client, assertion)
    assert answer.status_code == 400
    assert answer.json() == {"error": error, "error_description": description}


@pytest.mark.parametrize("host", ["login.salesforce.com", "test.salesforce.com"])
def test_the_general_hosts_know_no_external_client_app(client: OrgClient, host: str) -> None:
    assert ask(client, signed({**GOOD, "aud": f"https://{host}"}), host).json()["error"] == "app_not_found"
    data = {"grant_type": "client_credentials", "client_id": "sandbox-consumer-key"}
    answer = client.http.post("/services/oauth2/token", data=data, headers={"Host": host, "Authorization": ""})
    assert answer.json()["error_description"] == "request not supported on this domain"


def soap(client: OrgClient, version: str, password: str, user: str = USER) -> httpx.Response:
    client.stand_in.tokens.users.setdefault(USER, OrgUser(USER, "pass", "token"))
    body = (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>'
        '<n1:login xmlns:n1="urn:partner.soap.sforce.com">'
        f"<n1:username>{user}</n1:username><n1:password>{password}</n1:password></n1:login></e:Body></e:Envelope>"
    )
    return client.http.post(f"/services/Soap/u/{version}", content=body, headers={"Host": HOST})


def test_a_password_with_the_token_at_its_end_gets_a_session(client: OrgClient) -> None:
    answer = soap(client, "64.0", "passtoken")
    assert answer.status_code == 200
    token = answer.text.partition("<sessionId>")[2].partition("<")[0]
    usable = {"Authorization": f"Bearer {token}"}
    assert client.http.get(f"{DATA}/limits", headers=usable).status_code == 200


@pytest.mark.parametrize(
    ("version", "password", "user", "code"),
    [
        ("64.0", "pass", USER, "LOGIN_MUST_USE_SECURITY_TOKEN"),
        ("64.0", "passtoke", USER, "INVALID_LOGIN"),
        ("64.0", "passtoken", "nobody@acme.example", "INVALID_LOGIN"),
        ("64.0", "<", USER, "INVALID_LOGIN"),
        ("65.0", "passtoken", USER, "INVALID_OPERATION"),
        ("68.0", "passtoken", USER, "INVALID_OPERATION"),
        ("30.0", "passtoken", USER, "UNSUPPORTED_API_VERSION"),
        ("64", "passtoken", USER, "UNSUPPORTED_API_VERSION"),
    ],
)
def test_login_refuses_with_a_fault_and_is_not_offered_from_65_on(
    client: OrgClient, version: str, password: str, user: str, code: str
) -> None:
    answer = soap(client, version, password, user)
    assert answer.status_code == 500
    assert f"<sf:exceptionCode>{code}</sf:exceptionCode>" in answer.text


def test_an_org_may_take_no_passwords_at_all(client: OrgClient) -> None:
    client.stand_in.tokens.soap_login = False
    assert "disabled by default in this org" in soap(client, "64.0", "passtoken").text


def test_a_token_may_last_for_some_requests_only(client: OrgClient) -> None:
    client.stand_in.tokens.requests_per_token = 3
    assert [client.http.get(f"{DATA}/limits").status_code for _ in range(5)] == [200, 200, 200, 401, 401]


def test_salesforces_own_command_line_finds_what_it_asks_for(client: OrgClient) -> None:
    """`sf org login`, then `sf sobject describe`: what version 2.146 sends, slashes and all."""
    host = client.http.base_url.netloc.decode()
    body = ask(client, signed({**GOOD, "aud": f"http://{host}/"}), host).json()
    assert body["instance_url"] == f"http://{host}"
    usable = {"Authorization": f"Bearer {body['access_token']}"}
    user = client.http.get("/services/oauth2/userinfo", headers=usable).json()
    assert (user["user_id"], user["organization_id"]) == (client.org.user_id, client.org.id)
    found = client.http.get(f"/services/data/v51.0/sobjects/User/{user['user_id']}", headers=usable).json()
    assert "@" in found["Username"]
    newest = client.http.get(f"http://{host}//services/data").json()[-1]
    assert newest == {"label": "v68", "url": "/services/data/v68.0", "version": "68.0"}
    described = client.http.get(f"http://{host}/{newest['url']}/sobjects/Task/describe", headers=usable)
    assert described.json()["name"] == "Task"


def test_user_info_is_for_those_with_a_token(client: OrgClient) -> None:
    answer = client.http.get("/services/oauth2/userinfo", headers={"Authorization": "Bearer wrong"})
    assert (answer.status_code, answer.text) == (403, "Bad_OAuth_Token")
