"""How the values of two versions are put beside each other."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from typing import Any

import pytest

from connector.cli.differences import show_differences
from connector.mapping.compare import Made, compare
from connector.model import Clue, Draft, IfUnlinked, Lookup, PersonRef, PersonSearch

PERSON = PersonSearch((Clue("lead.externalLeadId", "003A"), Clue("lead.phone", "+1555")), ("Contact", "Lead"), "US")
WHO = "the person with lead.externalLeadId 003A or the person with lead.phone +1555"
OWNER = WHO.replace("the person", "the owner of the person")


def shown(old: Any, new: Any) -> str:
    one, other = (Made(Draft("c", "c", {"Field": value}, PERSON)) for value in (old, new))
    return show_differences(compare(one, other), one, other)


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("a", "b", "a → b"),
        (7, 7.5, "7 → 7.5"),
        (True, False, "true → false"),
        (True, None, "true → (emptied)"),
        (date(2026, 6, 15), datetime(2026, 6, 15, 14, 30, tzinfo=UTC), "2026-06-15 → 2026-06-15T14:30:00+00:00"),
        ("003B", PersonRef(), f"003B → {WHO}"),
        (PersonRef(), PersonRef("owner"), f"{WHO} → {OWNER}"),
        (Lookup("User", (("Alias", "ada"),)), "005A", "the User with Alias ada → 005A"),
        (Lookup("User", (("Alias", "ada"),), "005A"), "x", "the User with Alias ada, else 005A → x"),
        ("7", 7, "7 (reads the same, but is of another type)"),
        ("x" * 40, "y" * 40, f"{'x' * 40} → {'y' * 40}"),
        ("x" * 40, "y" * 41, f"differs in these lines\n        - {'x' * 40}\n        + {'y' * 41}"),
        ("a\nb", "a\nc", "differs in these lines\n        - b\n        + c"),
        ("a\nb", None, "→ (emptied)\n        - a\n        - b"),
        (PersonRef(), "a\nb", f"{WHO} →\n        + a\n        + b"),
    ],
)
def test_old_and_new_are_shown_so_that_the_difference_is_seen(old: Any, new: Any, text: str) -> None:
    assert shown(old, new) == f"  Field  {text}"


CHANGES: dict[str, Any] = {
    "clues": (),
    "objects": ("Lead", "Contact"),
    "country": None,
    "if_none": IfUnlinked.HOLD,
    "if_many": IfUnlinked.SKIP,
}


def test_whatever_differs_in_looking_for_the_person_is_shown() -> None:
    # What the fields take of the person is told with the fields.
    assert {*CHANGES, "parts"} == {each.name for each in dataclasses.fields(PersonSearch)}
    assert [shown_search(PERSON, dataclasses.replace(PERSON, **{name: new})) for name, new in CHANGES.items()] == [
        f"  person.by  {WHO} → nobody: no way to find a person",
        "  person.in  Contact, Lead → Lead, Contact",
        "  person.phone_country  US → none",
        "  person.if_none  log_unlinked → hold",
        "  person.if_many  log_unlinked → skip",
    ]
    assert shown_search(None, PersonSearch(())) == "  person.by  (not looked for) → nobody: no way to find a person"


def shown_search(old: PersonSearch | None, new: PersonSearch | None) -> str:
    one, other = (Made(Draft("c", "c", {}, search)) for search in (old, new))
    return show_differences(compare(one, other), one, other)
