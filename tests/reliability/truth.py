"""What the CRM must hold of a call: what the mapping makes of it, as the stand-in stores it. No ledger is asked."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from connector.admin_files import read_mapping
from connector.crms.salesforce.values import to_json
from connector.mapping.apply import compile_mapping
from connector.model import Skip
from connector.sandbox.salesforce.values import stored
from connector.source_model import Call, Lead
from connector.sync.decide import held_for
from connector.sync.link import Links
from connector.sync.route import Route
from connector.sync.settle import is_running
from connector.sync.task import straight
from connector.wiring import make_crm

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from connector.model import Draft, Value
    from connector.sandbox.shelf import Row
    from tests.reliability.watch import Picture
    from tests.town import Town

_BATCH = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """An activity as it must be. `always` is what every update sends, `at_creation` what only a creation does."""

    always: Mapping[str, Any]
    at_creation: Mapping[str, Any]


@dataclass
class Truth:
    """What the town's mapping makes of calls, by the CRM's schema as it is now."""

    town: Town
    route: Route
    links: Links
    _made: dict[tuple[int, int], tuple[Picture, Wanted | None]] = field(default_factory=dict)

    def of(self, picture: Picture) -> Wanted | None:
        """What is to be written of a picture; None if the mapping leaves the call out."""
        call, lead = picture
        known = (id(call), id(lead))
        if known not in self._made:
            made = self.route.apply(*_read(picture))
            # The picture is kept with it: an id is good for as long as what it is of.
            self._made[known] = (picture, None if isinstance(made, Skip) else self._wanted(made[1]))
        return self._made[known][1]

    def look_up(self, pictures: Iterable[Picture]) -> None:
        """Find the people of all of them with few questions, not with some for each."""
        made = [self.route.apply(*_read(picture)) for picture in pictures]
        drafts = [each[1] for each in made if not isinstance(each, Skip)]
        for begin in range(0, len(drafts), _BATCH):
            straight(self.links.link(drafts[begin : begin + _BATCH]), lambda send: send())

    def is_due(self, picture: Picture) -> bool:
        """Whether the call must be in the CRM by now: it is over, nothing is waited for, its lead is there."""
        call, lead = _read(picture)
        now = self.town.clock.now()
        if is_running(call, now) or lead is None or lead.deleted:
            return False
        made = self.route.apply(call, lead)
        return not isinstance(made, Skip) and held_for(made[0], call, now) is None

    def key(self, call_id: str) -> str:
        """The key of a call's activity."""
        return self.route.target.key(call_id)

    def _wanted(self, draft: Draft) -> Wanted:
        (linked,) = straight(self.links.link([draft]), lambda send: send())
        always = self.route.comparable(draft)
        rest = {name: value for name, value in linked.fields.items() if name not in always}
        return Wanted(self._stored(always), self._stored(rest))

    def _stored(self, fields: Mapping[str, Value]) -> dict[str, Any]:
        store = self._in_salesforce if self.town.kind == "salesforce" else _in_sqlite
        return {name: store(name, value) for name, value in fields.items()}

    def _in_salesforce(self, name: str, value: Value) -> Any:
        org = self.town.org
        return None if value is None else stored(org.fields[name], to_json(value), org.assumptions)


@contextmanager
def truth(town: Town) -> Iterator[Truth]:
    """The town's mappings, all of one target, held against its CRM as it is now."""
    config = town.config()
    files = [read_mapping(path) for path in config.crm.mapping_files]
    target = compile_mapping(files[0]).target
    # The judge's questions count for nothing.
    used, town.org.requests_used = town.org.requests_used, 0
    with closing(make_crm(config, files)) as crm:
        schema = crm.describe(target)
        route = Route(target, schema, tuple(compile_mapping(file, schema) for file in files))
        yield Truth(town, route, Links(crm))
    town.org.requests_used = used


def _in_sqlite(_name: str, value: Value) -> Any:
    """As the driver stores it; and as `json_object` shows it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value


def _read(picture: Picture) -> tuple[Call, Lead | None]:
    call, lead = picture
    return Call.model_validate(call), None if lead is None else Lead.model_validate(lead)


def present(town: Town, call: Row) -> Picture:
    """A call and its lead as Apten shows them now."""
    lead_id = call.get("leadId")
    return call, town.world.lead(lead_id) if lead_id else None
