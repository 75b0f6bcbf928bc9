"""Writing the files of a command: all of them, or none."""

from __future__ import annotations

import errno
from contextlib import suppress
from typing import TYPE_CHECKING

from connector.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def write_all(files: Mapping[Path, str], *, instead: str) -> None:
    """Write new files, with the folders that they are in.

    `instead` says how to name another folder.

    Raises:
        ConfigError: one cannot be written; none was kept.
    """
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        for begun in files:
            with suppress(OSError):
                begun.unlink(missing_ok=True)
        raise ConfigError(
            f"{path} cannot be written ({errno.errorcode.get(error.errno or 0, 'no reason given')}).",
            done="Nothing was kept.",
            todo=f"Check your rights on the folder and the room on its disk, or {instead}.",
        ) from error
