"""The org's daily quota of API requests: what is counted, what every answer says of it, what happens at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.sandbox.salesforce.answers import RequestError

if TYPE_CHECKING:
    from connector.sandbox.salesforce.org import SalesforceOrg


def charge(org: SalesforceOrg, kind: str) -> None:
    """Count one request of a kind, such as `query`.

    Raises:
        RequestError: 403, the quota is used up.
    """
    if org.requests_used >= org.daily_requests:
        raise RequestError(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
    org.requests_used += 1
    org.requests_by_kind[kind] += 1


def usage(org: SalesforceOrg) -> dict[str, str]:
    """The header that stands on every answer."""
    return {"Sforce-Limit-Info": f"api-usage={org.requests_used}/{org.daily_requests}"}


def limits(org: SalesforceOrg) -> dict[str, dict[str, int]]:
    """`GET /limits`."""
    left = max(0, org.daily_requests - org.requests_used)
    return {
        "DailyApiRequests": {"Max": org.daily_requests, "Remaining": left},
        "DataStorageMB": {"Max": 5, "Remaining": 5},
    }
