from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from connector.errors import (
    CrmSetupError,
    RejectedError,
    UncertainWriteError,
    UnreachableError,
)
from connector.model import Receipt, Record, Target, Value
from connector.sandbox.faults import Fault
from connector.sandbox.salesforce.assumptions import Assumptions
from connector.sandbox.salesforce.fields import OrgField
from tests.crms.conftest import TASK, call
from tests.crms.searches import search

if TYPE_CHECKING:
    from connector.crms.salesforce.adapter import Salesforce
    from tests.crms.conftest import World


def test_a_create_only_field_on_an_existing_record_is_told_as_exists(world: World, crm: Salesforce) -> None:
    crm.write(TASK, [call("old", Subject="Call")])
    new, old = crm.write(TASK, [call("new", TaskSubtype="Call"), call("old", TaskSubtype="Call")])
    assert (new.created, old.exists, old.error, old.record_id) == (True, True, None, None)
    task = world.org.task_with_key("new")
    assert task is not None
    assert task["TaskSubtype"] == "Call"


def test_a_create_only_field_in_an_update_is_a_rejection(crm: Salesforce) -> None:
    [made] = crm.write(TASK, [call("a", Subject="Call")])
    [receipt] = crm.write(TASK, [call("a", made.record_id, TaskSubtype="Call")])
    assert isinstance(receipt.error, RejectedError)
    assert receipt.error.fields == ("TaskSubtype",)


def test_a_read_only_field_is_a_rejection_and_no_sign_of_existence(crm: Salesforce) -> None:
    [receipt] = crm.write(TASK, [call("a", IsClosed=True)])
    assert isinstance(receipt.error, RejectedError)
    assert (receipt.error.code, receipt.exists) == ("INVALID_FIELD_FOR_INSERT_UPDATE", False)


def test_an_archived_record_is_found_by_read_and_scan_and_told_as_exists_by_an_upsert(
    world: World, crm: Salesforce
) -> None:
    [made] = crm.write(TASK, [call("a", Subject="Call")])
    assert made.record_id
    world.org.archive(made.record_id)
    [again] = crm.write(TASK, [call("a", Subject="Call")])
    assert again.exists
    assert crm.read(TASK, ["a"], ["Subject"]) == {"a": Record(made.record_id, {"Subject": "Call"})}
    assert crm.scan(TASK).rows == (("a", made.record_id),)
    assert crm.write(TASK, [call("a", made.record_id, Subject="New")])[0].error is None


def test_a_deleted_record_is_neither_read_nor_scanned(world: World, crm: Salesforce) -> None:
    [made] = crm.write(TASK, [call("a", Subject="Call")])
    assert made.record_id
    world.org.delete(made.record_id)
    assert crm.read(TASK, ["a"], []) == {}
    assert crm.scan(TASK).rows == ()
    assert crm.write(TASK, [call("a", made.record_id, Subject="New")]) == [Receipt("a", gone=True)]


def test_a_record_is_known_by_either_form_of_its_id_until_it_is_deleted(world: World, crm: Salesforce) -> None:
    [made] = crm.write(TASK, [call("a", Subject="Call")])
    assert made.record_id
    assert crm.key_of(TASK, made.record_id[:15]) == crm.key_of(TASK, made.record_id) == "a"
    assert crm.key_of(TASK, "003000000000001AAA") is None, "no task"
    world.org.delete(made.record_id)
    assert crm.key_of(TASK, made.record_id) is None


def test_a_record_has_a_page_once_salesforce_has_told_where_it_lives(crm: Salesforce) -> None:
    assert crm.link("00T000000000001AAA") is None
    crm.identity()
    assert crm.link("00T000000000001AAA") == "https://acme.my.salesforce.com/00T000000000001AAA"


def test_a_person_who_is_gone_is_not_taken_for_the_record(world: World, crm: Salesforce) -> None:
    [made] = crm.write(TASK, [call("a", Subject="Call")])
    row = b'[{"success":false,"errors":[{"statusCode":"INVALID_CROSS_REFERENCE_KEY","message":"x","fields":[]}]}]'
    world.server.faults.add(Fault("^PATCH ", status=200, body=row))
    [receipt] = crm.write(TASK, [call("a", made.record_id, WhoId="003Hs0000000zzz")])
    assert isinstance(receipt.error, RejectedError)
    assert not receipt.gone


def test_times_go_out_in_utc_and_come_back_aware(world: World, crm: Salesforce) -> None:
    berlin = datetime(2026, 11, 1, 13, 30, 5, tzinfo=timezone(timedelta(hours=1)))
    crm.write(TASK, [call("a", ReminderDateTime=berlin)])
    task = world.org.task_with_key("a")
    assert task is not None
    assert task["ReminderDateTime"] == "2026-11-01T12:30:05.000+0000"
    read = crm.read(TASK, ["a"], ["ReminderDateTime", "IsReminderSet"])["a"].fields
    assert read == {"ReminderDateTime": datetime(2026, 11, 1, 12, 30, 5, tzinfo=UTC), "IsReminderSet": False}


def test_a_read_follows_pages_and_keeps_to_one_request_otherwise(world: World, crm: Salesforce) -> None:
    keys = [f"call-{number}" for number in range(200)]
    crm.write(TASK, [call(key, Subject=key) for key in keys])
    before = world.org.requests_used
    assert len(crm.read(TASK, keys, ["Subject"])) == 200
    assert world.org.requests_used == before + 1
    world.stand_in.queries.page = 90
    found = crm.read(TASK, keys, ["Subject"])
    assert {key: record.fields["Subject"] for key, record in found.items()} == {key: key for key in keys}
    assert world.org.requests_used == before + 4


def test_a_scan_does_not_mind_pages_shorter_than_it_asked_for(world: World, crm: Salesforce) -> None:
    crm.write(TASK, [call(f"call-{number}") for number in range(50)])
    world.stand_in.queries.page = 20
    seen: list[tuple[str, str]] = []
    token = None
    while True:
        page = crm.scan(TASK, token)
        seen += page.rows
        token = page.next_token
        if token is None:
            break
    assert sorted(key for key, _ in seen) == sorted(f"call-{number}" for number in range(50))


def test_an_unknown_or_hidden_key_field_is_the_admins_matter(world: World, crm: Salesforce) -> None:
    crm.describe(TASK)
    world.org.access.hide_field("Apten_Call_Id__c")
    for attempt in (
        lambda: crm.write(TASK, [call("a")]),
        lambda: crm.scan(TASK),
        lambda: crm.read(TASK, ["a"], []),
        lambda: crm.read(TASK, ["a"], ["Nothing__c"]),
        lambda: crm.describe(Target("Nothing", "Apten_Call_Id__c")),
        lambda: crm.describe(Target("Task/../x", "Apten_Call_Id__c")),
        lambda: crm.scan(Target("Task", "Id FROM User")),
    ):
        with pytest.raises(CrmSetupError):
            attempt()
    assert "Apten_Call_Id__c" not in crm.describe(TASK).fields


def test_a_value_of_the_wrong_type_refuses_the_batch_so_that_it_can_be_halved(crm: Salesforce) -> None:
    with pytest.raises(RejectedError) as refused:
        crm.write(TASK, [call("a"), call("b", CallDurationInSeconds="sixty")])
    assert refused.value.code == "JSON_PARSER_ERROR"
    assert "sixty" not in str(refused.value)


def test_a_validation_rule_is_quoted_without_what_was_sent(world: World, crm: Salesforce) -> None:
    crm.describe(TASK)
    told = "Summary 'Asked about the refund policy' needs a  product\\nname: see the wiki"
    row = f'[{{"success":false,"errors":[{{"statusCode":"FIELD_CUSTOM_VALIDATION_EXCEPTION","message":"{told}"}}]}}]'
    world.server.faults.add(Fault("^PATCH ", status=200, body=row.encode()))
    [receipt] = crm.write(TASK, [call("a", Description="Asked about the refund policy, twice.")])
    assert isinstance(receipt.error, RejectedError)
    assert "The CRM says: \"Summary '…' needs a product name: see the wiki\"" in str(receipt.error)


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b'[{"success":true,"id":"1"}]',
        b'[{"success":true},{"success":false}]',
        b'[{"success":false,"errors":[]},{"success":true,"id":"1"}]',
        b"[1,2]",
        b"<html>Maintenance</html>",
        b"",
    ],
)
def test_an_answer_that_is_not_salesforces_leaves_a_write_open(world: World, crm: Salesforce, body: bytes) -> None:
    crm.describe(TASK)
    world.server.faults.add(Fault("^PATCH ", status=200, body=body))
    with pytest.raises(UncertainWriteError):
        crm.write(TASK, [call("a"), call("b")])
    world.server.faults.add(Fault("queryAll", status=200, body=body))
    with pytest.raises(UnreachableError):
        crm.read(TASK, ["a"], [])


@pytest.mark.parametrize(
    "body",
    [
        {"done": False, "records": []},
        {"done": True, "records": ["x"]},
        {"done": True, "records": [{}]},
        {"done": True, "records": [{"Id": "1", "Apten_Call_Id__c": "a", "ActivityDate": "20x"}]},
        {"records": []},
    ],
)
def test_an_answer_of_another_shape_is_no_defect_of_ours(world: World, crm: Salesforce, body: object) -> None:
    crm.describe(TASK)
    world.server.faults.add(Fault("query", status=200, body=json.dumps(body).encode()))
    with pytest.raises(UnreachableError):
        crm.read(TASK, ["a"], ["ActivityDate"])


@pytest.mark.parametrize("fields", ["null", "[null]", '[{"name": "X"}]', "3"])
def test_a_description_of_another_shape_is_no_defect_of_ours(world: World, crm: Salesforce, fields: str) -> None:
    world.server.faults.add(Fault("describe", status=200, body=f'{{"name": "Task", "fields": {fields}}}'.encode()))
    with pytest.raises(UnreachableError):
        crm.describe(TASK)


def test_an_org_that_does_not_name_itself_and_people_without_their_fields_are_no_defect(
    world: World, crm: Salesforce
) -> None:
    world.server.faults.add(Fault("query", status=200, body=b'{"done": true, "records": []}'))
    with pytest.raises(UnreachableError):
        crm.identity()
    searches = {
        "query": search(("lead.email", "a@acme.com")),
        "search": search(("lead.phone", "+12025550123")),
    }
    for path, one in searches.items():
        body = b'{"done": true, "records": [{"Id": "1"}], "searchRecords": [{"Id": "1"}]}'
        world.server.faults.add(Fault(f"/{path}/", status=200, body=body))
        with pytest.raises(UnreachableError):
            crm.find([one])


@pytest.mark.parametrize("told", ['"message": null, "fields": [{"a": 1}]', '"message": 3, "fields": 7'])
@pytest.mark.parametrize("code", ["DUPLICATE_VALUE", "ENTITY_IS_DELETED"])
def test_a_refusal_that_is_oddly_told_is_a_refusal(world: World, crm: Salesforce, code: str, told: str) -> None:
    body = f'[{{"success": false, "errors": [{{"statusCode": "{code}", {told}}}]}}]'
    for record_id in (None, "00T000000000001AAA"):
        world.server.faults.add(Fault("^PATCH ", status=200, body=body.encode()))
        world.server.faults.add(Fault("queryAll", status=503))
        [receipt] = crm.write(TASK, [call("a", record_id, Subject="x")])
        world.server.faults.clear()
        assert isinstance(receipt.error, RejectedError)


def test_what_was_written_is_told_even_if_nobody_tells_what_is_gone(world: World, crm: Salesforce) -> None:
    made = [receipt.record_id for receipt in crm.write(TASK, [call("a"), call("b")])]
    world.org.remove(str(made[0]))
    world.server.faults.add(Fault("queryAll", status=503))
    gone, kept = crm.write(TASK, [call("a", made[0], Subject="x"), call("b", made[1], Subject="x")])
    assert isinstance(gone.error, RejectedError)
    assert kept.record_id == made[1]


def test_custom_fields_of_every_type_are_written_and_read(world: World, crm: Salesforce) -> None:
    world.org.add_field(OrgField("Score__c", "double", "Score", precision=5, scale=2))
    world.org.add_field(OrgField("Visits__c", "double", "Visits", precision=18, scale=0))
    world.org.add_field(OrgField("Hot__c", "boolean", "Hot", nillable=False, default=False, defaulted=True))
    world.org.add_field(OrgField("Product__c", "picklist", "Product", 255, values=("A", "B"), restricted=True))
    fields: dict[str, Value] = {"Score__c": 1.5, "Visits__c": 3, "Hot__c": True, "Product__c": "B"}
    crm.write(TASK, [call("a", None, **fields)])
    read = crm.read(TASK, ["a"], list(fields))["a"].fields
    assert read == fields
    assert [type(value) for value in read.values()] == [float, int, bool, str]


def test_whatever_the_org_does_with_a_create_only_field_there_is_one_record(world: World, crm: Salesforce) -> None:
    world.org.assumptions = Assumptions(update_refuses_create_only=False)
    crm.write(TASK, [call("a", TaskSubtype="Call")])
    [receipt] = crm.write(TASK, [call("a", TaskSubtype="Task", Subject="New")])
    assert receipt.record_id
    assert len(world.org.tasks) == 1


def test_an_idle_run_does_not_load_the_library() -> None:
    code = (
        "import sys; from connector.crms.salesforce.adapter import Salesforce;"
        "from connector.crms.salesforce.login import ClientCredentials;"
        "Salesforce(ClientCredentials('acme.my', 'key', 'secret'));"
        "sys.exit(any(name in sys.modules for name in ('simple_salesforce', 'requests')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603  # our own code
