"""simple-salesforce, one upsert a task."""

from typing import Any

from simple_salesforce.api import Salesforce

from bench.peers.tasks import KEY, VERSION, given, plain_session

url, session_id, tasks = given()
salesforce: Any = Salesforce(session_id=session_id, instance_url=url, version=VERSION, session=plain_session())
for task in tasks:
    key = task.pop(KEY)
    salesforce.Task.upsert(f"{KEY}/{key}", task)
