"""Golden files: a bad mapping with the exact diagnostics it gets in the comment at its top.

`python -m tests.mapping.golden` writes the comments anew; read the difference before you commit it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from connector.diagnostics import Diagnostic, SourceFile
from connector.errors import MappingError
from connector.mapping.apply import compile_mapping
from connector.mapping.cases.read import read_cases
from connector.mapping.check import check
from connector.mapping.load import load
from connector.mapping.snapshot import load_schema

if TYPE_CHECKING:
    from connector.crm_schema import ObjectSchema

FOLDER = Path(__file__).parent / "diagnostics"
SCHEMAS = {
    "activity: salesforce/Visit": Path(__file__).parent / "visit.schema.yaml",
    "activity: salesforce/": Path(__file__).parents[2] / "mappings" / "salesforce.schema.yaml",
}
TESTED = Path(__file__).parents[2] / "mappings" / "salesforce.yaml"
_END = "# ---\n"


def files() -> list[Path]:
    return sorted(FOLDER.glob("*.yaml"))


def split(path: Path) -> tuple[str, str]:
    """The expected diagnostics, and the mapping behind them."""
    comment, _, mapping = path.read_text(encoding="utf-8").partition(_END)
    return "\n".join(line.removeprefix("#").removeprefix(" ") for line in comment.splitlines()), mapping


def diagnostics(path: Path) -> tuple[Diagnostic, ...]:
    """What checking says, against the schema of the CRM that the mapping names.

    A file `schema_*` is a schema itself, a file `tests_*` tests the shipped mapping for Salesforce.
    """
    file = SourceFile(path.name, split(path)[1])
    if path.name.startswith("tests_"):
        mapping = compile_mapping(load(SourceFile(TESTED.name, TESTED.read_text(encoding="utf-8"))))
        return read_cases(file, mapping, _beside).diagnostics
    if path.name.startswith("schema_"):
        try:
            load_schema(file)
        except MappingError as error:
            return tuple(found for found in error.diagnostics if isinstance(found, Diagnostic))
        return ()
    return check(load(file), schema_of(file.text))


def schema_of(mapping: str) -> ObjectSchema | None:
    """The schema of the CRM that a mapping names."""
    saved = next((saved for activity, saved in SCHEMAS.items() if activity in mapping), None)
    return load_schema(SourceFile(saved.name, saved.read_text(encoding="utf-8"))) if saved else None


def _beside(name: str) -> str | None:
    path = FOLDER / name
    return path.read_text(encoding="utf-8") if path.exists() else None


def rendered(path: Path) -> str:
    return "\n\n".join(found.render() for found in diagnostics(path))


if __name__ == "__main__":
    for path in files():
        lines = [f"# {line}".rstrip() for line in rendered(path).splitlines()]
        path.write_text("\n".join(lines) + "\n" + _END + split(path)[1], encoding="utf-8")
