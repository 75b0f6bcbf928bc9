"""A fingerprint of what a mapping says, whatever its comments, layout and name."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from connector.yaml_text import Mapping, Scalar

if TYPE_CHECKING:
    from connector.yaml_text import Node

SIZE = 16
_FOR_PEOPLE = "name"


def fingerprint(root: Node) -> bytes:
    """16 bytes that change when the mapping says something else. The order of keys says nothing, that of lists does."""
    meaning = _plain(root)
    if isinstance(meaning, dict):
        meaning.pop(_FOR_PEOPLE, None)
    text = json.dumps(meaning, sort_keys=True, ensure_ascii=True)
    return hashlib.blake2b(text.encode(), digest_size=SIZE).digest()


def _plain(node: Node) -> Any:
    match node:
        case Scalar():
            return None if node.is_null else node.text
        case Mapping(pairs):
            return {key.text: _plain(value) for key, value in pairs}
    return [_plain(item) for item in node.items]
