"""What can be wrong in a template."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.mapping.breaking.mutation import Mutation, misspelt, mutator, put

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mapping.breaking.anatomy import Anatomy


def _with(whole: Anatomy, *added: str) -> Iterator[Mutation]:
    """Every template with each of these at its end."""
    for path, template in whole.templates():
        for more in added:
            yield put(whole, path, template + more)


def _misspelt(whole: Anatomy, word: str) -> Iterator[Mutation]:
    """Every template with one word misspelt: what the pattern's group matches."""
    for path, template in whole.templates():
        for found in re.finditer(word, template):
            yield put(whole, path, template[: found.start(1)] + misspelt(found[1]) + template[found.end(1) :])


@mutator
def a_template_is_not_ended(whole: Anatomy) -> Iterator[Mutation]:
    yield from _with(whole, "{{ id", "{% if summary %}", "{{", "{% endif %}", "{{ }}", "{{ id | }}")


@mutator
def a_template_wants_more_than_there_is(whole: Anatomy) -> Iterator[Mutation]:
    yield from _with(
        whole,
        "{% for turn in transcript %}x{% endfor %}",
        "{% set a = 1 %}",
        "{{ id.upper() }}",
        "{{ 1 + 2 }}",
        "{{ 'a' if isTransfer else 'b' }}",
        "{{ 'a' }}",
        "{{ id ~ id }}",
        "{% if id is defined %}x{% endif %}",
        "{% if id == leadId %}x{% endif %}",
        "{{ person }}",
    )


@mutator
def a_filter_is_misspelt(whole: Anatomy) -> Iterator[Mutation]:
    yield from _with(whole, "{{ id | labell }}", "{{ id | quux }}")
    yield from _misspelt(whole, r"\| (\w+)")


@mutator
def a_filter_is_used_otherwise(whole: Anatomy) -> Iterator[Mutation]:
    yield from _with(
        whole,
        "{{ id | cut }}",
        "{{ id | cut(0) }}",
        "{{ id | cut(1, 2) }}",
        "{{ id | default }}",
        "{{ id | default(5) }}",
        "{{ createdAt | date('short') }}",
        "{{ durationSeconds | minutes('sideways') }}",
        "{{ id | date }}",
        "{{ createdAt | label }}",
        "{{ id | dialogue }}",
        "{{ transcript | label }}",
    )


@mutator
def a_template_prints_what_may_be_missing(whole: Anatomy) -> Iterator[Mutation]:
    yield from _with(whole, "{{ lead.additionalInfo.unheard }}", "{% if isTransfer %}{{ sessionId }}{% endif %}")


@mutator
def two_parts_take_the_room_left(whole: Anatomy) -> Iterator[Mutation]:
    rest = "{{ lead.lastName | default('') | cut('…') }}"
    yield from _with(whole, rest + rest)


@mutator
def a_source_in_a_template_is_misspelt(whole: Anatomy) -> Iterator[Mutation]:
    yield from _with(whole, "{{ durationSecond }}", "{% if isTransferr %}x{% endif %}")
    yield from _misspelt(whole, r"\{\{ (?!lead\.additionalInfo\.)([\w.]+)")


@mutator
def a_template_asks_what_cannot_be(whole: Anatomy) -> Iterator[Mutation]:
    yield from _with(
        whole,
        "{% if durationSeconds > 'long' %}x{% endif %}",
        "{% if isTransfer == 'maybe' %}x{% endif %}",
        "{% if direction == 'OUTBONUD' %}x{% endif %}",
        "{% if summary > 5 %}x{% endif %}",
        "{% if 'vip' in summary.tags %}x{% endif %}",
        "{% if transcript == 'x' %}x{% endif %}",
    )
