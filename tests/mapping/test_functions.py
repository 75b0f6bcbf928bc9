from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connector.mapping.functions.registry import CONVERSIONS, FILTERS
from tests.mapping.samples import call, value

if TYPE_CHECKING:
    from connector.mapping.functions.function import Example, Function

FUNCTIONS = {**CONVERSIONS, **FILTERS}
EXAMPLES = [(name, example) for name, function in FUNCTIONS.items() for example in function.examples]


@pytest.mark.parametrize(
    ("name", "example"), EXAMPLES, ids=[f"{name}: {example.written}" for name, example in EXAMPLES]
)
def test_an_example_gives_what_it_says(name: str, example: Example) -> None:
    assert name in example.written
    assert value(example.written, call(**example.call)) == example.gives


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS.keys())
def test_every_function_is_described_and_shown(function: Function) -> None:
    assert function.doc
    assert function.takes
    assert function.examples
    assert function.name in function.signature
