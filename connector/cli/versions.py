"""Which two versions of a mapping are compared: an earlier one in a file, and the one that the config names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from connector.admin_files import read_mapping, read_snapshot
from connector.errors import SetupError
from connector.mapping.apply import compile_mappings
from connector.mapping.elaborate import elaborate
from connector.wiring import refuse_other_crms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.config import Config
    from connector.mapping.apply import Mapping
    from connector.mapping.load import MappingFile
    from connector.model import Target

_DONE = "Nothing was compared."


@dataclass(frozen=True, slots=True)
class Versions:
    """Two versions of a mapping, both with the same target, and the names of their files."""

    old: Mapping
    old_file: str
    new: Mapping
    new_file: str


def read_versions(config: Config, against: Path) -> Versions:
    """The mapping in the file `against`, and the one of the config that writes to the same target.

    Both are held against the same schema of the CRM, the snapshot beside the newer one; unless the earlier one has a
    snapshot of its own.

    Raises:
        MappingError: mappings have mistakes; it carries those of all.
        SetupError: a file cannot be read, or it is not clear what to compare with.
    """
    old = read_mapping(against)
    paths = config.crm.mapping_files
    files = [read_mapping(path) for path in paths]
    twins = [number for number, file in enumerate(files) if _target(file) == _target(old)]
    schema = read_snapshot(against) or (read_snapshot(paths[twins[0]]) if twins else None)
    pairs = [(file, read_snapshot(path)) for file, path in zip(files, paths, strict=True)]
    *mappings, earlier = compile_mappings([*pairs, (old, schema)])
    refuse_other_crms(config, mappings)
    names = [file.file.name for file in files]
    if not twins:
        raise _without_twin(old.file.name, earlier, names, mappings)
    if len(twins) > 1:
        raise _with_twins(old.file.name, earlier, [names[number] for number in twins])
    (twin,) = twins
    return Versions(earlier, old.file.name, mappings[twin], names[twin])


def _target(file: MappingFile) -> tuple[str, Target | None]:
    """The CRM and the target, as far as they can be read; the rest of the mapping may have mistakes."""
    heading = elaborate(file, None).heading
    return heading.crm, heading.target


def _without_twin(old_file: str, old: Mapping, names: Sequence[str], mappings: Sequence[Mapping]) -> SetupError:
    targets = ", ".join(f"{name} to {_where(mapping)}" for name, mapping in zip(names, mappings, strict=True))
    return SetupError(
        f"{old_file} writes to {_where(old)}, which no mapping of the config does: {targets}.",
        done=_DONE,
        todo="Give an earlier version of one of these. With another CRM, object, key field or suffix a mapping logs "
        "other activities, and there is nothing to compare.",
    )


def _with_twins(old_file: str, old: Mapping, names: Sequence[str]) -> SetupError:
    return SetupError(
        f"Several mappings write to {_where(old)}: {' and '.join(names)}. Nothing says which of them {old_file} is an "
        "earlier version of.",
        done=_DONE,
        todo="Write a config that names only the one to compare with (`crm.mapping`), and give it with --config.",
    )


def _where(mapping: Mapping) -> str:
    return f"{mapping.crm}/{mapping.target.name}"
