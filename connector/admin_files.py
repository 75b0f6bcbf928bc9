"""The files an admin writes: mappings, the schemas and tests beside them, each named as its reader would."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from connector.diagnostics import SourceFile
from connector.errors import ConfigError
from connector.mapping.cases.read import read_cases
from connector.mapping.load import load
from connector.mapping.snapshot import load_schema

if TYPE_CHECKING:
    from connector.crm_schema import ObjectSchema
    from connector.mapping.apply import Mapping as CompiledMapping
    from connector.mapping.cases.case import Cases
    from connector.mapping.load import MappingFile


def read_mapping(path: Path) -> MappingFile:
    """The mapping in a file, named as given.

    Raises:
        ConfigError: the file cannot be read.
    """
    return load(SourceFile(_shown(path), _text(path)))


def snapshot_path(mapping: Path) -> Path:
    """Where the CRM's schema is saved beside a mapping: `x.schema.yaml` beside `x.yaml`."""
    return mapping.with_name(f"{mapping.stem}.schema{mapping.suffix}")


def read_snapshot(mapping: Path) -> ObjectSchema | None:
    """The CRM's schema saved beside a mapping; None if there is none."""
    path = snapshot_path(mapping)
    return read_schema(path) if path.exists() else None


def read_schema(path: Path) -> ObjectSchema:
    """The CRM's schema that a file holds.

    Raises:
        ConfigError: the file cannot be read as text.
        MappingError: it holds none.
    """
    return load_schema(SourceFile(_shown(path), _text(path)))


def read_tests(mapping: Path, compiled: CompiledMapping) -> Cases | None:
    """The tests beside a mapping (`x.yaml` → `x.tests.yaml`), files that they name included; None if there are none."""
    path = mapping.with_name(f"{mapping.stem}.tests{mapping.suffix}")
    if not path.exists():
        return None

    def beside(name: str) -> str | None:
        try:
            return (path.parent / name).read_text(encoding="utf-8-sig")
        except (OSError, ValueError):  # not UTF-8; or a name with a null character, which is no name at all
            return None

    return read_cases(SourceFile(_shown(path), _text(path)), compiled, beside)


def _text(path: Path) -> str:
    """The text of a YAML file; what is not UTF-8 in it is told, with its place, by who reads it as YAML."""
    try:
        return path.read_text(encoding="utf-8-sig", errors="surrogateescape")
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read.", todo="Check that it is there, that it is a file, and that you may read it."
        ) from error


def _shown(path: Path) -> str:
    """The path as the reader would type it: relative to where they are, if it lies below."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
