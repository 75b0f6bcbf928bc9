"""The keys of the language, each described once: checks, docs, and the JSON Schema for editors read this."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connector.mapping.types import Kind
from connector.model import IfUnlinked

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Key:
    """One key.

    Args:
        name: what it is called.
        doc: what it says.
        example: its value as it may be written.
        required: it may not be left out.
        words: the words it takes, each with what it means; empty if it takes something else.
    """

    name: str
    doc: str
    example: str
    required: bool = False
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Option(Key):
    """A key beside a value's form; `forms` are those it goes with."""

    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Test(Key):
    """A key of a test; `kinds` are those of sources that it suits."""

    kinds: tuple[Kind, ...] = ()


VERSION = "1"
UNLESS_EDITED, ALWAYS, ON_CREATE = "unless_edited", "always", "on_create"
WRITE = {
    UNLESS_EDITED: "whenever the call changes, until somebody edits the field in the CRM",
    ALWAYS: "whenever the call changes",
    ON_CREATE: "only when the activity is created",
}
CARD_NUMBERS, EMAILS, PHONES, LONG_NUMBERS, NOTHING = "card_numbers", "emails", "phones", "long_numbers", "nothing"
REDACT = {
    CARD_NUMBERS: "numbers of payment cards",
    EMAILS: "e-mail addresses",
    PHONES: "phone numbers",
    LONG_NUMBERS: "numbers of nine or more digits",
    NOTHING: "nothing at all; it stands alone",
}
IF_UNLINKED = {
    IfUnlinked.LOG.value: "log the call without a person",
    IfUnlinked.HOLD.value: "wait with the call until there is exactly one",
    IfUnlinked.SKIP.value: "do not log the call",
}
KEEP = {"start": "the beginning is kept", "end": "the end is kept"}
CLEAR = "clear"
ROUND = {"nearest": "half a minute becomes one", "up": "a minute begun is one", "down": "only whole minutes count"}
PRESENT = {"true": "there is a value", "false": "there is none"}

FILE = (
    Key("version", "version of the mapping language the file is written for", VERSION, required=True),
    Key("name", "what the mapping does, for people", "Log Apten calls as Salesforce tasks"),
    Key("activity", "the CRM and the object that calls become", "salesforce/Task", required=True),
    Key("key", "the field that holds the call's id; written for you", "Apten_Call_Id__c", required=True),
    Key("timezone", "where dates and times of day are meant", "America/New_York"),
    Key("write", "when fields are written, unless they say otherwise", UNLESS_EDITED, words=WRITE),
    Key("redact", "what is taken out of summaries and transcripts", "[card_numbers]", words=REDACT),
    Key("log_when", "which calls are logged; without it every finished call is", "{durationSeconds: {at_least: 1}}"),
    Key("wait_for", "what to wait for after a call's end, and how long at most", "{summary: 30m}"),
    Key("labels", "wording for Apten's values where the built-in one should differ", "{endedBy: {LEAD: Customer}}"),
    Key("person", "how the person is found whom the call was with", "{by: [lead.externalLeadId]}"),
    Key("fields", "the CRM's fields and what goes into them", "{Status: Completed}", required=True),
)
KEY = (
    Key("field", "the field that holds the call's id", "Apten_Call_Id__c", required=True),
    Key("suffix", "tells a second activity of the same call", "follow-up"),
)
WAIT = (
    Key("up_to", "the longest time to wait after the call's end", "30m", required=True),
    Key("when", "which calls to wait for", "{callStatus: COMPLETE}"),
)
PERSON = (
    Key("by", "what to look the person up by, in this order", "[lead.externalLeadId]", required=True),
    Key("in", "the objects in which people are looked for, the preferred first", "[Contact, Lead]"),
    Key("phone_country", "the country of phone numbers that name none", "US"),
    Key("if_none", "what to do when nobody is found", "log_unlinked", words=IF_UNLINKED),
    Key("if_many", "what to do when several are found", "log_unlinked", words=IF_UNLINKED),
)
CUT = (
    Key("to", "the greatest length; without it, the field's own", "255"),
    Key("keep", "which end of the text is kept", "start", words=KEEP),
    Key("mark", "shows that something was cut; counted in the length", "…"),
)

FROM = (Key("from", "a source field's value", "lead.additionalInfo.rep", required=True),)
ZONE = (
    Key("from", "a source that holds a time zone's name", "lead.additionalInfo.timezone", required=True),
    Key("default", "the zone where the source holds none", "America/New_York", required=True),
)

FORMS = (
    Key("value", "the same on every call, as it stands", "Completed"),
    Key("option", "a picklist's value by its label, as people see it", "Abgeschlossen"),
    Key("from", "a source field's value", "durationSeconds"),
    Key("text", "a template", '"{{ direction | label }} call"'),
    Key("cases", "the first case that holds", "[{when: {isTransfer: true}, value: High}, {value: Normal}]"),
    Key("find", "the only record of an object that `where` fits", "User, where: {Username: apten@acme.com}"),
)
FIXED_FORMS = ("value", "option", "find")
"""Forms that `default`, `map` and `unmapped` take too."""
_ALL = ("value", "option", "from", "text", "cases", "find")
CASE_OPTIONS = (
    Option("when", "a condition; where it does not hold the value is missing", "{isTransfer: true}", forms=_ALL),
    Option("map", "what each of the source's values becomes", "{INBOUND: Inbound}", forms=("from",)),
    Option("unmapped", "what values become that `map` leaves out", "Other", forms=("from",)),
    Option("as", "turns the value into another kind", "date", forms=("from",)),
    Option("round", "how `as: minutes` rounds", "up", words=ROUND, forms=("from",)),
    Option("plus", "days later than the date", "1d", forms=("from",)),
    Option("timezone", "where this value's date and time of day are meant", "Europe/Berlin", forms=("from", "text")),
    Option("redact", "what is taken out of this text", "[card_numbers, phones]", words=REDACT, forms=("from", "text")),
    Option("default", "what is written when the value is missing", "Unknown", forms=_ALL),
    Option("where", "what the record's fields hold", "{Username: apten@acme.com}", forms=("find",)),
    Option("cut", "how a text is cut that is too long", "{keep: start, mark: …}", forms=("from", "text", "cases")),
)
OPTIONS = (
    *CASE_OPTIONS,
    Option(
        "if_missing",
        "what becomes of the field when the value is missing; without it, the field is left alone",
        CLEAR,
        words={CLEAR: "the field is emptied"},
        forms=("from", "text", "cases"),
    ),
    Option("write", "when this field is written", ON_CREATE, words=WRITE, forms=_ALL),
)

ANY, ALL, NOT = "any", "all", "not"
COMBINED = (
    Key(ANY, "at least one of these conditions holds", "[{isTransfer: true}, {hasVoicemail: true}]"),
    Key(ALL, "every one of these conditions holds", "[{isTransfer: true}, {endedBy: LEAD}]"),
    Key(NOT, "this condition does not hold", "{callStatus: NO_ANSWER}"),
)
COMPARED = (Kind.TEXT, Kind.BOOLEAN, Kind.INTEGER, Kind.DATETIME)
ORDERED = (Kind.INTEGER, Kind.DATETIME)
TESTS = (
    Test("not", "anything but this value or these", "NO_ANSWER", kinds=COMPARED),
    Test("at_least", "this much or more", "30s", kinds=ORDERED),
    Test("at_most", "this much or less", "2h", kinds=ORDERED),
    Test("present", "whether there is a value at all", "true", words=PRESENT, kinds=tuple(Kind)),
    Test("has", "the list has this value among others", "vip", kinds=(Kind.TEXTS,)),
)


def names(keys: tuple[Key, ...]) -> tuple[str, ...]:
    """What the keys are called."""
    return tuple(key.name for key in keys)
