"""How much of the org's daily requests may be used, and what is said once it is.

Salesforce counts an org's API requests of the last 24 hours, whoever sent them. Source: Salesforce Developer Limits and
Allocations Quick Reference, "API Request Limits and Allocations".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from connector.errors import ConfigError, QuotaError

if TYPE_CHECKING:
    from datetime import datetime

    from connector.crms.salesforce.exchange import Answer

_WRITTEN = re.compile(r"([1-9]\d{0,8})(%?)")
_WHOLE = 100
_TODO = (
    "The next run goes on where this one stopped. Salesforce counts the last 24 hours and does not say when requests "
    "come free; the next full hour is a good time to look."
)


@dataclass(frozen=True, slots=True)
class Budget:
    """The part of the org's daily requests that may be used, those of others included.

    Args:
        written: a share of what the org allows, such as `80%`, or a number of requests.

    Raises:
        ConfigError: it is neither.
    """

    written: str

    def __post_init__(self) -> None:
        found = _WRITTEN.fullmatch(self.written)
        if found is None or (found[2] and int(found[1]) > _WHOLE):
            raise ConfigError(
                f"The API budget {self.written!r} cannot be used.",
                todo="Set `api_budget` to a share such as 80%, or to a number of requests.",
            )

    def of(self, allowed: int) -> int:
        """At how many used requests to stop, of so many allowed."""
        number = int(self.written.removesuffix("%"))
        return allowed * number // _WHOLE if self.written.endswith("%") else min(number, allowed)


def over_budget(budget: Budget, used: int, allowed: int, answer: Answer | None) -> QuotaError:
    """The error in place of a request that the budget has no room for. `answer` is the last one."""
    return QuotaError(
        f"{used:,} of the {allowed:,} API requests that the org may send in 24 hours are used; "
        f"`crm.api_budget` ({budget.written}) stops at {budget.of(allowed):,}.",
        resume_at=_resume_at(answer),
        done="The run stopped; what it had finished is recorded.",
        todo=_TODO,
    )


def used_up(answer: Answer | None) -> QuotaError:
    """The error of a request that Salesforce refused because there are none left."""
    return QuotaError(
        "The org's Salesforce API requests for the last 24 hours are used up (REQUEST_LIMIT_EXCEEDED).",
        resume_at=_resume_at(answer),
        done="The run stopped; what it had finished is recorded.",
        todo=_TODO,
    )


def _resume_at(answer: Answer | None) -> datetime | None:
    """The next full hour by the org's own clock."""
    at = answer.at if answer else None
    return at and at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
