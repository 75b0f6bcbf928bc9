from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.canonical import canonical_text
from connector.mapping.labels import BUILT_IN, Labels, readable
from connector.mapping.source import SOURCES
from tests.mapping.samples import call, value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NO_ANSWER", "No answer"),
        ("machine_end_other", "Machine end other"),
        ("SomeNewValue", "SomeNewValue"),
        ("__", "__"),
        ("ÜBER_ALL", "Über all"),
    ],
)
def test_a_value_is_made_readable(text: str, expected: str) -> None:
    assert readable(text) == expected


@given(st.text())
def test_a_label_is_never_blank_for_a_value_that_is_not(text: str) -> None:
    for path in ("endedBy", "callStatus", "lead.customerProfile"):
        assert bool(canonical_text(Labels().of(SOURCES[path].plan.type)(text))) == bool(canonical_text(text))


def test_the_mappings_own_wording_comes_first() -> None:
    own = "labels: {endedBy: {LEAD: Customer hung up}, isTransfer: {true: Transferred}}\n"
    assert value("{from: endedBy, as: label}", call(endedBy="LEAD"), head=own) == "Customer hung up"
    assert value("{from: endedBy, as: label}", call(endedBy="AGENT"), head=own) == "AI agent"
    assert value("{from: isTransfer, as: label}", call(isTransfer=True), head=own) == "Transferred"
    assert value("{from: isTransfer, as: label}", call(), head=own) == "No"


def test_a_value_that_apten_adds_one_day_has_a_label_too() -> None:
    assert value("{from: endedBy, as: label}", call(endedBy="CARRIER_FAULT")) == "Carrier fault"


def test_built_in_wording_is_for_values_that_apten_is_known_to_send() -> None:
    for path, wording in BUILT_IN.items():
        assert set(wording) <= set(SOURCES[path].plan.type.values), path
