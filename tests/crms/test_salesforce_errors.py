from __future__ import annotations

import inspect
import ssl

import pytest
import requests
import simple_salesforce.exceptions as theirs
from requests import exceptions as network
from urllib3.exceptions import MaxRetryError, NewConnectionError

from connector.crms.salesforce.codes import Kind, code_name, look_up
from connector.crms.salesforce.errors import of_failure, of_row
from connector.crms.salesforce.exchange import Answer, Request
from connector.errors import (
    CallError,
    ConnectorError,
    CredentialsError,
    CrmSetupError,
    QuotaError,
    RejectedError,
    RetryableError,
    RunError,
    SetupError,
    UncertainWriteError,
    UnreachableError,
)
from connector.model import Activity

READ, WRITE = Request("a look"), Request("a write", writing=True)
ROW = Activity("call-1", "call-1", {"Subject": "canary", "WhoId": "003"})

AGAIN = (
    "UNABLE_TO_LOCK_ROW",
    "RECORD_IN_USE_BY_WORKFLOW",
    "ENTITY_IS_LOCKED",
    "TOO_MANY_APEX_REQUESTS",
    "QUERY_TIMEOUT",
    "INVALID_QUERY_LOCATOR",
    "REQUEST_RUNNING_TOO_LONG",
    "UNKNOWN_EXCEPTION",
    "SERVER_UNAVAILABLE",
    "API_CURRENTLY_DISABLED",
    "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE",
)
SETUP = (
    "INVALID_FIELD",
    "NOT_FOUND",
    "INVALID_TYPE",
    "INSUFFICIENT_ACCESS_OR_READONLY",
    "API_DISABLED_FOR_ORG",
    "STORAGE_LIMIT_EXCEEDED",
    "TXN_SECURITY_NO_ACCESS",
    "TXN_SECURITY_RUNTIME_ERROR",
    "TXN_SECURITY_METERING_ERROR",
    "INVALID_OPERATION_WITH_EXPIRED_PASSWORD",
    "UNSUPPORTED_API_VERSION",
)
ROWS = (
    "FIELD_CUSTOM_VALIDATION_EXCEPTION",
    "REQUIRED_FIELD_MISSING",
    "STRING_TOO_LONG",
    "MAX_TASK_DESCRIPTION_EXCEEEDED",
    "MAX_TASK_DESCRIPTION_EXCEEDED",
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    "INVALID_FIELD_FOR_INSERT_UPDATE",
    "INVALID_CROSS_REFERENCE_KEY",
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
    "ENTITY_IS_DELETED",
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
    "CANNOT_EXECUTE_FLOW_TRIGGER",
    "MALFORMED_ID",
    "FIELD_INTEGRITY_EXCEPTION",
    "CANNOT_UPDATE_CONVERTED_LEAD",
    "INACTIVE_OWNER_OR_USER",
    "NUMBER_OUTSIDE_VALID_RANGE",
    "ENTITY_IS_ARCHIVED",
    "DUPLICATE_VALUE",
    "DUPLICATE_EXTERNAL_ID",
    "DUPLICATES_DETECTED",
    "INVALID_EMAIL_ADDRESS",
    "JSON_PARSER_ERROR",
    "MALFORMED_QUERY",
    "MALFORMED_SEARCH",
    "INVALID_QUERY_FILTER_OPERATOR",
    "URI_TOO_LONG",
    "MISSING_ARGUMENT",
    "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "INVALID_MULTIPART_REQUEST",
    "EXCEEDED_ID_LIMIT",
    "INVALID_INPUT",
)


def refused(status: int, code: str, request: Request, message: str = "canary") -> ConnectorError:
    content = [{"errorCode": code, "message": message}]
    error = theirs.SalesforceGeneralError("https://x", status, "x", content)  # type: ignore[arg-type]  # as parsed
    return of_failure(error, request, Answer(status))


@pytest.mark.parametrize("code", AGAIN)
def test_codes_that_pass_by_themselves_are_sent_again(code: str) -> None:
    row = of_row([{"statusCode": code, "message": "canary"}], ROW)
    assert isinstance(row, RetryableError)
    assert isinstance(refused(500, code, READ), UnreachableError)
    assert isinstance(refused(500, code, WRITE), RetryableError)
    assert code in str(row)


@pytest.mark.parametrize("code", SETUP)
def test_codes_an_admin_must_act_on_blame_no_call(code: str) -> None:
    for error in (of_row([{"statusCode": code}], ROW), refused(400, code, READ), refused(400, code, WRITE)):
        assert isinstance(error, CrmSetupError)
        assert code in str(error)
        assert error.todo


@pytest.mark.parametrize("code", ROWS)
def test_codes_of_a_row_set_that_call_aside_and_refuse_a_batch_as_a_whole(code: str) -> None:
    row = of_row([{"statusCode": code, "fields": ["Subject", "canary", 7]}], ROW)
    assert isinstance(row, RejectedError)
    assert (row.code, row.fields) == (code, ("Subject",))
    assert isinstance(refused(400, code, WRITE), RejectedError)
    assert isinstance(refused(400, code, READ), SetupError)
    assert look_up(code).means != look_up("SOMETHING_NEW").means


def test_quota_and_session_have_errors_of_their_own() -> None:
    assert isinstance(refused(403, "REQUEST_LIMIT_EXCEEDED", WRITE), QuotaError)
    assert isinstance(of_row([{"statusCode": "REQUEST_LIMIT_EXCEEDED"}], ROW), QuotaError)
    assert isinstance(refused(401, "INVALID_SESSION_ID", WRITE), CredentialsError)


def test_a_code_nobody_knows_parks_the_row_under_its_name() -> None:
    error = of_row([{"statusCode": "SOMETHING_NEW", "message": "canary"}], ROW)
    assert isinstance(error, RejectedError)
    assert error.code == "SOMETHING_NEW"


@pytest.mark.parametrize("given", ["has spaces", "x" * 100, "", None, 7, ["X"], "canary: text"])
def test_what_cannot_be_a_code_is_not_taken_for_one(given: object) -> None:
    assert code_name(given) == "UNKNOWN"
    assert isinstance(of_row([{"statusCode": given}], ROW), RejectedError)
    assert isinstance(of_row([], ROW), RejectedError)


def test_the_gravest_of_several_errors_decides() -> None:
    lock, long = {"statusCode": "UNABLE_TO_LOCK_ROW"}, {"statusCode": "STRING_TOO_LONG"}
    error = of_row([lock, long], ROW)
    assert isinstance(error, RejectedError)
    assert error.code == "STRING_TOO_LONG"


@pytest.mark.parametrize(
    ("code", "message", "fields"),
    [
        ("REQUIRED_FIELD_MISSING", "Required fields are missing: [Region__c, Subject]", ("Region__c", "Subject")),
        ("INVALID_FIELD", "No such column 'Region__c' on sobject of type Task", ("Region__c",)),
        ("INVALID_FIELD_FOR_INSERT_UPDATE", "Unable to create/update fields: Subject. Please check", ("Subject",)),
        ("STRING_TOO_LONG", "data value too large: Subject of the day (max length=255)", ()),
        ("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Subject and Region__c do not go together", ()),
    ],
)
def test_a_message_names_fields_only_where_no_value_can_stand_in_it(
    code: str, message: str, fields: tuple[str, ...]
) -> None:
    error = of_row([{"statusCode": code, "message": message, "fields": []}], ROW, {"Region__c"})
    assert isinstance(error, RejectedError | CrmSetupError)
    assert error.fields == fields


def test_a_field_that_the_row_did_not_send_is_named_if_the_object_has_it() -> None:
    refusal = {"statusCode": "REQUIRED_FIELD_MISSING", "message": "x", "fields": ["Region__c", "canary"]}
    error = of_row([refusal], ROW, {"Region__c"})
    assert isinstance(error, RejectedError)
    assert error.fields == ("Region__c",)


def test_a_lock_wrapped_in_a_triggers_error_is_a_lock() -> None:
    message = "afterInsert: System.DmlException: UNABLE_TO_LOCK_ROW, unable to obtain exclusive access"
    error = of_row([{"statusCode": "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "message": message}], ROW)
    assert isinstance(error, RetryableError)


def test_only_an_admins_own_words_are_shown() -> None:
    for code in (*AGAIN, *SETUP, *ROWS, "SOMETHING_NEW"):
        shown = "words of somebody" in str(of_row([{"statusCode": code, "message": "words of somebody"}], ROW))
        assert shown == (look_up(code).kind is Kind.ADMIN)


@pytest.mark.parametrize("request_", [READ, WRITE])
def test_every_exception_of_simple_salesforce_becomes_an_error_of_ours(request_: Request) -> None:
    classes = [cls for _, cls in inspect.getmembers(theirs, inspect.isclass) if issubclass(cls, Exception)]
    assert len(classes) >= 11
    for cls in classes:
        arguments: tuple[object, ...] = ("canary",)
        if issubclass(cls, theirs.SalesforceAuthenticationFailed):
            arguments = ("canary", "canary")
        elif issubclass(cls, theirs.SalesforceError):
            arguments = ("https://canary", 500, "canary", "canary")
        error = of_failure(cls(*arguments), request_, None)
        assert isinstance(error, RetryableError | SetupError | CallError | RunError)
        assert "canary" not in str(error)


@pytest.mark.parametrize("request_", [READ, WRITE])
def test_every_exception_of_requests_becomes_an_error_of_ours(request_: Request) -> None:
    classes = [
        cls for _, cls in inspect.getmembers(network, inspect.isclass) if issubclass(cls, requests.RequestException)
    ]
    assert len(classes) > 20
    for cls in classes:
        made = cls("canary", "canary", 0) if issubclass(cls, network.JSONDecodeError) else cls("canary")
        error = of_failure(made, request_, None)
        assert isinstance(error, UnreachableError | UncertainWriteError | SetupError)
        assert "canary" not in str(error)


@pytest.mark.parametrize(
    "error", [KeyError("canary"), AttributeError("canary"), TypeError("canary"), ValueError("canary")]
)
def test_whatever_else_the_library_trips_over_is_an_answer_that_cannot_be_read(error: Exception) -> None:
    assert isinstance(of_failure(error, READ, Answer(200)), UnreachableError)
    assert isinstance(of_failure(error, WRITE, Answer(200)), UncertainWriteError)


def test_a_write_that_was_never_sent_is_not_uncertain() -> None:
    refused_line = NewConnectionError(None, "canary")  # type: ignore[arg-type]  # no pool is needed to be refused
    never = network.ConnectionError(MaxRetryError(None, "/", refused_line))  # type: ignore[arg-type]  # ditto
    assert isinstance(of_failure(never, WRITE, None), UnreachableError)
    assert isinstance(of_failure(network.ConnectTimeout("canary"), WRITE, None), UnreachableError)
    assert isinstance(of_failure(network.ReadTimeout("canary"), WRITE, None), UncertainWriteError)


def test_a_write_on_which_a_gateway_loses_patience_is_uncertain() -> None:
    error = theirs.SalesforceGeneralError("https://x", 408, "x", b"<html>")
    assert isinstance(of_failure(error, WRITE, Answer(408)), UncertainWriteError)
    assert isinstance(of_failure(error, READ, Answer(408)), UnreachableError)


def test_a_certificate_that_cannot_be_verified_is_for_a_person_to_settle() -> None:
    cause = ssl.SSLCertVerificationError("canary")
    error = of_failure(network.SSLError(MaxRetryError(None, "/", cause)), WRITE, None)  # type: ignore[arg-type]  # ditto
    assert isinstance(error, CrmSetupError)
    assert "`ca_file`" in str(error)
