"""A change of one field, in words: short values side by side, of long texts the lines that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.cli.drafts import value_text
from connector.cli.excerpt import excerpt, first_lines

if TYPE_CHECKING:
    from connector.model import Value

_LONGEST_INLINE = 80
_INDENT = "\n        "


def change_text(old: str, new: str, *, old_is_text: bool, new_is_text: bool, note: str = "") -> str:
    """The old value and the new one. `note` stands behind; a value that is no text is always shown whole."""
    if not (old_is_text or new_is_text) or ("\n" not in old + new and len(old) + len(new) <= _LONGEST_INLINE):
        return f"{old} → {new}{note}"
    one_side = f"→ {new}" if old_is_text else f"{old} →"
    head = "differs in these lines" if old_is_text and new_is_text else one_side
    lines = excerpt(old if old_is_text else "", new if new_is_text else "")
    return _INDENT.join([head + note, *lines])


def change_of_held(old: Value, new: Value) -> str:
    """What a field of a record holds, and what it would hold."""
    texts = [isinstance(value, str) and value != "" for value in (old, new)]
    return change_text(held_text(old), held_text(new), old_is_text=texts[0], new_is_text=texts[1])


def held_text(value: Value) -> str:
    """What a field of a record holds: an empty text is nothing."""
    return "(nothing)" if value in (None, "") else value_text(value, None)


def shortened(value: Value) -> str:
    """A value of a new record; of a long text the first lines."""
    text = value_text(value, None)
    lines = first_lines(text) if isinstance(value, str) else [text]
    return lines[0] if len(lines) == 1 else _INDENT.join(["", *lines])
