"""Salesforce as a CRM of ours."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from connector.crms.salesforce import soql
from connector.crms.salesforce.base_url import checked_base_url
from connector.crms.salesforce.budget import Budget
from connector.crms.salesforce.describe import schema_of
from connector.crms.salesforce.doctor.beyond import beyond
from connector.crms.salesforce.exchange import Request
from connector.crms.salesforce.lookups import Lookups
from connector.crms.salesforce.org import Org
from connector.crms.salesforce.people.search import People
from connector.crms.salesforce.queries import Queries, records
from connector.crms.salesforce.receipts import is_result, may_be_gone, receipt
from connector.crms.salesforce.unanswered import unreadable
from connector.crms.salesforce.values import from_json, to_json
from connector.errors import ConfigError, CrmSetupError, QuotaError, RetryableError, UncertainWriteError
from connector.model import Page, Receipt, Record
from connector.record_ids import full_id, is_id
from connector.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from connector.crm_schema import FieldSchema, ObjectSchema
    from connector.crms.salesforce.connection import Connection
    from connector.crms.salesforce.login import Login
    from connector.findings import Check
    from connector.model import Activity, Lookup, Person, PersonSearch, Target, Unlinked
    from connector.preparation import Preparation, Use

_VERSION = re.compile(r"\d\d\.0\Z")
_LONGEST_REQUEST = 600.0  # seconds; Salesforce's own limit for a call to its API
_OLDEST_VERSION = 46.0  # the first with upserts of collections
_ALL_OF_IT = Budget("100%")
"""For what a person asks for and costs some twenty requests: it is no run, and wanted most when runs are stopped."""


class Salesforce:
    """Activities in a Salesforce org; satisfies `ports.Crm`. Logs in at the first request, not before.

    Args:
        login: how to log in.
        api_version: of the REST API, such as `66.0`.
        base_url: a proxy or stand-in that takes every request, logins included.
        api_budget: how much of the org's daily requests may be used, as `Budget` reads it; beyond that none is sent.
        ca_file: certificates in PEM to trust besides the usual ones.
        timeout: seconds until an answer must be whole. Salesforce itself gives up after 600.

    Raises:
        ConfigError: the API version, the base URL or the budget is not usable.
    """

    batch_size = 200

    def __init__(
        self,
        login: Login,
        *,
        api_version: str = "66.0",
        base_url: str | None = None,
        api_budget: str = "80%",
        ca_file: Path | None = None,
        timeout: float = 120.0,
    ) -> None:
        if not _VERSION.match(api_version) or float(api_version) < _OLDEST_VERSION:
            raise ConfigError(
                f"The Salesforce API version {api_version!r} cannot be used.",
                todo='Set `api_version` to "46.0" or newer, such as "66.0".',
            )
        self._login = login
        self._version = api_version
        self._base_url = None if base_url is None else checked_base_url(base_url)
        self._budget = Budget(api_budget)
        self._ca_file = ca_file
        self._timeout = timeout
        self._opened: Connection | None = None
        self._identity: str | None = None
        self._schemas: dict[str, ObjectSchema] = {}
        self._queries = Queries(lambda: self._connection)
        self._people = People(self._queries, partial(self._schema_of, named_by="person: in"))
        self._lookups = Lookups(self._queries, partial(self._schema_of, named_by="find"))

    @property
    def usage(self) -> Usage:
        """What was sent so far, and how many of the org's requests of 24 hours are used as of the last answer."""
        return self._opened.usage if self._opened else Usage()

    def identity(self) -> str:
        """The org's id."""
        if self._identity is None:
            request = Request("the question which org this is")
            answer = self._connection.ask(request, "query/", params={"q": "SELECT Id FROM Organization"})
            found = records(request, answer, ("Id",))
            if not found:
                raise unreadable(request)
            self._identity = str(found[0]["Id"])
        return self._identity

    def describe(self, target: Target) -> ObjectSchema:
        """The object's schema as the integration user sees it."""
        return self._described(target.object, f"the description of {target.object}")

    def find(self, searches: Sequence[PersonSearch]) -> list[Person | Unlinked]:
        """Whom the clues lead to: one query for each kind of clue and object, for up to 200 searches."""
        return self._people.find(searches)

    def look_up(self, lookups: Sequence[Lookup]) -> list[tuple[str, ...]]:
        """The ids of the records that each look-up fits, two at the most; look-ups that ask alike share a query."""
        return self._lookups.find(lookups)

    def read(self, target: Target, keys: Sequence[str], fields: Sequence[str]) -> dict[str, Record]:
        """The records that hold these keys, archived ones included."""
        schema = self._schema(target)
        request = Request(f"the look-up in {target.object}", fields=frozenset({target.key_field, *fields}))
        wanted = {name: _field(schema, name) for name in fields}
        found: dict[str, Record] = {}
        doubles: dict[str, tuple[str, ...]] = {}
        for query in soql.by_keys(target, keys, fields):
            for row in self._queries.rows(request, query, deleted=True):
                key = row[target.key_field]
                if key in found:
                    doubles[key] = (*doubles.get(key, ()), row["Id"])
                    continue
                try:
                    held = {name: from_json(field, row[name]) for name, field in wanted.items()}
                except ValueError:
                    raise unreadable(request) from None
                found[key] = Record(row["Id"], held)
        # Where the key field ignores case, Salesforce also finds keys that are spelled otherwise.
        return {key: replace(found[key], doubles=doubles.get(key, ())) for key in keys if key in found}

    def scan(self, target: Target, token: str | None = None) -> Page[tuple[str, str]]:
        """One page of keys in the order of record ids, archived records included. The token is the last id seen."""
        request = Request(f"the listing of {target.object}")
        answer = self._connection.ask(request, "queryAll/", params={"q": soql.page_of_keys(target, token)})
        rows = tuple((row[target.key_field], row["Id"]) for row in records(request, answer, ("Id", target.key_field)))
        more = bool(rows) and (len(rows) == soql.PAGE or not answer["done"])
        return Page(rows, rows[-1][1] if more else None)

    def key_of(self, target: Target, record_id: str) -> str | None:
        """The key that a record holds; its id may have 15 characters or 18."""
        if not is_id(record_id):
            return None
        request = Request(f"the look-up in {target.object}", fields=frozenset({target.key_field}))
        rows = self._queries.rows(request, soql.key_of(target, record_id), deleted=True)
        return next((row[target.key_field] for row in rows), None)

    def link(self, record_id: str) -> str | None:
        """The record's page; None as long as nothing was asked of Salesforce, which tells its own address."""
        host = self._opened.host if self._opened else None
        return f"https://{host}/{record_id}" if host else None

    def write(self, target: Target, activities: Sequence[Activity]) -> list[Receipt]:
        """One collections request: updates by id, or upserts by the key field; creates, where that is not unique."""
        if not activities:
            return []
        if activities[0].record_id is not None:
            return self._send(target, activities, "PATCH", "composite/sobjects")
        if self._schema(target).keeps_unique(target.key_field):
            path = f"composite/sobjects/{soql.checked_name(target.object)}/{soql.checked_name(target.key_field)}"
            return self._send(target, activities, "PATCH", path)
        return self._create_missing(target, activities)

    def _create_missing(self, target: Target, activities: Sequence[Activity]) -> list[Receipt]:
        """Look for each key, then create what is not there: the field alone would let a second record be made.

        Salesforce may go on with a request for ten minutes after we stopped listening, so that one whose answer was
        lost is not sent again before.
        """
        there = self.read(target, [activity.key for activity in activities], ())
        missing = [activity for activity in activities if activity.key not in there]
        try:
            created = self._send(target, missing, "POST", "composite/sobjects") if missing else []
        except UncertainWriteError as error:
            raise UncertainWriteError(
                error.happened, retry_after=_LONGEST_REQUEST, done=error.done, todo=error.todo
            ) from None
        receipts = {receipt.key: receipt for receipt in created}
        return [receipts.get(each.key) or Receipt(each.key, exists=True) for each in activities]

    def _send(self, target: Target, activities: Sequence[Activity], method: str, path: str) -> list[Receipt]:
        sent = frozenset(name for activity in activities for name in activity.fields) | {target.key_field}
        request = Request(f"the writing to {target.object}", writing=True, fields=sent)
        schema = self._schema(target)
        body = {"allOrNone": False, "records": [_record(target, activity) for activity in activities]}
        answer = self._connection.ask(request, path, method=method, json=body)
        if not isinstance(answer, list) or len(answer) != len(activities) or not all(map(is_result, answer)):
            raise unreadable(request)
        rows = [(each, {"created": method == "POST", **row}) for each, row in zip(activities, answer, strict=True)]
        gone = self._gone(target, [each.record_id for each, row in rows if each.record_id and may_be_gone(row)])
        return [receipt(target, *row, schema=schema, gone=gone) for row in rows]

    def prepare(self, uses: Sequence[Use], user: str | None, sleep: Callable[[float], None]) -> Preparation:
        """Key fields, and a permission set for the user that is to write them."""
        # Runs need none of this, so that it is loaded here.
        from connector.crms.salesforce.setup.prepare import prepare  # noqa: PLC0415  # see above

        self._budget = _ALL_OF_IT
        return prepare(Org(self._connection), uses, user, version=self._version, sleep=sleep)

    def checks(self, uses: Sequence[Use]) -> Sequence[Check]:
        """Sign-in, rights, key fields, limits, automation."""
        from connector.crms.salesforce.doctor.checks import checks  # noqa: PLC0415  # as above

        budget, self._budget = self._budget, _ALL_OF_IT
        org = cache(lambda: Org(self._connection))
        return checks(org, self._login, uses, version=self._version, budget=budget)

    def metadata(self, uses: Sequence[Use], required: Mapping[str, Collection[str]]) -> Mapping[str, str]:
        """A folder in the format of the Metadata API."""
        from connector.crms.salesforce.setup.metadata import everything  # noqa: PLC0415  # as above

        return everything(uses, self._version, required=required)

    def beyond(self, target: Target) -> str:
        """How many rules, triggers and flows the object has."""
        return beyond(Org(self._connection), target.object)

    def close(self) -> None:
        """Close the line, if one was opened."""
        if self._opened:
            self._opened.close()

    @property
    def _connection(self) -> Connection:
        if self._opened is None:
            # simple-salesforce takes most of a second to load, which a run with nothing to write need not pay.
            from connector.crms.salesforce.connection import Connection  # noqa: PLC0415  # see above

            self._opened = Connection(
                self._login,
                api_version=self._version,
                base_url=self._base_url,
                budget=self._budget,
                ca_file=self._ca_file,
                timeout=self._timeout,
            )
        return self._opened

    def _gone(self, target: Target, record_ids: Sequence[str]) -> set[str]:
        """Those of these records that are known not to be there."""
        if not record_ids:
            return set()
        request = Request(f"the look-up in {target.object}")
        try:
            answer = self._connection.ask(request, "queryAll/", params={"q": soql.by_ids(target, record_ids)})
            there = {row["Id"] for row in records(request, answer, ("Id",))}
        except (RetryableError, QuotaError):
            return set()  # the write was answered, which counts for more than why some of it was refused
        return {record_id for record_id in record_ids if full_id(record_id) not in there}

    def _schema(self, target: Target) -> ObjectSchema:
        return self._schemas.get(target.object) or self.describe(target)

    def _schema_of(self, name: str, *, named_by: str) -> ObjectSchema:
        """The schema of an object in which the mapping looks something up; asked once."""
        doing = f"the description of {name}, which the mapping names in `{named_by}`"
        return self._schemas.get(name) or self._described(name, doing)

    def _described(self, name: str, doing: str) -> ObjectSchema:
        request = Request(doing)
        answer = self._connection.ask(request, f"sobjects/{soql.checked_name(name)}/describe")
        try:
            self._schemas[name] = schema_of(answer)
        except (TypeError, KeyError, ValueError, AttributeError):
            raise unreadable(request) from None
        return self._schemas[name]


def _field(schema: ObjectSchema, name: str) -> FieldSchema:
    if name not in schema.fields:
        raise CrmSetupError(
            f"{schema.object} has no field {name}, or the integration user may not see it.",
            fields=(name,),
            todo="Give the integration user's permission set access to it, or take it out of the mapping.",
        )
    return schema.fields[name]


def _record(target: Target, activity: Activity) -> dict[str, Any]:
    """One record of a collections request: named by its id for an update, else by its key."""
    named = {target.key_field: activity.key} if activity.record_id is None else {"id": activity.record_id}
    fields = {name: to_json(value) for name, value in activity.fields.items()}
    return {"attributes": {"type": target.object}, **fields, **named}
