"""Finds the files that travel with the program: `mappings/` and `config.example.yaml`."""

from __future__ import annotations

from pathlib import Path

from connector.errors import SetupError

_PACKAGE = Path(__file__).parent
# Inside an installed wheel; and the top level of a source checkout, which is their home.
_HOMES = (_PACKAGE / "_shipped", _PACKAGE.parent)


def shipped(name: str) -> Path:
    """The file or folder of this name, e.g. `mappings/salesforce.yaml`.

    Raises:
        SetupError: the installation lacks it.
    """
    for home in _HOMES:
        if (home / name).exists():
            return home / name
    raise SetupError(
        f"The file {name} of this program is missing.",
        done="Nothing was read or written.",
        todo="Install apten-crm-connector again.",
    )
