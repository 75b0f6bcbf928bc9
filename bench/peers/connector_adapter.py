"""The connector's adapter for Salesforce alone: a description of Task, then upserts of 200 tasks each in series."""

from datetime import date

from bench.peers.tasks import KEY, VERSION, given
from connector.crms.salesforce.adapter import Salesforce
from connector.crms.salesforce.login import Session
from connector.model import Activity, Target

url, session_id, tasks = given()
signed_in = Session(instance_url="https://bench.my.salesforce.com", session_id=session_id)
salesforce = Salesforce(signed_in, api_version=VERSION, base_url=url)
target = Target("Task", KEY)
for start in range(0, len(tasks), salesforce.batch_size):
    batch = tasks[start : start + salesforce.batch_size]
    activities = [
        Activity(
            task[KEY],
            task[KEY],
            {
                name: date.fromisoformat(value) if name == "ActivityDate" else value
                for name, value in task.items()
                if name != KEY
            },
        )
        for task in batch
    ]
    receipts = salesforce.write(target, activities)
    assert all(receipt.record_id for receipt in receipts), receipts[0]
salesforce.close()
