"""What the config's mappings use of the CRM."""

from __future__ import annotations

from collections.abc import Sequence

from connector.config import Config
from connector.mapping.load import MappingFile
from connector.mapping.uses import use_of
from connector.preparation import Use
from connector.wiring import compile_for


def uses_of(config: Config, mappings: Sequence[MappingFile]) -> list[Use]:
    """What each mapping uses.

    Raises:
        MappingError: a mapping cannot be used.
        ConfigError: a mapping is for another kind of CRM than the config's.
    """
    compiled = compile_for(config, mappings)
    return [use_of(mapping, each.target) for mapping, each in zip(mappings, compiled, strict=True)]
