"""The CRM's fields saved as a small file beside the mapping, so that it can be checked without a connection."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

from connector.crm_schema import Counted, FieldSchema, FieldType, ObjectSchema, PickValue
from connector.errors import MappingError
from connector.mapping.codes.file import BAD_SCHEMA_FILE
from connector.mapping.problems import Problems
from connector.mapping.reading import section, text, word
from connector.mapping.scalars import as_flag, as_whole
from connector.mapping.shape import Key
from connector.yaml_text import Mapping, Scalar, Sequence, YamlError, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.diagnostics import SourceFile
    from connector.mapping.reading import Section
    from connector.yaml_text import Node

_HEAD = """\
# What the CRM's fields hold and allow, saved so that the mapping beside this file can be checked without a connection.
# It describes the CRM as it is; to change anything, change it there.
"""
_FILE = (
    Key("crm", "the CRM", "salesforce", required=True),
    Key("object", "the object", "Task", required=True),
    Key("counted", "how lengths are counted", "utf16", required=True),
    Key("fields", "the object's fields", "{Subject: {type: text, length: 255}}", required=True),
)
_FIELD = (
    Key("type", "what the field holds", "text", required=True),
    Key("label", "what people see", "Subject"),
    Key("length", "greatest length of a text", "255"),
    Key("minimum", "smallest number", "0"),
    Key("maximum", "greatest number", "99999999"),
    Key("unit", "unit of a number", "seconds"),
    Key("createable", "may be set when a record is created", "false"),
    Key("updateable", "may be changed later", "false"),
    Key("required", "a record needs it", "true"),
    Key("key", "the CRM keeps it unique and finds records by it", "true"),
    Key("restricted", "takes no values but those listed", "true"),
    Key("values", "a picklist's values", "[Inbound, {value: Out, label: Outbound}]"),
    Key("references", "the objects it may point to", "[Contact, Lead]"),
    Key("email", "takes e-mail addresses only", "true"),
    Key("scale", "decimal places that a number keeps", "2"),
    Key("controller", "the field on which it depends which values can be chosen", "Status"),
)
_VALUE = (
    Key("value", "what the API takes", "Out", required=True),
    Key("label", "what people see", "Outbound"),
    Key("only_with", "the controlling field's values with which it can be chosen", "[Open, Closed]"),
)
_FLAGS = ("createable", "updateable", "required", "key", "restricted", "email")
_NUMBERS = ("length", "minimum", "maximum", "scale")
_DEFAULTS = {field.name: field.default for field in fields(FieldSchema) if field.default is not MISSING}
_SAFE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./()' -]*(?<! )")


def dump_schema(schema: ObjectSchema) -> str:
    """The schema as text: one line a field, one line a picklist value, in the schema's order, defaults left out."""
    lines = [_HEAD.rstrip()]
    lines += [
        f"crm: {_written(schema.crm)}",
        f"object: {_written(schema.object)}",
        f"counted: {schema.counted}",
        "fields:",
    ]
    for field in schema.fields.values():
        lines += _field_lines(field)
    return "\n".join(lines) + "\n"


def _field_lines(field: FieldSchema) -> Iterator[str]:
    facts = {name: getattr(field, name) for name, default in _DEFAULTS.items() if getattr(field, name) != default}
    values = facts.pop("values", ())
    written = ", ".join(f"{name}: {_written(fact)}" for name, fact in {"type": field.type, **facts}.items())
    if not values:
        yield f"  {_written(field.name)}: {{{written}}}"
        return
    yield f"  {_written(field.name)}:"
    yield from (f"    {name}: {_written(fact)}" for name, fact in {"type": field.type, **facts}.items())
    yield "    values:"
    for one in values:
        more = {} if one.label in ("", one.value) else {"label": one.label}
        more |= {"only_with": one.only_with} if one.only_with else {}
        said = "".join(f", {name}: {_written(fact)}" for name, fact in more.items())
        yield f"      - {{value: {_written(one.value)}{said}}}" if said else f"      - {_written(one.value)}"


def _written(fact: Any) -> str:
    if isinstance(fact, bool):
        return str(fact).lower()
    if isinstance(fact, tuple):
        return f"[{', '.join(_written(item) for item in fact)}]"
    text = str(fact)
    if _SAFE.fullmatch(text) and text.lower() != "null":
        return text
    return (
        '"'
        + "".join(f"\\{ch}" if ch in '"\\' else ch if ch.isprintable() else f"\\U{ord(ch):08x}" for ch in text)
        + '"'
    )


def load_schema(file: SourceFile) -> ObjectSchema:
    """The schema that a file holds.

    Raises:
        MappingError: it holds none; every problem is in its diagnostics.
    """
    try:
        root = read(file)
    except YamlError as error:
        raise _bad(file, error.diagnostics) from None
    problems = Problems()
    schema = None if root is None else _schema(root, problems)
    if schema is None or problems.sorted():
        raise _bad(file, problems.sorted())
    return schema


def _bad(file: SourceFile, diagnostics: Any) -> MappingError:
    return MappingError(
        f"{file.name} cannot be read as a saved schema.",
        diagnostics,
        todo="Save it anew from the CRM, or mend what is listed.",
    )


def _schema(root: Node, problems: Problems) -> ObjectSchema | None:
    found = section(root, _FILE, problems, "a saved schema")
    if len(found) < len(_FILE):
        return None
    crm, name = (text(found[key][1], problems, key) for key in ("crm", "object"))
    counted = word(found["counted"][1], tuple(Counted), problems, "counted")
    listed = found["fields"][1]
    if not isinstance(listed, Mapping):
        problems.add(BAD_SCHEMA_FILE, listed.place, "fields is a map of fields")
        return None
    read_fields = [_field(key, node, problems) for key, node in listed.pairs]
    if crm is None or name is None or counted is None:
        return None
    return ObjectSchema(crm, name, Counted(counted), {field.name: field for field in read_fields if field is not None})


def _field(name: Scalar, node: Node, problems: Problems) -> FieldSchema | None:
    found = section(node, _FIELD, problems, name.text, name)
    type_ = word(found["type"][1], tuple(FieldType), problems, "type") if "type" in found else None
    if type_ is None:
        return None
    facts: dict[str, Any] = {}
    for fact, (_, value) in found.items():
        facts[fact] = _fact(fact, value, problems)
    return FieldSchema(**{**facts, "name": name.text, "type": FieldType(type_)})


def _fact(name: str, node: Node, problems: Problems) -> Any:
    if name == "values":
        return tuple(_value(item, problems) for item in _items(node, problems))
    if name == "references":
        return _texts(node, "an object", problems)
    written = text(node, problems, name)
    known: Any = written
    if name in _FLAGS:
        known = as_flag(written or "")
    elif name in _NUMBERS:
        known = as_whole(written or "")
    if written is not None and known is None:
        wanted = "true or false" if name in _FLAGS else "a whole number"
        problems.add(BAD_SCHEMA_FILE, node.place, f"{name} is {wanted}")
    return known


def _value(node: Node, problems: Problems) -> PickValue:
    if isinstance(node, Scalar):
        return PickValue(node.text, node.text)
    found: Section = section(node, _VALUE, problems, "a picklist value")
    value, label = (text(found[key][1], problems, key) or "" if key in found else "" for key in ("value", "label"))
    only_with = _texts(found["only_with"][1], "a value", problems) if "only_with" in found else ()
    return PickValue(value, label or value, only_with)


def _texts(node: Node, what: str, problems: Problems) -> tuple[str, ...]:
    return tuple(text(item, problems, what) or "" for item in _items(node, problems))


def _items(node: Node, problems: Problems) -> tuple[Node, ...]:
    if isinstance(node, Sequence):
        return node.items
    problems.add(BAD_SCHEMA_FILE, node.place, "a list is due here")
    return ()
