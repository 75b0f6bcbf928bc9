"""`schema`: the CRM's fields saved beside each mapping, to check it without a connection, and JSON Schemas."""

from __future__ import annotations

import os
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from connector.admin_files import read_mapping, read_snapshot, snapshot_path
from connector.cli.json_schema import beside, mapping_schema_text, print_json_schema
from connector.cli.options import ConfigOption, FormatOption, LogFormatOption, setting
from connector.cli.printing import say, say_json
from connector.errors import ConfigError, MappingError
from connector.mapping.schema_changes import Changes, changes, in_order_of, with_units_of
from connector.mapping.snapshot import dump_schema
from connector.wiring import compile_for, make_crm

if TYPE_CHECKING:
    from connector.crm_schema import ObjectSchema

schema = typer.Typer(
    name="schema",
    help="The CRM's fields saved beside each mapping, and JSON Schemas for editors.",
    no_args_is_help=True,
    add_completion=False,
)
schema.command(name="print")(print_json_schema)


@dataclass(frozen=True, slots=True)
class _Pulled:
    """A snapshot as it is to be: its path and how to show that, its text, and what changes; None for a new one.

    `stale` is the file beside the mapping that editors know the fields from, with its text as it is to be; None if
    there is no such file, or nothing to change in it.
    """

    path: Path
    name: str
    text: str
    changes: Changes | None
    stale: tuple[Path, str] | None

    @property
    def is_due(self) -> bool:
        return self.changes is None or bool(self.changes)


@schema.command()
def pull(
    context: typer.Context,
    shown: Annotated[bool, typer.Option("--print", help="Show them on stdout; write nothing.")] = False,
    config: ConfigOption = None,
    log_format: LogFormatOption = None,
    output: FormatOption = None,
) -> int:
    """Save the CRM's fields beside each mapping (`x.schema.yaml` beside `x.yaml`), and say what changed in them.

    `apten-crm check` reads them there. A file whose fields have not changed is left as it is. The JSON Schema beside a
    mapping (`x.mapping.schema.json`), by which editors complete it, is brought up to date where there is one.
    """
    given = setting(context, config, log_format, output)
    settings = given.config()
    given.log(settings)
    paths = settings.crm.mapping_files
    mappings = [read_mapping(path) for path in paths]
    with closing(make_crm(settings, mappings)) as crm:
        schemas = [crm.describe(mapping.target) for mapping in compile_for(settings, mappings)]
    pulled = [
        _pulled(path, snapshot_path(Path(mapping.file.name)), live)
        for path, mapping, live in zip(paths, mappings, schemas, strict=True)
    ]
    if not shown:
        for each in pulled:
            if each.is_due:
                _replace(each.path, each.text)
            if each.stale:
                _replace(*each.stale)
    if given.json:
        say_json([_as_json(each, with_text=shown) for each in pulled])
    else:
        for each in pulled:
            say(f"# {each.name}\n{each.text}" if shown else _told(each))
            if each.stale and not shown:
                say(f"{each.stale[0].name}: brought up to date, for editors")
    return 0


def _pulled(mapping: Path, name: Path, live: ObjectSchema) -> _Pulled:
    """A snapshot that cannot be read, or is of another object, counts as none."""
    saved = None
    with suppress(MappingError):
        saved = read_snapshot(mapping)
    if saved is None or (saved.crm, saved.object, saved.counted) != (live.crm, live.object, live.counted):
        return _Pulled(snapshot_path(mapping), str(name), dump_schema(live), None, _stale(mapping, live))
    live = with_units_of(saved, live)
    ordered = in_order_of(saved, live)
    found = changes(saved, live)
    return _Pulled(snapshot_path(mapping), str(name), dump_schema(ordered), found, _stale(mapping, ordered))


def _stale(mapping: Path, live: ObjectSchema) -> tuple[Path, str] | None:
    path, text = beside(mapping), mapping_schema_text(live)
    return (path, text) if path.is_file() and path.read_bytes() != text.encode() else None


def _replace(path: Path, text: str) -> None:
    """Write the file whole or not at all."""
    path = path.resolve()
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        try:
            with new.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be written.",
            done="It is as it was.",
            todo="Check that you may write to its folder and that the disk is not full, or use `--print`.",
        ) from error


def _told(pulled: _Pulled) -> str:
    found = pulled.changes
    if found is None:
        return f"{pulled.name}: saved"
    if not found:
        return f"{pulled.name}: nothing has changed, left as it is"
    lines = [f"{pulled.name}: {len(found.added)} added, {len(found.removed)} removed, {len(found.changed)} changed"]
    lines += [f"  + {name}" for name in found.added]
    lines += [f"  - {name}" for name in found.removed]
    lines += [f"  ~ {name}: {'; '.join(facts)}" for name, facts in found.changed.items()]
    return "\n".join(lines)


def _as_json(pulled: _Pulled, *, with_text: bool) -> dict[str, Any]:
    found = pulled.changes or Changes((), (), {})
    record: dict[str, Any] = {"file": pulled.name, "new": pulled.changes is None, "written": pulled.is_due}
    record |= {"added": found.added, "removed": found.removed, "changed": found.changed}
    return record | {"written": False, "schema": pulled.text} if with_text else record
