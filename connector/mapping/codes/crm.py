"""MAP4xx: what is wrong on the CRM's side of a value."""

from __future__ import annotations

from connector.diagnostics import Code, Severity

UNKNOWN_FIELD = Code(
    "MAP401",
    "unknown CRM field",
    "The CRM's object has no such field, or it is hidden from the user the connector logs in as.",
    "Subjct: Call",
    "Subject: Call",
)
READ_ONLY = Code(
    "MAP402",
    "the CRM does not let this field be written",
    "The field is filled by the CRM itself, or the user the connector logs in as may only read it.",
    "CompletedDateTime: {from: createdAt}",
    "ActivityDate: {from: createdAt, as: date}",
)
REQUIRED_FIELD = Code(
    "MAP403",
    "a required field is not written",
    "The CRM refuses a record without it.",
    "fields: {Subject: Call}",
    "fields: {Subject: Call, Channel__c: Phone}",
)
NOT_IN_PICKLIST = Code(
    "MAP404",
    "not a value of this picklist",
    "The picklist takes no values but its own, and those by their API names, which may differ from what people see.",
    "CallType: Inbond",
    "CallType: Inbound",
)
NOT_ALL_IN_PICKLIST = Code(
    "MAP405",
    "not every possible value is in this picklist",
    "The picklist takes no values but its own, and this may give others.",
    "CallType: {from: direction}",
    "CallType: {from: direction, map: {INBOUND: Inbound, OUTBOUND: Outbound}}",
)
NEW_IN_PICKLIST = Code(
    "MAP406",
    "not one of the values people choose from",
    "The CRM takes it, but it is not in the picklist, so it may be a slip.",
    "Status: Complet",
    "Status: Completed",
    Severity.WARNING,
)
BAD_KEY_FIELD = Code(
    "MAP407",
    "this field cannot be the key",
    "The key field holds the call's id and makes the CRM itself refuse a second record of the same call: a text field, "
    "marked as external id and unique, long enough for an id.",
    "key: Description",
    "key: Apten_Call_Id__c",
)
OTHER_OBJECT = Code(
    "MAP408",
    "the schema is of another object",
    "The mapping was checked against the fields of an object that it does not write to.",
    "activity: salesforce/Event",
    "activity: salesforce/Task",
)
CREATE_ONLY = Code(
    "MAP409",
    "this field can be set when a record is created, and never after",
    "The CRM would refuse every later update.",
    "TaskSubtype: {value: Call, write: always}",
    "TaskSubtype: Call",
)
RECORD_ID = Code(
    "MAP410",
    "a record's id in the mapping",
    "Ids differ between a sandbox and production, and a deleted record's id is refused by the CRM.",
    "OwnerId: 005000000000001AAA",
    "OwnerId: {find: User, where: {Username: apten@acme.com}}",
    Severity.WARNING,
)
CANNOT_BE_WRITTEN = Code(
    "MAP411",
    "fields of this kind cannot be written",
    "The connector does not know how to write this kind of field.",
    "Location__c: Boston",
    "use a text field",
)
UNKNOWN_OPTION = Code(
    "MAP413",
    "no such label in the picklist",
    "`option` names a picklist's value by the label that people see; exactly one value must have it.",
    "Status: {option: Abgeschlosen}",
    "Status: {option: Abgeschlossen}",
)
NEEDS_SCHEMA = Code(
    "MAP414",
    "this needs the CRM's schema",
    "Only the CRM knows which value has this label. A sync asks it; to check beforehand, save its fields beside the "
    "mapping.",
    "Status: {option: Abgeschlossen}",
    "apten-crm schema pull",
    Severity.WARNING,
)
KEY_NOT_UNIQUE = Code(
    "MAP416",
    "the CRM does not keep the key unique",
    "Each activity is looked for by its key before it is created, which costs requests and holds only as long as one "
    "connector writes. A key field that is marked as external id and unique makes the CRM itself refuse a double.",
    "key: CallObject",
    "key: Apten_Call_Id__c",
    Severity.WARNING,
)
DEPENDENT = Code(
    "MAP415",
    "people could not choose this value",
    "Which values this picklist offers depends on another field. The CRM takes the value from a program all the same, "
    "but a person who edits the record may have to change it.",
    "Reason__c: Moved away, with Stage__c: Won",
    "a value that goes with what the mapping writes into the other field",
    Severity.WARNING,
)
FINDS_NOT_ONE = Code(
    "MAP421",
    "find does not lead to exactly one record",
    "The same record is looked for on every call, and the CRM has none that fits, or several. Either way it counts as "
    "missing: `default` is written, or nothing. It is told by check --live only.",
    "OwnerId: {find: User, where: {LastName: Smith}}",
    "OwnerId: {find: User, where: {Username: j.smith@acme.com}}",
    Severity.WARNING,
)
CANNOT_FIND = Code(
    "MAP422",
    "the CRM cannot be asked for this record",
    "There is no such object, or no such field in it, or the connector's user may not see it. A run stops there. It is "
    "told by check --live only.",
    "OwnerId: {find: Usr, where: {Username: apten@acme.com}}",
    "OwnerId: {find: User, where: {Username: apten@acme.com}}",
)
EXCLUDED = Code(
    "MAP420",
    "the CRM does not take both fields",
    "An activity of a lead cannot be related to another record: Salesforce refuses a WhatId where WhoId is a Lead.",
    "WhoId: {from: person}\nWhatId: {find: Campaign, where: {Name: Autumn}}",
    "person: {by: [lead.externalLeadId], in: [Contact]}",
)
DRIFT = Code(
    "MAP412",
    "the CRM has changed since its schema was saved",
    "A field that the mapping uses has become narrower than in the snapshot beside the mapping. The mapping still "
    "suits the CRM, but calls may be refused, or written otherwise than you meant.",
    "a Subject of 100 characters, where the snapshot says {type: text, length: 255}",
    "look whether the mapping still does what you want, then: apten-crm schema pull",
    Severity.WARNING,
)
