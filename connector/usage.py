"""What the connector costs those whom it asks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """What a connection to Apten or to a CRM has cost.

    `sent` counts its requests, logins included; `bytes_sent` and `bytes_received` are the sizes of their bodies and of
    those of the answers, as they went over the line. `used` of `allowed` are the requests of everybody in the CRM's
    present period (Salesforce: the last 24 hours), as of its last answer; None where nobody counts, or was asked.
    """

    sent: int = 0
    bytes_sent: int = 0
    bytes_received: int = 0
    used: int | None = None
    allowed: int | None = None
