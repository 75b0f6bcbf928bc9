"""What was written to an org: by whom, when, and what; the judge of tests and of the demo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Write:
    """One record written.

    Args:
        operation: `create`, `update`, `delete` or `undelete`.
        object: whose record.
        id: the record.
        fields: the fields that were sent, as stored.
        by: the user.
        at: when.
    """

    operation: str
    object: str
    id: str
    fields: Mapping[str, Any]
    by: str
    at: datetime
