"""Faults in Salesforce's own words, ordered by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from connector.sandbox.faults import When
from connector.sandbox.salesforce import faults
from tests.sandbox.org_client import KEY, refusal

if TYPE_CHECKING:
    from tests.sandbox.org_client import OrgClient


def write(client: OrgClient) -> httpx.Response:
    return client.save("PATCH", f"/composite/sobjects/Task/{KEY}", [{KEY: "a"}])


@pytest.mark.parametrize(("when", "written"), [(When.BEFORE, 0), (When.AFTER, 1)])
def test_the_instance_is_not_available(client: OrgClient, when: When, written: int) -> None:
    client.server.faults.add(faults.unavailable(when=when))
    assert refusal(write(client)) == (503, "SERVER_UNAVAILABLE")
    assert len(client.org.tasks) == written
    assert write(client).is_success


def test_a_page_for_people_answers_instead(client: OrgClient) -> None:
    client.server.faults.add(faults.html_page())
    answer = write(client)
    assert (answer.status_code, answer.headers["content-type"]) == (500, "text/html;charset=UTF-8")
    assert answer.text.startswith("<html>")
    assert client.org.tasks == {}


def test_a_session_ends_in_the_middle_of_a_run(client: OrgClient) -> None:
    client.server.faults.add(faults.session_expired(), after=1)
    assert client.send("GET", "/limits").is_success
    assert refusal(write(client)) == (401, "INVALID_SESSION_ID")
    assert write(client).is_success


def test_an_answer_takes_longer_than_anybody_waits_though_all_is_done(client: OrgClient) -> None:
    client.server.faults.add(faults.timed_out_after_commit())
    client.http.timeout = httpx.Timeout(0.3)
    assert client.send("GET", "/limits").is_success
    with pytest.raises(httpx.ReadTimeout):
        write(client)
    assert client.org.task_with_key("a") is not None


@pytest.mark.parametrize(("when", "written"), [(When.BEFORE, 0), (When.AFTER, 1)])
def test_a_connection_is_lost_before_or_after_the_write(client: OrgClient, when: When, written: int) -> None:
    client.server.faults.add(faults.connection_lost(when=when))
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        write(client)
    assert len(client.org.tasks) == written


def test_logins_pass_whatever_is_wrong_with_data(client: OrgClient) -> None:
    client.server.faults.add(faults.unavailable())
    assert client.http.post("/services/oauth2/token").status_code == 400
