"""`schema print`: JSON Schemas, with which editors complete and check what is written."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from connector.admin_files import read_schema
from connector.cli.printing import say
from connector.config import Config
from connector.mapping.json_schema.cases import cases_schema
from connector.mapping.json_schema.mapping import mapping_schema
from connector.settings.json_schema import config_schema

if TYPE_CHECKING:
    from connector.crm_schema import ObjectSchema


class Part(StrEnum):
    """The files that there is a JSON Schema of."""

    MAPPING = "mapping"
    TESTS = "tests"
    CONFIG = "config"


def print_json_schema(
    part: Annotated[Part, typer.Argument(help="Of what: mapping, tests or config.", metavar="WHAT")] = Part.MAPPING,
    crm_schema: Annotated[
        Path | None,
        typer.Option("--crm-schema", help="Saved fields of the CRM (`x.schema.yaml`) to be completed.", metavar="FILE"),
    ] = None,
) -> int:
    """Print a JSON Schema, by which editors complete and check a mapping, the tests beside one, or the config.

    VS Code does so with the extension YAML by Red Hat. With --crm-schema the CRM's fields are completed as well;
    without it, any field goes.
    """
    if crm_schema and part is Part.CONFIG:
        raise typer.BadParameter("--crm-schema goes with mapping or tests; the config names no fields")
    fields = read_schema(crm_schema) if crm_schema else None
    match part:
        case Part.MAPPING:
            say(mapping_schema_text(fields).rstrip())
        case Part.TESTS:
            say(_text(cases_schema(fields)).rstrip())
        case Part.CONFIG:
            say(_text(config_schema(Config)).rstrip())
    return 0


def mapping_schema_text(crm_schema: ObjectSchema | None) -> str:
    """The JSON Schema of a mapping, as a file."""
    return _text(mapping_schema(crm_schema))


def beside(mapping: Path) -> Path:
    """Where the JSON Schema of a mapping stands: `x.mapping.schema.json` beside `x.yaml`."""
    return mapping.with_name(f"{mapping.stem}.mapping.schema.json")


def naming_its_schema(mapping: Path, text: str) -> str:
    """The mapping's text with a first line by which editors find the JSON Schema beside it."""
    return f"# yaml-language-server: $schema={beside(mapping).name}\n{text}"


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
