"""One walk over a mapping that checks and compiles it at once, so that the two cannot disagree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from connector.crm_schema import Counted
from connector.diagnostics import Place
from connector.mapping.codes.file import EMPTY_FILE
from connector.mapping.codes.source import PERSON_UNUSED
from connector.mapping.conditions.written import parts
from connector.mapping.fields import ALWAYS, POLICIES, Field, check_required, fields
from connector.mapping.heading import Heading, heading
from connector.mapping.labels import Labels, read_labels
from connector.mapping.person import clues
from connector.mapping.problems import Problems
from connector.mapping.reading import section, word, zone
from connector.mapping.scope import Scope
from connector.mapping.shape import FILE
from connector.mapping.types import Kind
from connector.mapping.waiting import Wait, waits

if TYPE_CHECKING:
    from connector.crm_schema import ObjectSchema
    from connector.diagnostics import Diagnostic
    from connector.mapping.conditions.condition import Condition
    from connector.mapping.load import MappingFile
    from connector.mapping.reading import Section
    from connector.mapping.types import Run


@dataclass(frozen=True, slots=True)
class Elaborated:
    """What a mapping says, ready to run, and everything that is wrong with it. Run it only if nothing is an error."""

    heading: Heading
    log_when: tuple[tuple[str, Condition], ...]
    waits: tuple[Wait, ...]
    clues: tuple[tuple[str, Run], ...]
    fields: tuple[Field, ...]
    diagnostics: tuple[Diagnostic, ...]


def elaborate(mapping: MappingFile, schema: ObjectSchema | None) -> Elaborated:
    """The mapping checked against the source, and against the CRM where `schema` is given. Never raises."""
    problems = Problems(mapping.diagnostics)
    if mapping.root is None:
        if not mapping.diagnostics:
            problems.add(EMPTY_FILE, Place(mapping.file, 1, 1), "nothing is written here", "begin with version: 1")
        return Elaborated(Heading("", "", None, None), (), (), (), (), problems.sorted())
    found = section(mapping.root, FILE, problems, "a mapping")
    head = heading(found, schema, problems)
    scope = _scope(found, head.schema, problems)
    log_when = tuple(parts(found["log_when"][1], scope)) if "log_when" in found else ()
    waited = waits(found["wait_for"][1], scope) if "wait_for" in found else ()
    people = clues(found["person"][1], problems) if "person" in found else ()
    written = _fields(found, head, scope)
    if people and not any(field.type.kind is Kind.PERSON for field in written):
        problems.add(PERSON_UNUSED, found["person"][0].place, "no field is filled from it")
    return Elaborated(head, log_when, waited, people, written, problems.sorted())


def _scope(found: Section, schema: ObjectSchema | None, problems: Problems) -> Scope:
    """What holds for the whole file. Without a schema lengths are counted the way that is safe everywhere."""
    counted = schema.counted if schema else Counted.UTF16
    scope = Scope(problems, Labels(), counted, has_person="person" in found)
    if "timezone" in found:
        scope = replace(scope, zone=zone(found["timezone"][1], problems))
    if "labels" in found:
        scope = replace(scope, labels=read_labels(found["labels"][1], problems))
    return scope


def _fields(found: Section, head: Heading, scope: Scope) -> tuple[Field, ...]:
    policy = word(found["write"][1], POLICIES, scope.problems, "write") if "write" in found else ALWAYS
    if "fields" not in found:
        return ()
    key, node = found["fields"]
    key_field = head.target.key_field if head.target else ""
    if head.schema is not None:
        check_required(key, node, key_field, head.schema, scope)
    return fields(node, key_field, head.schema, policy or ALWAYS, scope)
