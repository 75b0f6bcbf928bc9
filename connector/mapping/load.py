"""Text to nodes: the first step of everything that is done with a mapping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector.yaml_text import YamlError, read

if TYPE_CHECKING:
    from connector.diagnostics import Diagnostic, SourceFile
    from connector.yaml_text import Node


@dataclass(frozen=True, slots=True)
class MappingFile:
    """A mapping as written: its nodes with their places, and what is wrong with it as YAML; no root, if it is empty."""

    file: SourceFile
    root: Node | None
    diagnostics: tuple[Diagnostic, ...] = ()


def load(file: SourceFile) -> MappingFile:
    """The file's nodes. Never raises: what is wrong is in `diagnostics`."""
    try:
        return MappingFile(file, read(file))
    except YamlError as error:
        return MappingFile(file, None, error.diagnostics)
