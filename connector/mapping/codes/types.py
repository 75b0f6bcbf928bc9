"""MAP3xx: what is wrong with types, units and lengths."""

from __future__ import annotations

from connector.diagnostics import Code

WRONG_TYPE = Code(
    "MAP301",
    "the field takes another kind of value",
    "The CRM would refuse this value, whatever the call.",
    "ActivityDate: {from: durationSeconds}",
    "ActivityDate: {from: createdAt, as: date}",
)
WRONG_UNIT = Code(
    "MAP302",
    "the field counts in another unit",
    "Written as it is, the number would be too large or too small by a factor.",
    "duration_milliseconds: {from: durationSeconds}",
    "duration_milliseconds: {from: durationSeconds, as: milliseconds}",
)
BAD_LITERAL = Code(
    "MAP303",
    "the field cannot hold this",
    "What is written here cannot be read as the kind of value that the CRM field takes.",
    "ReminderDateTime: tomorrow",
    "ReminderDateTime: 2026-06-15T09:00:00Z",
)
MAY_BE_MISSING = Code(
    "MAP304",
    "the field is required, and the value may be missing",
    "The CRM refuses a record without this field, and not every call has this value.",
    "Priority: {value: High, when: {isTransfer: true}}",
    "Priority: {value: High, when: {isTransfer: true}, default: Normal}",
)
MAY_BE_TOO_LONG = Code(
    "MAP305",
    "this may be too long for the field",
    "The CRM refuses a text longer than its field. Nothing is ever cut silently, so the mapping says how to cut.",
    "Subject: {from: summary}",
    "Subject: {from: summary, cut: {keep: start, mark: …}}",
)
TOO_LONG = Code(
    "MAP306",
    "this text is too long for the field",
    "The CRM would refuse it on every call.",
    "Priority: A priority that nobody would ever think of choosing for a call",
    "Priority: High",
)
CUT_TOO_LATE = Code(
    "MAP307",
    "cut to more than the field holds",
    "The text would still be too long after cutting.",
    "Subject: {from: summary, cut: {to: 500}}",
    "Subject: {from: summary, cut: {keep: start}}",
)
NEEDS_ZONE = Code(
    "MAP308",
    "a time zone is needed",
    "Apten's times are points in time; which day or hour that is depends on the place.",
    "ActivityDate: {from: createdAt, as: date}",
    "timezone: America/New_York",
)
MARK_TOO_LONG = Code(
    "MAP309",
    "the mark is as long as what it stands in",
    "The mark is part of the cut text, so it must leave room for some of it.",
    "Subject: {from: summary, cut: {to: 5, mark: ' [cut]'}}",
    "Subject: {from: summary, cut: {to: 50, mark: ' [cut]'}}",
)
OUT_OF_RANGE = Code(
    "MAP310",
    "outside the numbers that the field takes",
    "The CRM refuses smaller or larger numbers.",
    "CallDurationInSeconds: 123456789",
    "CallDurationInSeconds: 145",
)
