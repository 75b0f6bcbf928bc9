"""Which of several mappings a call can get to."""

from __future__ import annotations

import pytest

from connector.mapping.load import load
from connector.mapping.order import never_reached
from tests.mapping.samples import HEAD, file

ALL = f"{HEAD}fields: {{a: b}}\n"
SOME = f"{HEAD}log_when: {{hasVoicemail: true}}\nfields: {{a: b}}\n"
ANOTHER_TARGET = ALL.replace("key: call_id", "key: {field: call_id, suffix: follow-up}")


def unreached(*texts: str) -> list[tuple[str, int]]:
    found = never_reached([load(file(text, f"{number}.yaml")) for number, text in enumerate(texts)])
    assert {each.code for each in found} <= {"MAP124"}
    return [(each.place.file.name, each.place.line) for each in found]


@pytest.mark.parametrize(
    "texts", [(ALL,), (SOME, ALL), (SOME, SOME, ALL), (ALL, ANOTHER_TARGET), ("", ALL), ("version: 1", ALL)]
)
def test_a_mapping_that_calls_get_to(texts: tuple[str, ...]) -> None:
    assert unreached(*texts) == []


@pytest.mark.parametrize("later", [SOME, ALL])
def test_a_mapping_behind_one_that_takes_every_call(later: str) -> None:
    assert unreached(ALL, ANOTHER_TARGET, later) == [("2.yaml", 2)]


def test_the_one_before_it_is_named() -> None:
    [found] = never_reached([load(file(text, f"{name}.yaml")) for name, text in (("all", ALL), ("some", SOME))])
    assert found.label == "all.yaml stands before it and takes every call, since it has no log_when"
