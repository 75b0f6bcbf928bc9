"""Problems as annotations, which GitHub shows beside the lines of a change.

Source: GitHub Docs, "Workflow commands for GitHub Actions", and its toolkit's escaping of properties and messages.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from connector.cli.printing import say
from connector.diagnostics import Diagnostic
from connector.errors import ConfigError, ConnectorError, MappingError

if TYPE_CHECKING:
    from collections.abc import Iterator


def annotation(problem: Diagnostic) -> str:
    """The problem as one line."""
    place = problem.place
    facts = {
        "file": place.file.name,
        "line": place.line,
        "col": place.column,
        "title": f"{problem.code} {problem.message}",
    }
    written = ",".join(f"{name}={_property(str(fact))}" for name, fact in facts.items())
    said = "\n".join(part for part in (problem.label, problem.help) if part) or problem.message
    return f"::{problem.severity} {written}::{_message(said)}"


@contextmanager
def annotated(*, wanted: bool) -> Iterator[None]:
    """If `wanted`, an error that ends what is done within is annotated before it goes on its way."""
    try:
        yield
    except ConnectorError as error:
        if wanted:
            found = error.diagnostics if isinstance(error, MappingError | ConfigError) else ()
            lines = [annotation(each) for each in found if isinstance(each, Diagnostic)]
            for line in lines or [f"::error::{_message(str(error))}"]:
                say(line)
        raise


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
