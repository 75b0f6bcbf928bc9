"""`check`: config and mapping, all problems at once."""

from __future__ import annotations

from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from connector.admin_files import read_mapping, read_snapshot
from connector.cli.annotations import annotated, annotation
from connector.cli.offline import read_settings
from connector.cli.options import ConfigOption, FormatOption, LogFormatOption, setting
from connector.cli.printing import counted, say, say_json, show_problems
from connector.clock import SystemClock
from connector.config import Config
from connector.diagnostics import Diagnostic
from connector.errors import ConfigError, CrmSetupError, MappingError
from connector.mapping.apply import compile_mapping
from connector.mapping.check import check as check_mapping
from connector.mapping.drift import drift
from connector.mapping.finds import amiss, finds, refused
from connector.mapping.order import never_reached
from connector.wiring import compile_for, knock_at_apten, make_crm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.cli.options import Setting
    from connector.crm_schema import ObjectSchema
    from connector.mapping.finds import Find
    from connector.mapping.load import MappingFile
    from connector.ports import Crm


def check(
    context: typer.Context,
    mappings: Annotated[
        list[Path] | None, typer.Argument(help="Mappings to check by themselves, without a config.")
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Also sign in: to Apten, and to the CRM to check against it as it is now.")
    ] = False,
    config: ConfigOption = None,
    log_format: LogFormatOption = None,
    output: FormatOption = None,
) -> int:
    """Check config and mapping, all problems at once.

    Offline, the CRM's schema is read from the snapshot beside the mapping (`x.schema.yaml` beside `x.yaml`). With
    --live, fields that the mapping uses and that the CRM has narrowed since are told as well, as warnings, and so are
    records to `find` of which there is not exactly one.
    """
    if mappings and live:
        raise typer.BadParameter(
            "--live checks the mappings of the config, which says where to sign in: name none here"
        )
    given = setting(context, config, log_format, output)
    with annotated(wanted=given.github), _listed(wanted=given.json):
        return _check(given, mappings or [], live=live)


@contextmanager
def _listed(*, wanted: bool) -> Iterator[None]:
    """If `wanted`, the problems of an error that ends the check are listed as JSON before it goes on its way."""
    try:
        yield
    except (ConfigError, MappingError) as error:
        problems = [each.as_json() for each in error.diagnostics if isinstance(each, Diagnostic)]
        if wanted and problems:
            say_json(problems)
        raise


def _check(given: Setting, mappings: list[Path], *, live: bool) -> int:
    found: list[Diagnostic] = []
    paths = mappings
    if not paths:
        settings, found = read_settings(given.config_path, live=live)
        paths = list(settings.crm.mapping_files)
        if live:
            given.log(settings)
            knock_at_apten(settings, SystemClock())
    notes = []
    for path in paths:
        mapping = read_mapping(path)
        saved = read_snapshot(path)
        schema, looked_up, unforeseen = _met(settings, mapping) if live and not mappings else (saved, [], "")
        notes.append(unforeseen)
        problems = check_mapping(mapping, schema)
        found += [*problems, *looked_up]
        if schema is not None and saved is not None:
            found += drift(mapping, saved, schema, problems)
        if schema is None:
            name = f"{path.stem}.schema{path.suffix}"
            notes.append(f"{path}: checked without the CRM's schema, there is no {name} beside it.")
    if not mappings:
        found += never_reached([read_mapping(path) for path in paths])
    errors = sum(each.is_error for each in found)
    if not mappings and not errors:
        compile_for(settings, [read_mapping(path) for path in paths])
    _show(given, found)
    if not given.json:
        for note in filter(None, dict.fromkeys(notes)):
            say(note)
        say(_verdict(errors, len(found) - errors, len(paths), with_config=not mappings))
    return 2 if errors else 0


def _show(given: Setting, found: list[Diagnostic]) -> None:
    if given.json:
        say_json([each.as_json() for each in found])
    elif given.github:
        for each in found:
            say(annotation(each))
    else:
        show_problems(found)


def _met(config: Config, mapping: MappingFile) -> tuple[ObjectSchema, list[Diagnostic], str]:
    """The mapping's object as it is now, what is amiss with records that it says to find, and what none can foresee."""
    target = compile_mapping(mapping).target
    with closing(make_crm(config, [mapping])) as crm:
        looked_up = [problem for find in finds(mapping) if (problem := _looked_up(crm, find))]
        return crm.describe(target), looked_up, crm.beyond(target)


def _looked_up(crm: Crm, find: Find) -> Diagnostic | None:
    try:
        [ids] = crm.look_up([find.lookup])
    except CrmSetupError as error:
        return refused(find, error.happened)
    return amiss(find, ids)


def _verdict(errors: int, warnings: int, files: int, *, with_config: bool) -> str:
    if errors or warnings:
        where = counted(files, "mapping") + (" and the config" if with_config else "")
        return f"{counted(errors, 'error')}, {counted(warnings, 'warning')} in {where}"
    return f"{counted(files, 'mapping')} checked: no problems"
