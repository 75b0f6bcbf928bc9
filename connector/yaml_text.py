"""Reads YAML 1.2 text into nodes that keep their text and place; guesses nothing from the look of a value.

PyYAML's parser supplies the events; the tree is ours, so that every scalar stays what was typed, aliases and duplicate
keys are refused, and size and depth are bounded (a 300-byte alias bomb, 5,000 brackets).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml

from connector import yaml_codes as codes
from connector.diagnostics import Diagnostic, Place, SourceFile
from connector.yaml_stumble import explain
from connector.yaml_values import FOREIGN_SPACES, GLUED_COLON, taken_as_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.diagnostics import Code

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 40

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_GLUED_COMMENT = re.compile(r"[ \t]+#(?=[^\s#])")
_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_UTF16 = ("\udcff\udcfe", "\udcfe\udcff")
_OR_QUOTES = "if it belongs to the text, put the text in quotes; else {}"
_NO_DASHES = "leave this line out, or put what follows it into a file of its own"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value as typed. `plain` means neither quoted nor a block; `text` is without quotes.

    `raw` is the stretch of the file it was read from, quotes and all.
    """

    text: str
    place: Place
    plain: bool = True
    block: bool = False
    raw: str = field(default="", compare=False, repr=False)

    @property
    def is_empty(self) -> bool:
        """Nothing was written after the colon."""
        return self.plain and self.text == ""

    @property
    def is_null(self) -> bool:
        """Nothing, `null` or `~`, unquoted."""
        return self.plain and self.text in ("", "null", "Null", "NULL", "~")

    def place_of(self, offset: int, width: int) -> Place:
        """Where in the file `text[offset:offset + width]` stands; the whole scalar if that cannot be told.

        The stretch is looked for in what was typed, so that indentation and folding need no undoing; one that is
        typed with escapes is not found.
        """
        stretch = self.text[offset : offset + width].rstrip()
        if not stretch or "\n" in stretch:
            return self.place
        typed = _occurrences(self.raw, stretch)
        number = bisect_left(_occurrences(self.text, stretch), offset)
        if number >= len(typed):
            return self.place
        at, line_ends = typed[number], _occurrences(self.raw, "\n")
        lines = bisect_left(line_ends, at)
        column = at - line_ends[lines - 1] if lines else at + self.place.column
        return Place(self.place.file, self.place.line + lines, column, width)


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their values, in the order written; keys are unique scalars."""

    pairs: tuple[tuple[Scalar, Node], ...]
    place: Place

    def get(self, key: str) -> Node | None:
        """The value of a key; None if it is not there."""
        return next((value for name, value in self.pairs if name.text == key), None)


Node: TypeAlias = Scalar | Sequence | Mapping


class YamlError(Exception):
    """The text is not YAML we accept; `diagnostics` say where and why, in the file's order, at least one."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(diagnostics[0].message)
        self.diagnostics = diagnostics

    @property
    def diagnostic(self) -> Diagnostic:
        """The first of them."""
        return self.diagnostics[0]


def read(file: SourceFile) -> Node | None:
    """The file's one document; None if it holds nothing. A byte order mark and Windows line ends are tolerated.

    Bytes that are not UTF-8 are expected as Python's error handler `surrogateescape` decodes them.

    Raises:
        YamlError: it is not YAML, or YAML that we refuse. Every refusal is reported, up to the first that ends reading.
    """
    file = SourceFile(file.name, file.text.removeprefix("\ufeff"))
    start = Place(file, 1, 1)
    if _NOT_UTF8.search(file.text):
        raise YamlError(_not_utf8(file))
    if len(file.text) > MAX_CHARACTERS:
        raise YamlError(codes.TOO_LARGE.at(start, f"it has {len(file.text):,} characters; {MAX_CHARACTERS:,} are read"))
    return _Reader(file).read()


class _Reader:
    def __init__(self, file: SourceFile) -> None:
        self._file = file
        self._found: list[Diagnostic] = []
        self._depth = 0

    def read(self) -> Node | None:
        try:
            root = self._documents(iter(_events(self._file.text)))
        except yaml.MarkedYAMLError:
            raise YamlError(*self._before(explain(self._file, _events))) from None
        except (yaml.YAMLError, UnicodeEncodeError):
            raise YamlError(self._unreadable()) from None
        if self._found:
            raise YamlError(*self._found)
        return root

    def _documents(self, events: Iterator[Any]) -> Node | None:
        root: Node | None = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._refuse(codes.SEVERAL_DOCUMENTS, event, "a second document begins here", _NO_DASHES)
                    return root
            elif isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent, yaml.AliasEvent)):
                root = self._node(event, events)
        return None if isinstance(root, Scalar) and root.is_empty else root

    def _node(self, event: Any, events: Iterator[Any]) -> Node:
        if getattr(event, "tag", None) is not None:
            self._refuse(codes.TAG, event, "! has a meaning of its own here", _OR_QUOTES.format("leave it out"))
        if getattr(event, "anchor", None) is not None:
            first = "*" if isinstance(event, yaml.AliasEvent) else "&"
            advice = _OR_QUOTES.format("write the value out where it is needed")
            self._refuse(codes.ALIAS, event, f"{first} has a meaning of its own here", advice)
        if isinstance(event, yaml.AliasEvent):
            return Scalar("", self._place(event), plain=False)
        if isinstance(event, yaml.MappingStartEvent):
            return self._nested(event, events, self._mapping)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._nested(event, events, self._sequence)
        return self._scalar(event)

    def _nested(self, event: Any, events: Iterator[Any], build: Any) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise YamlError(*self._found, codes.TOO_DEEP.at(self._place(event), f"more than {MAX_DEPTH} levels"))
        node: Node = build(event, events)
        self._depth -= 1
        return node

    def _sequence(self, start: Any, events: Iterator[Any]) -> Node:
        items = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self._node(event, events))
        return Sequence(tuple(items), self._place(start))

    def _mapping(self, start: Any, events: Iterator[Any]) -> Node:
        pairs: dict[str, tuple[Scalar, Node]] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._node(event, events)
            value = self._node(next(events), events)
            if not isinstance(key, Scalar):
                self._refuse_key(start, event)
            elif key.text in pairs:
                first = pairs[key.text][0].place.line
                self._found.append(
                    codes.DUPLICATE_KEY.at(key.place, f"it is already there in line {first}", "keep one of the two")
                )
            else:
                self._check_colon(key, value, flow=start.flow_style)
                pairs[key.text] = (key, value)
        return Mapping(tuple(pairs.values()), self._place(start))

    def _scalar(self, event: Any) -> Scalar:
        begin, end = event.start_mark.index, event.end_mark.index
        plain, block = not event.style, event.style in ("|", ">")
        scalar = Scalar(event.value, self._place(event), plain, block, self._file.text[begin:end])
        if plain:
            self._check_plain(scalar, event.end_mark)
        return scalar

    def _check_plain(self, scalar: Scalar, end: Any) -> None:
        place = scalar.place
        if comment := _GLUED_COMMENT.match(self._file.text, end.index):
            at = Place(self._file, end.line + 1, end.column + len(comment[0]))
            self._found.append(codes.GLUED_COMMENT.at(at, "# begins a comment", codes.GLUED_COMMENT.instead))
        if not scalar.text:
            return
        line = self._file.line(place.line)
        before, rest = line[: place.column - 1], line[place.column - 1 :]
        if wrong := taken_as_word(scalar.raw.splitlines()[0], "" if before.strip(" -") else rest):
            start, stop = wrong.columns
            at = Place(self._file, place.line, place.column + start, stop - start)
            self._found.append(wrong.code.at(at, wrong.label, wrong.help))

    def _check_colon(self, key: Scalar, value: Node, *, flow: bool) -> None:
        if flow and key.plain and ":" in key.text and isinstance(value, Scalar) and value.is_empty:
            name, _, rest = key.text.partition(":")
            if rest and ord(rest[0]) not in FOREIGN_SPACES:
                self._found.append(codes.NO_SPACE.at(key.place, GLUED_COLON, f"write {name}: {rest}"))

    def _refuse_key(self, outer: Any, inner: Any) -> None:
        if isinstance(inner, yaml.MappingStartEvent) and outer.flow_style and inner.flow_style:
            label = "without quotes YAML takes braces for a map"
            self._refuse(codes.BARE_BRACES, outer, label, codes.BARE_BRACES.instead, width=2)
        else:
            self._refuse(codes.KEY_NOT_A_WORD, inner, "this stands where a key is due")

    def _refuse(self, code: Code, event: Any, label: str, advice: str = "", *, width: int | None = None) -> None:
        place = self._place(event)
        place = Place(place.file, place.line, place.column, width) if width else place
        self._found.append(code.at(place, label, advice))

    def _place(self, event: Any) -> Place:
        start, end = event.start_mark, event.end_mark
        width = end.column - start.column if end.line == start.line else 1
        return Place(self._file, start.line + 1, start.column + 1, max(1, width))

    def _before(self, last: Diagnostic) -> Iterator[Diagnostic]:
        """What was found above the line where reading ends, and the last: what else is in its line comes of it."""
        yield from (found for found in self._found if found.place.line < last.place.line)
        yield last

    def _unreadable(self) -> Diagnostic:
        bad = next((i for i, ch in enumerate(self._file.text) if not _is_allowed(ch)), 0)
        before = self._file.text[:bad]
        place = Place(self._file, before.count("\n") + 1, bad - (before.rfind("\n") + 1) + 1)
        return codes.UNREADABLE.at(place, f"character U+{ord(self._file.text[bad]):04X}")


def _events(text: str) -> Iterator[Any]:
    """PyYAML's events, up to where they are nested more deeply than is read."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        yield event
        if depth > MAX_DEPTH:
            return


def _not_utf8(file: SourceFile) -> Diagnostic:
    """The text shown as far as it can be."""

    def shown(text: str) -> str:
        as_windows = _NOT_UTF8.sub(lambda byte: bytes([ord(byte[0]) - 0xDC00]).decode("cp1252", "replace"), text)
        return as_windows.replace("\0", "")

    advice = "save it anew with the encoding UTF-8; most editors ask for it when saving under another name"
    if file.text.startswith(_UTF16):
        place = Place(SourceFile(file.name, shown(file.text[2:])), 1, 1)
        return codes.NOT_UTF8.at(place, "it is saved as UTF-16", advice)
    before = shown(_NOT_UTF8.split(file.text, maxsplit=1)[0] + ".").splitlines()
    place = Place(SourceFile(file.name, shown(file.text)), len(before), len(before[-1]))
    return codes.NOT_UTF8.at(place, "this letter is saved in another encoding, such as Windows-1252 or Latin-1", advice)


def _is_allowed(ch: str) -> bool:
    return ch in "\t\n\r\x85" or " " <= ch <= "~" or "\xa0" <= ch <= "\ud7ff" or ch >= "\ue000"


@lru_cache(maxsize=64)
def _occurrences(text: str, stretch: str) -> tuple[int, ...]:
    """Where in `text` the stretch begins, each time after the last."""
    return tuple(found.start() for found in re.finditer(re.escape(stretch), text))
