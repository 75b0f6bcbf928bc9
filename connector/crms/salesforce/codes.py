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
    RIGHT = auto()
    """The user may not do this to a record: as ROW for one that is there, a matter of its sharing; else as SETUP."""
    QUOTA = auto()
    """The org's requests for the day are used up."""
    ROW = auto()
    """This row cannot be written as it is."""
    ADMIN = auto()
    """As ROW, and the message was written by the org's own admin."""


@dataclass(frozen=True, slots=True)
class Code:
    """What a code calls for, what it means, and what to do about it.

    `at_most` is how often a request may be sent that fails with it, where that is less often than usual.
    """

    kind: Kind
    means: str
    todo: str = ""
    at_most: int | None = None


_AND_THEN = "then run `apten-crm resync --parked`."
_PERMISSION = "Give the integration user's permission set access to it (Setup > Permission Sets)."
_RULE = f"Change that rule, or what the mapping writes, {_AND_THEN}"
_AUTOMATION = f"Have the trigger or flow mended, or change what the mapping writes, {_AND_THEN}"
_MAPPING = f"Change what the mapping writes there, {_AND_THEN}"
_CUT = f"Let the mapping cut it (`cut`), or make the field longer, {_AND_THEN}"
DEFECT = "This looks like a fault of the connector; please report it with this text."

CODES = {
    "UNABLE_TO_LOCK_ROW": Code(
        Kind.AGAIN,
        "something else was changing the record, or one that it points to, at the same time",
        "If it goes on, let jobs that change the same leads, contacts or accounts run at another hour.",
    ),
    "RECORD_IN_USE_BY_WORKFLOW": Code(
        Kind.AGAIN,
        "an automation of the org was working on the record",
        "If it goes on, let automations on the same records run at another hour.",
    ),
    "ENTITY_IS_LOCKED": Code(
        Kind.AGAIN, "the record is locked, as while it awaits an approval", "Have the approval decided or recalled."
    ),
    "TOO_MANY_APEX_REQUESTS": Code(
        Kind.AGAIN,
        "the org was running too much Apex at once",
        "If it goes on, have the org's slow triggers and integrations looked at.",
    ),
    "QUERY_TIMEOUT": Code(Kind.AGAIN, "the query took too long"),
    "INVALID_QUERY_LOCATOR": Code(
        Kind.AGAIN,
        "Salesforce no longer knew where the listing had come to",
        "If it goes on, have other integrations of the same user list less at the same time.",
        at_most=3,
    ),
    "REQUEST_RUNNING_TOO_LONG": Code(
        Kind.AGAIN, "the request took too long", "If it goes on, have the org's triggers and flows looked at."
    ),
    "UNKNOWN_EXCEPTION": Code(
        Kind.AGAIN,
        "Salesforce came upon a fault of its own, or of the org's code",
        "If it goes on, have the org's triggers looked at, or ask Salesforce's support.",
        at_most=3,
    ),
    "SERVER_UNAVAILABLE": Code(Kind.AGAIN, "Salesforce was not available"),
    "API_CURRENTLY_DISABLED": Code(Kind.AGAIN, "the org's API is switched off for the moment"),
    "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE": Code(Kind.AGAIN, "the org was under maintenance"),
    "REQUEST_LIMIT_EXCEEDED": Code(
        Kind.QUOTA,
        "the org's API requests for the last 24 hours are used up",
        "Nothing; or have other integrations ask less, or buy more requests.",
    ),
    "INVALID_SESSION_ID": Code(Kind.SETUP, "the session is not accepted", _PERMISSION),
    "INVALID_FIELD": Code(Kind.SETUP, "a field does not exist or may not be seen", _PERMISSION),
    "NOT_FOUND": Code(Kind.SETUP, "the object or the key field does not exist or may not be seen", _PERMISSION),
    "INVALID_TYPE": Code(Kind.SETUP, "the object does not exist or may not be seen", _PERMISSION),
    "INSUFFICIENT_ACCESS_OR_READONLY": Code(
        Kind.RIGHT,
        "the integration user may not write the record",
        "Give the integration user's permission set access to the object (Setup > Permission Sets), or, for a single "
        f"record, let it edit that one (sharing, ownership); {_AND_THEN}",
    ),
    "API_DISABLED_FOR_ORG": Code(
        Kind.SETUP,
        "the org or its user has no API access",
        "Give the integration user the permission API Enabled; some editions need API access as an extra.",
    ),
    "STORAGE_LIMIT_EXCEEDED": Code(
        Kind.SETUP, "the org's data storage is full", "Free or buy data storage (Setup > Storage Usage)."
    ),
    "TXN_SECURITY": Code(
        Kind.SETUP,
        "a transaction security policy stopped the request",
        "Let the integration user pass that policy (Setup > Transaction Security Policies).",
    ),
    "INVALID_OPERATION_WITH_EXPIRED_PASSWORD": Code(
        Kind.SETUP, "the integration user's password has expired", "Set a new password, or one that never expires."
    ),
    "UNSUPPORTED_API_VERSION": Code(
        Kind.SETUP, "the org no longer offers this API version", "Set `api_version` to a newer one."
    ),
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": Code(
        Kind.ROW,
        "the integration user may not see a record that the activity points to",
        f"Let the integration user see that record (sharing rules, permission sets), {_AND_THEN}",
    ),
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": Code(Kind.ADMIN, "a validation rule does not let it pass", _RULE),
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": Code(Kind.ADMIN, "a trigger or flow of the org failed", _AUTOMATION),
    "CANNOT_EXECUTE_FLOW_TRIGGER": Code(Kind.ADMIN, "a flow of the org failed", _AUTOMATION),
    "REQUIRED_FIELD_MISSING": Code(
        Kind.ROW,
        "a field that must have a value got none",
        f"Let the mapping fill that field, or make it optional in Salesforce, {_AND_THEN}",
    ),
    "STRING_TOO_LONG": Code(Kind.ROW, "a text is longer than its field", _CUT),
    "MAX_TASK_DESCRIPTION": Code(Kind.ROW, "the description is longer than a task's may be", _CUT),
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": Code(
        Kind.ROW,
        "a value is not one that the picklist takes",
        f"Let the mapping write one that it has, or add the value to the picklist, {_AND_THEN}",
    ),
    "INVALID_FIELD_FOR_INSERT_UPDATE": Code(
        Kind.ROW,
        "a field may not be written",
        "Let the integration user edit that field (Setup > Permission Sets), or take it out of the mapping, "
        + _AND_THEN,
    ),
    "INVALID_CROSS_REFERENCE_KEY": Code(
        Kind.ROW,
        "it points to a record that does not exist or may not be seen",
        "Correct the id that the mapping writes there (for the person that is the lead's external id in Apten), or let "
        f"the integration user see that record, {_AND_THEN}",
    ),
    "ENTITY_IS_DELETED": Code(
        Kind.ROW,
        "the record, or one that it points to, was deleted",
        f"Restore it from the recycle bin, {_AND_THEN} Or leave the call unlogged.",
    ),
    "MALFORMED_ID": Code(Kind.ROW, "a value is no id of a Salesforce record", _MAPPING),
    "FIELD_INTEGRITY_EXCEPTION": Code(
        Kind.ROW,
        "a value does not go with the others, or is the id of a record of the wrong object",
        f"An activity of a lead can be related to no other record. {_MAPPING}",
    ),
    "CANNOT_UPDATE_CONVERTED_LEAD": Code(
        Kind.ROW,
        "it points to a lead that was converted",
        f"Set the lead's external id in Apten to the contact it became, {_AND_THEN}",
    ),
    "INACTIVE_OWNER_OR_USER": Code(
        Kind.ROW, "the owner is no active user", f"Let the mapping name an active user, {_AND_THEN}"
    ),
    "NUMBER_OUTSIDE_VALID_RANGE": Code(Kind.ROW, "a number has more digits than its field takes", _MAPPING),
    "ENTITY_IS_ARCHIVED": Code(Kind.ROW, "the record is archived", "Leave it as it is."),
    "DUPLICATE_VALUE": Code(
        Kind.ROW,
        "another record holds the same value in a field that must be unique",
        f"If that is the call's key, remove the double; else change what the mapping writes there, {_AND_THEN}",
    ),
    "DUPLICATE_EXTERNAL_ID": Code(
        Kind.ROW,
        "several records hold this call's key",
        f"Remove the doubles, make the key field unique, {_AND_THEN}",
    ),
    "DUPLICATES_DETECTED": Code(
        Kind.ROW,
        "a duplicate rule does not let it pass",
        f"Change that rule, or let the integration user pass it, {_AND_THEN}",
    ),
    "INVALID_EMAIL_ADDRESS": Code(Kind.ROW, "a value is no e-mail address", _MAPPING),
    "JSON_PARSER_ERROR": Code(Kind.ROW, "a value is of the wrong type", _MAPPING),
    "MALFORMED_QUERY": Code(Kind.ROW, "the query could not be read", DEFECT),
    "MALFORMED_SEARCH": Code(Kind.ROW, "the search could not be read", DEFECT),
    "INVALID_QUERY_FILTER_OPERATOR": Code(Kind.ROW, "a field was compared with what it cannot hold", DEFECT),
    "URI_TOO_LONG": Code(Kind.ROW, "the query was too long", DEFECT),
    "MISSING_ARGUMENT": Code(Kind.ROW, "a record was sent without its key", DEFECT),
    "ALL_OR_NONE_OPERATION_ROLLED_BACK": Code(Kind.ROW, "another record of the same request was refused", DEFECT),
    "INVALID_MULTIPART_REQUEST": Code(Kind.ROW, "the deployment could not be read", DEFECT),
    "EXCEEDED_ID_LIMIT": Code(Kind.ROW, "there were too many records in one request", DEFECT),
    "INVALID_INPUT": Code(Kind.ROW, "the request could not be read", DEFECT),
}
_FAMILIES = ("TXN_SECURITY", "MAX_TASK_DESCRIPTION")
_OTHER = Code(
    Kind.ROW,
    "for a reason that this program does not know",
    f"Look the code up in Salesforce's documentation; once the cause is mended, {_AND_THEN.removeprefix('then ')}",
)


def code_name(given: object) -> str:
    """A code as Salesforce gave it, or UNKNOWN for what cannot be one, so that no other text passes for a code."""
    return given if isinstance(given, str) and _CODE.match(given) else UNKNOWN


def known(name: str) -> Code | None:
    """What is known of a code. Some come in families, such as TXN_SECURITY_NO_ACCESS."""
    family = next((family for family in _FAMILIES if name.startswith(f"{family}_")), name)
    return CODES.get(family)


def look_up(name: str) -> Code:
    """What a code calls for, whether it is known or not."""
    return known(name) or _OTHER
