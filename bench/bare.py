"""The least that a client can do with the same library: `python -m bench.bare URL SINCE CONNECTIONS` reads every call.

Pages, events, calls, each decoded from JSON and forgotten; no model, no mapping, no memory, no CRM. Each thread has a
connection of its own.
"""

from __future__ import annotations

import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

import httpx


def main() -> None:
    """Read, and print how many calls there were."""
    url, since, connections = sys.argv[1], sys.argv[2], int(sys.argv[3])
    own = threading.local()
    one = httpx.Limits(max_connections=1, max_keepalive_connections=1)
    certificates = httpx.create_ssl_context(trust_env=False)
    with ThreadPoolExecutor(connections) as pool:

        def get(path: str) -> Any:
            if not hasattr(own, "connection"):
                own.connection = httpx.HTTPTransport(verify=certificates, limits=one, trust_env=False)
            request = httpx.Request("GET", url + path, headers={"x-api-key": "bench-key"})
            response = own.connection.handle_request(request)
            body = json.loads(response.read())
            response.close()
            assert response.status_code == HTTPStatus.OK
            return body

        def calls_of(lead: str) -> int:
            events = get(f"/v1/leads/{lead}/events?since={since}&types=CALL&limit=1000")["events"]
            return sum("transcript" in get(f"/v1/calls/{event['id']}") for event in events)

        read, token = 0, ""
        while True:
            page = get(f"/v1/leads?updatedSince={since}&limit=1000{token and '&nextToken=' + token}")
            read += sum(pool.map(calls_of, [lead["id"] for lead in page["leads"]]))
            if page["nextToken"] is None:
                break
            token = page["nextToken"]
    print(read)


if __name__ == "__main__":
    main()
