"""simple-salesforce, one job of Bulk 2.0, with the waiting times that it has."""

from typing import Any

from simple_salesforce.api import Salesforce

from bench.peers.tasks import KEY, VERSION, given, plain_session

url, session_id, tasks = given()
salesforce: Any = Salesforce(session_id=session_id, instance_url=url, version=VERSION, session=plain_session())
[done] = salesforce.bulk2.Task.upsert(records=tasks, external_id_field=KEY)
assert done["numberRecordsProcessed"] == len(tasks), done
