"""What an org says about whom an activity points to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.sandbox.salesforce import ids
from connector.sandbox.salesforce.answers import RowError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.sandbox.salesforce.org import SalesforceOrg


def link_errors(org: SalesforceOrg, values: Mapping[str, Any], task: Mapping[str, Any]) -> list[RowError]:
    """Errors of a row's WhoId and WhatId; `task` is the record it changes, empty for a new one."""
    who = values.get("WhoId", task.get("WhoId"))
    what = values.get("WhatId", task.get("WhatId"))
    if not who or not ids.may_refer(who, ("Lead", "Contact")) or values.keys().isdisjoint({"WhoId", "WhatId"}):
        return []
    if what and who.startswith(ids.LEAD) and org.assumptions.lead_excludes_related_to:
        text = "If WhoId refers to a Lead, WhatId must be blank"
        return [RowError("FIELD_INTEGRITY_EXCEPTION", text, ("WhatId",))]
    error = _person_error(org, who) if "WhoId" in values else None
    return [error] if error else []


def _person_error(org: SalesforceOrg, who: str) -> RowError | None:
    person = org.people.get(who)
    if person is None:
        unknown = RowError(org.assumptions.unknown_person_code, "invalid cross reference id", ("WhoId",))
        return unknown if org.people_must_exist else None
    if person.deleted:
        return RowError("ENTITY_IS_DELETED", "entity is deleted", ("WhoId",))
    if person.converted and org.assumptions.refuses_converted_lead:
        return RowError("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead", ("WhoId",))
    return None
