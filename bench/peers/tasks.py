"""What every client is given on its command line: the org's address, a session, and a file of tasks as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter

KEY = "Apten_Call_Id__c"
VERSION = "66.0"
Task = dict[str, Any]


def given() -> tuple[str, str, list[Task]]:
    """Address, session, tasks."""
    url, session, file = sys.argv[1:]
    return url, session, json.loads(Path(file).read_text(encoding="utf-8"))


class PlainHttp(HTTPAdapter):
    """simple-salesforce speaks https alone, the stand-in http."""

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Send it without TLS."""
        request.url = (request.url or "").replace("https://", "http://", 1)
        return super().send(request, *args, **options)


def plain_session() -> requests.Session:
    """For simple-salesforce."""
    session = requests.Session()
    session.mount("https://", PlainHttp())
    return session
