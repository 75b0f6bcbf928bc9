"""What each of Salesforce's status codes calls for, and what it means in plain words.

Names of the codes: Salesforce's SOAP API guide ("Core Data Types": StatusCode, ExceptionCode). The judgement is ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum, auto

_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,79}\Z")
UNKNOWN = "UNKNOWN"


class Kind(StrEnum):
    """What a code calls for."""

    AGAIN = auto()
    """It passes by itself."""
    SETUP = auto()
    """An admin must change something; no row is to blame."""
    QUOTA = auto()
    """The org's requests for the day are used up."""
    ROW = auto()
    """This row cannot be written as it is."""
    ADMIN = auto()
    """As ROW, and the message was written by the org's own admin."""


@dataclass(frozen=True, slots=True)
class Code:
    """What a code calls for, what it means, and what to do about it."""

    kind: Kind
    means: str
    todo: str = ""


_PERMISSION = "Give the integration user's permission set access to it (setup > Permission Sets)."
_RULES = "Change that rule, or what the mapping writes, then resync the call."
_MAPPING = "Change what the mapping writes there, then resync the call."

_CODES = {
    "UNABLE_TO_LOCK_ROW": Code(Kind.AGAIN, "something else was changing the record or the person's record"),
    "RECORD_IN_USE_BY_WORKFLOW": Code(Kind.AGAIN, "an automation was working on the record"),
    "ENTITY_IS_LOCKED": Code(Kind.AGAIN, "the record is locked, for instance by an approval"),
    "TOO_MANY_APEX_REQUESTS": Code(Kind.AGAIN, "the org was running too much Apex at once"),
    "QUERY_TIMEOUT": Code(Kind.AGAIN, "the query took too long"),
    "REQUEST_RUNNING_TOO_LONG": Code(Kind.AGAIN, "the request took too long"),
    "UNKNOWN_EXCEPTION": Code(Kind.AGAIN, "Salesforce had a fault of its own"),
    "SERVER_UNAVAILABLE": Code(Kind.AGAIN, "Salesforce was not available"),
    "API_CURRENTLY_DISABLED": Code(Kind.AGAIN, "the org's API is switched off for the moment"),
    "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE": Code(Kind.AGAIN, "the org was under maintenance"),
    "REQUEST_LIMIT_EXCEEDED": Code(Kind.QUOTA, "the org's API requests for the last 24 hours are used up"),
    "INVALID_SESSION_ID": Code(Kind.SETUP, "the session is not accepted", _PERMISSION),
    "INVALID_FIELD": Code(Kind.SETUP, "a field does not exist or may not be seen", _PERMISSION),
    "NOT_FOUND": Code(Kind.SETUP, "the object or the key field does not exist or may not be seen", _PERMISSION),
    "INVALID_TYPE": Code(Kind.SETUP, "the object does not exist or may not be seen", _PERMISSION),
    "INSUFFICIENT_ACCESS_OR_READONLY": Code(Kind.SETUP, "the integration user may not write the record", _PERMISSION),
    "API_DISABLED_FOR_ORG": Code(Kind.SETUP, "the org or its user has no API access", _PERMISSION),
    "STORAGE_LIMIT_EXCEEDED": Code(Kind.SETUP, "the org's data storage is full", "Free or buy data storage."),
    "TXN_SECURITY": Code(
        Kind.SETUP,
        "a transaction security policy stopped the request",
        "Let the integration user pass that policy (setup > Transaction Security Policies).",
    ),
    "INVALID_OPERATION_WITH_EXPIRED_PASSWORD": Code(
        Kind.SETUP, "the integration user's password has expired", "Set a new password, or one that never expires."
    ),
    "UNSUPPORTED_API_VERSION": Code(
        Kind.SETUP, "the org no longer offers this API version", "Set `api_version` to a newer one."
    ),
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": Code(
        Kind.ROW, "the integration user may not see a record that the activity points to", _PERMISSION
    ),
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": Code(Kind.ADMIN, "a validation rule does not let it pass", _RULES),
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": Code(Kind.ADMIN, "a trigger or flow failed", _RULES),
    "CANNOT_EXECUTE_FLOW_TRIGGER": Code(Kind.ADMIN, "a flow failed", _RULES),
    "REQUIRED_FIELD_MISSING": Code(Kind.ROW, "a required field has no value", _MAPPING),
    "STRING_TOO_LONG": Code(Kind.ROW, "a text is too long", _MAPPING),
    "MAX_TASK_DESCRIPTION": Code(Kind.ROW, "the description is too long", _MAPPING),
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": Code(Kind.ROW, "a value is not one of the picklist's values", _MAPPING),
    "INVALID_FIELD_FOR_INSERT_UPDATE": Code(Kind.ROW, "a field may not be written", _PERMISSION),
    "INVALID_CROSS_REFERENCE_KEY": Code(
        Kind.ROW,
        "it points to a record that does not exist or may not be seen",
        "Correct the lead's external id in Apten, or give the integration user access to that record.",
    ),
    "ENTITY_IS_DELETED": Code(
        Kind.ROW,
        "the record, or one it points to, was deleted",
        "Restore it from the recycle bin, or leave the call unlogged.",
    ),
    "MALFORMED_ID": Code(Kind.ROW, "a value is not a Salesforce id", _MAPPING),
    "FIELD_INTEGRITY_EXCEPTION": Code(
        Kind.ROW, "a value does not fit the others, or is an id of the wrong object", _MAPPING
    ),
    "CANNOT_UPDATE_CONVERTED_LEAD": Code(
        Kind.ROW, "the lead was converted", "Set the lead's external id in Apten to the contact it became."
    ),
    "INACTIVE_OWNER_OR_USER": Code(Kind.ROW, "the owner is not an active user", _MAPPING),
    "NUMBER_OUTSIDE_VALID_RANGE": Code(Kind.ROW, "a number has too many digits", _MAPPING),
    "ENTITY_IS_ARCHIVED": Code(Kind.ROW, "the record is archived", "Leave it as it is, or restore it."),
    "DUPLICATE_VALUE": Code(
        Kind.ROW, "another record holds this call's key", "Remove the double, then resync the call."
    ),
    "DUPLICATE_EXTERNAL_ID": Code(
        Kind.ROW,
        "several records hold this call's key",
        "Make the key field unique, remove the doubles, then resync the call.",
    ),
    "DUPLICATES_DETECTED": Code(Kind.ROW, "a duplicate rule does not let it pass", _RULES),
    "JSON_PARSER_ERROR": Code(Kind.ROW, "a value has the wrong type", _MAPPING),
    "MALFORMED_QUERY": Code(Kind.ROW, "the query could not be read"),
    "EXCEEDED_ID_LIMIT": Code(Kind.ROW, "there were too many records in one request"),
    "INVALID_INPUT": Code(Kind.ROW, "the request could not be read"),
}
_FAMILIES = ("TXN_SECURITY", "MAX_TASK_DESCRIPTION")
_OTHER = Code(Kind.ROW, "for a reason this program does not know", "Look up the code in Salesforce's documentation.")


def code_name(given: object) -> str:
    """A code as Salesforce gave it, or UNKNOWN for what cannot be one, so that no other text passes for a code."""
    return given if isinstance(given, str) and _CODE.match(given) else UNKNOWN


def look_up(name: str) -> Code:
    """What a code calls for. Some come in families, such as TXN_SECURITY_NO_ACCESS."""
    family = next((family for family in _FAMILIES if name.startswith(f"{family}_")), name)
    return _CODES.get(family, _OTHER)
