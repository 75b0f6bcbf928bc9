"""Diagnostics, reasons for parking, and what is assumed about Salesforce."""

from __future__ import annotations

import re
from dataclasses import fields
from inspect import getdoc
from typing import TYPE_CHECKING

from connector.crms.salesforce import codes as salesforce
from connector.sandbox.salesforce.assumptions import Assumptions
from docs.parts.markdown import code, sentence, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from connector.diagnostics import Code


def diagnostics(prefix: str, found: Iterable[Code]) -> Callable[[], str]:
    """The codes whose names begin so."""

    def part() -> str:
        return "\n\n".join(_diagnostic(each) for each in found if each.name.startswith(prefix))

    return part


def _diagnostic(each: Code) -> str:
    level = "" if each.severity == "error" else " (a warning)"
    heading = f"### {each.name}: {each.title}{level}"
    return f"{heading}\n\n{each.means}\n\n```text\n{each.example}\n```\n\nInstead:\n\n```text\n{each.instead}\n```"


def salesforce_reasons() -> str:
    """Salesforce's codes that park a call."""
    kinds = (salesforce.Kind.ROW, salesforce.Kind.ADMIN)
    found = {name: each for name, each in salesforce.CODES.items() if each.kind in kinds}
    return table(
        ("reason", "means", "what to do"), ((code(name), each.means, each.todo) for name, each in found.items())
    )


def assumptions() -> str:
    """What the stand-in for Salesforce assumes, with what it does by default."""
    doc = (getdoc(Assumptions) or "").partition("Attributes:")[2]
    says = dict(re.findall(r"^ {4}(\w+): (.*(?:\n {8}.*)*)", doc, re.MULTILINE))
    rows = ((code(each.name), sentence(says[each.name]), _yes_or_no(each.default)) for each in fields(Assumptions))
    return table(("assumption", "says", "stand-in"), rows)


def _yes_or_no(value: object) -> str:
    return str(code(value)) if not isinstance(value, bool) else "yes" if value else "no"
