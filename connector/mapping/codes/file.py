"""MAP1xx: what is wrong with the file itself."""

from __future__ import annotations

from connector.diagnostics import Code, Severity

EMPTY_FILE = Code(
    "MAP100",
    "the mapping is empty",
    "The file holds nothing, or comments only.",
    "# to do",
    "version: 1\nactivity: salesforce/Task\nkey: Apten_Call_Id__c\nfields:\n  Status: Completed",
)
UNKNOWN_KEY = Code(
    "MAP101",
    "unknown key",
    "The mapping language has no such key at this place; nothing that is written under it would ever happen.",
    "fields:\n  Subject: {txt: Call}",
    'fields:\n  Subject: {text: "Call"}',
)
MISSING_KEY = Code(
    "MAP102",
    "a key is missing",
    "Something that this part of the mapping cannot do without is not there.",
    "version: 1\nactivity: salesforce/Task\nfields: {Status: Completed}",
    "version: 1\nactivity: salesforce/Task\nkey: Apten_Call_Id__c\nfields: {Status: Completed}",
)
EMPTY_VALUE = Code(
    "MAP103",
    "nothing is written here",
    "A key without a value says neither to write something nor to empty the field.",
    "Status:",
    "leave the line out, or empty the field with {from: …, if_missing: clear}",
)
WRONG_SHAPE = Code(
    "MAP104",
    "this has the wrong shape",
    "A single value, a list (- one, - two) and a map (key: value) are three different things; another one is due here.",
    "Status: [Open, Completed]",
    "Status: Completed",
)
NOT_ALLOWED = Code(
    "MAP105",
    "not one of the words that are possible here",
    "This setting takes one of a few words.",
    "write: sometimes",
    "write: always",
)
BAD_DURATION = Code(
    "MAP106",
    "not a duration",
    "A length of time is a whole number with its unit: 90s, 30m, 2h or 7d.",
    "wait_for: {summary: half an hour}",
    "wait_for: {summary: 30m}",
)
UNKNOWN_ZONE = Code(
    "MAP107",
    "unknown time zone",
    "Time zones have names of a continent and a city, which know about summer time; abbreviations do not.",
    "timezone: Eastern",
    "timezone: America/New_York",
)
BAD_ACTIVITY = Code(
    "MAP108",
    "not a CRM and an object",
    "`activity` names the CRM and, behind a slash, the object that calls become.",
    "activity: Task",
    "activity: salesforce/Task",
)
KEY_AS_FIELD = Code(
    "MAP109",
    "the key is written for you",
    "The key field holds the call's id, so that each call is logged exactly once; nothing else may write to it.",
    "key: Apten_Call_Id__c\nfields:\n  Apten_Call_Id__c: {from: id}",
    "key: Apten_Call_Id__c\nfields:\n  Status: Completed",
)
ONE_FORM = Code(
    "MAP110",
    "a value has exactly one of value, option, from, text, cases and find",
    "These are the ways to say what goes into a field; with none or several of them it is not clear which.",
    "Subject: {value: Call, from: summary}",
    "Subject: {value: Call}",
)
OPTION_OUT_OF_PLACE = Code(
    "MAP111",
    "this has no effect here",
    "The option does not go with this kind of value, or with another option beside it.",
    "Subject: {value: Call, map: {A: B}}",
    "CallType: {from: direction, map: {INBOUND: Inbound, OUTBOUND: Outbound}}",
)
LOOKS_LIKE_SOURCE = Code(
    "MAP112",
    "a plain value that reads like a source field",
    "A plain value is written as it stands, the same on every call.",
    "CallDisposition: endedBy",
    "CallDisposition: {from: endedBy}",
)
BRACES = Code(
    "MAP113",
    "braces outside text",
    "Only `text` is a template. Anywhere else the braces would be written to the CRM as they stand.",
    'Subject: "Call {{ direction }}"',
    'Subject: {text: "Call {{ direction }}"}',
)
BAD_NUMBER = Code(
    "MAP114",
    "not a whole number above zero",
    "This setting is a number of characters.",
    "cut: {to: long}",
    "cut: {to: 255}",
)
BAD_SUFFIX = Code(
    "MAP115",
    "not a suffix for a key",
    "The suffix stands behind the call's id to tell a second activity of the same call; letters, digits, - and _ do.",
    "key: {field: Apten_Call_Id__c, suffix: 'follow up:1'}",
    "key: {field: Apten_Call_Id__c, suffix: follow-up}",
)
UNREACHABLE = Code(
    "MAP116",
    "never reached",
    "The first case that holds is taken, and an earlier one without `when` always holds.",
    "cases:\n  - {value: Normal}\n  - {when: {isTransfer: true}, value: High}",
    "cases:\n  - {when: {isTransfer: true}, value: High}\n  - {value: Normal}",
)
NEWER_VERSION = Code(
    "MAP117",
    "a version of the language that this program does not know",
    "`version` says for which version of the mapping language the file was written; this program reads version 1.",
    "version: 2",
    "version: 1",
)
NEEDS_COUNTRY = Code(
    "MAP118",
    "the country of the phone numbers is not known",
    "A number such as (208) 555-0100 is a phone number in one country and a plain number in another.",
    "redact: [phones]",
    "person: {by: [lead.phone], phone_country: US}",
    Severity.WARNING,
)
UNKNOWN_COUNTRY = Code(
    "MAP119",
    "unknown country",
    "A country is named by the two letters of ISO 3166: US, CA, GB, DE.",
    "phone_country: USA",
    "phone_country: US",
)
BAD_PLUS = Code(
    "MAP120",
    "not a number of days",
    "`plus` moves a date by whole days.",
    "plus: 12h",
    "plus: 1d",
)
UNKNOWN_CRM = Code(
    "MAP121",
    "unknown CRM",
    "The connector does not write to a CRM of this name.",
    "activity: sales-force/Task",
    "activity: salesforce/Task",
)
NOT_IN_THIS_CRM = Code(
    "MAP122",
    "this CRM cannot do that",
    "A database holds no people or records that the connector could look up.",
    "activity: database/calls\nperson: {by: [lead.phone]}",
    "activity: database/calls\nperson: {by: [lead.externalLeadId]}",
)
BAD_NAME = Code(
    "MAP123",
    "not the name of an object or a field",
    "Objects and fields are called by their API names, which hold no spaces.",
    "OwnerId: {find: Sales User, where: {Username: apten@acme.com}}",
    "OwnerId: {find: User, where: {Username: apten@acme.com}}",
)
NEVER_REACHED = Code(
    "MAP124",
    "no call gets to this mapping",
    "Of several mappings with the same object, key field and suffix, the first one whose `log_when` lets a call pass "
    "takes it; without `log_when` that is every call.",
    "mappings: [mappings/all.yaml, mappings/voicemails.yaml]",
    "mappings: [mappings/voicemails.yaml, mappings/all.yaml]",
    Severity.WARNING,
)
BAD_SCHEMA_FILE = Code(
    "MAP150",
    "not a saved schema",
    "The file beside the mapping that holds the CRM's fields cannot be read as one.",
    "Subject: {type: words}",
    "Subject: {type: text, length: 255}",
)
