"""Reads Markdown pages and the program's own words, for the tests of the docs."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from tests.keys import certificates, pem, rsa_key

if TYPE_CHECKING:
    from pathlib import Path

_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def fences(text: str, language: str) -> list[str]:
    """The contents of a page's code blocks in this language."""
    return [content for found, content in _FENCE.findall(text) if found == language]


def code_spans(text: str) -> list[str]:
    """Code within sentences, each on one line."""
    return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", _FENCE.sub("", text))]


def section(text: str, title: str) -> str:
    """What stands under a heading of the second level, up to the next one.

    Raises:
        KeyError: there is no such heading.
    """
    parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[title]


def anchors(text: str) -> set[str]:
    """What links can name in a page, by the rule of the usual Markdown viewers."""
    titles = re.findall(r"^#+ (.+)$", _FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def top_keys(text: str) -> set[str]:
    """The keys at the top of a YAML text."""
    return set(re.findall(r"^(\w+):", text, re.MULTILINE))


def whole_mapping(text: str) -> str:
    """Parts of a mapping, within the rest that any mapping for the shipped fields of Salesforce has."""
    rest = {"version": "1", "activity": "salesforce/Task", "key": "Apten_Call_Id__c", "fields": "{Status: Completed}"}
    return text + "".join(f"{key}: {value}\n" for key, value in rest.items() if key not in top_keys(text))


def said(package: Path) -> str:
    """Every text in the package's source, what is filled in at run time left open."""
    texts = []
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                texts.append(
                    "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
                )
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.append(node.value)
    return "\n".join(texts)


def write_what_it_names(config: str, folder: Path) -> None:
    """The files that a config names, each of the kind it needs: mappings, secrets, a private key, certificates."""
    (folder / "mappings").mkdir(exist_ok=True)
    for name in re.findall(r"mappings/\w+\.yaml", config):
        (folder / name).touch()
    kinds = {
        ": file:": "secret",
        "  url: file:": "https://hooks.example.com/x",
        "private_key_file: ": pem(rsa_key()),
        "ca_file: ": certificates(),
    }
    for setting, content in kinds.items():
        for name in re.findall(rf"{setting}(\S+)$", config, re.MULTILINE):
            (folder / name).write_text(content)
            (folder / name).chmod(0o600)
