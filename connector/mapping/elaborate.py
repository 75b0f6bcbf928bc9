"""One walk over a mapping that checks and compiles it at once, so that the two cannot disagree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from connector.crm_kinds import CRMS
from connector.crm_schema import Counted
from connector.diagnostics import Place
from connector.mapping.codes.file import EMPTY_FILE
from connector.mapping.codes.source import PERSON_UNUSED
from connector.mapping.conditions.written import parts
from connector.mapping.fields import DEFAULT_POLICY, Field, check_required, fields
from connector.mapping.heading import Heading, heading
from connector.mapping.labels import Labels, read_labels
from connector.mapping.local_time import LocalTime, read_local_time
from connector.mapping.person import People, read_people
from connector.mapping.problems import Problems
from connector.mapping.reading import section, word
from connector.mapping.redaction import read_redaction
from connector.mapping.scope import Scope
from connector.mapping.shape import FILE, WRITE
from connector.mapping.source import PERSON_PARTS, part_of_person
from connector.mapping.waiting import Wait, waits
from connector.model import IfUnlinked
from connector.yaml_text import Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.crm_schema import ObjectSchema
    from connector.diagnostics import Diagnostic
    from connector.mapping.conditions.condition import Condition
    from connector.mapping.load import MappingFile
    from connector.mapping.reading import Section
    from connector.yaml_text import Node

_BELOW_FIELDS = "if it is a field of the CRM, it stands below fields:, indented as the others are"


@dataclass(frozen=True, slots=True)
class Elaborated:
    """What a mapping says, ready to run, and everything that is wrong with it. Run it only if nothing is an error."""

    heading: Heading
    log_when: tuple[tuple[str, Condition], ...]
    waits: tuple[Wait, ...]
    people: People | None
    fields: tuple[Field, ...]
    diagnostics: tuple[Diagnostic, ...]


def elaborate(mapping: MappingFile, schema: ObjectSchema | None) -> Elaborated:
    """The mapping checked against the source, and against the CRM where `schema` is given. Never raises."""
    problems = Problems(mapping.diagnostics)
    if mapping.root is None:
        if not mapping.diagnostics:
            problems.add(EMPTY_FILE, Place(mapping.file, 1, 1), "nothing is written here", "begin with version: 1")
        return Elaborated(Heading("", "", None, None, None, other_object=False), (), (), None, (), problems.sorted())
    found = section(mapping.root, FILE, problems, "a mapping", otherwise=_BELOW_FIELDS)
    head = heading(found, schema, problems)
    scope = _scope(found, head, problems)
    log_when = tuple(parts(found["log_when"][1], scope)) if "log_when" in found else ()
    waited = waits(found["wait_for"][1], scope) if "wait_for" in found else ()
    written = _fields(found, head, scope)
    people = scope.people
    if people is not None and "fields" in found:
        people = replace(people, parts=frozenset(_parts_of_person(found["fields"][1])))
        if people.clues and not people.parts and not problems.errors:
            problems.add(PERSON_UNUSED, found["person"][0].place, "no field is filled from it")
    return Elaborated(head, log_when, waited, people, written, problems.sorted())


def _scope(found: Section, head: Heading, problems: Problems) -> Scope:
    """What holds for the whole file. Without a schema lengths are counted the way that is safe everywhere."""
    counted = head.schema.counted if head.schema else Counted.UTF16
    scope = Scope(problems, Labels(), counted, crm=CRMS.get(head.crm), told=not head.other_object)
    if "timezone" in found:
        scope = replace(scope, time=read_local_time(found["timezone"][1], scope.read, problems))
    elif "timezone" in found.empty:
        scope = replace(scope, time=LocalTime(ZoneInfo("UTC")))
    if "labels" in found:
        scope = replace(scope, labels=read_labels(found["labels"][1], problems))
    if "person" in found:
        scope = replace(scope, people=read_people(found["person"][1], scope.crm, problems))
    elif "person" in found.empty:
        scope = replace(scope, people=People((), (), "", IfUnlinked.LOG, IfUnlinked.LOG, broken=True))
    if "redact" in found:
        country = scope.people.country if scope.people else None
        scope = replace(scope, redaction=read_redaction(found["redact"][1], country, problems, everywhere=False))
    return scope


def _parts_of_person(node: Node) -> Iterator[str]:
    """What is read from the person in there, as in `PersonRef`."""
    if isinstance(node, Mapping):
        written = node.get("from")
        if isinstance(written, Scalar) and written.text in PERSON_PARTS:
            yield part_of_person(written.text)
        for _, value in node.pairs:
            yield from _parts_of_person(value)
    elif not isinstance(node, Scalar):
        for item in node.items:
            yield from _parts_of_person(item)


def _fields(found: Section, head: Heading, scope: Scope) -> tuple[Field, ...]:
    policy = word(found["write"][1], WRITE, scope.problems, "write") if "write" in found else DEFAULT_POLICY
    if "fields" not in found:
        return ()
    key, node = found["fields"]
    if head.schema is not None:
        check_required(key, node, head.key_field, head.schema, scope)
    return fields(node, head.key_field, head.schema, policy or DEFAULT_POLICY, scope)
