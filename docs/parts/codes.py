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


_PARKING = (salesforce.Kind.ROW, salesforce.Kind.ADMIN)
_THEN = {
    salesforce.Kind.AGAIN: "sends it again, then leaves the call to the next run",
    salesforce.Kind.RIGHT: "parks the call whose activity it may not update; else stops the run",
    salesforce.Kind.QUOTA: "stops the run; the next one goes on",
}


def salesforce_reasons() -> str:
    """Salesforce's codes that park a call."""
    found = ((code(name), each.means, each.todo) for name, each in salesforce.CODES.items() if each.kind in _PARKING)
    return table(("reason", "means", "what to do"), found)


def salesforce_codes() -> str:
    """Salesforce's other codes, with what the connector does about each."""
    rows = (
        (code(name), each.means, _THEN.get(each.kind, "stops the run"), each.todo)
        for name, each in salesforce.CODES.items()
        if each.kind not in _PARKING
    )
    return table(("code", "means", "the connector", "what to do"), rows)


def assumptions() -> str:
    """What the stand-in for Salesforce assumes, with what it does by default."""
    doc = (getdoc(Assumptions) or "").partition("Attributes:")[2]
    says = dict(re.findall(r"^ {4}(\w+): (.*(?:\n {8}.*)*)", doc, re.MULTILINE))
    rows = ((code(each.name), sentence(says[each.name]), _yes_or_no(each.default)) for each in fields(Assumptions))
    return table(("assumption", "says", "stand-in"), rows)


def _yes_or_no(value: object) -> str:
    return str(code(value)) if not isinstance(value, bool) else "yes" if value else "no"
