"""Fields that take e-mail addresses only get those, and nothing else."""

from __future__ import annotations

import pytest

from connector.mapping.addresses import address_in
from tests.mapping.samples import LEAD, call, codes, compiled, made, schema_of, visit

MAIL = schema_of("target: {type: text, length: 40, email: true}")
NEEDED = schema_of("target: {type: text, length: 40, email: true, required: true}")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Zed@Example.com", "zed@example.com"),
        ("  a.b+c@x-y.example ", "a.b+c@x-y.example"),
        ("o'neil@acme.co.uk", "o'neil@acme.co.uk"),
        ("not an address", None),
        ("a@b", None),
        ("a..b@x.de", None),
        (".a@x.de", None),
        ("a@-x.de", None),
        ("zoë@example.com", None),
        ("a@x.de, b@x.de", None),
        ("x" * 65 + "@x.de", None),
        ("x" * 40 + "@x.de", None),
        ("", None),
    ],
)
def test_an_address_is_taken_in_small_letters_and_nothing_else(text: str, address: str | None) -> None:
    assert address_in(text, 40) == address


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{from: lead.email}", "ada@example.com"),
        ("{text: \"{{ lead.firstName | default('x') }}\"}", None),
        ("{from: lead.firstName, default: Sales@acme.com}", "sales@acme.com"),
        ("{from: direction, map: {INBOUND: a@x.de, OUTBOUND: B@x.de}}", "b@x.de"),
        ("{from: direction, as: label, default: c@x.de}", "c@x.de"),
        ("{cases: [{when: {isTransfer: true}, value: a@x.de}, {from: lead.email}]}", "ada@example.com"),
    ],
)
def test_a_text_that_is_no_address_is_missing(written: str, expected: str | None) -> None:
    lead = LEAD.model_copy(update={"email": "Ada@example.com", "first_name": "Ada"})
    assert made(compiled(visit(written), MAIL), call(), lead).fields.get("target") == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Completed", ["MAP303"]),
        ("{from: lead.email, default: none}", ["MAP303"]),
        ("{from: lead.email, cut: {keep: start}}", ["MAP304", "MAP111"]),
        ("{from: lead.email}", ["MAP304"]),
        ("{text: '{{ id }}@x.de'}", ["MAP304"]),
        ("{from: lead.email, default: apten@acme.com}", []),
    ],
)
def test_what_a_field_for_addresses_refuses(written: str, expected: list[str]) -> None:
    assert codes(visit(written), NEEDED) == expected


def test_days_and_decimal_places_that_no_crm_keeps() -> None:
    assert codes(visit("1000-01-01"), schema_of("target: {type: date}")) == ["MAP310"]
    assert codes(visit("4001-01-01T00:00:00Z"), schema_of("target: {type: datetime}")) == ["MAP310"]
    assert codes(visit("1.25"), schema_of("target: {type: number, scale: 1}")) == ["MAP310"]
    assert codes(visit("1.50"), schema_of("target: {type: number, scale: 1}")) == []
