"""The pieces of JSON Schema that the rest is built of.

They are valid JSON Schema (draft 2020-12), and shaped for what yaml-language-server makes of it: it offers what it
finds in `anyOf`, `enum`, `const`, `examples` and `defaultSnippets`, and never looks behind `then`, where stands what is
only to be refused. `errorMessage`, `enumDescriptions`, `defaultSnippets` and `doNotSuggest` are words of its own, which
other programs pass over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from connector.diagnostics import SourceFile
from connector.mapping.scalars import as_flag, as_whole
from connector.yaml_text import Mapping as MapNode
from connector.yaml_text import Scalar, read

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from connector.mapping.shape import Key
    from connector.yaml_text import Node

Schema: TypeAlias = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_SINGLE = ["string", "number", "boolean"]
# Texts that YAML may take for a number or a flag: an editor then sees that, and not the text.
_NOT_SURELY_TEXT = re.compile(r"[-+.0-9].*|true|false|yes|no|on|off|y|n", re.IGNORECASE)


def ref(name: str) -> Schema:
    """What `$defs` has under this name."""
    return {"$ref": f"#/$defs/{name}"}


def single(pattern: str = r"\S", says: str = "a single value is due here") -> Schema:
    """A single value, of whatever type an editor takes `No` or `007` for; a text has to fit the pattern."""
    return {"if": True, "then": {"type": _SINGLE, "pattern": pattern, "errorMessage": says}}


def single_or_null() -> Schema:
    """A single value, or none."""
    return {"if": True, "then": {"type": [*_SINGLE, "null"], "errorMessage": "a single value is due here, or null"}}


def text(pattern: str, says: str) -> Schema:
    """A text of which the whole fits the pattern."""
    return {"type": "string", "pattern": f"^(?:{pattern})$", "errorMessage": says}


def number(pattern: str, says: str, **bounds: int | None) -> Schema:
    """A number within its bounds, or a text of which the whole fits the pattern."""
    kept = {name: bound for name, bound in bounds.items() if bound is not None}
    return {"type": ["string", "number"], "pattern": f"^(?:{pattern})$", **kept, "errorMessage": says}


def flag(spelled: Iterable[str] = ("true", "false")) -> Schema:
    """True or false, also as a text that is spelled so."""
    return {"anyOf": [{"type": "boolean"}, text("|".join(spelled), "true or false is due here")]}


def words(known: Collection[str]) -> Schema:
    """One of a few words; in a mapping, each with what it means."""
    meanings = [sentence(meaning) for meaning in known.values()] if isinstance(known, Mapping) else []
    texts = {"type": "string", "enum": list(known), **({"enumDescriptions": meanings} if meanings else {})}
    if not any(_NOT_SURELY_TEXT.fullmatch(word) for word in known):
        return texts
    return {"anyOf": [texts, {}], "if": {"type": "string"}, "then": texts, "else": single()}


def suggested(values: Collection[str]) -> Schema:
    """Any single value; these are offered."""
    return {"anyOf": [words(values), single()]}


def named(known: Mapping[str, str], says: str, also: str = "") -> Schema:
    """One of many names, each with what it is if there is more to say; or a name that fits the pattern `also`."""
    offered = [{"const": name, **({"description": sentence(doc)} if doc else {})} for name, doc in known.items()]
    patterns = [*(literally(name) for name in known), *([also] if also else [])]
    # An editor may take NO, which is Norway, for a flag.
    allowed = {**text("|".join(patterns), says), "type": ["string", "boolean"]}
    return {"anyOf": [*offered, {}], "if": True, "then": allowed}


def literally(name: str) -> str:
    """The pattern of just this name."""
    return re.sub(r"([.+])", r"\\\1", name)


def one_or_more(item: Schema) -> Schema:
    """One, or a list of them."""
    return {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}


def or_map(other: Schema, map_: Schema, *, offered: Collection[Key] = ()) -> Schema:
    """A map, or else something other; in place of which maps with one of the offered keys are offered."""
    other = {**other, "defaultSnippets": [_snippet(key) for key in offered]} if offered else other
    return {"anyOf": [other, {"type": "object"}], "if": {"type": "object"}, "then": map_}


def _snippet(key: Key) -> Schema:
    """A map with the key and its example, to be written over."""
    example = key.example.replace("}", r"\}")
    return {
        "label": f"{{{key.name}: …}}",
        "description": sentence(key.doc),
        "bodyText": f"{{{key.name}: ${{1:{example}}}}}",
    }


def section(keys: Collection[Key], content: Mapping[str, Schema]) -> Schema:
    """A map with these keys and no others, each with its content."""
    return {
        "type": "object",
        "properties": {key.name: described(key, content[key.name]) for key in keys},
        "required": [key.name for key in keys if key.required],
        "additionalProperties": False,
        "minProperties": 1,
    }


def described(key: Key, content: Schema) -> Schema:
    """The key's content with what the key says, and its example where the content offers nothing itself."""
    says, example = sentence(key.doc), _plain(read(SourceFile(key.name, key.example)))
    if key.words or any("const" in each or "enum" in each for each in (content, *content.get("anyOf", ()))):
        return {"description": says, **content}
    if isinstance(example, dict | list):
        return {"description": f"{says}\n\nFor example: {key.name}: {key.example}", **content}
    return {"description": says, "examples": [example], **content}


def _plain(node: Node | None) -> Any:
    match node:
        case None:
            return None
        case Scalar(text=text):
            known = (as_flag(text), as_whole(text))
            return next((value for value in known if value is not None), text)
        case MapNode(pairs):
            return {key.text: _plain(value) for key, value in pairs}
    return [_plain(item) for item in node.items]


def unoffered(content: Schema) -> Schema:
    """The content of a key that is not offered here: it comes too early, or another schema of the map offers it."""
    return {"doNotSuggest": True, "allOf": [content]}


def sentence(doc: str) -> str:
    """The words as a sentence."""
    return doc[:1].upper() + doc[1:] + ("" if doc.endswith((".", "?")) else ".")
