"""MAP5xx: what is wrong with the tests beside a mapping."""

from __future__ import annotations

from connector.diagnostics import Code

NO_CASES = Code(
    "MAP500",
    "there are no cases",
    "The file beside the mapping holds no case, so that it tests nothing.",
    "# to do",
    "cases:\n  - name: an inbound call\n    call: {direction: INBOUND}\n    expect: {fields: {CallType: Inbound}}",
)
UNKNOWN_CALL_FIELD = Code(
    "MAP501",
    "a field that Apten does not send",
    "The case would pass or fail whatever is written here, because no mapping can read it.",
    "call: {durationSecs: 90}",
    "call: {durationSeconds: 90}",
)
BAD_CALL_VALUE = Code(
    "MAP502",
    "not what Apten sends here",
    "Apten's fields hold values of one kind each; a call with another one could never come.",
    "call: {durationSeconds: long}",
    "call: {durationSeconds: 90}",
)
BAD_CALL_FILE = Code(
    "MAP503",
    "not a file with Apten's JSON",
    "A case may name a file, relative to its own, that holds a call or a lead as Apten's API sends it.",
    "call: calls/none.json",
    "call: calls/voicemail.json",
)
ONE_EXPECTATION = Code(
    "MAP504",
    "a case expects exactly one thing",
    "A call is logged with these fields (and without those that are `absent`), or skipped, or waited for.",
    "expect: {fields: {Status: Completed}, waits: 30m}",
    "expect: {fields: {Status: Completed}}",
)
FIELD_NOT_MAPPED = Code(
    "MAP505",
    "a field that the mapping does not write",
    "Only fields that stand in the mapping can be expected, or expected to be absent.",
    "expect: {fields: {Stauts: Completed}}",
    "expect: {fields: {Status: Completed}}",
)
SAME_NAME = Code(
    "MAP506",
    "two cases of the same name",
    "A case that fails is told by its name.",
    "cases:\n  - {name: a call, expect: {waits: true}}\n  - {name: a call, expect: {waits: false}}",
    "cases:\n  - {name: no summary, expect: {waits: true}}\n  - {name: a voicemail, expect: {waits: false}}",
)
