"""Reads what an admin may have written, whatever it is: ends in our own errors and diagnostics, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.admin_files import read_mapping, read_schema, read_tests
from connector.config import load_config
from connector.diagnostics import Diagnostic
from connector.errors import ConfigError, MappingError
from connector.mapping.apply import compile_mapping
from connector.mapping.cases.run import differences
from connector.mapping.check import check
from connector.mapping.load import load
from connector.mapping.snapshot import dump_schema, load_schema
from tests.mapping.samples import LEAD, call, file, founding_call, shipped
from tests.town import ENVIRON

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from connector.crm_schema import ObjectSchema

SCHEMA = load_schema(shipped("salesforce.schema.yaml"))
MAPPING = load(shipped("salesforce.yaml"))


def _can_be_shown(found: Iterable[object]) -> None:
    for one in found:
        assert isinstance(one, Diagnostic)
        assert one.place.line >= 1
        assert one.place.column >= 1
        assert one.render().encode("utf-8", "backslashreplace")


def survives_as_mapping(path: Path, schema: ObjectSchema | None = SCHEMA) -> None:
    """Checking ends in diagnostics that can be drawn, and what has no error can be applied."""
    mapping = read_mapping(path)
    found = check(mapping, schema)
    _can_be_shown(found)
    if not any(one.is_error for one in found):
        compiled = compile_mapping(mapping, schema)
        for one, lead in ((call(), None), (founding_call(), LEAD)):
            compiled.apply(one, lead)
            compiled.wait_until(one)


def survives_as_schema(path: Path) -> None:
    """It is a schema that can be saved again and be checked against, or told to be none."""
    try:
        schema = read_schema(path)
    except MappingError as error:
        _can_be_shown(error.diagnostics)
        return
    assert load_schema(file(dump_schema(schema))) == schema
    found = check(MAPPING, schema)
    _can_be_shown(found)
    if not any(one.is_error for one in found):
        compile_mapping(MAPPING, schema).apply(founding_call(), LEAD)


def survives_as_tests(path: Path) -> None:
    """Its cases can be run, or what is wrong with them is told."""
    mapping = compile_mapping(MAPPING, SCHEMA)
    path.with_name(f"{path.stem}.tests{path.suffix}").write_bytes(path.read_bytes())
    cases = read_tests(path, mapping)
    assert cases is not None
    _can_be_shown(cases.diagnostics)
    for case in () if cases.diagnostics else cases.cases:
        differences(case, mapping)


def survives_as_config(path: Path) -> None:
    """It is a config, or told to be none."""
    try:
        load_config(path, ENVIRON)
    except ConfigError as error:
        _can_be_shown(error.diagnostics)


KINDS: dict[str, Callable[[Path], None]] = {
    "mapping": survives_as_mapping,
    "schema": survives_as_schema,
    "tests": survives_as_tests,
    "config": survives_as_config,
}
