"""Small changes that each break a good mapping, and where a person would look for what they break."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from tests.mapping.rendering import changed, found_at, renamed, without

if TYPE_CHECKING:
    from tests.mapping.breaking.anatomy import Anatomy
    from tests.mapping.rendering import Path, Tree


@dataclass(frozen=True, slots=True)
class Mutation:
    """A mapping with one thing wrong in it: something is told `at` an entry, and nothing outside of `within`."""

    tree: Tree
    at: Path
    within: Path


Mutator: TypeAlias = Callable[["Anatomy"], Iterator[Mutation]]
MUTATORS: dict[str, Mutator] = {}


def mutator(make: Mutator) -> Mutator:
    """Put it on the list, by its name."""
    MUTATORS[make.__name__] = make
    return make


def put(whole: Anatomy, path: Path, value: Tree) -> Mutation:
    """Another value at a path."""
    return Mutation(changed(whole.tree, path, value), path, path)


def add(whole: Anatomy, path: Path, key: str, value: Tree) -> Mutation:
    """One more key, which is not there yet."""
    entry = found_at(whole.tree, path)
    return Mutation(changed(whole.tree, path, {**entry, key: value}), (*path, key), (*path, key))


def rename(whole: Anatomy, path: Path, name: str) -> Mutation:
    """Another key for the entry at a path."""
    new = (*path[:-1], name)
    return Mutation(renamed(whole.tree, path, name), new, new)


def drop(whole: Anatomy, path: Path) -> Mutation:
    """What is no longer there is told where it is missed: in the entry around it."""
    return Mutation(without(whole.tree, path), path[:-1], path[:-1])


def misspelt(word: str) -> str:
    """A slip that leaves no doubt what was meant."""
    return word + word[-1]
