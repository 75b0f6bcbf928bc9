"""A change of one field, in words: short values side by side, of long texts the lines that differ."""

from __future__ import annotations

from connector.cli.excerpt import excerpt

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
