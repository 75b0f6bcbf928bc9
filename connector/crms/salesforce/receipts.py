"""Turns the rows of a collections answer into receipts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from connector.crms.salesforce.errors import of_row
from connector.model import Receipt

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.model import Activity, Target

_NAME = re.compile(r"\w+")
_TWICE_IN_REQUEST = "Duplicate external id specified"


def receipt(target: Target, activity: Activity, result: Mapping[str, Any], create_only: frozenset[str]) -> Receipt:
    """The receipt for one activity from its row of the answer."""
    if result["success"]:
        return Receipt(activity.key, record_id=result["id"], created=result.get("created", False))
    errors = result["errors"]
    if (
        activity.record_id is None
        and errors
        and all(_tells_it_exists(e, target, activity, create_only) for e in errors)
    ):
        return Receipt(activity.key, exists=True)
    return Receipt(activity.key, error=of_row(errors, activity))


def _tells_it_exists(error: Mapping[str, Any], target: Target, activity: Activity, create_only: frozenset[str]) -> bool:
    """Whether an upsert failed for nothing but that the record is there.

    Either fields were sent that can only be set at creation, or the key clashes with a record that upserts do not see:
    an archived one.
    """
    named = set(error.get("fields") or _NAME.findall(error.get("message", ""))) & {*activity.fields, target.key_field}
    code = error.get("statusCode")
    if code == "INVALID_FIELD_FOR_INSERT_UPDATE":
        return bool(named) and named <= create_only
    return code == "DUPLICATE_VALUE" and named == {target.key_field} and _TWICE_IN_REQUEST not in error["message"]
