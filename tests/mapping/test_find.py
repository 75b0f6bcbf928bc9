from __future__ import annotations

import pytest

from connector.model import DraftValue, Lookup, PersonRef
from connector.open_values import filled
from tests.mapping.samples import HEAD, LEAD, LEFT_OUT, call, codes, schema_of, value, visit

ADA = Lookup("User", (("Username", "ada@acme.com"),))
BOB = Lookup("Group", (("Name", "Night"),))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{find: User, where: {Username: ada@acme.com}}", ADA),
        ("{find: RecordType, where: {SobjectType: Task, Name: Apten}}",
         Lookup("RecordType", (("Name", "Apten"), ("SobjectType", "Task")))),
        ("{find: User, where: {Region: {from: lead.additionalInfo.region}}}", Lookup("User", (("Region", "West"),))),
        ("{find: User, where: {Score__c: {from: lead.additionalInfo.score}, Hot__c: {from: lead.isHot}, X: '1'}}",
         Lookup("User", (("Hot__c", "true"), ("Score__c", "7"), ("X", "1")))),
        ("{find: User, where: {Seconds__c: {from: durationSeconds}}}", Lookup("User", (("Seconds__c", "145"),))),
        ("{find: User, where: {Name: {from: lead.lastName}}}", LEFT_OUT),
        ("{find: User, where: {Name: {from: lead.lastName}}, default: '1'}", "1"),
        ("{find: User, where: {Username: ada@acme.com}, when: {isTransfer: true}}", LEFT_OUT),
        ("{from: summary, default: {find: User, where: {Username: ada@acme.com}}}", ADA),
        ("{from: direction, map: {OUTBOUND: {find: User, where: {Username: ada@acme.com}}, INBOUND: x}}", ADA),
        ("{from: callStatus, map: {NEW: '1'}, unmapped: {find: User, where: {Username: ada@acme.com}}}", ADA),
    ],
)  # fmt: skip
def test_a_record_is_found_by_what_its_fields_hold(written: str, expected: DraftValue) -> None:
    assert value(written, call(), LEAD) == expected


def test_what_is_not_found_falls_to_the_default_and_then_to_the_next_default_out() -> None:
    inner = "{find: User, where: {Username: ada@acme.com}, default: {find: Group, where: {Name: Night}}}"
    found = value(f"{{cases: [{inner}], default: '1'}}", call())
    assert found == Lookup(ADA.object, ADA.where, otherwise=Lookup(BOB.object, BOB.where, otherwise="1"))
    person = "{cases: [{from: person.owner, default: {find: Group, where: {Name: Night}}}], default: '1'}"
    head = "person: {by: [lead.externalLeadId]}\n"
    assert value(person, call(), head=head) == PersonRef(
        "owner", otherwise=Lookup(BOB.object, BOB.where, otherwise="1")
    )


@pytest.mark.parametrize(
    ("ids", "expected"),
    [({ADA: "005A"}, "005A"), ({ADA: None, BOB: "00GB"}, "00GB"), ({ADA: None, BOB: None}, "1")],
)
def test_defaults_are_taken_in_the_order_they_stand(ids: dict[Lookup, str | None], expected: str) -> None:
    chained = Lookup(ADA.object, ADA.where, otherwise=Lookup(BOB.object, BOB.where, otherwise="1"))
    assert filled({"OwnerId": chained}, None, ids.__getitem__) == {"OwnerId": expected}


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("{type: reference, length: 18, references: [Group, User]}", []),
        ("{type: reference, length: 18}", []),
        ("{type: reference, length: 18, references: [Contact]}", ["MAP301"]),
        ("{type: text, length: 18}", []),
        ("{type: text, length: 17}", ["MAP305"]),
        ("{type: text, length: 40, email: true}", ["MAP301"]),
        ("{type: long_text}", []),
        ("{type: picklist}", ["MAP301"]),
        ("{type: boolean}", ["MAP301"]),
        ("{type: integer}", ["MAP301"]),
        ("{type: reference, length: 18, required: true}", ["MAP304"]),
    ],
)
def test_an_id_goes_into_fields_that_take_such_ids(field: str, expected: list[str]) -> None:
    assert codes(visit("{find: User, where: {Username: ada@acme.com}}"), schema_of(f"target: {field}")) == expected


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("{find: Sales User, where: {Name: x}}", "MAP123"),
        ("{find: User, where: {'Name = ': x}}", "MAP123"),
        ("{find: User, where: {'Name OR Id': x}}", "MAP123"),
        ("{find: User}", "MAP102"),
        ("{find: User, where: {Name: [a]}}", "MAP104"),
        ("{find: User, where: {Name: {from: transcript}}}", "MAP223"),
        ("{find: User, where: {Name: {from: person}}}", "MAP202"),
        ("{find: User, where: {Name: {from: createdAt}}}", "MAP223"),
        ("{from: summary, default: {find: User, where: {Name: {from: lead.lastName}}}}", "MAP111"),
        ("{find: User, where: {Name: x}, cut: {keep: start}}", "MAP111"),
        ("{find: User, where: {Name: x}, if_missing: clear}", "MAP111"),
    ],
)
def test_what_nothing_can_be_found_by_is_told(written: str, code: str) -> None:
    assert codes(visit(written)) == [code]


def test_a_database_holds_no_records_to_be_found() -> None:
    text = visit("{find: User, where: {Name: x}}").replace("salesforce", "database")
    assert HEAD not in text
    assert codes(text) == ["MAP122"]
