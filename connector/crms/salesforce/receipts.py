"""Turns the rows of a collections answer into receipts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from connector.crms.salesforce.errors import of_row
from connector.model import Receipt

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from connector.crm_schema import ObjectSchema
    from connector.model import Activity, Target

_NAME = re.compile(r"\w+")
_GONE = frozenset({"ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY"})
_TWICE_IN_REQUEST = "Duplicate external id specified"


def receipt(
    target: Target,
    activity: Activity,
    result: Mapping[str, Any],
    *,
    schema: ObjectSchema,
    gone: Collection[str],
) -> Receipt:
    """The receipt for one activity from its row of the answer. `gone` are records known not to be there."""
    if result["success"]:
        return Receipt(activity.key, record_id=result["id"], created=result.get("created", False))
    errors = result["errors"]
    if activity.record_id is not None and activity.record_id in gone:
        return Receipt(activity.key, gone=True)
    if activity.record_id is None and all(_tells_it_exists(e, target, activity, schema.create_only) for e in errors):
        return Receipt(activity.key, exists=True)
    return Receipt(activity.key, error=of_row(errors, activity, schema.fields))


def is_result(row: Any) -> bool:
    """Whether a row of the answer has the documented shape."""
    if not isinstance(row, dict):
        return False
    errors = row.get("errors")
    told = isinstance(errors, list) and all(isinstance(error, dict) for error in errors)
    return bool(row.get("id")) if row.get("success") is True else row.get("success") is False and told and bool(errors)


def may_be_gone(result: Mapping[str, Any]) -> bool:
    """Whether a refusal may mean the record to be updated; the same codes are given for a person that is gone."""
    errors = [] if result["success"] else result["errors"]
    return any(error.get("statusCode") in _GONE and not _fields(error) - {"Id"} for error in errors)


def _tells_it_exists(error: Mapping[str, Any], target: Target, activity: Activity, create_only: frozenset[str]) -> bool:
    """Whether an upsert failed for nothing but that the record is there.

    Either fields were sent that can only be set at creation, or the key clashes with a record that upserts do not see:
    an archived one.
    """
    message = str(error.get("message") or "")
    named = (_fields(error) or set(_NAME.findall(message))) & {*activity.fields, target.key_field}
    code = error.get("statusCode")
    if code == "INVALID_FIELD_FOR_INSERT_UPDATE":
        return bool(named) and named <= create_only
    return code == "DUPLICATE_VALUE" and named == {target.key_field} and _TWICE_IN_REQUEST not in message


def _fields(error: Mapping[str, Any]) -> set[str]:
    """The fields that an error lists; whatever else stands there is passed over."""
    listed = error.get("fields")
    return {each for each in listed if isinstance(each, str)} if isinstance(listed, list) else set()
