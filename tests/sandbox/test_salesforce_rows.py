"""The rules the stand-in org holds rows against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.org_client import KEY, assume

if TYPE_CHECKING:
    from tests.sandbox.org_client import OrgClient


@pytest.mark.parametrize(
    ("row", "errors"),
    [
        ({"Subject": "x" * 255, "Description": "y" * 32_000}, []),
        ({"Subject": "x" * 256}, [("STRING_TOO_LONG", ["Subject"])]),
        ({"Subject": "😀" * 128}, [("STRING_TOO_LONG", ["Subject"])]),
        ({"Subject": "  " + "x" * 255 + "\n"}, []),
        ({"Description": "y" * 32_001}, [("STRING_TOO_LONG", ["Description"])]),
        ({"CallType": "Sideways"}, [("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", ["CallType"])]),
        ({"Status": "Of our own making"}, []),
        ({"Status": "x" * 41}, [("STRING_TOO_LONG", ["Status"])]),
        ({"Status": None}, [("REQUIRED_FIELD_MISSING", ["Status"])]),
        ({"IsClosed": True, "CreatedDate": None}, [("INVALID_FIELD_FOR_INSERT_UPDATE", ["IsClosed", "CreatedDate"])]),
        ({"CallDurationInSeconds": 99_999_999}, []),
        ({"CallDurationInSeconds": 100_000_000}, [("NUMBER_OUTSIDE_VALID_RANGE", ["CallDurationInSeconds"])]),
        ({"WhoId": "not an id"}, [("MALFORMED_ID", ["WhoId"])]),
        ({"WhoId": "001Hs0000000001"}, [("FIELD_INTEGRITY_EXCEPTION", ["WhoId"])]),
        ({"WhoId": "003Hs0000000001"}, [("INVALID_CROSS_REFERENCE_KEY", ["WhoId"])]),
        ({"CallType": "x", "Subject": "x" * 256}, [
            ("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", ["CallType"]),
            ("STRING_TOO_LONG", ["Subject"]),
        ]),
    ],
)  # fmt: skip
def test_rules_of_a_row(client: OrgClient, row: dict[str, Any], errors: list[tuple[str, list[str]]]) -> None:
    assert client.errors(row) == errors
    assert bool(client.org.tasks) != bool(errors)


@pytest.mark.parametrize(
    "row",
    [
        {"ActivityDate": "2026-02-30"},
        {"ActivityDate": "2026-1-1"},
        {"ActivityDate": "20261101"},
        {"ActivityDate": "2026-11-01T00:00:00Z"},
        {"ActivityDate": 20261101},
        {"ReminderDateTime": "2026-11-01 10:00:00+00:00"},
        {"ReminderDateTime": "2026-11-01T10:00:00"},
        {"Subject": 7},
        {"Subject": ["x"]},
        {"CallDurationInSeconds": "60"},
        {"CallDurationInSeconds": 1.5},
        {"CallDurationInSeconds": True},
        {"IsReminderSet": "true"},
        {"Nothing__c": "x"},
    ],
)
def test_a_value_that_cannot_be_read_fails_the_request_or_by_assumption_its_row(
    client: OrgClient, row: dict[str, Any]
) -> None:
    code = "INVALID_FIELD" if "Nothing__c" in row else "JSON_PARSER_ERROR"
    [name] = row
    answer = client.save("PATCH", f"/composite/sobjects/Task/{KEY}", [{KEY: "a", **row}, {KEY: "b"}])
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)
    assert client.org.tasks == {}
    assume(client, unreadable_row_fails_request=False)
    assert client.errors(row) == [(code, [name])]


def test_what_is_stored_is_what_an_org_makes_of_it(client: OrgClient) -> None:
    client.upsert(
        {
            KEY: "a",
            "Subject": " padded ",
            "Description": "one\ntwo\r\nthree",
            "CallObject": "  ",
            "Status": "Completed",
            "Priority": "High",
            "OwnerId": client.org.user_id[:15],
            "ReminderDateTime": "2026-11-01T12:00:00.987+02:00",
        }
    )
    task = client.org.task_with_key("a")
    assert task is not None
    assert {name: task[name] for name in ("Subject", "Description", "CallObject", "OwnerId", "ReminderDateTime")} == {
        "Subject": "padded",
        "Description": "one\r\ntwo\r\nthree",
        "CallObject": None,
        "OwnerId": client.org.user_id,
        "ReminderDateTime": "2026-11-01T10:00:00.000+0000",
    }
    assert (task["IsClosed"], task["IsHighPriority"]) == (True, True)
    assert task["CompletedDateTime"] == task["CreatedDate"] == "2026-06-15T12:00:00.000+0000"
    client.upsert({KEY: "a", "Status": "Not Started"})
    assert (task["IsClosed"], task["CompletedDateTime"], task["Priority"]) == (False, None, "High")


def test_defaults_fill_what_a_new_task_leaves_out(client: OrgClient) -> None:
    client.upsert({KEY: "a"})
    task = client.org.task_with_key("a")
    assert task is not None
    assert (task["Status"], task["Priority"], task["IsClosed"], task["OwnerId"]) == (
        "Not Started",
        "Normal",
        False,
        client.org.user_id,
    )


def test_task_subtype_is_set_at_creation_and_never_after(client: OrgClient) -> None:
    assert client.errors({"TaskSubtype": "Call"}) == []
    assert client.errors({"TaskSubtype": "Call"}) == [("INVALID_FIELD_FOR_INSERT_UPDATE", ["TaskSubtype"])]


def test_whom_a_task_may_point_to(client: OrgClient) -> None:
    org = client.org
    lead, converted, contact = org.add_lead("Ann"), org.add_lead("Bob", converted=True), org.add_contact("Cy")
    account = org.add("Account", Name="Acme")
    assert client.errors({"WhoId": lead[:15]}) == []
    task = org.task_with_key("a")
    assert task is not None
    assert task["WhoId"] == lead
    assert client.errors({"WhatId": account}) == [("FIELD_INTEGRITY_EXCEPTION", ["WhatId"])]
    assert client.errors({"WhoId": contact, "WhatId": account}) == []
    assert client.errors({"WhoId": converted, "WhatId": None}) == [("CANNOT_UPDATE_CONVERTED_LEAD", ["WhoId"])]
    org.delete(contact)
    assert client.errors({"WhoId": contact}) == [("ENTITY_IS_DELETED", ["WhoId"])]
    org.people_must_exist = False
    assert client.errors({"WhoId": "003Hs0000000zzz"}) == []


def test_what_is_assumed_of_rows_can_be_otherwise(client: OrgClient) -> None:
    client.upsert({KEY: "a", "TaskSubtype": "Call"}, {KEY: "gone"})
    held = client.org.task_with_key("a")
    gone = client.org.task_with_key("gone")
    assert held is not None
    assert gone is not None
    client.org.archive(held["Id"])
    client.org.delete(gone["Id"])
    lead, account = client.org.add_lead(converted=True), client.org.add("Account", Name="Acme")

    assert client.errors({}) == [("DUPLICATE_VALUE", [KEY])]
    assume(client, upsert_matches_archived=True)
    assert client.errors({}) == []
    assume(client, update_refuses_create_only=False)
    assert client.errors({"TaskSubtype": "Task"}) == []
    assert held["TaskSubtype"] == "Call"
    assume(client, deleted_rows_hold_their_key=True)
    assert client.upsert({KEY: "gone"})[0]["errors"][0]["statusCode"] == "DUPLICATE_VALUE"
    assume(client, deleted_rows_hold_their_key=False)
    assert client.upsert({KEY: "gone"})[0]["created"]
    assume(client, lengths_in_utf16=False)
    assert client.errors({"Subject": "😀" * 255}) == []
    lines = "\n".join(["x" * 99] * 320)
    assume(client, description_has_own_code=True)
    assert client.errors({"Description": lines}) == [("MAX_TASK_DESCRIPTION_EXCEEEDED", ["Description"])]
    assume(client, line_ends_count_twice=False)
    assert client.errors({"Description": lines}) == []
    assume(client, stores_windows_line_ends=False, trims_text=False, drops_milliseconds=False)
    kept = {"Description": " a\nb ", "ReminderDateTime": "2026-11-01T10:00:00.987+0000"}
    assert client.errors(kept) == []
    assert {name: held[name] for name in kept} == kept
    assume(client, refuses_converted_lead=False)
    assert client.errors({"WhoId": lead}) == []
    assume(client, lead_excludes_related_to=False)
    assert client.errors({"WhatId": account}) == []
    assume(client, unknown_person_code="INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY")
    assert client.errors({"WhoId": "003Hs0000000zzz"})[0][0] == "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"
    assume(client, deleted_person_code="INVALID_CROSS_REFERENCE_KEY")
    client.org.delete(lead)
    assert client.errors({"WhoId": lead}) == [("INVALID_CROSS_REFERENCE_KEY", ["WhoId"])]
