"""In what two versions of a call differ, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.cli.change import change_text
from connector.cli.drafts import clues_text, value_text
from connector.cli.printing import table
from connector.mapping.compare import Change
from connector.mapping.shape import ON_CREATE
from connector.model import Draft

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from connector.mapping.compare import Differences, Made, Written
    from connector.model import PersonSearch

_NOT_WRITTEN = "(not written)"


def show_differences(differences: Differences, old: Made, new: Made) -> str:
    """What differs between `old` and `new`: a line for each field; of a long text the lines that differ."""
    match differences.skipped:
        case Change(old=None, new=reason):
            return f"  would no longer be logged: {reason}"
        case Change(old=reason, new=None):
            return f"  would be logged; the old version leaves it out: {reason}"
        case Change(old=before, new=after):
            return f"  would be left out for another reason: {before} → {after}"
    person = Change(_person(old), _person(new))
    rows = [(name, _field(change, person)) for name, change in differences.fields.items()]
    rows += [(f"person.{key}", f"{before} → {after}") for key, before, after in _ways(person) if before != after]
    if differences.wait_until:
        rows.append(("wait_for", f"{_until(differences.wait_until.old)} → {_until(differences.wait_until.new)}"))
    return table(rows)


def _field(change: Change[Written | None], person: Change[PersonSearch | None]) -> str:
    old, new = _text(change.old, person.old), _text(change.new, person.new)
    policy = f" (write: {ON_CREATE})" if change.new and change.new.policy == ON_CREATE else ""
    if old == new:
        return f"{old} (reads the same, but is of another type){policy}"
    return change_text(old, new, old_is_text=_is_text(change.old), new_is_text=_is_text(change.new), note=policy)


def _text(written: Written | None, person: PersonSearch | None) -> str:
    return _NOT_WRITTEN if written is None else value_text(written.value, person)


def _is_text(written: Written | None) -> bool:
    return written is not None and isinstance(written.value, str)


def _ways(person: Change[PersonSearch | None]) -> Iterator[tuple[str, str, str]]:
    """How the person is looked for, old and new, by the language's keys."""
    yield "by", _by(person.old), _by(person.new)
    if person.old and person.new:
        yield "in", ", ".join(person.old.objects), ", ".join(person.new.objects)
        yield "phone_country", person.old.country or "none", person.new.country or "none"
        yield "if_none", person.old.if_none, person.new.if_none
        yield "if_many", person.old.if_many, person.new.if_many


def _by(person: PersonSearch | None) -> str:
    return clues_text(person) if person else "(not looked for)"


def _person(made: Made) -> PersonSearch | None:
    return made.result.person if isinstance(made.result, Draft) else None


def _until(moment: datetime | None) -> str:
    return f"until {moment:%Y-%m-%d %H:%M} UTC at most" if moment else "not at all"
