"""What no check of a mapping can foresee: the org's own rules and automations, of which only the number is known.

Sources: Salesforce's Tooling API ("ValidationRule", "ApexTrigger"), Object Reference ("FlowDefinitionView").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.crms.salesforce.soql import checked_name
from connector.errors import CrmSetupError

if TYPE_CHECKING:
    from connector.crms.salesforce.org import Org

_KINDS = (
    ("validation rule", "ValidationRule", "EntityDefinition", "Active = true", True),
    ("Apex trigger", "ApexTrigger", "EntityDefinition", "Status = 'Active'", True),
    (
        "record-triggered flow",
        "FlowDefinitionView",
        "TriggerObjectOrEvent",
        "IsActive = true AND TriggerType IN ('RecordBeforeSave', 'RecordAfterSave')",
        False,
    ),
)


def beyond(org: Org, name: str) -> str:
    """How many active rules and automations an object has, as a sentence, and what could not be counted."""
    told: list[str] = []
    unknown: list[str] = []
    total = 0
    for kind, table, relationship, active, tooling in _KINDS:
        query = (
            f"SELECT COUNT() FROM {table} "  # noqa: S608  # names of our own, and a checked one
            f"WHERE {relationship}.QualifiedApiName = '{checked_name(name)}' AND {active}"
        )
        try:
            number = org.count(f"the counting of {kind}s", query, tooling=tooling)
        except CrmSetupError:
            unknown.append(f"{kind}s")
        else:
            told.append(f"{number} {kind}{'' if number == 1 else 's'}")
            total += number
    sentences = []
    if told:
        unforeseen = "; what they refuse cannot be foreseen" if total else ""
        sentences.append(f"{name} has {_listed(told)} active{unforeseen}.")
    if unknown:
        sentences.append(
            f"How many {_listed(unknown)} {name} has is not known: this user may not ask "
            "(View Setup and Configuration)."
        )
    return " ".join(sentences)


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
