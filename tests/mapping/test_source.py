from __future__ import annotations

import pytest

from connector.mapping import source
from connector.mapping.types import Kind
from connector.source_model import Call, Lead
from tests.mapping.samples import LEAD, call, founding_call


def test_every_field_of_call_and_lead_is_a_source_by_aptens_own_name() -> None:
    expected = {str(field.alias) for field in Call.model_fields.values()} | {"endedAt"}
    expected |= {f"lead.{field.alias}" for field in Lead.model_fields.values()} - {"lead.additionalInfo"}
    assert set(source.SOURCES) == expected


def test_every_source_says_what_it_means() -> None:
    assert all(found.doc for found in source.SOURCES.values())


@pytest.mark.parametrize(
    ("path", "kind", "missing"),
    [
        ("id", Kind.TEXT, False),
        ("callStatus", Kind.TEXT, False),
        ("summary", Kind.TEXT, True),
        ("isTransfer", Kind.BOOLEAN, False),
        ("lead.isHot", Kind.BOOLEAN, False),
        ("lead.id", Kind.TEXT, True),
        ("transcript", Kind.TRANSCRIPT, True),
        ("lead.tags", Kind.TEXTS, True),
        ("createdAt", Kind.DATETIME, False),
        ("lead.createdAt", Kind.DATETIME, True),
        ("lead.additionalInfo.any key", Kind.TEXT, True),
    ],
)
def test_a_source_knows_its_kind_and_whether_it_may_be_missing(path: str, kind: Kind, missing: bool) -> None:
    found = source.find(path)
    assert found is not None
    assert (found.plan.type.kind, found.plan.type.missing) == (kind, missing)


def test_closed_and_open_values_units_and_ranges_come_from_the_model() -> None:
    types = {path: found.plan.type for path, found in source.SOURCES.items()}
    assert types["direction"].closed
    assert not types["callStatus"].closed
    assert "NO_ANSWER" in types["callStatus"].values
    assert types["durationSeconds"].unit == "seconds"
    assert types["durationSeconds"].low == 0
    assert types["id"].longest == 100


def test_a_source_that_is_never_missing_is_there_in_the_barest_call() -> None:
    for path, found in source.SOURCES.items():
        if not found.plan.type.missing:
            assert found.plan.run(call(), None) is not None, path


def test_a_value_is_read_or_none() -> None:
    assert source.SOURCES["lead.tags"].plan.run(founding_call(), LEAD) == ["vip", "solar"]
    assert source.SOURCES["transcript"].plan.run(call(), None) is None
    assert source.find("lead.additionalInfo.") is None
    assert source.find("nope") is None
