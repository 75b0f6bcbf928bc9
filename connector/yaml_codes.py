"""What can be wrong with a YAML file as such, whatever it is for. Codes are never reused."""

from __future__ import annotations

from connector.diagnostics import Code

NOT_YAML = Code(
    "YML101",
    "this is not YAML",
    "The text breaks YAML's own rules here or shortly before, so nothing after it could be read.",
    "name: [one, two",
    "name: [one, two]",
)
TAB = Code(
    "YML102",
    "tab used for indentation",
    "YAML shows what belongs together by spaces at the start of a line; tabs are not allowed there.",
    "fields:\n\tStatus: Completed",
    "fields:\n  Status: Completed",
)
ALIAS = Code(
    "YML103",
    "anchors and aliases are not used here",
    "`&name` and `*name` make one part of a file stand in another, which makes it hard to see what a line does.",
    "Status: &done Completed",
    "Status: Completed",
)
TAG = Code(
    "YML104",
    "tags are not used here",
    "`!something` before a value says how to read it; here the field a value is for says that.",
    "Status: !!str 007",
    "Status: 007",
)
DUPLICATE_KEY = Code(
    "YML105",
    "the same key twice",
    "A key may stand once in each map. Of two, one would silently win.",
    "Status: Open\nStatus: Completed",
    "Status: Completed",
)
SEVERAL_DOCUMENTS = Code(
    "YML106",
    "more than one document in the file",
    "A line of three dashes begins a second YAML document; one file holds one.",
    "version: 1\n---\nversion: 1",
    "version: 1",
)
TOO_LARGE = Code(
    "YML107",
    "the file is too large",
    "No mapping or config comes near this size; the file is probably another one.",
    "(a file of several megabytes)",
    "(the right file)",
)
TOO_DEEP = Code(
    "YML108",
    "nested too deeply",
    "Lists and maps stand inside each other more often than any real file needs.",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
    "[1]",
)
KEY_NOT_A_WORD = Code(
    "YML109",
    "a key must be a single word",
    "What stands before a colon is a name; a list or a map cannot be one.",
    "[Status, Priority]: High",
    "Status: High\nPriority: High",
)
UNREADABLE = Code(
    "YML110",
    "a character that a YAML file cannot hold",
    "Control characters are invisible and usually come from copying out of another program.",
    "(an invisible character)",
    "(the text without it)",
)
BARE_BRACES = Code(
    "YML111",
    "braces without quotes",
    "YAML reads { as the beginning of a map, so a template must stand in quotes or in a block.",
    "Subject: {{ direction }}",
    'write {text: "… {{ … }} …"} with the whole text in quotes',
)
GLUED_COMMENT = Code(
    "YML112",
    "a comment right behind a value",
    "Behind a space, # begins a comment, so `Call #1` says only `Call`.",
    "Subject: Call #1",
    'if the # belongs to the value, put the value in quotes; if it begins a comment, put a space after it: "# "',
)
NO_SPACE = Code(
    "YML113",
    "no space after the colon",
    "A colon makes a key only with a space after it.",
    "wait_for: {summary: {up_to:30m}}",
    "wait_for: {summary: {up_to: 30m}}",
)
