"""The one place where what Salesforce or its library says becomes an error of ours.

No text of theirs is passed on: a response body may repeat what was sent. The exception is a message that an admin of
the org wrote (validation rule, trigger, flow), cleared of everything that also stands in the row.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from connector.crms.salesforce.budget import used_up
from connector.crms.salesforce.codes import DEFECT, UNKNOWN, Code, Kind, code_name, look_up
from connector.crms.salesforce.exchange import Answer
from connector.crms.salesforce.refused_session import session_refused
from connector.crms.salesforce.unanswered import no_answer, of_environment, unreadable
from connector.errors import (
    CrmSetupError,
    CrowdedError,
    RateLimitedError,
    RejectedError,
    RetryableError,
    UncertainWriteError,
    UnreachableError,
    VanishedLinkError,
)
from connector.quotation import without

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from connector.crms.salesforce.exchange import Request
    from connector.errors import ConnectorError
    from connector.model import Activity

_LOCK = "UNABLE_TO_LOCK_ROW"
_APEX_LIMIT = re.compile(
    r"LimitException|Too many (?:SOQL|SOSL|DML|query|future|queueable|callouts)|CPU time limit|heap size too large"
)
"""What a trigger or flow says that went over a limit of its transaction, which all rows of a request share.

Source: Apex Developer Guide, "Execution Governors and Limits"; the words as they show in the messages of such rows.
"""
_VANISHED = frozenset(
    {"ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY", "CANNOT_UPDATE_CONVERTED_LEAD", "INACTIVE_OWNER_OR_USER"}
)
_NAMES_FIELDS = frozenset({"REQUIRED_FIELD_MISSING", "INVALID_FIELD", "INVALID_FIELD_FOR_INSERT_UPDATE"})
_WORD = re.compile(r"\w+")
_NOT_DONE = frozenset(
    {"SERVER_UNAVAILABLE", "API_CURRENTLY_DISABLED", "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", _LOCK}
)
_NO_ROUTE = 420
_NO_ROUTE_ATTEMPTS = 2
"""Salesforce's edge has no way to the org. It may have moved a moment ago; more often the host name is wrong."""
BUSY = frozenset({408, 409, _NO_ROUTE, 429})
"""Statuses that say "not now"."""
_TOO_LARGE = frozenset({413, 414, 431})


def of_row(errors: Sequence[Mapping[str, Any]], activity: Activity, known: Collection[str] = ()) -> ConnectorError:
    """The error of one row of a collection, from its `errors`. The gravest of several decides.

    `known` are fields that the object has: only names of these, and of those that were sent, are told.
    """
    found = [(_row_code(error), error) for error in errors] or [(UNKNOWN, {})]
    grave = [(name, error) for name, error in found if look_up(name).kind is not Kind.AGAIN]
    name, error = (grave or found)[0]
    code, message = look_up(name), str(error.get("message") or "")
    fields = _named_fields(name, error, {*activity.fields, *known})
    where = f" (field {', '.join(fields)})" if fields else ""
    happened = f"Salesforce did not take the activity of call {activity.call_id}{where}: {code.means} ({name})."
    if code.kind is Kind.AGAIN:
        return RetryableError(happened, code=name, at_most=code.at_most, todo=code.todo)
    if code.kind is Kind.SETUP or (code.kind is Kind.RIGHT and activity.record_id is None):
        return CrmSetupError(happened, fields=fields, done="The activity was not written.", todo=code.todo)
    if code.kind is Kind.QUOTA:
        return _quota(message, None)
    says = without(message, activity.fields.values()) if code.kind is Kind.ADMIN else ""
    return _of_what_kind(name, code, message)(
        happened, code=name, fields=fields, says=says, done="The call was set aside.", todo=code.todo
    )


def _of_what_kind(name: str, code: Code, message: str) -> type[RejectedError]:
    if code.kind is Kind.ADMIN and _APEX_LIMIT.search(message):
        return CrowdedError
    return VanishedLinkError if name in _VANISHED else RejectedError


def _row_code(error: Mapping[str, Any]) -> str:
    """A row's code; that of a lock where a trigger or flow came upon one."""
    name = code_name(error.get("statusCode"))
    wrapped = look_up(name).kind is Kind.ADMIN and _LOCK in str(error.get("message"))
    return _LOCK if wrapped else name


def _named_fields(name: str, error: Mapping[str, Any], known: Collection[str]) -> tuple[str, ...]:
    """The fields that an error names, as far as they are known; in its message only where no value can stand."""
    listed = error.get("fields")
    words = listed if isinstance(listed, list) and listed else ()
    if not words and name in _NAMES_FIELDS:
        words = _WORD.findall(str(error.get("message")))
    return tuple(dict.fromkeys(word for word in words if isinstance(word, str) and word in known))


def of_failure(error: Exception, request: Request, answer: Answer | None, *, renewable: bool = True) -> ConnectorError:
    """The error of a request as a whole, from whatever the library raised. `answer` is None if none came.

    `renewable`: see `refused_session`.
    """
    # Whoever holds one of these exceptions has loaded their libraries; a run that is idle does not.
    from requests.exceptions import InvalidJSONError, RequestException, TooManyRedirects  # noqa: PLC0415  # see above
    from simple_salesforce.exceptions import SalesforceError  # noqa: PLC0415  # ditto

    if misled := of_environment(error):
        return misled
    if isinstance(error, SalesforceError):
        if error.status == HTTPStatus.UNAUTHORIZED:
            return session_refused(error.content, renewable=renewable)
        return _refused(error.status, error.content, request, answer or Answer(error.status))
    if isinstance(error, RequestException) and not isinstance(error, InvalidJSONError | TooManyRedirects):
        return no_answer(error, request)
    return unreadable(request, answer)


def _refused(status: int, content: Any, request: Request, answer: Answer) -> ConnectorError:
    """A request-level refusal: an array of `errorCode` and `message`, or anything at all."""
    first = content[0] if isinstance(content, list) and content and isinstance(content[0], dict) else {}
    name = code_name(first.get("errorCode"))
    if name == UNKNOWN:
        return _by_status(status, request, answer)
    code = look_up(name)
    fields = _named_fields(name, first, request.fields)
    where = f" (field {', '.join(fields)})" if fields else ""
    happened = f"Salesforce refused {request.doing}{where}: {code.means} ({name}, HTTP {status})."
    if code.kind is Kind.QUOTA:
        return _quota(str(first.get("message")), answer)
    if code.kind is Kind.AGAIN:
        uncertain = request.writing and name not in _NOT_DONE
        kind = UncertainWriteError if uncertain else UnreachableError
        return kind(happened, retry_after=answer.retry_after, code=name, at_most=code.at_most)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _by_status(status, request, answer)
    return _final(happened, name, code, request, fields)


def _by_status(status: int, request: Request, answer: Answer) -> ConnectorError:
    """An answer without a code we can read, so from a gateway or a proxy."""
    happened = f"Salesforce refused {request.doing} (HTTP {status})."
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimitedError(happened, retry_after=answer.retry_after)
    if status == HTTPStatus.REQUEST_TIMEOUT and request.writing:
        # A gateway that lost patience may have passed the request on.
        return UncertainWriteError(happened, retry_after=answer.retry_after)
    if status in BUSY:
        at_most = _NO_ROUTE_ATTEMPTS if status == _NO_ROUTE else None
        return UnreachableError(happened, retry_after=answer.retry_after, at_most=at_most)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return (UncertainWriteError if request.writing else UnreachableError)(happened, retry_after=answer.retry_after)
    if status in {403, 404, 410}:
        return CrmSetupError(happened, todo="Check the domain, the API version and the integration user's rights.")
    name = "REQUEST_TOO_LARGE" if status in _TOO_LARGE else f"HTTP_{status}"
    return _final(happened, name, Code(Kind.ROW, ""), request)


def _final(happened: str, name: str, code: Code, request: Request, fields: tuple[str, ...] = ()) -> ConnectorError:
    """A refusal that sending again does not mend."""
    if code.kind in (Kind.SETUP, Kind.RIGHT):
        return CrmSetupError(happened, code=name, fields=fields, todo=code.todo)
    if request.writing:
        done = "Nothing of this request was written."
        return RejectedError(happened, code=name, fields=fields, done=done, todo=code.todo)
    return CrmSetupError(happened, code=name, todo=DEFECT)


def _quota(message: str, answer: Answer | None) -> ConnectorError:
    """One code for two limits: of the day's requests, and of those that take 20 seconds or more at the same time."""
    if "Concurrent" in message:
        return RateLimitedError("The org has too many long requests under way at once (REQUEST_LIMIT_EXCEEDED).")
    return used_up(answer)
