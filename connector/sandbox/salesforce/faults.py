"""What goes wrong between a client and Salesforce, in Salesforce's own words, for a server's queue of faults.

    server.faults.add(faults.unavailable(), times=2)

Locks that cannot be had are the org's matter: `org.locks`. A quota that ends is `org.daily_requests`.
"""

from __future__ import annotations

import json

from connector.sandbox.faults import Fault, When

WRITES = "^(POST|PATCH|DELETE) .*/services/data/"
"""Matches every request that changes something."""

DATA = "/services/data/"
"""Matches every request but logins."""


def unavailable(match: str = DATA, *, when: When = When.BEFORE) -> Fault:
    """503, as while an instance is moved or restarted."""
    return _refusal(503, "SERVER_UNAVAILABLE", "We are down for maintenance", match, when)


def session_expired(match: str = DATA) -> Fault:
    """401, though the token was good a moment ago: the same token is taken again once the fault is used up."""
    return _refusal(401, "INVALID_SESSION_ID", "Session expired or invalid", match, When.BEFORE)


def html_page(match: str = DATA, *, status: int = 500, when: When = When.BEFORE) -> Fault:
    """A page for people, as a load balancer sends it."""
    page = b"<html><head><title>Service not available</title></head><body>Error ID: 1-2 (3)</body></html>"
    return Fault(match, when, status, page, {"content-type": "text/html;charset=UTF-8"})


def timed_out_after_commit(match: str = WRITES, *, seconds: float = 600.0) -> Fault:
    """What was asked is done, but the answer takes longer than anybody waits."""
    return Fault(match, When.AFTER, delay=seconds)


def connection_lost(match: str = WRITES, *, when: When = When.AFTER) -> Fault:
    """The connection breaks, before the request took effect or after."""
    return Fault(match, when, drop=True)


def _refusal(status: int, code: str, message: str, match: str, when: When) -> Fault:
    return Fault(match, when, status, json.dumps([{"errorCode": code, "message": message}]).encode())
