"""A checked mapping at work: a call goes in, a draft or the reason for skipping it comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.errors import MappingError
from connector.mapping.elaborate import elaborate
from connector.mapping.meaning import fingerprint
from connector.mapping.shape import ON_CREATE, UNLESS_EDITED
from connector.mapping.table import table
from connector.model import Draft, Skip

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from connector.crm_schema import ObjectSchema
    from connector.diagnostics import Place
    from connector.mapping.elaborate import Elaborated
    from connector.mapping.load import MappingFile
    from connector.model import DraftValue, Target
    from connector.source_model import Call, Lead


def compile_mapping(mapping: MappingFile, schema: ObjectSchema | None = None) -> Mapping:
    """The mapping, ready to be applied to calls.

    Raises:
        MappingError: something in it is wrong; it carries every diagnostic, warnings too.
    """
    elaborated = elaborate(mapping, schema)
    errors = sum(found.is_error for found in elaborated.diagnostics)
    target = elaborated.heading.target
    if errors or target is None or mapping.root is None:
        problems = f"{errors} problem" if errors == 1 else f"{errors} problems"
        raise MappingError(
            f"The mapping {mapping.file.name} has {problems}.",
            elaborated.diagnostics,
            done="Nothing was written.",
            todo=f"Mend what is listed, then run `apten-crm check{' --live' if schema else ''}`.",
        )
    return Mapping(elaborated, target, fingerprint(mapping.root))


def compile_mappings(mappings: Iterable[tuple[MappingFile, ObjectSchema | None]]) -> list[Mapping]:
    """Several mappings, each with the schema it is held against.

    Raises:
        MappingError: something is wrong in one or more of them; it carries every diagnostic of these.
    """
    compiled: list[Mapping] = []
    errors: list[MappingError] = []
    for mapping, schema in mappings:
        try:
            compiled.append(compile_mapping(mapping, schema))
        except MappingError as error:
            errors.append(error)
    if errors:
        raise MappingError(
            " ".join(error.happened for error in errors),
            [found for error in errors for found in error.diagnostics],
            done=errors[0].done,
            todo=errors[0].todo,
        )
    return compiled


class Mapping:
    """A mapping without errors.

    Attributes:
        name: what it is called.
        crm: the kind of CRM it writes to.
        target: the object, key field and suffix it writes to.
        fingerprint: 16 bytes of its meaning, the same whatever its comments, layout and name.
        fields: every field it may write, without the key.
        waits: whether there is anything it waits for.
        lines: where each field is written, the key too: `mappings/salesforce.yaml:41`.
        written: each field, as the file says it.
    """

    def __init__(self, elaborated: Elaborated, target: Target, fingerprint: bytes) -> None:
        self.name = elaborated.heading.name
        self.crm = elaborated.heading.crm
        self.target = target
        self.fingerprint = fingerprint
        self.fields = tuple(field.name for field in elaborated.fields)
        self.waits = bool(elaborated.waits)
        self.written = {field.name: field for field in elaborated.fields}
        self.lines = {field.name: _line(field.place) for field in elaborated.fields}
        if elaborated.heading.key is not None:
            self.lines[target.key_field] = _line(elaborated.heading.key)
        self._waits = elaborated.waits
        self._people = elaborated.people
        self._typed = elaborated.fields
        self._log_when = [(name, condition.holds) for name, condition in elaborated.log_when]
        self._computed = [(field.name, field.run, field.clears) for field in elaborated.fields]
        self._on_create = frozenset(field.name for field in elaborated.fields if field.policy == ON_CREATE)
        self._unless_edited = frozenset(field.name for field in elaborated.fields if field.policy == UNLESS_EDITED)

    def apply(self, call: Call, lead: Lead | None) -> Draft | Skip:
        """The call's draft, canonical; or why the mapping leaves the call out, e.g. `log_when: durationSeconds`.

        `lead` is None for a webchat call. A field whose value is missing is left out of the draft, or None to clear it.
        """
        for name, holds in self._log_when:
            if not holds(call, lead):
                return Skip(f"log_when: {name}")
        fields: dict[str, DraftValue] = {}
        for name, run, clears in self._computed:
            value = run(call, lead)
            if value is not None or clears:
                fields[name] = value
        person = None if self._people is None else self._people.search(call, lead)
        return Draft(call.id, self.target.key(call.id), fields, person, self._on_create, self._unless_edited)

    def wait_until(self, call: Call) -> datetime | None:
        """Until when to hold the call for what is still to come; None if nothing is waited for."""
        return max((until for wait in self._waits if (until := wait.until(call)) is not None), default=None)

    def table_schema(self) -> ObjectSchema:
        """The object and its fields as the mapping alone tells them, key included; a database makes its table of it."""
        return table(self.crm, self.target, self._typed)


def _line(place: Place) -> str:
    return f"{place.file.name}:{place.line}"
