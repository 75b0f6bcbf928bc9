"""Every safeguard, by what it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.reliability.safeguards.people import PEOPLE
from tests.reliability.safeguards.reading import READING
from tests.reliability.safeguards.trust import TRUST
from tests.reliability.safeguards.writing import WRITING

if TYPE_CHECKING:
    from tests.reliability.safeguards.safeguard import Safeguard

SAFEGUARDS: dict[str, list[Safeguard]] = {
    "Finding and fetching": READING,
    "Writing": WRITING,
    "What people wrote": PEOPLE,
    "The ledger, and what nobody may read": TRUST,
}
