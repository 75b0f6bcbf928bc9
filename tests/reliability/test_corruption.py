"""A ledger's file that changed while nobody ran: refused, or of no consequence; never a wrong or second write."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from connector.errors import LedgerError
from tests.looking import edit, lose_ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.clock import FakeClock
    from tests.reliability.scoreboard import HowMany
    from tests.town import Town

_HEADER = 100
_PAGE = 4096


@dataclass
class Rotten:
    """A town whose calls have all changed since the last run, some of their activities edited by people.

    `right` is what the activities become by a run on the sound ledger.
    """

    town: Town
    sound: bytes
    before: bytes
    right: list[dict[str, Any]]

    def put_back(self, ledger: bytes) -> None:
        """The database as it was before that run, with this ledger."""
        lose_ledger(self.town)
        (self.town.folder / "ledger.db").write_bytes(ledger)
        (self.town.folder / "activities.db").write_bytes(self.before)

    def survives(self, ledger: bytes) -> bool:
        """Whether a run refused this ledger, which leaves all as it was; else all must be as it should be."""
        self.put_back(ledger)
        try:
            self.town.run()
        except LedgerError as refusal:
            assert "let the next sync make a new ledger" in refusal.todo, refusal  # noqa: PT017  # or else it went on
            assert (self.town.folder / "activities.db").read_bytes() == self.before
            return True
        assert self.town.activities() == self.right
        return False


@pytest.fixture
def rotten(build: Callable[..., Town], clock: FakeClock) -> Rotten:
    town = build("database", calls=16, leads=5)
    town.run()
    sound = (town.folder / "ledger.db").read_bytes()
    clock.advance(minutes=5)
    for call in town.world.loggable_calls():
        town.world.change_call(call["id"], clock.now(), summary=f"Changed: {call['id']}")
    first, second, *_ = town.logged()
    edit(town, first, "summary", "My own notes")
    edit(town, second, "ended_by", None)
    clock.advance(minutes=5)
    before = (town.folder / "activities.db").read_bytes()
    report = town.run()
    assert report.counts["updated"] > 10
    assert report.counts["edits kept"]
    return Rotten(town, sound, before, town.activities())


def flipped(content: bytes, at: int, bit: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1 << bit]) + content[at + 1 :]


def payload_flips(sound: bytes, dice: Random) -> Iterator[bytes]:
    written = [at for at in range(_HEADER, len(sound)) if sound[at]]
    while True:
        yield flipped(sound, dice.choice(written), dice.randrange(8))


def header_flips(sound: bytes, dice: Random) -> Iterator[bytes]:
    while True:
        yield flipped(sound, dice.randrange(_HEADER), dice.randrange(8))


def zeroed_pages(sound: bytes, dice: Random) -> Iterator[bytes]:
    full = [at for at in range(0, len(sound), _PAGE) if any(sound[at : at + _PAGE])]
    while True:
        at = dice.choice(full)
        yield sound[:at] + bytes(_PAGE) + sound[at + _PAGE :]


def cut_short(sound: bytes, dice: Random) -> Iterator[bytes]:
    while True:
        yield sound[: dice.randrange(1, len(sound))]


def swapped_pages(sound: bytes, dice: Random) -> Iterator[bytes]:
    full = [at for at in range(_PAGE, len(sound), _PAGE) if any(sound[at : at + _PAGE])]
    while True:
        one, other = sorted(dice.sample(full, 2))
        first, second = sound[one : one + _PAGE], sound[other : other + _PAGE]
        if first == second:
            continue
        yield sound[:one] + second + sound[one + _PAGE : other] + first + sound[other + _PAGE :]


@pytest.mark.survives("K storage", "corrupt ledger")
@pytest.mark.parametrize("damage", [payload_flips, zeroed_pages, cut_short, swapped_pages])
def test_damage_beyond_the_header_is_always_refused_and_nothing_is_written(
    rotten: Rotten,
    damage: Callable[[bytes, Random], Iterator[bytes]],
    number: HowMany,
    record_property: Callable[[str, int], None],
) -> None:
    cases = number(check=10, soak=50)
    record_property("cases", cases)
    damaged = damage(rotten.sound, Random(f"{damage.__name__} 1"))
    for case in range(cases):
        assert rotten.survives(next(damaged)), f"case {case} went unnoticed"


@pytest.mark.survives("K storage", "corrupt ledger")
def test_damage_to_the_header_is_refused_or_of_no_consequence(
    rotten: Rotten, number: HowMany, record_property: Callable[[str, int], None]
) -> None:
    cases = number(check=10, soak=50)
    record_property("cases", cases)
    damaged = header_flips(rotten.sound, Random("header 1"))
    refused = sum(rotten.survives(next(damaged)) for _ in range(cases))
    assert 0 < refused < cases


@pytest.mark.survives("K storage", "corrupt ledger")
def test_after_a_refusal_a_new_ledger_finishes_the_work_and_leaves_what_people_wrote(rotten: Rotten) -> None:
    town = rotten.town
    assert rotten.survives(next(payload_flips(rotten.sound, Random("anew"))))
    before = {row["call_id"]: row["summary"] for row in town.activities()}
    lose_ledger(town)
    town.run()
    assert town.logged() == town.loggable()
    for row in town.activities():
        # With the ledger, what was written is forgotten: whatever differs counts as an edit, but for what is empty.
        assert row["summary"] == (before[row["call_id"]] or f"Changed: {row['call_id']}")
