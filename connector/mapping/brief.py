"""What a mapping says at a place, on one line: for people who want to know where a value comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.yaml_text import Mapping, Scalar
from connector.yaml_values import quoted

if TYPE_CHECKING:
    from connector.yaml_text import Node

LONGEST = 160


def brief(node: Node) -> str:
    """The node as YAML on one line, its own braces left away; cut where it is longer than 160 characters."""
    text = _entries(node) if isinstance(node, Mapping) else _flow(node)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _flow(node: Node) -> str:
    match node:
        case Scalar():
            return _word(node)
        case Mapping():
            return f"{{{_entries(node)}}}"
    return f"[{', '.join(map(_flow, node.items))}]"


def _entries(node: Mapping) -> str:
    return ", ".join(f"{key.text}: {_flow(value)}" for key, value in node.pairs)


def _word(node: Scalar) -> str:
    text = " ".join(node.text.split())
    return text if node.plain else quoted(text)
