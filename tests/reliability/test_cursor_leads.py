"""Leads that are deleted, merged or known by another id in the CRM: their calls stay where they are, once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from connector.sandbox.faults import Fault
from connector.sandbox.shelf import stamp_text
from tests.looking import rows
from tests.reliability.converged import assert_converged
from tests.reliability.place import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.reliability.place import Place

    Settle = Callable[..., Place]

OLD, NEW = "00Q5g00000FaultOLD", "00Q5g00000FaultNEW"


def a_lead_with_a_call(here: Place) -> None:
    """It is logged."""
    here.add_lead("lead", externalLeadId=OLD)
    here.town.let_people_in()
    here.add_call("logged", "lead")
    here.pass_by(minutes=10)
    assert here.town.run().exit_code == 0
    assert here.town.logged() == ["logged"]


def person_of(here: Place, call_id: str) -> str:
    """Whom the call's activity is with, by 15 characters; empty for nobody."""
    found = here.town.activity(call_id)["WhoId" if here.town.kind == "salesforce" else "person_id"]
    return str(found or "")[:15]


@pytest.mark.survives("G cursor", "deleted lead")
@pytest.mark.parametrize("kind", KINDS)
def test_a_deleted_lead(place: Settle, kind: str) -> None:
    here = place(kind)
    a_lead_with_a_call(here)
    here.add_call("not-logged-in-time", "lead")
    here.world.delete_lead("lead", here.theirs.now())
    before = rows(here.town)
    here.pass_by(minutes=10)
    report = here.town.run()
    assert (report.exit_code, report.counts["skipped"]) == (0, 1)
    here.rest()
    assert rows(here.town) == before
    assert_converged(here.town, besides=["logged"])


@pytest.mark.survives("G cursor", "deleted lead")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("request_line", [r"GET /v1/leads\?", "/events"])
def test_a_lead_that_is_gone_in_the_middle_of_a_run(place: Settle, kind: str, request_line: str) -> None:
    here = place(kind)
    a_lead_with_a_call(here)
    before = rows(here.town)
    here.add_lead("stays")
    here.add_call("of-another", "stays")
    here.add_call("gone-with-its-lead", "lead")
    here.pass_by(minutes=10)
    gone = Fault(request_line, shows=lambda: here.world.forget_lead("lead"))
    here.town.apten.faults.add(gone, after=0)
    here.town.run()
    here.rest(parked=True)
    assert rows(here.town)["logged"] == before["logged"]
    assert here.town.logged() == ["logged", "of-another"]


@pytest.mark.survives("G cursor", "merged lead")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("loser", ["deleted", "forgotten"])
def test_a_lead_that_is_merged_into_another(place: Settle, kind: str, loser: str) -> None:
    here = place(kind)
    a_lead_with_a_call(here)
    here.add_lead("winner", externalLeadId=NEW)
    here.town.let_people_in()
    here.add_call("not-logged-yet", "lead")
    for call_id in ("logged", "not-logged-yet"):
        here.world.change_call(call_id, here.theirs.now(), leadId="winner")
    if loser == "deleted":
        here.world.delete_lead("lead", here.theirs.now())
    else:
        here.world.lose_lead("lead")
    here.pass_by(minutes=10)
    assert here.town.run().exit_code == 0
    here.rest()
    assert here.town.logged() == ["logged", "not-logged-yet"]
    assert person_of(here, "logged") == (OLD if kind == "salesforce" else NEW)[:15]
    assert person_of(here, "not-logged-yet") == NEW[:15]


@pytest.mark.survives("G cursor", "changed externalLeadId")
@pytest.mark.parametrize("kind", KINDS)
def test_a_lead_that_the_crm_knows_by_another_id(place: Settle, kind: str) -> None:
    here = place(kind)
    a_lead_with_a_call(here)
    before = rows(here.town)["logged"]
    here.world.change_lead("lead", here.theirs.now(), externalLeadId=NEW)
    here.town.let_people_in()
    here.pass_by(minutes=10)
    assert here.town.run().exit_code == 0
    assert rows(here.town)["logged"] == before, "a change of the lead alone rewrites nothing"
    here.add_call("afterwards", "lead")
    here.pass_by(minutes=10)
    assert here.town.run().exit_code == 0
    assert person_of(here, "afterwards") == NEW[:15]
    here.rest()
    assert rows(here.town)["logged"] == before


@pytest.mark.survives("G cursor", "changed externalLeadId")
@pytest.mark.parametrize("kind", KINDS)
def test_a_lead_that_the_crm_knows_by_no_id_and_then_by_one(place: Settle, kind: str) -> None:
    here = place(kind)
    here.add_lead("lead")
    here.add_call("logged", "lead")
    here.pass_by(minutes=10)
    here.town.run()
    assert person_of(here, "logged") == ""
    here.world.change_lead("lead", here.theirs.now(), externalLeadId=NEW)
    here.town.let_people_in()
    here.rest()
    assert person_of(here, "logged") == NEW[:15]
    assert_converged(here.town)


@pytest.mark.survives("G cursor", "activity stamp goes back")
def test_a_lead_whose_activity_stamp_goes_back(place: Settle) -> None:
    """As when somebody deletes its newest message: what was called meanwhile is found all the same."""
    here = place("database")
    here.add_lead("lead")
    here.add_call("first", "lead")
    settled_lead(here)
    here.add_call("second", "lead")
    now = here.theirs.now()
    earlier = stamp_text(now - timedelta(hours=2))
    here.world.add_lead({**here.world.lead("lead"), "updatedAt": stamp_text(now), "lastActivityAt": earlier})
    here.pass_by(minutes=5)
    assert here.town.run().exit_code == 0
    assert here.town.logged() == ["first", "second"]


@pytest.mark.survives("G cursor", "activity that moves no stamp")
def test_a_call_of_which_no_stamp_of_its_lead_tells(place: Settle) -> None:
    """The daily sweep finds it."""
    here = place("database")
    here.add_lead("lead")
    here.add_call("first", "lead")
    settled_lead(here)
    before = here.world.lead("lead")
    here.add_call("untold", "lead")
    here.world.add_lead({**here.world.lead("lead"), **{name: before[name] for name in ("updatedAt", "lastActivityAt")}})
    here.pass_by(days=1)
    assert here.town.run().exit_code == 0
    assert here.town.logged() == ["first", "untold"]


def settled_lead(here: Place) -> None:
    """What there is was looked at, and once more for what might show late."""
    for _ in range(2):
        here.town.run()
        here.pass_by(minutes=15)
