"""What is different between a saved schema and the CRM as it is now."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from connector.crm_schema import FieldSchema, FieldType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.crm_schema import ObjectSchema, PickValue

_NUMBERS = (FieldType.INTEGER, FieldType.NUMBER)
_FACTS = tuple(field.name for field in fields(FieldSchema) if field.name != "name")


@dataclass(frozen=True, slots=True)
class Changes:
    """Fields by name; for a changed one, each fact that changed, e.g. `length: 255 → 100`."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: dict[str, tuple[str, ...]]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def changes(old: ObjectSchema, new: ObjectSchema) -> Changes:
    """What came, went and changed from the old schema to the new one; the order of fields is of no account."""
    both = [name for name in new.fields if name in old.fields]
    return Changes(
        tuple(name for name in new.fields if name not in old.fields),
        tuple(name for name in old.fields if name not in new.fields),
        {name: found for name in both if (found := tuple(_facts(old.fields[name], new.fields[name])))},
    )


def in_order_of(old: ObjectSchema, new: ObjectSchema) -> ObjectSchema:
    """The new schema with its fields in the old one's order, new fields last, so that a file changes in few lines."""
    names = [*(name for name in old.fields if name in new.fields), *new.fields]
    return replace(new, fields={name: new.fields[name] for name in names})


def with_units_of(old: ObjectSchema, new: ObjectSchema) -> ObjectSchema:
    """The new schema with the old one's units where it tells none: a database's columns know nothing of units."""

    def field(name: str, found: FieldSchema) -> FieldSchema:
        known = old.fields.get(name)
        if found.unit is None and known is not None and found.type in _NUMBERS:
            return replace(found, unit=known.unit)
        return found

    return replace(new, fields={name: field(name, found) for name, found in new.fields.items()})


def _facts(old: FieldSchema, new: FieldSchema) -> Iterator[str]:
    for fact in _FACTS:
        was, now = getattr(old, fact), getattr(new, fact)
        if was != now:
            yield f"{fact}: {_values(was, now) if fact == 'values' else f'{_shown(was)} → {_shown(now)}'}"


def _values(was: tuple[PickValue, ...], now: tuple[PickValue, ...]) -> str:
    before, after = [one.value for one in was], [one.value for one in now]
    moved = [f"+ {value}" for value in after if value not in before]
    moved += [f"- {value}" for value in before if value not in after]
    return ", ".join(moved) or "other labels, or another order"


def _shown(fact: Any) -> str:
    if isinstance(fact, bool):
        return str(fact).lower()
    if isinstance(fact, tuple):
        return f"[{', '.join(fact)}]"
    return "none" if fact in (None, "") else str(fact)
