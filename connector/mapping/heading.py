"""The first lines of a mapping: version, name, CRM and object, key."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from connector.crm_kinds import CRMS
from connector.crm_schema import FieldType
from connector.mapping.codes.crm import BAD_KEY_FIELD, KEY_NOT_UNIQUE, OTHER_OBJECT, UNKNOWN_FIELD
from connector.mapping.codes.file import BAD_ACTIVITY, BAD_SUFFIX, NEWER_VERSION, UNKNOWN_CRM
from connector.mapping.problems import did_you_mean, suggestion
from connector.mapping.reading import section, text
from connector.mapping.shape import KEY, VERSION
from connector.mapping.source import SOURCES
from connector.model import Target
from connector.yaml_text import Scalar

if TYPE_CHECKING:
    from connector.crm_schema import FieldSchema, ObjectSchema
    from connector.diagnostics import Place
    from connector.mapping.problems import Problems
    from connector.mapping.reading import Section
    from connector.yaml_text import Node

_ACTIVITY = re.compile(r"([a-z][a-z0-9_]*)/([A-Za-z_][\w.]*)")
SUFFIX = r"[A-Za-z0-9_-]{1,40}"


@dataclass(frozen=True, slots=True)
class Heading:
    """What the mapping is and where it writes; `key_field` and `target` are None if they could not be read.

    `schema` is the one given, unless it is of another object, which is what `other_object` says; `key` is where the key
    field is named.
    """

    name: str
    crm: str
    key_field: str | None
    target: Target | None
    schema: ObjectSchema | None
    other_object: bool
    key: Place | None = None


def heading(found: Section, schema: ObjectSchema | None, problems: Problems) -> Heading:
    """The mapping's heading; what is wrong in it, or does not suit the schema, is reported."""
    if "version" in found:
        _check_version(found["version"][1], problems)
    name = text(found["name"][1], problems, "name") if "name" in found else None
    activity = _activity(found["activity"][1], problems) if "activity" in found else None
    other_object = False
    if schema is not None and activity is not None and activity != (schema.crm, schema.object):
        label = f"the fields at hand are those of {schema.crm}/{schema.object}"
        problems.add(OTHER_OBJECT, found["activity"][1].place, label)
        schema, other_object = None, True
    key = _key(found["key"][1], schema, problems) if "key" in found else None
    target = Target(activity[1], *key) if activity and key else None
    crm = activity[0] if activity else schema.crm if schema else ""
    place = found["key"][0].place if "key" in found else None
    title = name or (f"{crm}/{target.name}" if target else "")
    return Heading(title, crm, key[0] if key else None, target, schema, other_object, place)


def _check_version(node: Node, problems: Problems) -> None:
    written = text(node, problems, "version")
    if written is not None and written != VERSION:
        problems.add(NEWER_VERSION, node.place, f"this program reads version {VERSION}", f"write version: {VERSION}")


def _activity(node: Node, problems: Problems) -> tuple[str, str] | None:
    written = text(node, problems, "activity")
    if written is None:
        return None
    match = _ACTIVITY.fullmatch(written)
    if match is None:
        problems.add(BAD_ACTIVITY, node.place, "write the CRM, a slash and the object", "write salesforce/Task, say")
        return None
    if match[1] not in CRMS:
        place = replace(node.place, width=len(match[1]))
        problems.add(UNKNOWN_CRM, place, f'there is no CRM "{match[1]}" here', suggestion(match[1], CRMS))
    return match[1], match[2]


def _key(node: Node, schema: ObjectSchema | None, problems: Problems) -> tuple[str, str | None] | None:
    suffix = None
    if isinstance(node, Scalar):
        named: Node = node
    else:
        found = section(node, KEY, problems, "key")
        if "suffix" in found:
            suffix = _suffix(found["suffix"][1], problems)
        if "field" not in found:
            return None
        named = found["field"][1]
    field = text(named, problems, "key")
    if field is None:
        return None
    if schema is not None:
        _check_key(field, suffix, named, schema, problems)
    return field, suffix


def _suffix(node: Node, problems: Problems) -> str | None:
    written = text(node, problems, "suffix")
    if written is not None and not re.fullmatch(SUFFIX, written):
        problems.add(BAD_SUFFIX, node.place, "letters, digits, - and _ only", "write follow-up, say")
        return None
    return written


def _check_key(name: str, suffix: str | None, node: Node, schema: ObjectSchema, problems: Problems) -> None:
    field = schema.fields.get(name)
    if field is None:
        label = f'{schema.object} has no field "{name}"'
        help_ = did_you_mean(name, schema.fields) or "create it, or let the connector's user see it"
        problems.add(UNKNOWN_FIELD, node.place, label, help_)
        return
    others = [other.name for other in schema.fields.values() if other.key and not not_a_key(other, suffix)]
    help_ = f"write {others[0]}" if len(others) == 1 else ""
    looks_up = schema.crm not in CRMS or CRMS[schema.crm].finds
    if reason := not_a_key(field, suffix):
        problems.add(BAD_KEY_FIELD, node.place, f"{name} {reason}", help_)
    elif not field.key:
        code = KEY_NOT_UNIQUE if looks_up else BAD_KEY_FIELD
        problems.add(code, node.place, f"{name} is not kept unique by the CRM", help_)


def not_a_key(field: FieldSchema, suffix: str | None) -> str:
    """Why the field cannot hold the key, unique or not; empty if it can."""
    needed = (SOURCES["id"].plan.type.longest or 0) + (len(f":{suffix}") if suffix else 0)
    if field.type is not FieldType.TEXT and not (field.key and field.type is FieldType.LONG_TEXT):
        # Long texts can be filtered by in no CRM that looks its records up.
        return "is not a text field of one line"
    if not field.createable:
        return "cannot be written"
    if field.length is not None and field.length < needed:
        return f"holds {field.length} characters; a key may have {needed}"
    return ""
