"""The demo's last steps: what changes at Apten reaches the CRM, what is wrong in the mapping does not."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from connector.admin_files import read_mapping, read_snapshot
from connector.cli.demo_check import must
from connector.cli.demo_folder import replaced
from connector.cli.demo_pairs import wrapped
from connector.cli.printing import say
from connector.errors import MappingError
from connector.mapping.check import check
from connector.sandbox.salesforce.fields import KEY_FIELD

if TYPE_CHECKING:
    from connector.cli.demo_folder import Installation
    from connector.sandbox.shelf import Row

_LATE = 5
_STAMPS = {"LastModifiedDate", "SystemModstamp"}
_MISTAKES = (
    (r"(?<=CallDurationInSeconds: \{from: )durationSeconds", "durationSecs"),
    (r"(?<=INBOUND: )Inbound", "Incoming"),
)


def let_summaries_arrive(salesforce: Installation) -> None:
    """Late summaries change their own tasks, and no others."""
    box, org = salesforce.box, salesforce.box.org
    tasks = (org.task_with_key(call["id"]) for call in box.world.calls_lacking_summary())
    late = dict(islice(((task["Id"], task[KEY_FIELD]) for task in tasks if task and task["WhoId"]), _LATE))
    say(f"6. {len(late)} summaries arrive late, run again: apten-crm sync")
    for call_id in late.values():
        box.world.summary_arrives(call_id, salesforce.clock.now())
    before = {task_id: dict(task) for task_id, task in org.tasks.items()}
    ran = salesforce.sync()
    must(bool(late) and sorted(write.id for write in ran.writes) == sorted(late), "other tasks were written than those")
    changed = {task_id: _changes(before[task_id], task) for task_id, task in org.tasks.items()}
    expected = {task_id: ["Description"] if task_id in late else [] for task_id in before}
    must(changed == expected, "other fields were changed than the one with the summary")
    say(f"   {len(late)} tasks updated, the other {len(before) - len(late)} untouched")
    task = org.tasks[next(iter(late))]
    say(f"   One of them, the call with {org.people[task['WhoId']]['Name']}, in Description:")
    for when, text in (("before", before[task["Id"]]["Description"]), ("now", task["Description"])):
        for label, line in zip((when, "", ""), wrapped(text, 85, 3), strict=False):
            say(f"     {label:<8}{line}")
    say()


def break_the_mapping(salesforce: Installation) -> None:
    """What is wrong in the mapping is found before anything is written."""
    say("7. Two mistakes in the mapping: apten-crm check")
    box, path = salesforce.box, salesforce.mapping
    right = wrong = path.read_text(encoding="utf-8")
    for pattern, new in _MISTAKES:
        wrong = replaced(wrong, pattern, new)
    path.write_text(wrong, encoding="utf-8")
    problems = check(read_mapping(path), read_snapshot(path))
    for each in problems:
        say("\n" + each.render())
    must(sum(each.is_error for each in problems) == len(_MISTAKES), "the check did not find just these two mistakes")
    seen, written = len(box.salesforce_server.requests), len(box.org.history)
    must(_is_refused(salesforce), "sync took a mapping with mistakes")
    must((seen, written) == (len(box.salesforce_server.requests), len(box.org.history)), "something was written")
    path.write_text(right, encoding="utf-8")
    must(not check(read_mapping(path), read_snapshot(path)), "the mended mapping was found at fault")
    say("\n   `apten-crm sync` refuses to start with them; nothing was written. They are mended now.\n")


def _changes(before: Row, after: Row) -> list[str]:
    return [name for name in after if after[name] != before[name] and name not in _STAMPS]


def _is_refused(salesforce: Installation) -> bool:
    try:
        salesforce.sync()
    except MappingError:
        return True
    return False
