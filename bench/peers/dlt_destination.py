"""dlt, a destination of one's own at dlt's defaults; each batch that it is handed becomes one collections request."""

import tempfile
from typing import Any

import dlt
import requests

from bench.peers.tasks import KEY, VERSION, Task, given

url, session_id, tasks = given()
session = requests.Session()
session.headers["authorization"] = f"Bearer {session_id}"


@dlt.destination
def salesforce(items: list[Task], table: Any) -> None:
    """Upsert."""
    del table
    body = {"allOrNone": False, "records": [{"attributes": {"type": "Task"}, **item} for item in items]}
    answer = session.patch(f"{url}/services/data/v{VERSION}/composite/sobjects/Task/{KEY}", json=body, timeout=60)
    answer.raise_for_status()
    assert all(row["success"] for row in answer.json()), answer.text


with tempfile.TemporaryDirectory() as folder:
    pipeline = dlt.pipeline("bench", destination=salesforce, pipelines_dir=folder)
    pipeline.run(tasks, table_name="tasks")
