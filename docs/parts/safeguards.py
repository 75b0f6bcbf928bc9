"""What keeps the promise, from the table by which `make ablations` takes each safeguard away."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docs.parts.markdown import code, table
from tests.reliability.safeguards.every import SAFEGUARDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.reliability.safeguards.safeguard import Safeguard

_ROOT = Path(__file__).parent.parent.parent


def safeguards() -> str:
    """Every safeguard with its place, its reason and its tests."""
    return "\n\n".join(f"## {title}\n\n{_rows(group)}" for title, group in SAFEGUARDS.items())


def _rows(group: list[Safeguard]) -> str:
    heads = ("safeguard", "where", "without it", "turns red")
    return table(heads, ((each.name, _places(each), each.without, _tests(each)) for each in group))


def _places(each: Safeguard) -> str:
    return " · ".join(dict.fromkeys(code(f"{edit.path}: {edit.function(_ROOT)}") for edit in each.edits))


def _tests(each: Safeguard) -> str:
    return " · ".join(_named(each))


def _named(each: Safeguard) -> Iterator[str]:
    for test in each.tests:
        path, _, name = test.partition("::")
        yield f"{code(path)} {code(name)}" if name else code(path)
