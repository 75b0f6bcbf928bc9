"""Reads a template with Jinja's parser, so that every node knows where in the text it stands. Nothing is evaluated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.lexer import TokenStream

from connector.yaml_values import TYPOGRAPHIC

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class BrokenTemplateError(Exception):
    """The text is no template; `offset` is where in it that shows."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class _Environment(Environment):
    """Jinja counts lines; this one puts each token's offset where its line would be."""

    def _tokenize(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> TokenStream:
        tokens = _with_offsets(source, self.lexer.tokeniter(source, name, filename, state))
        return TokenStream(self.lexer.wrap(tokens, name, filename), name, filename)


# A line that holds a block tag only leaves no empty line behind, as a person who indents them would expect.
_ENVIRONMENT = _Environment(trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)


def parse(text: str) -> list[nodes.Node]:
    """The template's parts in order; of each, `offset` says where it begins.

    Raises:
        BrokenTemplateError: it cannot be read.
    """
    try:
        return _ENVIRONMENT.parse(text).body
    except TemplateSyntaxError as error:
        raise _ours(text, error) from None
    except RecursionError:
        raise BrokenTemplateError("it is nested too deeply", 0) from None
    except (ValueError, SyntaxError):
        # Python's own limits on what Jinja reads as a number, such as 4,300 digits.
        raise BrokenTemplateError("it holds a number that cannot be read", 0) from None


def _ours(text: str, error: TemplateSyntaxError) -> BrokenTemplateError:
    """Jinja's complaint in our words, at the place that a person would look at."""
    message, at = error.message or "", max(0, error.lineno - 1)
    if "end of template" in message:
        opened = [found.start() for found in re.finditer(r"\{[{%]", text)]
        return BrokenTemplateError("what begins here is not ended", opened[-1] if opened else at)
    if tag := re.match(r"Encountered unknown tag '(\w+)'", message):
        return BrokenTemplateError(f"there is no {{% {tag[1]} %}} here; there are if, elif, else and endif", at)
    if at < len(text) and text[at] in TYPOGRAPHIC:
        return BrokenTemplateError("a typographic quotation mark; templates know straight ones only", at)
    return BrokenTemplateError("this does not belong here", at)


def offset(node: nodes.Node) -> int:
    """Where in the text the node begins."""
    return node.lineno - 1


def _with_offsets(source: str, tokens: Iterable[tuple[int, str, str]]) -> Iterator[tuple[int, str, str]]:
    at = 0
    try:
        for _, kind, value in tokens:
            at = max(at, source.find(value, at))
            yield at + 1, kind, value
            at += len(value)
    except TemplateSyntaxError as error:
        error.lineno = at + 1
        raise
