"""Old closed tasks are archived: out of sight of `query`, but there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.clock import NOON
from tests.sandbox.org_client import KEY

if TYPE_CHECKING:
    from tests.sandbox.org_client import OrgClient

YEAR = timedelta(days=365)


def count(client: OrgClient, path: str) -> int:
    return int(client.query("SELECT COUNT() FROM Task", path)["totalSize"])


@pytest.mark.parametrize(
    ("fields", "archived"),
    [
        ({"Status": "Completed", "ActivityDate": "2025-06-15"}, True),
        ({"Status": "Completed", "ActivityDate": "2025-06-16"}, False),
        ({"Status": "Deferred", "ActivityDate": "2025-06-15"}, False),
        ({"Status": "Completed"}, False),
    ],
)
def test_a_closed_task_is_archived_once_its_date_is_a_year_ago(
    client: OrgClient, fields: dict[str, Any], *, archived: bool
) -> None:
    [made] = client.upsert({KEY: "a", **fields})
    assert client.org.archive_old(NOON) == ([made["id"]] if archived else [])
    assert count(client, "/query") == 1 - archived
    assert count(client, "/queryAll") == 1
    assert client.org.archive_old(NOON) == []


def test_without_a_date_the_day_of_creation_counts(client: OrgClient) -> None:
    old = client.org.create("Task", {"Status": "Completed"}, NOON - YEAR)
    client.org.create("Task", {"Status": "Completed"}, NOON - YEAR + timedelta(days=1))
    assert client.org.archive_old(NOON) == [old]


def test_archived_tasks_can_be_changed_and_deleted_and_the_flag_cannot_be_set(client: OrgClient) -> None:
    [made] = client.upsert({KEY: "a"})
    client.org.archive(made["id"])
    assert client.errors({"IsArchived": False})[0][0] in {"INVALID_FIELD_FOR_INSERT_UPDATE", "DUPLICATE_VALUE"}
    path = f"/sobjects/Task/{made['id']}"
    assert client.send("PATCH", path, json={"Subject": "x"}).status_code == 204
    assert (count(client, "/query"), count(client, "/queryAll")) == (0, 1)
    assert client.send("PATCH", path, json={"IsArchived": False}).status_code == 400
    assert client.send("DELETE", path).status_code == 204
    assert client.query("SELECT IsDeleted, IsArchived FROM Task", "/queryAll")["records"][0]["IsDeleted"]


def test_a_new_relation_brings_a_task_back_from_the_archive(client: OrgClient) -> None:
    [made] = client.upsert({KEY: "a"})
    client.org.archive(made["id"])
    account = client.org.add("Account", Name="Acme")
    assert client.send("PATCH", f"/sobjects/Task/{made['id']}", json={"WhatId": account}).status_code == 204
    assert count(client, "/query") == 1
