"""What a setting may refer to: environment variables as `${NAME}`, secrets also in files as `file:path`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from connector.settings.codes import (
    BAD_REFERENCE,
    BAD_SECRET,
    BAD_SECRET_FILE,
    OPEN_SECRET,
    UNSET_VARIABLE,
    problem,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_WHOLE = re.compile(r"\$\{" + _NAME + r"\}")
_ANY = re.compile(r"\$\{(?:(" + _NAME + r")\})?")
_FILE = "file:"
REFERENCE = rf"\$\{{{_NAME}\}}|{_FILE}.*"
"""How a secret is named; for editors, as a pattern."""
_MOUNTED_SECRETS = (Path("/run/secrets"), Path("/var/run/secrets"))
_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where references are looked up: environment variables, and the folder that relative paths start from.

    `today` is the day it is, UTC; None where that is nothing to judge by.
    """

    environ: Mapping[str, str]
    folder: Path
    today: date | None = None


def is_variable(text: str) -> bool:
    """Whether the text is one `${NAME}` and nothing else."""
    return bool(_WHOLE.fullmatch(text))


def is_reference(text: str) -> bool:
    """Whether the text names a secret (`${NAME}`, `file:path`) instead of being one."""
    return is_variable(text) or text.startswith(_FILE)


def expand(text: str, near: Surroundings, encode: Callable[[str], str] = str) -> str:
    """The text with every `${NAME}` replaced by that variable, passed through `encode`."""

    def value(reference: re.Match[str]) -> str:
        if reference[1] is None:
            raise problem(BAD_REFERENCE, "not the name of an environment variable", "write `${NAME}`")
        return encode(_variable(reference[1], near))

    return _ANY.sub(value, text)


def look_up(text: str, near: Surroundings) -> str:
    """What a reference names, without white space at its ends; a text that is none is refused."""
    if text.startswith(_FILE):
        return secret_file(near.folder / text.removeprefix(_FILE))
    if is_variable(text):
        return expand(text, near)
    if text.startswith("${"):
        raise problem(BAD_REFERENCE, "not the name of one environment variable", "write `${NAME}`")
    raise problem(
        OPEN_SECRET,
        "a secret must not stand here",
        "write `${NAME}` and set that environment variable, or `file:path` of a file only you can read",
    )


def secret(text: str, near: Surroundings) -> str:
    """The secret a reference names; fit to travel in an HTTP header."""
    value = password(text, near)
    if not value.isascii():
        raise _unusable()
    return value


def password(text: str, near: Surroundings) -> str:
    """The password a reference names; it may hold letters that no key has."""
    value = look_up(text, near)
    if not value.isprintable():
        raise _unusable()
    return value


def secret_file(path: Path) -> str:
    """The text of a file that only its owner can read or change, without white space at its ends."""
    try:
        others = path.stat().st_mode & _OTHERS
        value = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError as error:
        raise problem(BAD_SECRET_FILE, f"{path} is not there") from error
    except PermissionError as error:
        raise problem(
            BAD_SECRET_FILE, f"{path} may not be read by this user", "run as its owner, or chown it"
        ) from error
    except (OSError, ValueError) as error:
        raise problem(BAD_SECRET_FILE, f"{path} cannot be read as text") from error
    if others and not any(folder in path.absolute().parents for folder in _MOUNTED_SECRETS):
        raise problem(BAD_SECRET_FILE, f"others can read or change {path}", f"chmod 600 {path}")
    if not value:
        raise problem(BAD_SECRET_FILE, f"{path} is empty")
    return value


def _unusable() -> Exception:
    return problem(
        BAD_SECRET, "names a secret with a line break or characters that no key has", "copy the key once more"
    )


def _variable(name: str, near: Surroundings) -> str:
    value = near.environ.get(name, "").strip()
    if not value:
        state = "set to nothing" if name in near.environ else "not set"
        raise problem(
            UNSET_VARIABLE, f"the environment variable {name} is {state}", f"set {name} where the program runs"
        )
    return value
