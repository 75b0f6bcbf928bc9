"""Wording for Apten's values: the mapping's own, else the built-in English one, else the value made readable."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connector.canonical import canonical_text
from connector.mapping import source
from connector.mapping.codes.file import WRONG_SHAPE
from connector.mapping.codes.source import NEVER_SENT, NOT_KNOWN, SOURCE_OUT_OF_PLACE, UNKNOWN_SOURCE
from connector.mapping.problems import did_you_mean, suggestion
from connector.mapping.reading import is_empty, text
from connector.mapping.types import Kind
from connector.yaml_text import Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping as Dict

    from connector.mapping.problems import Problems
    from connector.mapping.source import Source
    from connector.mapping.types import Type
    from connector.yaml_text import Node

_FLAG = {"true": "Yes", "false": "No"}
FLAGS = tuple(_FLAG)
"""A flag's values as they are written."""
_ANSWERED_BY = {
    "machine_start": "Answering machine",
    "machine_end_beep": "Answering machine",
    "machine_end_silence": "Answering machine",
    "machine_end_other": "Answering machine",
}
BUILT_IN: dict[str, dict[str, str]] = {
    "endedBy": {"LEAD": "Customer", "AGENT": "AI agent"},
    "callStatus": {"COMPLETE": "Completed"},
    "transcript": {"assistant": "Agent", "user": "Customer"},
    "transferAnsweredBy": _ANSWERED_BY,
    "transferFallbackAnsweredBy": _ANSWERED_BY,
}
"""English wording where `readable` alone would puzzle; of the transcript, the speakers."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The mapping's own wording, by source."""

    own: Dict[str, Dict[str, str]] = field(default_factory=dict)

    def of(self, type_: Type) -> Callable[[str], str]:
        """The wording of such a value's texts; never fails, never blank for a text that is not."""
        wording = _Wording(_FLAG if type_.kind is Kind.BOOLEAN else {value: readable(value) for value in type_.values})
        if type_.path is not None:
            wording.update(BUILT_IN.get(type_.path, {}))
            wording.update(self.own.get(type_.path, {}))
        return wording.__getitem__


class _Wording(dict[str, str]):
    """Words for values; one without a word of its own is made readable."""

    def __missing__(self, value: str) -> str:
        return readable(value)


def readable(value: str) -> str:
    """A value made readable: `NO_ANSWER` becomes `No answer`."""
    words = canonical_text(value.replace("_", " "))
    if not words:
        return value
    return words.capitalize() if words.isupper() or words.islower() else words


def read_labels(node: Node, problems: Problems) -> Labels:
    """The `labels` section; what does not fit is reported and left out."""
    own: dict[str, dict[str, str]] = {}
    if not isinstance(node, Mapping):
        problems.add(WRONG_SHAPE, node.place, "labels is a map", "write endedBy: {LEAD: Customer}")
        return Labels()
    for key, values in node.pairs:
        found = source.find(key.text)
        if found is None:
            known = [path for path, candidate in source.SOURCES.items() if has_labels(candidate)]
            label = f'there is no source field "{key.text}"'
            problems.add(UNKNOWN_SOURCE, key.place, label, did_you_mean(key.text, known))
        elif not has_labels(found):
            label = f"{key.text} is {found.plan.type.kind}, which has no labels"
            problems.add(SOURCE_OUT_OF_PLACE, key.place, label)
        elif not is_empty(key, values, problems):
            own[key.text] = _wording(key, values, found.plan.type, problems)
    return Labels(own)


def has_labels(found: Source) -> bool:
    """Whether `labels` may word its values."""
    return found.plan.type.kind in (Kind.TEXT, Kind.BOOLEAN, Kind.TRANSCRIPT)


def _wording(of: Scalar, node: Node, type_: Type, problems: Problems) -> dict[str, str]:
    wording: dict[str, str] = {}
    if not isinstance(node, Mapping):
        problems.add(WRONG_SHAPE, node.place, f"the labels of {of.text} are a map", "write {LEAD: Customer}, say")
        return wording
    for key, value in node.pairs:
        check_known(key, type_, problems)
        label = None if is_empty(key, value, problems) else text(value, problems, "a label")
        if label is not None and (words := canonical_text(label)):
            wording[key.text] = words
    return wording


def check_known(value: Scalar, type_: Type, problems: Problems) -> None:
    """Report a value that the source never has, or is not known to have."""
    values = FLAGS if type_.kind is Kind.BOOLEAN else type_.values
    if not values or value.text in values:
        return
    certain = type_.closed or type_.kind is Kind.BOOLEAN
    label = f'{type_.path} is never "{value.text}"' if certain else f'Apten is not known to send "{value.text}" here'
    problems.add(NEVER_SENT if certain else NOT_KNOWN, value.place, label, suggestion(value.text, values))
