"""Everything that is looked at in an org, in the order in which it helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.crms.salesforce.doctor.beyond import beyond
from connector.crms.salesforce.doctor.limits import limits
from connector.crms.salesforce.doctor.objects import key_field, looked_at, rights
from connector.crms.salesforce.doctor.sign_in import SIGN_IN, sign_in, versions
from connector.crms.salesforce.org import ACTIVITIES
from connector.crms.salesforce.setup.wanted import Grant, wanted
from connector.findings import Check, Finding, Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from connector.crms.salesforce.budget import Budget
    from connector.crms.salesforce.login import Login
    from connector.crms.salesforce.org import Org
    from connector.preparation import Use


def checks(
    org: Callable[[], Org], login: Login, uses: Sequence[Use], *, version: str, budget: Budget
) -> Sequence[Check]:
    """What to look at for these mappings; `org` opens the connection when the first of them looks."""
    needed = wanted(uses)
    activities = [Grant(name, write=True) for name in ACTIVITIES if any(key.object == name for key in needed.keys)]

    def check(about: str, look: Callable[..., Iterable[Finding]], *args: object, **kwargs: object) -> Check:
        return Check(f"Salesforce: {about}", lambda: look(org(), *args, **kwargs))

    return (
        Check(SIGN_IN, lambda: versions(org(), version)),  # the first to ask, and so to be refused
        Check(SIGN_IN, lambda: sign_in(org(), login)),
        *(check(f"rights on {grant.object}", rights, grant) for grant in (*activities, *needed.grants)),
        *(check(f"key field {place}", key_field, place, mapping) for place, mapping in needed.keys.items()),
        *(check(f"field {place}", looked_at, place) for place in needed.read),
        check("time zone", _time_zone, uses),
        check("API requests", limits, budget),
        *(check(f"automation of {name}", _beyond, name) for name in dict.fromkeys(key.object for key in needed.keys)),
    )


def _beyond(org: Org, name: str) -> Iterable[Finding]:
    yield Finding(Level.OK, f"Salesforce: automation of {name}", beyond(org, name))


def _time_zone(org: Org, uses: Sequence[Use]) -> Iterable[Finding]:
    """A difference is no fault: a mapping may mean the clocks of the people it is for."""
    own = org.organization()["TimeZoneSidKey"]
    for use in uses:
        if use.time_zone is None:
            continue
        same = use.time_zone == own
        found = f"{use.mapping} means {use.time_zone}, {'as the org does' if same else f'the org {own}'}."
        todo = "" if same else "Nothing, if that is meant; else change `timezone` in the mapping."
        yield Finding(Level.OK, "Salesforce: time zone", found, todo)
