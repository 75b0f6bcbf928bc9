"""Towns in the middle of things: what a process is about to do when it is killed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from connector.sandbox.faults import Fault
from tests.looking import edit, lose_ledger
from tests.reliability.judge import judge
from tests.reliability.killed import Ended, Order
from tests.reliability.watch import Watch
from tests.town import add_lead_with_call

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.reliability.killed import Warm
    from tests.town import Town

_CALLS, _LEADS = 26, 11
_EXPIRED = b'[{"errorCode":"INVALID_SESSION_ID","message":"Session expired or invalid"}]'
_TEXT = {"salesforce": "Description", "database": "summary"}
_MAPPED_BEFORE_AND_AFTER = {
    "salesforce": ('"Apten {{', '"Apten AI {{'),
    "database": ("ended_by: {from: endedBy}", "ended_by: {from: endedBy, as: label}"),
}


@dataclass
class Scene:
    """A town, what its process is to do, and what is to come of it.

    `upgrade`: the ledger is one version older than the program. `patience`: how long until the CRM is sure to be done
    with what it was asked before the process died.
    """

    town: Town
    warm: Warm
    watch: Watch | None
    command: list[str] = field(default_factory=lambda: ["sync"])
    parked: list[str] = field(default_factory=list)
    edited: dict[str, list[str]] = field(default_factory=dict)
    upgrade: bool = False
    patience: timedelta = timedelta()

    def run(self, *, moment: str = "", hit: int = 1, after: float | None = None) -> Ended:
        """The scene's command as a process, killed at a moment, or after so many seconds, if one is named."""
        at, config = self.town.clock.now().isoformat(), str(self.town.config_path)
        return self.warm.run(Order(config, at, self.command, moment, hit, after, upgrade=self.upgrade))

    def judge(self) -> None:
        """One clean run, and everything is as it should be."""
        self.town.salesforce.faults.clear()
        self.town.clock.advance(seconds=self.patience.total_seconds())
        expected = int(bool(self.parked))
        ended = self.run()
        said = (self.town.folder / "process.log").read_text()
        assert ended.code == expected, said
        # Only a process of the same make can read a ledger of its version.
        self.command = ["sync"]
        rerun = (lambda: self.run().code) if self.upgrade else None
        judge(self.town, watch=self.watch, parked=self.parked, edited=self.edited, rerun=rerun)


def nothing_yet(build: Callable[..., Town], warm: Warm, kind: str) -> Scene:
    """The very first run: neither ledger nor table."""
    return Scene(build(kind, calls=_CALLS, leads=_LEADS), warm, None)


def back_fill(build: Callable[..., Town], warm: Warm, kind: str) -> Scene:
    """A new ledger before a CRM that holds some of the calls already."""
    town = build(kind, calls=_CALLS, leads=_LEADS)
    watch = Watch(town)
    town.run(limit=11)
    lose_ledger(town)
    return Scene(town, warm, watch)


def updates(build: Callable[..., Town], warm: Warm, kind: str) -> Scene:
    """The next day: summaries, new calls and people have come, one text was edited, one call cannot be had."""
    town = build(kind, calls=_CALLS, leads=_LEADS)
    for stranger in town.org.people:
        town.org.remove(stranger)
    watch = Watch(town)
    town.run()
    town.clock.advance(hours=25)
    now = town.clock.now()
    late = town.world.late_summaries(12, now - timedelta(minutes=30))
    edit(town, late[0], _TEXT[kind], "What I remember of it")
    new = [add_lead_with_call(town.world, number, now - timedelta(minutes=number)) for number in range(1, 8)]
    town.world.forget_call(new[-1])
    town.let_people_in()
    return Scene(town, warm, watch, parked=new[-1:], edited={late[0]: [_TEXT[kind]]})


def resync(build: Callable[..., Town], warm: Warm, kind: str) -> Scene:
    """The mapping was changed, and calls logged before are brought up to date."""
    scene = back_fill(build, warm, kind)
    town = scene.town
    town.run()
    before, after = _MAPPED_BEFORE_AND_AFTER[kind]
    text = town.mapping_path.read_text()
    assert before in text
    town.mapping_path.write_text(text.replace(before, after))
    scene.command = ["resync", "--mapping-changed"]
    return scene


def sessions_end(build: Callable[..., Town], warm: Warm, kind: str) -> Scene:
    """The CRM ends the session three times in a run."""
    scene = back_fill(build, warm, kind)
    for after in (1, 4, 7):
        scene.town.salesforce.faults.add(Fault("/services/data/", status=401, body=_EXPIRED), after=after)
    return scene


def key_not_unique(build: Callable[..., Town], warm: Warm, kind: str) -> Scene:
    """The CRM would take a second activity with the same key, so that what may still be under way is waited for."""
    town = build(kind, calls=_CALLS, leads=_LEADS)
    town.org.add_field(replace(town.org.fields[town.key_field], unique=False))
    return Scene(town, warm, Watch(town), patience=timedelta(minutes=31))


def older_ledger(build: Callable[..., Town], warm: Warm, kind: str) -> Scene:
    """The program is newer than its ledger."""
    scene = updates(build, warm, kind)
    scene.upgrade = True
    return scene
