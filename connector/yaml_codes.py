"""What can be wrong with a YAML file as such, whatever it is for. Codes are never reused.

A label never quotes the file, so that it can be shown beside a hidden secret; a help may.
"""

from __future__ import annotations

from connector.diagnostics import Code

NOT_YAML = Code(
    "YML101",
    "this cannot be read",
    "The text breaks YAML's own rules here or shortly before, and which slip it is cannot be told for sure. "
    "Nothing after it could be read.",
    "Subject: {text: Apten call, cut: [keep: start}\nStatus",
    "Subject: {text: Apten call, cut: {keep: start}}\nStatus: Completed",
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
    "a value that begins with & or *",
    "In YAML `&name` and `*name` make one part of a file stand in another, so that it is hard to see what a line does. "
    "They are not used here.",
    "Status: &done Completed",
    "Status: Completed",
)
TAG = Code(
    "YML104",
    "a value that begins with !",
    "In YAML `!something` before a value says how to read it. Here the field that the value is for says that.",
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
NOT_UTF8 = Code(
    "YML114",
    "the file is not saved as UTF-8",
    "A text file can be saved in several ways; the connector reads UTF-8, which holds every letter of every language.",
    "(a file saved as UTF-16, or in the Windows or Latin-1 encoding)",
    "(the same file saved as UTF-8; editors ask for it as the encoding when saving)",
)
QUOTE = Code(
    "YML115",
    "a quotation mark without its partner",
    "A text in quotation marks ends at the next one of the same kind, in whatever line that is.",
    'Subject: {text: "Apten call, cut: {keep: start}}',
    'Subject: {text: "Apten call", cut: {keep: start}}',
)
AFTER_QUOTE = Code(
    "YML116",
    "text behind the closing quotation mark",
    "A text that begins with a quotation mark ends at the next one of the same kind. An apostrophe is one, too.",
    "Subject: 'The customer's call'",
    'Subject: "The customer\'s call"',
)
BRACKET = Code(
    "YML117",
    "a brace or bracket without its partner",
    "Every { is closed by a }, every [ by a ].",
    "ActivityDate: {from: createdAt, as: date",
    "ActivityDate: {from: createdAt, as: date}",
)
NO_COMMA = Code(
    "YML118",
    "a comma is missing",
    "Between braces and brackets, commas part one from the next.",
    "ActivityDate: {from: createdAt as: date}",
    "ActivityDate: {from: createdAt, as: date}",
)
INDENTATION = Code(
    "YML119",
    "wrong indentation",
    "What belongs together begins with the same number of spaces; what belongs to the line above begins with more.",
    "fields:\n  Status: Completed\n   Subject: Call",
    "fields:\n  Status: Completed\n  Subject: Call",
)
SECOND_COLON = Code(
    "YML120",
    "a second colon in one line",
    "A colon with a space behind it ends a name, so a text with one in it stands in quotes.",
    "Subject: Call: inbound",
    'Subject: "Call: inbound"',
)
BEGINNING = Code(
    "YML121",
    "a value must not begin with this character",
    "Some characters (@ ` % * & ! ? , [ and {) have a meaning of their own at the beginning of a value, unless it "
    "stands in quotes.",
    "Subject: @Apten",
    'Subject: "@Apten"',
)
TYPOGRAPHIC = Code(
    "YML122",
    "typographic quotation marks",
    "Word processors turn quotation marks into others that look better. They do not count as quotation marks, and "
    "would be written to the CRM with the text.",
    "Subject: “Apten call”",
    'Subject: "Apten call"',
)
FOREIGN_SPACE = Code(
    "YML123",
    "a character that only looks like a space",
    "Web pages and word processors have spaces of several kinds. Only the plain one counts before a line and behind a "
    "colon or dash.",
    "Status:(non-breaking space)Completed",
    "Status: Completed",
)
TEXT_NOT_INDENTED = Code(
    "YML124",
    "a line of a text is not indented",
    "A text of several lines begins below the line with the |, and goes on for as long as its lines are indented as "
    "the first one is.",
    "Description:\n  text: |\n  {{ summary }}",
    "Description:\n  text: |\n    {{ summary }}",
)
NO_BAR = Code(
    "YML125",
    "a text of several lines begins with |",
    "A text of several lines has | behind the colon and nothing else in that line. The text stands in the lines "
    "below it, indented.",
    "Description:\n  text:\n    {{ summary }}\n    Apten call {{ id }}",
    "Description:\n  text: |\n    {{ summary }}\n    Apten call {{ id }}",
)
NO_COLON = Code(
    "YML126",
    "a colon is missing",
    "Behind every name stands a colon, then a space, then its value.",
    "Status Completed\nPriority: High",
    "Status: Completed\nPriority: High",
)
NO_DASH = Code(
    "YML127",
    "a list item begins with a dash and a space",
    "Each item of a list that is written one a line begins with a plain dash and a space.",
    "by:\n  -lead.externalLeadId",
    "by:\n  - lead.externalLeadId",
)
BACKSLASH = Code(
    "YML128",
    "a backslash in double quotes",
    "In double quotes a backslash gives the next character another meaning; in single quotes it is a backslash.",
    'Subject: "Sales\\Calls"',
    "Subject: 'Sales\\Calls'",
)
