"""What a run asks of Apten and of Salesforce: the requests among which a fault is put."""

from __future__ import annotations

from dataclasses import dataclass

APTEN, SALESFORCE = "apten", "salesforce"


@dataclass(frozen=True)
class Endpoint:
    """One sort of request.

    Args:
        name: what tests call it.
        side: who answers it.
        match: regular expression that finds it as `METHOD /path?query`.
        once: a run asks it once, so that there is no middle and no last one.
    """

    name: str
    side: str
    match: str
    once: bool = False

    @property
    def positions(self) -> tuple[str, ...]:
        """Which of a run's requests of this sort there are to choose from."""
        return ("first",) if self.once else ("first", "middle", "last")


ENDPOINTS = (
    Endpoint("leads", APTEN, r"^GET /v1/leads\?"),
    Endpoint("upsert", SALESFORCE, r"^PATCH /.*/composite/sobjects/Task/"),
    Endpoint("events", APTEN, r"^GET /v1/leads/[^/]+/events"),
    Endpoint("query", SALESFORCE, r"^GET /.*/query"),
    Endpoint("call", APTEN, r"^GET /v1/calls/"),
    Endpoint("update", SALESFORCE, r"^PATCH /.*/composite/sobjects$"),
    Endpoint("lead", APTEN, r"^GET /v1/leads/[^/?]+$"),
    Endpoint("token", SALESFORCE, r"^POST /services/oauth2/token", once=True),
    Endpoint("describe", SALESFORCE, r"^GET /.*/describe", once=True),
)
