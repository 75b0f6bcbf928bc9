"""Saves that meet on the same records get in each other's way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import TYPE_CHECKING, Any

from tests.sandbox.org_client import KEY, assume

if TYPE_CHECKING:
    from tests.sandbox.org_client import OrgClient

LOCKED = "UNABLE_TO_LOCK_ROW"


def at_once(client: OrgClient, *batches: list[dict[str, Any]]) -> list[list[str]]:
    """Batches upserted at the same time; for each row of each its error code, or what became of it."""
    client.org.locks.save_seconds = 0.3
    with ThreadPoolExecutor(len(batches)) as pool:
        results = list(pool.map(lambda batch: client.upsert(*batch), batches))
    return [[outcome(row) for row in result] for result in results]


def outcome(row: dict[str, Any]) -> str:
    if not row["success"]:
        return str(row["errors"][0]["statusCode"])
    return "created" if row["created"] else "updated"


def test_rows_with_the_same_parent_in_parallel_requests_cannot_both_have_it(client: OrgClient) -> None:
    client.org.locks.wait_seconds = 0.1
    ann, ben = client.org.add_lead("Ann"), client.org.add_lead("Ben")
    results = at_once(
        client,
        [{KEY: "a", "WhoId": ann}, {KEY: "b", "WhoId": ann}],
        [{KEY: "c", "WhoId": ann}, {KEY: "d", "WhoId": ben}],
    )
    assert sorted(chain(*results)) in (
        [LOCKED, "created", "created", "created"],
        [LOCKED, LOCKED, "created", "created"],
    )
    locked = sum(LOCKED in result for result in results)
    assert locked == 1


def test_who_waits_long_enough_gets_the_lock(client: OrgClient) -> None:
    ann = client.org.add_lead("Ann")
    assert at_once(client, [{KEY: "a", "WhoId": ann}], [{KEY: "b", "WhoId": ann}]) == [["created"], ["created"]]


def test_two_requests_that_insert_the_same_key_make_one_record(client: OrgClient) -> None:
    assert sorted(at_once(client, [{KEY: "a"}], [{KEY: "a"}])) == [["DUPLICATE_VALUE"], ["created"]]
    assert len(client.org.tasks) == 1
    client.org.locks.wait_seconds = 0.1
    assert sorted(at_once(client, [{KEY: "b"}], [{KEY: "b"}])) == [[LOCKED], ["created"]]


def test_a_record_that_is_being_changed_is_locked(client: OrgClient) -> None:
    client.upsert({KEY: "a"})
    client.org.locks.wait_seconds = 0.1
    assert sorted(at_once(client, [{KEY: "a", "Subject": "x"}], [{KEY: "a", "Subject": "y"}])) == [
        [LOCKED],
        ["updated"],
    ]


def test_rows_can_be_refused_on_order(client: OrgClient) -> None:
    client.org.locks.refuse_rows(2)
    results = client.upsert({KEY: "a"}, {KEY: "b"}, {KEY: "c"})
    assert [outcome(row) for row in results] == [LOCKED, LOCKED, "created"]
    assert results[0]["errors"][0]["message"].startswith("unable to obtain exclusive access to this record")
    answer = client.send("PATCH", f"/sobjects/Task/{KEY}/a", json={})
    assert answer.status_code == 201
    client.org.locks.refuse_rows(1)
    assert [outcome(row) for row in client.upsert({KEY: "a"}, {KEY: "b"}, allOrNone=True)] == [
        LOCKED,
        "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    ]


def test_by_assumption_a_lock_error_is_wrapped_in_a_triggers(client: OrgClient) -> None:
    assume(client, lock_error_is_wrapped=True)
    client.org.locks.refuse_rows(1)
    [error] = client.upsert({KEY: "a"})[0]["errors"]
    assert error["statusCode"] == "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"
    assert LOCKED in error["message"]
