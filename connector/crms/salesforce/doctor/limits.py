"""How much of what the org may use is left. Source: Salesforce's REST API guide ("Limits")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.crms.salesforce.exchange import Request
from connector.errors import CrmSetupError
from connector.findings import Finding, Level

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector.crms.salesforce.budget import Budget
    from connector.crms.salesforce.org import Org

_SCARCE = 0.8
"""The used share that is worth a warning."""


def limits(org: Org, budget: Budget) -> Iterable[Finding]:
    """API requests of the last 24 hours, of everybody together, and data storage."""
    try:
        answer = org.connection.ask(Request("the question for the org's limits"), "limits/")
    except CrmSetupError:  # this user may not ask; every answer tells some of it
        answer = {}
    usage = org.connection.usage
    requests = _of(answer, "DailyApiRequests") or (usage.used, usage.allowed)
    yield _requests(*requests, budget)
    storage = _of(answer, "DataStorageMB")
    if storage is not None:
        used, most = storage
        level = Level.WARNING if used >= most * _SCARCE else Level.OK
        todo = "" if level is Level.OK else "Free or buy data storage; a task takes some 2 kB."
        yield Finding(level, "Salesforce: data storage", f"{used:,} of {most:,} MB are used.", todo)


def _requests(used: int | None, most: int | None, budget: Budget) -> Finding:
    about = "Salesforce: API requests"
    if used is None or most is None:
        return Finding(Level.OK, about, "This user may not ask how many are left.")
    stop = budget.of(most)
    found = (
        f"{used:,} of {most:,} were used in the last 24 hours, by everybody; {max(0, most - used):,} are left. "
        f"Runs stop at {stop:,} (crm.api_budget)."
    )
    if used >= stop:
        return Finding(Level.PROBLEM, about, found, "Wait, have others ask less, or raise crm.api_budget.", passes=True)
    if used >= stop * _SCARCE:
        return Finding(Level.WARNING, about, found, "Have others ask less, or raise crm.api_budget.")
    return Finding(Level.OK, about, found)


def _of(answer: Any, name: str) -> tuple[int, int] | None:
    """Used and allowed."""
    found = answer.get(name) if isinstance(answer, dict) else None
    if isinstance(found, dict) and isinstance(found.get("Max"), int) and isinstance(found.get("Remaining"), int):
        return found["Max"] - found["Remaining"], found["Max"]
    return None
