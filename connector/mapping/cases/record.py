"""The call and the lead of a case: fields written inline, or a file that holds what Apten sends."""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from pydantic import ValidationError

from connector.mapping import source
from connector.mapping.codes.cases import BAD_CALL_FILE, BAD_CALL_VALUE, UNKNOWN_CALL_FIELD
from connector.mapping.problems import did_you_mean, listed
from connector.mapping.types import Kind
from connector.source_model import AptenRecord, Call, Lead, Turn
from connector.yaml_text import Mapping as MapNode
from connector.yaml_text import Scalar, Sequence

if TYPE_CHECKING:
    from connector.diagnostics import Place
    from connector.mapping.problems import Problems
    from connector.yaml_text import Node

Record = TypeVar("Record", bound=AptenRecord)
ReadFile: TypeAlias = Callable[[str], str | None]
"""The text of a file by its path relative to the tests; None if it cannot be read."""

PLAIN_CALL: Mapping[str, Any] = types.MappingProxyType(
    {
        "id": "call-1",
        "direction": "OUTBOUND",
        "callStatus": "COMPLETE",
        "durationSeconds": 60,
        "createdAt": "2026-06-15T14:30:00Z",
    }
)
"""What a call has where a case does not say otherwise; `updatedAt` is then its `createdAt`."""
PLAIN_LEAD_ID = "lead-1"
_PREFIX = {Call: "", Lead: "lead."}
_Places: TypeAlias = "dict[tuple[str | int, ...], Place]"


def read_records(
    call: Node | None, lead: Node | None, problems: Problems, read_file: ReadFile
) -> tuple[Call | None, Lead | None]:
    """Call and lead of a case, completed; None, and reported, where something is wrong. No lead written is no lead."""
    of_call, call_places = _facts(call, Call, problems, read_file)
    of_lead, lead_places = _facts(lead, Lead, problems, read_file)
    made_call = None
    if of_call is not None:
        whole = {**PLAIN_CALL, **of_call}
        whole.setdefault("updatedAt", whole["createdAt"])
        if lead is not None:
            whole.setdefault("leadId", (of_lead or {}).get("id", PLAIN_LEAD_ID))
        made_call = _record(Call, whole, of_call, call_places, problems)
    made_lead = None
    if lead is not None and of_lead is not None:
        whole = {"id": (of_call or {}).get("leadId") or PLAIN_LEAD_ID, **of_lead}
        made_lead = _record(Lead, whole, of_lead, lead_places, problems)
    return made_call, made_lead


def _facts(
    node: Node | None, model: type[AptenRecord], problems: Problems, read_file: ReadFile
) -> tuple[dict[str, Any] | None, _Places]:
    """The fields as they are given, each with its place; None if there are none to be had."""
    if node is None:
        return {}, {}
    places: _Places = {(): node.place}
    if isinstance(node, MapNode):
        _check_names(node, model, problems)
        found: dict[str, Any] = _plain(node, (), places)
        return found, places
    path = node.text if isinstance(node, Scalar) else None
    text = read_file(path) if path else None
    if text is None:
        problems.add(BAD_CALL_FILE, node.place, "there is no such file" if path else "a map of fields, or a file")
        return None, places
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError):
        problems.add(BAD_CALL_FILE, node.place, "it does not hold JSON")
        return None, places
    if not isinstance(loaded, dict):
        problems.add(BAD_CALL_FILE, node.place, "it holds no JSON object")
        return None, places
    return loaded, places


def _plain(node: Node, at: tuple[str | int, ...], places: _Places) -> Any:
    places[at] = node.place
    match node:
        case Scalar():
            return None if node.is_null else node.text
        case MapNode(pairs):
            return {key.text: _plain(value, (*at, key.text), places) for key, value in pairs}
        case Sequence(items):
            return [_plain(item, (*at, number), places) for number, item in enumerate(items)]


def _check_names(node: MapNode, model: type[AptenRecord], problems: Problems) -> None:
    known = [info.alias or name for name, info in model.model_fields.items()]
    what = f"a {model.__name__.lower()}"
    for key, value in node.pairs:
        if key.text not in known:
            label = f'{what} has no field "{key.text}"'
            problems.add(UNKNOWN_CALL_FIELD, key.place, label, did_you_mean(key.text, known))
        elif model is Call and key.text == "transcript" and isinstance(value, Sequence):
            for turn in value.items:
                if isinstance(turn, MapNode):
                    _check_names(turn, Turn, problems)


def _record(
    model: type[Record], whole: dict[str, Any], given: Mapping[str, Any], places: _Places, problems: Problems
) -> Record | None:
    """The record; what is wrong in the fields that were given is reported."""
    try:
        return model.model_validate(whole)
    except ValidationError as error:
        for each in error.errors(include_input=False, include_url=False, include_context=False):
            at = each["loc"]
            if at[0] in given:
                place = next(places[at[:end]] for end in range(len(at), -1, -1) if at[:end] in places)
                problems.add(BAD_CALL_VALUE, place, _due(model, str(at[0]), len(at)))
    return None


def _due(model: type[AptenRecord], name: str, depth: int) -> str:
    """What belongs into a field, in words."""
    found = source.find(f"{_PREFIX[model]}{name}")
    if depth > 1 or found is None:
        return f"not as Apten sends it in {name}"
    type_ = found.plan.type
    if type_.closed:
        return f"{name} is {listed(type_.values)}"
    if type_.kind is Kind.DATETIME:
        return f"{name} is a point in time, as 2026-06-15T14:30:00Z"
    bounds = f" from {type_.low} to {type_.high}" if type_.low is not None else ""
    return f"{name} is {type_.kind}{bounds}"
