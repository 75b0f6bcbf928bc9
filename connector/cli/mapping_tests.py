"""`test`: runs the cases that stand beside mappings."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from connector.admin_files import read_mapping, read_snapshot, read_tests
from connector.cli.offline import read_settings
from connector.cli.options import ConfigOption, FormatOption, LogFormatOption, setting
from connector.cli.printing import counted, say, say_json
from connector.errors import ConfigError, MappingError
from connector.mapping.apply import compile_mapping
from connector.mapping.cases.run import differences

if TYPE_CHECKING:
    from connector.diagnostics import Diagnostic
    from connector.mapping.apply import Mapping
    from connector.mapping.cases.case import Case
    from connector.mapping.cases.run import Difference

_INDENT = " " * 14


def test(
    context: typer.Context,
    mappings: Annotated[
        list[Path] | None, typer.Argument(help="Mappings whose cases to run. (default: those of the config)")
    ] = None,
    config: ConfigOption = None,
    log_format: LogFormatOption = None,
    output: FormatOption = None,
) -> int:
    """Run the cases beside the mapping (`x.tests.yaml` beside `x.yaml`). Needs no keys and asks nobody.

    Ends with exit code 1 if a case fails, and 2 if a file has mistakes or there is no case at all.
    """
    given = setting(context, config, log_format, output)
    paths = mappings or list(read_settings(given.config_path, live=False)[0].crm.mapping_files)
    ran = [(case, differences(case, mapping)) for mapping, cases in _read(paths) for case in cases]
    failed = [(case, found) for case, found in ran if found]
    if given.json:
        say_json([_as_json(case, found) for case, found in ran])
    else:
        for case, found in failed:
            _show(case, found)
        say(f"{counted(len(ran), 'case')}: {len(ran) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def _read(paths: list[Path]) -> list[tuple[Mapping, tuple[Case, ...]]]:
    """The mappings with their cases.

    Raises:
        MappingError: a mapping or a file of cases has mistakes.
        ConfigError: no mapping has cases.
    """
    found = []
    diagnostics: list[Diagnostic] = []
    for path in paths:
        mapping = compile_mapping(read_mapping(path), read_snapshot(path))
        cases = read_tests(path, mapping)
        if cases is not None:
            found.append((mapping, cases.cases))
            diagnostics += cases.diagnostics
    if diagnostics:
        raise MappingError(
            "The tests beside the mapping have mistakes.",
            diagnostics,
            done="No case was run.",
            todo="Mend what is listed.",
        )
    if not found:
        raise ConfigError(
            f"There are no tests beside {' or '.join(map(str, paths))}.",
            done="No case was run.",
            todo="Write cases to NAME.tests.yaml beside NAME.yaml; `apten-crm init` in an empty folder shows some.",
        )
    return found


def _show(case: Case, found: tuple[Difference, ...]) -> None:
    say(f"failed: {case.name}  ({case.place.file.name}:{case.place.line})")
    for each in found:
        say(f"  {each.what}")
        for side, text in (("expected", each.expected), ("got", each.got)):
            say(f"    {side + ':':<9} " + text.replace("\n", f"\n{_INDENT}"))
    say()


def _as_json(case: Case, found: tuple[Difference, ...]) -> dict[str, Any]:
    place = {"file": case.place.file.name, "line": case.place.line}
    return {"case": case.name, **place, "passed": not found, "differences": [asdict(each) for each in found]}
