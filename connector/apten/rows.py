"""Reads the rows of a page one by one, so that a bad one neither takes the others along nor goes unnoticed.

A row needs its id; without one it is left out. Any other field that cannot be read counts as missing: a lead without
a readable name still leads to its calls, an event without a readable stamp still names its call. Both are told in
`Page.unreadable`. (One call on its own is read strictly, since it is what gets written.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import Field, ValidationError

from connector.source_model import AptenRecord, Stamp

if TYPE_CHECKING:
    from collections.abc import Iterable

Model = TypeVar("Model", bound=AptenRecord)


class CallEvent(AptenRecord):
    """A lead's event of type CALL. Nothing else of it is documented well enough to rely on."""

    id: str = Field(min_length=1)
    updated_at: Stamp | None = None


def read_rows(model: type[Model], rows: Iterable[Any]) -> tuple[tuple[Model, ...], tuple[str, ...]]:
    """The rows that could be read, in order, and what could not be (ids and field names only)."""
    read: list[Model] = []
    unreadable: list[str] = []
    kind = model.__name__
    for number, row in enumerate(rows, start=1):
        record, missing = read_row(model, row)
        if record is None:
            unreadable.append(f"{kind} in row {number} of a page: left out, no id")
            continue
        read.append(record)
        if missing:
            unreadable.append(f"{kind} {getattr(record, 'id', '')}: left out {', '.join(missing)}")
    return tuple(read), tuple(unreadable)


def read_row(model: type[Model], row: Any) -> tuple[Model | None, tuple[str, ...]]:
    """One row without the fields that cannot be read, and those fields' names; None if it has no id."""
    try:
        return model.model_validate(row), ()
    except ValidationError as error:
        bad = {str(problem["loc"][0]) for problem in error.errors(include_input=False) if problem["loc"]}
    if not bad:
        return None, ()
    try:
        return model.model_validate({key: value for key, value in row.items() if key not in bad}), tuple(sorted(bad))
    except ValidationError:
        return None, ()
