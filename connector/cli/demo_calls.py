"""The demo's examples: calls worth seeing, each beside its task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.cli.demo_check import failure
from connector.cli.demo_pairs import side_by_side
from connector.cli.printing import say
from connector.sandbox.founding_call import FOUNDING_CALL

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.sandbox.shelf import Row
    from connector.sandbox.together import Sandbox

_EXAMPLES: tuple[tuple[str, Callable[[Row], bool]], ...] = (
    ("The call in Apten's documentation", lambda call: call["id"] == FOUNDING_CALL["id"]),
    ("A call put through to a colleague", lambda call: call.get("transferAnswerStatus") == "answered"),
    ("A voicemail", lambda call: bool(call.get("hasVoicemail"))),
    ("A call in Japanese", lambda call: "日本語" in call["summary"]),
)


def show_calls(box: Sandbox) -> None:
    """What Apten said beside what Salesforce holds, for a call of each sort."""
    say("4. What became of some calls (… stands where long texts are cut, but only on this screen)")
    calls = [(call, box.org.task_with_key(call["id"])) for call in box.world.loggable_calls() if "summary" in call]
    logged = [(call, task) for call, task in calls if task and task["WhoId"]]
    for title, fits in _EXAMPLES:
        if not any(fits(call) for call, _ in calls):
            continue  # the documented call lies in the future, if this computer's clock is to be believed
        found = next(((call, task) for call, task in logged if fits(call)), None)
        if found is None:
            raise failure(f"no call was logged that would be: {title}")
        call, task = found
        say(f"   {title}, with {box.org.people[task['WhoId']]['Name']}")
        for line in side_by_side(call, box.world.lead(call["leadId"]), task):
            say(f"   {line}")
        say()
