"""What the connector costs a CRM that counts its requests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """What a connection to a CRM has cost.

    `sent` counts its requests, logins included. `used` of `allowed` are the requests of everybody in the CRM's present
    period (Salesforce: the last 24 hours), as of its last answer; None where the CRM does not count, or was not asked.
    """

    sent: int = 0
    used: int | None = None
    allowed: int | None = None
