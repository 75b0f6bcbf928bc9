"""Ids, queries, values and schemas, each on its own."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.canonical import canonical_text
from connector.crm_schema import Counted, FieldSchema, FieldType, PickValue, length_of
from connector.crms.salesforce import soql
from connector.crms.salesforce.describe import schema_of
from connector.crms.salesforce.values import from_json, to_json
from connector.errors import CrmSetupError
from connector.record_ids import full_id
from connector.sandbox.salesforce import soql as org_soql
from connector.sandbox.salesforce.access import Rights
from connector.sandbox.salesforce.assumptions import Assumptions
from connector.sandbox.salesforce.describe import describe
from connector.sandbox.salesforce.fields import OrgField
from connector.sandbox.salesforce.ids import whole
from connector.sandbox.salesforce.objects import custom_object
from connector.sandbox.salesforce.org import SalesforceOrg
from connector.sandbox.salesforce.tokens import Text
from connector.sandbox.salesforce.values import stored, value_error
from tests.crms.conftest import TASK

if TYPE_CHECKING:
    from connector.model import Value

IDS = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", min_size=15, max_size=15)


@pytest.mark.parametrize(
    "known", ["00190000001pPvHAAU", "001xx0000004GxDAAU", "001xx000003DGb2AAG", "003xx000004TmiQAAS"]
)
def test_the_suffix_of_known_ids(known: str) -> None:
    assert full_id(known[:15]) == known == full_id(known)


@given(IDS, st.sampled_from(["", "AAA", "zzz"]))
def test_a_suffix_is_computed_whatever_was_given(record_id: str, suffix: str) -> None:
    assert full_id(record_id + suffix) == full_id(record_id) == whole(record_id)
    assert full_id(record_id)[:15] == record_id


def meant(query: str) -> list[list[object]]:
    """The values that an org takes a query's conditions to compare with."""
    conditions = org_soql.read(query).required
    return [[each.value if isinstance(each, Text) else each for each in found.values] for found in conditions]


def described(*fields: OrgField) -> dict[str, Any]:
    """What an org says of an object with these fields."""
    return describe(custom_object("Visit__c", "a00", "Visit", ()), fields, rights=Rights())


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_quoted_text_is_read_as_that_text_and_nothing_else(text: str) -> None:
    [query] = soql.by_keys(TASK, [text], [])
    assert meant(query) == [[False], [text]]


@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=255), max_size=200, unique=True
    )
)
def test_a_look_up_names_every_key_once_in_queries_that_fit_a_uri(keys: list[str]) -> None:
    queries = list(soql.by_keys(TASK, keys, ["Subject"]))
    assert [value for query in queries for value in meant(query)[1]] == keys
    assert all(len(quote_plus(query)) < 14_500 for query in queries)


def test_200_keys_of_usual_length_are_one_query() -> None:
    keys = [f"2f6e1c1e-0000-4000-8000-{number:012}:follow-up" for number in range(200)]
    [query] = soql.by_keys(TASK, keys, ["Subject", "Description", "WhoId", "OwnerId", "ActivityDate"])
    assert org_soql.read(query).fields[0] == "Id"


@pytest.mark.parametrize("name", ["", "Task; DROP", "Who.Name", "x y", "1st", "Straße__c", "Id\n"])
def test_a_name_that_cannot_be_one_never_reaches_a_query(name: str) -> None:
    with pytest.raises(CrmSetupError):
        list(soql.by_keys(TASK, ["a"], [name]))


def test_values_keep_their_meaning_on_the_way_out() -> None:
    noon = datetime(2026, 11, 1, 12, 0, 0, 123456, tzinfo=UTC)
    values: list[Value] = ["x", 1, 1.5, True, None, date(2026, 11, 1), noon]
    assert [to_json(value) for value in values] == ["x", 1, 1.5, True, None, "2026-11-01", "2026-11-01T12:00:00.123Z"]


@pytest.mark.parametrize(
    ("kind", "given_", "expected"),
    [
        (FieldType.TEXT, " a\r\nb ", "a\nb"),
        (FieldType.PICKLIST, "Completed", "Completed"),
        (FieldType.INTEGER, 3.0, 3),
        (FieldType.NUMBER, 3, 3.0),
        (FieldType.BOOLEAN, False, False),
        (FieldType.DATE, "2026-11-01", date(2026, 11, 1)),
        (FieldType.DATETIME, "2026-11-01T12:00:00.000+0000", datetime(2026, 11, 1, 12, tzinfo=UTC)),
        (FieldType.OTHER, {"city": "Berlin"}, None),
        (FieldType.TEXT, None, None),
    ],
)
def test_values_come_back_as_the_schema_says(kind: FieldType, given_: object, expected: object) -> None:
    value = from_json(FieldSchema("X", kind), given_)
    assert (value, type(value)) == (expected, type(expected))


def test_the_schema_of_a_task_as_the_platform_describes_it() -> None:
    task = SalesforceOrg().tables["Task"].object
    schema = schema_of(describe(task, task.fields.values(), rights=Rights()))
    fields = schema.fields
    assert (schema.crm, schema.object, schema.counted) == ("salesforce", "Task", Counted.UTF16)
    assert schema.create_only == {"TaskSubtype", "IsRecurrence"}
    assert [field.name for field in fields.values() if field.key] == ["Apten_Call_Id__c"]
    assert [field.name for field in fields.values() if field.required] == []
    assert fields["Subject"] == FieldSchema("Subject", FieldType.TEXT, "Subject", length=255)
    assert fields["Description"] == FieldSchema("Description", FieldType.LONG_TEXT, "Description", length=32_000)
    assert fields["ActivityDate"] == FieldSchema("ActivityDate", FieldType.DATE, "Due Date Only")
    assert fields["CallDurationInSeconds"] == FieldSchema(
        "CallDurationInSeconds",
        FieldType.INTEGER,
        "Call Duration",
        minimum=-99_999_999,
        maximum=99_999_999,
        unit="seconds",
    )
    assert fields["CallType"] == FieldSchema(
        "CallType",
        FieldType.PICKLIST,
        "Call Type",
        length=40,
        restricted=True,
        values=tuple(PickValue(name, name) for name in ("Internal", "Inbound", "Outbound")),
    )
    assert fields["WhoId"].references == ("Contact", "Lead")
    assert not fields["IsClosed"].createable


def test_only_an_external_id_that_is_unique_can_be_the_key() -> None:
    answer = described(
        OrgField("Unique__c", "string", length=50, unique=True),
        OrgField("External__c", "string", length=50, external_id=True),
        OrgField("Both__c", "string", length=50, external_id=True, unique=True),
        OrgField("Number__c", "double", precision=18, external_id=True, unique=True),
        OrgField("Needed__c", "string", length=50, nillable=False),
    )
    schema = schema_of(answer)
    assert [field.name for field in schema.fields.values() if field.key] == ["Both__c"]
    assert [field.name for field in schema.fields.values() if field.required] == ["Needed__c"]
    assert schema.fields["Number__c"].type is FieldType.INTEGER
    assert schema.fields["Number__c"].maximum == 10**18 - 1


def test_values_taken_out_of_use_are_no_values() -> None:
    answer = described(OrgField("Stage__c", "picklist", length=40, values=("Old", "New")))
    answer["fields"][0]["picklistValues"][0]["active"] = False
    answer["fields"][0]["picklistValues"][1]["label"] = "Neu"
    assert schema_of(answer).fields["Stage__c"].values == (PickValue("New", "Neu"),)


@given(st.text(max_size=300).map(canonical_text))
def test_our_count_of_a_texts_length_is_the_orgs(text: str) -> None:
    field = OrgField("Notes__c", "textarea", length=length_of(text, Counted.UTF16))
    kept = stored(field, text, Assumptions())
    assert value_error(field, kept, Assumptions()) is None
    assert kept is None or value_error(replace(field, length=field.length - 1), kept, Assumptions()) is not None


def test_a_dependent_value_names_the_values_it_goes_with() -> None:
    def field(name: str, values: list[dict[str, Any]], **facts: Any) -> dict[str, Any]:
        plain = dict.fromkeys(("createable", "updateable", "nillable", "defaultedOnCreate", "externalId"), False)
        shape = {
            "label": name,
            "length": 40,
            "precision": 0,
            "scale": 0,
            "digits": 0,
            "unique": False,
            "referenceTo": [],
        }
        return {**plain, **shape, "name": name, "type": "picklist", "restrictedPicklist": False, **facts} | {
            "picklistValues": [{"active": True, "label": each["value"], **each} for each in values]
        }

    # Nine controlling values: the bit of the last one stands in a second byte.
    stages = field("Stage", [{"value": f"s{number}"} for number in range(9)])
    valid_for = base64.b64encode(bytes([0b1010_0000, 0b1000_0000])).decode()
    reasons = field(
        "Reason", [{"value": "a", "validFor": valid_for}, {"value": "b", "validFor": None}], controllerName="Stage"
    )
    schema = schema_of({"name": "Visit", "fields": [stages, reasons]})
    assert schema.fields["Reason"].controller == "Stage"
    assert [one.only_with for one in schema.fields["Reason"].values] == [("s0", "s2", "s8"), ()]
