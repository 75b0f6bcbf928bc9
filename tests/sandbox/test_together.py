"""Apten and the org side by side."""

from connector.sandbox.salesforce import ids
from connector.sandbox.together import org_of
from connector.sandbox.world import make_world
from tests.clock import NOON


def test_the_org_knows_the_worlds_people_by_their_whole_ids_and_nobody_else() -> None:
    world = make_world(seed=5, calls=1, leads=200, now=NOON)
    given = [lead.get("externalLeadId") or "" for lead in world.leads()]
    people = [text for text in given if text[:3] in {"003", "00Q"} and len(text) in {15, 18}]
    assert {len(text) for text in people} == {15, 18}
    org = org_of(world)
    assert org.people.keys() == {ids.whole(text) for text in people}
    assert all(person["Id"] == record_id for record_id, person in org.people.items())
    profiles = {lead.get("phone"): lead.get("email") for lead in world.leads()}
    assert all(profiles[person["Phone"]] == person["Email"] for person in org.people.values() if person["Phone"])
