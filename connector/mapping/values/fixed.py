"""Values that are the same on every call: plain ones, `{value: …}`, `{option: …}`, and `{find: …}` by such values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.crm_schema import FieldType
from connector.mapping.codes.crm import NEEDS_SCHEMA, UNKNOWN_OPTION
from connector.mapping.codes.file import ONE_FORM
from connector.mapping.codes.types import WRONG_TYPE
from connector.mapping.problems import listed, suggestion
from connector.mapping.reading import section, text
from connector.mapping.shape import FIXED_FORMS, FORMS, OPTIONS, names
from connector.mapping.types import BROKEN, Plan, constant, one_of
from connector.mapping.values.find import find
from connector.mapping.values.literal import literal
from connector.yaml_text import Mapping

if TYPE_CHECKING:
    from connector.mapping.scope import Scope
    from connector.mapping.values.slot import Slot
    from connector.yaml_text import Node

_KEYS = tuple(key for key in (*FORMS, *OPTIONS) if key.name in (*FIXED_FORMS, "where"))


def fixed(node: Node, slot: Slot, scope: Scope) -> Plan:
    """The value as the field holds it; what the field would refuse is reported."""
    if not isinstance(node, Mapping):
        return literal(node, slot, scope)
    found = section(node, _KEYS, scope.problems, "a fixed value")
    forms = [name for name in FIXED_FORMS if name in found]
    if len(forms) != 1:
        if forms or all(key.text in names(_KEYS) for key, _ in node.pairs):
            scope.problems.add(ONE_FORM, node.place, f"write {listed(FIXED_FORMS)}, one of them")
        return BROKEN
    if forms[0] == "find":
        return find(found, slot, scope, fixed=True)
    written = found[forms[0]][1]
    return picked(written, slot, scope) if forms[0] == "option" else literal(written, slot, scope)


def picked(node: Node, slot: Slot, scope: Scope) -> Plan:
    """The picklist's value that people see by this label."""
    label = text(node, scope.problems, "option")
    if label is None or not slot.told:
        return BROKEN
    if slot.type is None:
        scope.problems.add(NEEDS_SCHEMA, node.place, "which value this is cannot be told", "apten-crm schema pull")
        return constant(label, one_of((label,), scope.counted))
    if slot.type is not FieldType.PICKLIST:
        help_ = "write the value itself"
        scope.problems.add(WRONG_TYPE, node.place, f"{slot.name} is no picklist, so its values have no labels", help_)
        return BROKEN
    values = [one.value for one in slot.values if one.label == label]
    if len(values) == 1:
        return constant(values[0], one_of((values[0],), scope.counted))
    if values:
        said, help_ = f'{len(values)} values have the label "{label}"', f"write {{value: {values[0]}}}, say"
    else:
        labels = dict.fromkeys(one.label for one in slot.values)
        said, help_ = f'{slot.name} has no value with the label "{label}"', suggestion(label, labels)
        if label in slot.api_names:
            help_ = f'"{label}" is the value; write {{value: {label}}}'
    scope.problems.add(UNKNOWN_OPTION, node.place, said, help_)
    return BROKEN
