"""The keys of the tests beside a mapping, each described once."""

from __future__ import annotations

from connector.mapping.shape import Key

FILE = (Key("cases", "what is tried, one after another", "[{name: any call, expect: {waits: true}}]", required=True),)
CASE = (
    Key("name", "what the case shows, for people", "a voicemail", required=True),
    Key("call", "the call's fields that matter, or a file that holds a call as Apten sends it", "{hasVoicemail: true}"),
    Key("lead", "the lead's fields that matter, or a file; without it there is no lead", "{externalLeadId: 00Q1}"),
    Key("person", "whom the CRM finds, or `none`; without it the one whom the lead names", "{id: 003A}"),
    Key("records", "the ids that `find` finds, by object; without it nothing is found", "{User: 005A}"),
    Key("expect", "what the mapping makes of the call", "{fields: {Status: Completed}}", required=True),
)
PERSON = (
    Key("id", "the person's record id in the CRM", "003A", required=True),
    Key("object", "the object of that record", "Contact"),
    Key("owner", "the id of the active user who owns it", "005A"),
    Key("account", "the id of the account it belongs to", "001A"),
)
EXPECT = (
    Key("fields", "what these fields hold; others may hold anything, `null` empties the field", "{Status: Completed}"),
    Key("absent", "fields that are not written", "[WhoId]"),
    Key("skipped", "why the call is not logged", '"log_when: durationSeconds"'),
    Key("waits", "how long after its end the call is held at most; or just `true`, or `false`", "30m"),
)
