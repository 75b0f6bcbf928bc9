"""Checking a mapping: every problem at once, each at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.mapping.elaborate import elaborate

if TYPE_CHECKING:
    from connector.crm_schema import ObjectSchema
    from connector.diagnostics import Diagnostic
    from connector.mapping.load import MappingFile


def check(mapping: MappingFile, schema: ObjectSchema | None = None) -> tuple[Diagnostic, ...]:
    """All that is wrong with the mapping, in the file's order; also with the CRM's fields, where `schema` is given."""
    return elaborate(mapping, schema).diagnostics
