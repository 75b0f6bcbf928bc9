"""Secrets and words of calls that are found wherever they turn up, and a town that is full of them."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from connector.sandbox.apten import AptenStandIn
from connector.sandbox.salesforce.app import SalesforceStandIn
from connector.sandbox.salesforce.org import SalesforceOrg
from connector.sandbox.server import LocalServer
from connector.sandbox.world import make_world
from tests.alert.receiver import TOKEN
from tests.clock import FakeClock
from tests.town import Town, at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SECRETS = {
    "APTEN_API_KEY": "hushhush-apten-key",
    "SALESFORCE_CONSUMER_KEY": "hushhush-consumer-key",
    "SALESFORCE_CONSUMER_SECRET": "hushhush-consumer-secret",
    "SALESFORCE_PASSWORD": "hushhush-password",
    "SALESFORCE_SECURITY_TOKEN": "hushhush-token",
    "SALESFORCE_SESSION_ID": "00Dhushhush!session",
    "DB_PASSWORD": "hushhush/db:password",
}
LEAD = {
    "firstName": "Zzyzxandra",
    "lastName": "Zzyzxington",
    "phone": "+12025550177",
    "email": "zzyzx.mail@example.org",
    "summary": "The zzyzx summary of a lead",
    "additionalInfo": {"note": "zzyzx in a lead's note"},
}
CALL: dict[str, Any] = {
    "summary": "They spoke of zzyzx summary matters.",
    "transcript": [
        {"role": "user", "content": "Call me zzyzx transcript on 202-555-0177."},
        {"role": "assistant", "content": "So noted: zzyzx transcript."},
    ],
    "transferNumber": "+12025550188",
}
FOREIGN = (
    "Somebody wrote: They spoke of zzyzx summary matters. Zzyzxandra Zzyzxington, +12025550177, zzyzx.mail@example.org "
    + " ".join(secret for name, secret in SECRETS.items() if name.startswith(("APTEN", "SALESFORCE_CONSUMER")))
)
"""What a foreign error says: everything that it must not."""

_MARKS = re.compile(
    rb"zzyzx|hushhush|" + TOKEN.encode() + rb"|xoCanary|\+?1?[-. (]*202[-. )]*555[-. ]*01(?:77|88)", re.IGNORECASE
)


def leaks(*told: str | bytes) -> list[str]:
    """What of the canaries shows, each with what stands around it; in texts, in bytes, and in UTF-16 within these."""
    found = []
    for each in told:
        data = each.encode("utf-8", "surrogatepass") if isinstance(each, str) else each
        for spelling in (data, data.replace(b"\x00", b"")):
            found += [
                spelling[max(0, hit.start() - 60) : hit.end() + 30].decode("utf-8", "replace")
                for hit in _MARKS.finditer(spelling)
            ]
    return found


@contextmanager
def canary_town(kind: str, folder: Path, *, alert_url: str) -> Iterator[Town]:
    """A town in which every call and lead holds canaries, that takes no keys but canaries."""
    clock = FakeClock(at("2026-06-20T09:00:00+00:00"))
    world = make_world(seed=1, calls=8, leads=3, now=clock.now())
    for lead in world.leads():
        world.change_lead(lead["id"], at(lead["updatedAt"]), **LEAD)
    for call in world.calls():
        said: Mapping[str, Any] = CALL if call.get("transcript") else {"summary": CALL["summary"]}
        world.change_call(call["id"], at(call["updatedAt"]), touch=False, **said)
    org = SalesforceOrg(people_must_exist=False)
    apten = AptenStandIn(world, api_key=SECRETS["APTEN_API_KEY"], now=clock.now)
    keys = {
        "consumer_key": SECRETS["SALESFORCE_CONSUMER_KEY"],
        "consumer_secret": SECRETS["SALESFORCE_CONSUMER_SECRET"],
    }
    salesforce = SalesforceStandIn(org, now=clock.now, **keys)
    with LocalServer(apten.app) as apten_server, LocalServer(salesforce.app) as salesforce_server:
        town = Town(kind, folder, world, apten_server, salesforce_server, org, clock)
        text = town.config_path.read_text()
        town.config_path.write_text(text + "alert:\n  url: file:alert.url\n  waiting_above: 0\n")
        (folder / "alert.url").write_text(alert_url)
        (folder / "alert.url").chmod(0o600)
        town.let_people_in()
        yield town
