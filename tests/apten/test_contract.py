"""The HTTP client sits the exam for a Source."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.apten.serving import client, served
from tests.contracts.source import SourceContract

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from connector.ports import Source
    from connector.sandbox.world import World


class TestApten(SourceContract):
    @contextmanager
    def serving(self, world: World, now: datetime) -> Iterator[Source]:
        with served(world, now) as server, client(server) as source:
            yield source

    @contextmanager
    def refused(self, world: World, now: datetime) -> Iterator[Source]:
        with served(world, now) as server, client(server, key="another-key") as source:
            yield source


def test_an_exam_without_its_hooks_cannot_even_be_written() -> None:
    with pytest.raises(TypeError, match="serving, refused"):
        type("TestNothing", (SourceContract,), {})
