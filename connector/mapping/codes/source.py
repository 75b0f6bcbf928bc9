"""MAP2xx: what is wrong on Apten's side of a value."""

from __future__ import annotations

from connector.diagnostics import Code, Severity

UNKNOWN_SOURCE = Code(
    "MAP201",
    "unknown source field",
    "Apten has no such field. A call's fields stand bare, the lead's behind `lead.`.",
    "CallDurationInSeconds: {from: durationSecs}",
    "CallDurationInSeconds: {from: durationSeconds}",
)
SOURCE_OUT_OF_PLACE = Code(
    "MAP202",
    "this source cannot be used here",
    "The field exists, but not for this purpose.",
    "wait_for: {endedBy: 30m}",
    "wait_for: {summary: 30m}",
)
NEVER_SENT = Code(
    "MAP203",
    "a value that Apten never sends",
    "All values of this field are known, and this is none of them, so it would never match.",
    "map: {INBOND: Inbound, OUTBOUND: Outbound}",
    "map: {INBOUND: Inbound, OUTBOUND: Outbound}",
)
NOT_KNOWN = Code(
    "MAP204",
    "a value that Apten is not known to send",
    "Apten may add values to this field at any time; of those known today this is none, so it may be a slip.",
    "log_when: {callStatus: COMPLETED}",
    "log_when: {callStatus: COMPLETE}",
    Severity.WARNING,
)
BAD_TEST = Code(
    "MAP205",
    "this test does not suit the field",
    "`at_least` and `at_most` are for numbers and times, `has` is for lists.",
    "log_when: {direction: {at_least: 5}}",
    "log_when: {durationSeconds: {at_least: 5}}",
)
BAD_OPERAND = Code(
    "MAP206",
    "this is not what the field holds",
    "The value that the field is compared with is of another kind, so it would never match.",
    "log_when: {isTransfer: Yes}",
    "log_when: {isTransfer: true}",
)
NO_PERSON = Code(
    "MAP207",
    "the mapping does not say how to find the person",
    "`person` stands for the CRM record of the person called, which is found as the `person` section says.",
    "fields:\n  WhoId: {from: person}",
    "person:\n  by: [lead.externalLeadId]\nfields:\n  WhoId: {from: person}",
)
PERSON_UNUSED = Code(
    "MAP208",
    "the person is found but not used",
    "No field is filled from `person`, so finding it has no effect.",
    "person: {by: [lead.externalLeadId]}\nfields:\n  Status: Completed",
    "person: {by: [lead.externalLeadId]}\nfields:\n  WhoId: {from: person}",
    Severity.WARNING,
)
NOT_COVERED = Code(
    "MAP209",
    "the map leaves a value out",
    "Apten sends this value too, and the map does not say what it becomes.",
    "CallType: {from: direction, map: {INBOUND: Inbound}}",
    "CallType: {from: direction, map: {INBOUND: Inbound, OUTBOUND: Outbound}}",
)
NEEDS_UNMAPPED = Code(
    "MAP210",
    "the map must say what other values become",
    "Apten may add values to this field at any time; `unmapped` says what is written for one that the map leaves out.",
    "Priority: {from: endedBy, map: {LEAD: High}, default: Normal}",
    "Priority: {from: endedBy, map: {LEAD: High}, unmapped: Normal, default: Normal}",
)
BAD_TEMPLATE = Code(
    "MAP220",
    "this template cannot be read",
    "A template is text with {{ … }} where a value goes, and {% if … %} … {% endif %} around what is optional.",
    'text: "Call {{ direction }"',
    'text: "Call {{ direction }}"',
)
NOT_IN_TEMPLATES = Code(
    "MAP221",
    "templates cannot do this here",
    "Templates print values, pass them through filters and choose with if; there are no loops, calls or arithmetic.",
    'text: "{% for turn in transcript %}{{ turn }}{% endfor %}"',
    'text: "{{ transcript | dialogue }}"',
)
UNKNOWN_FILTER = Code(
    "MAP222",
    "unknown filter",
    "What stands behind | in a template must be one of the language's filters.",
    'text: "{{ direction | lable }}"',
    'text: "{{ direction | label }}"',
)
UNSUITABLE = Code(
    "MAP223",
    "this does not work on that kind of value",
    "Each function is for certain kinds of values: a date can be made of a point in time, but not of a text.",
    "ActivityDate: {from: summary, as: date}",
    "ActivityDate: {from: createdAt, as: date}",
)
BAD_ARGUMENT = Code(
    "MAP224",
    "this filter wants something else in its brackets",
    "A filter's brackets hold what it needs to know: a number, a text, or nothing.",
    'text: "{{ summary | default(5) }}"',
    "text: \"{{ summary | default('none') }}\"",
)
PRINTED_MISSING = Code(
    "MAP225",
    "this may be missing",
    "Not every call has this value, and the template does not say what to print then.",
    'text: "Summary: {{ summary }}"',
    "text: \"Summary: {{ summary | default('none yet') }}\"",
)
TWO_RESTS = Code(
    "MAP226",
    "only one part can take the room that is left",
    'cut("…") without a number lets one part of a template take all the room the others leave.',
    """text: "{{ summary | default('') | cut('…') }} {{ transcript | dialogue | cut('…') }}\"""",
    """text: "{{ summary | default('') | cut(4000) }} {{ transcript | dialogue | cut('…') }}\"""",
)
