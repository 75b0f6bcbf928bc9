"""Whether a value suits the field it is for: kind, unit, range, picklist, length, presence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.crm_schema import FieldType
from connector.mapping.codes.crm import CANNOT_BE_WRITTEN, NOT_ALL_IN_PICKLIST
from connector.mapping.codes.types import MAY_BE_MISSING, MAY_BE_TOO_LONG, OUT_OF_RANGE, WRONG_TYPE, WRONG_UNIT
from connector.mapping.problems import listed
from connector.mapping.types import Kind

if TYPE_CHECKING:
    from connector.diagnostics import Place
    from connector.mapping.problems import Problems
    from connector.mapping.types import Type
    from connector.mapping.values.slot import Slot

_TAKES = {
    FieldType.TEXT: (Kind.TEXT, Kind.RECORD),
    FieldType.LONG_TEXT: (Kind.TEXT, Kind.RECORD),
    FieldType.PICKLIST: (Kind.TEXT,),
    FieldType.INTEGER: (Kind.INTEGER,),
    FieldType.NUMBER: (Kind.INTEGER, Kind.NUMBER),
    FieldType.BOOLEAN: (Kind.BOOLEAN,),
    FieldType.DATE: (Kind.DATE,),
    FieldType.DATETIME: (Kind.DATETIME,),
    FieldType.REFERENCE: (Kind.RECORD,),
}
HOLDS = {
    FieldType.TEXT: "text",
    FieldType.LONG_TEXT: "text",
    FieldType.PICKLIST: "a picklist's values",
    FieldType.INTEGER: "whole numbers",
    FieldType.NUMBER: "numbers",
    FieldType.BOOLEAN: "true or false",
    FieldType.DATE: "dates",
    FieldType.DATETIME: "points in time",
    FieldType.REFERENCE: "the id of another record",
}
_CONVERSIONS = {
    (Kind.DATETIME, FieldType.DATE): "add as: date",
    (Kind.BOOLEAN, FieldType.TEXT): "add as: label for Yes and No, as: text for true and false",
    (Kind.BOOLEAN, FieldType.LONG_TEXT): "add as: label for Yes and No, as: text for true and false",
    (Kind.BOOLEAN, FieldType.PICKLIST): "add map: {true: …, false: …}",
}


def check_fit(type_: Type, slot: Slot, place: Place, problems: Problems) -> None:
    """Report everything about the value that the field would refuse."""
    if check_kind(type_, slot, place, problems):
        check_presence(type_, slot, place, problems)
        _check_range(type_, slot, place, problems)
        _check_picklist(type_, slot, place, problems)
        _check_length(type_, slot, place, problems)


def check_kind(type_: Type, slot: Slot, place: Place, problems: Problems) -> bool:
    """Whether the field takes this kind of value; reported, if it does not."""
    if type_.kind is Kind.UNKNOWN:
        return False
    if slot.type is None:
        if type_.kind not in (Kind.TEXTS, Kind.TRANSCRIPT):
            return True
        problems.add(WRONG_TYPE, place, f"this gives {type_.kind}, which no field holds", "add as: text")
        return False
    if slot.type not in _TAKES:
        problems.add(CANNOT_BE_WRITTEN, place, f"{slot.name} is of a kind that is not known here")
        return False
    if type_.kind in _TAKES[slot.type]:
        return _check_found(type_, slot, place, problems)
    label = f"this gives {type_.kind}; {slot.name} takes {HOLDS[slot.type]}"
    problems.add(WRONG_TYPE, place, label, _conversion(type_.kind, slot.type))
    return False


def _check_found(type_: Type, slot: Slot, place: Place, problems: Problems) -> bool:
    """Whether what is known only later, an id or an object's name, is of a kind that the field takes."""
    if type_.open and slot.address is not None:
        problems.add(WRONG_TYPE, place, f"this gives {type_.kind}; {slot.name} takes e-mail addresses")
        return False
    if not (type_.objects and slot.references) or not set(type_.objects).isdisjoint(slot.references):
        return True
    taken = listed(slot.references) or "records of other objects"
    problems.add(WRONG_TYPE, place, f"this is a record of {listed(type_.objects)}; {slot.name} takes {taken}")
    return False


def _conversion(kind: Kind, wanted: FieldType) -> str:
    help_ = _CONVERSIONS.get((kind, wanted), "")
    if not help_ and wanted in (FieldType.TEXT, FieldType.LONG_TEXT):
        return "add as: text"
    if wanted is FieldType.REFERENCE and kind is Kind.TEXT:
        return "write {from: person} for whom the call was with, {find: …, where: {…}} for another record"
    return help_


def check_kinds_agree(one: Type | None, other: Type, place: Place, problems: Problems) -> None:
    """Report two cases of different kinds; without a schema, nothing else would tell."""
    if one is None or Kind.UNKNOWN in (one.kind, other.kind) or one.kind is other.kind:
        return
    if {one.kind, other.kind} != {Kind.INTEGER, Kind.NUMBER}:
        label = f"this gives {other.kind}, the cases before it {one.kind}"
        problems.add(WRONG_TYPE, place, label, "give all cases the same kind of value, plain values last")


def check_presence(
    type_: Type, slot: Slot, place: Place, problems: Problems, help_: str = "add default: with what to write then"
) -> None:
    """Report a value that may be missing where the CRM demands one."""
    if not type_.missing or not slot.required or type_.kind is Kind.UNKNOWN:
        return
    label = f"this is not there on every call, and {slot.name} is required"
    problems.add(MAY_BE_MISSING, place, label, help_)


def _check_range(type_: Type, slot: Slot, place: Place, problems: Problems) -> None:
    if type_.unit and slot.unit and type_.unit != slot.unit:
        converts = type_.unit == "seconds" and slot.unit in ("milliseconds", "minutes")
        label = f"this is in {type_.unit}; {slot.name} counts {slot.unit}"
        problems.add(WRONG_UNIT, place, label, f"add as: {slot.unit}" if converts else "leave as: out")
        return
    if type_.kind not in (Kind.INTEGER, Kind.NUMBER):
        return
    low = slot.minimum is not None and (type_.low is None or type_.low < slot.minimum)
    high = slot.maximum is not None and (type_.high is None or type_.high > slot.maximum)
    if low or high:
        ends = [f"{end:,}" for end in (slot.minimum, slot.maximum) if end is not None]
        label = f"{slot.name} takes {' to '.join(ends)}" if len(ends) > 1 else f"{slot.name} ends at {ends[0]}"
        problems.add(OUT_OF_RANGE, place, label)


def _check_picklist(type_: Type, slot: Slot, place: Place, problems: Problems) -> None:
    if not slot.restricted or type_.kind is not Kind.TEXT:
        return
    allowed = slot.api_names
    help_ = f"map them to {listed(allowed)}" if listed(allowed) else "add map:"
    if not type_.closed:
        problems.add(NOT_ALL_IN_PICKLIST, place, f"this may be any text; {slot.name} takes only its own values", help_)
    elif others := [value for value in type_.values if value not in allowed]:
        label = f"this may be {listed(others) or others[0]}, which {slot.name} does not take"
        problems.add(NOT_ALL_IN_PICKLIST, place, label, help_)


def _check_length(type_: Type, slot: Slot, place: Place, problems: Problems) -> None:
    if type_.kind not in (Kind.TEXT, Kind.RECORD) or slot.limit is None or slot.restricted:
        return
    if type_.longest is None or type_.longest > slot.limit:
        length = "of any length" if type_.longest is None else f"{type_.longest:,} characters long"
        label = f"this may be {length}; {slot.name} holds {slot.limit:,}"
        help_ = "add cut: {keep: start, mark: …}" if type_.kind is Kind.TEXT else "use a field that holds more"
        problems.add(MAY_BE_TOO_LONG, place, label, help_)
