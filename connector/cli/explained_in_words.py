"""What became of a call, in words that a reader understands who knows neither mapping nor ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.mapping.source import SOURCES
from connector.model import Person, Skip, State, Unlinked
from connector.sync.decide import AWAITED, IN_PROGRESS, UNDER_WAY
from connector.sync.deleted_lead import LEAD_DELETED
from connector.sync.explain import Standing
from connector.sync.findings import Kind, person_fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.cli.words import Worded
    from connector.sync.explain import ActivityTold, CallTold
    from connector.sync.findings import Finding

_MINUTE = "%Y-%m-%d %H:%M UTC"
_STANDING = {
    Standing.NEW: "no activity",
    Standing.SAME: "the same",
    Standing.STALE: "differs, and no edit is known of: `apten-crm reconcile --repair` or resync updates it",
    Standing.EDITED: "edited by somebody, and kept",
    Standing.DIFFERS: "differs, and it is not known whether somebody edited it: kept",
    Standing.WRITTEN_ONCE: "differs; it is written at creation only",
    Standing.LEFT_ALONE: "",
}


def standing_words(standing: Standing) -> str:
    """How the CRM's value stands to the one made now."""
    return _STANDING[standing]


def sentence(told: CallTold, activity: ActivityTold, worded: Worded) -> str:
    """What became of the call under one target."""
    if activity.has(Kind.ORPHANED):
        return f"Apten no longer has this call; its activity is in the CRM still: {_record(activity)}."
    if told.call is None and activity.record is None and not told.unreadable:
        return "Apten no longer has this call, and it has no activity in the CRM."
    if activity.record is None:
        return f"This call is {_why_not(told, activity, worded)}."
    logged = _record(activity) + _since(activity) + _with_whom(activity)
    return f"This call is logged: {'; '.join([logged, *_but(activity, worded)])}."


def person_words(activity: ActivityTold) -> Iterator[str]:
    """Which clue was tried, and what it led to, one by one; then whom the activity is with."""
    used = False
    for tried in activity.clues:
        found = tried.found
        outcome = f"leads to {_person(found)}" if isinstance(found, Person) else found.reason
        yield f"{tried.clue.by} {tried.clue.value}: {outcome}" + (
            ", which is used" if isinstance(found, Person) and not used else ""
        )
        used = used or isinstance(found, Person)
    if isinstance(activity.person, Unlinked) and not activity.clues:
        yield f"nobody: {activity.person.reason}"
    if activity.record and activity.look.draft:
        for name in person_fields(activity.look.draft):
            held = activity.record.fields.get(name)
            other = activity.has(Kind.OTHER_PERSON) or activity.has(Kind.LINKABLE)
            why = f" ({other.reason})" if other and other.reason and name in other.fields else ""
            yield f"in the CRM ({name}): {held or 'nobody'}{why}"


def _record(activity: ActivityTold) -> str:
    return f"{activity.look.route.target.object} {activity.record.id if activity.record else ''}"


def _since(activity: ActivityTold) -> str:
    known = activity.look.known
    return f", as of {known.at:{_MINUTE}}" if known and known.at and known.state is State.WRITTEN else ""


def _person(person: Person) -> str:
    return f"{person.object} {person.id}" if person.object else person.id


def _with_whom(activity: ActivityTold) -> str:
    draft, record = activity.look.draft, activity.record
    if draft is None or record is None or not person_fields(draft):
        return ""
    held = [str(record.fields[name]) for name in person_fields(draft) if record.fields.get(name)]
    return f", with {held[0]}" if held else ", without a person"


def _but(activity: ActivityTold, worded: Worded) -> Iterator[str]:
    """What is not as it would be if the call were logged now."""
    for finding in activity.findings:
        fields = ", ".join(finding.fields)
        match finding.kind:
            case Kind.STALE:
                yield f"what Apten says now is not yet in {fields}"
            case Kind.EDITED:
                yield f"somebody has changed {fields} there, which is kept"
            case Kind.DIFFERS:
                yield f"{fields} says something else than it would now, which is kept"
            case Kind.OTHER_PERSON | Kind.LINKABLE:
                yield str(finding.reason)
            case Kind.DOUBLED:
                yield f"{len(finding.record_ids)} records hold its key: {', '.join(finding.record_ids)}"
            case Kind.PARKED:
                yield f"its last change could not be written ({_code(finding, worded)})"
            case Kind.SKIPPED:
                yield f"today's mapping would leave it out ({finding.reason})"
            case Kind.WAITING if finding.reason == IN_PROGRESS:
                yield "it still goes on"
            case _:
                pass


def _why_not(told: CallTold, activity: ActivityTold, worded: Worded) -> str:
    """Why there is no activity."""
    for finding in activity.findings:
        match finding.kind:
            case Kind.DELETED:
                gone = f" ({', '.join(finding.record_ids)})" if finding.record_ids else ""
                return f"not in the CRM any more: its activity{gone} was deleted or lost its key; a sync leaves it so"
            case Kind.PARKED:
                return f"not logged: it was set aside ({_code(finding, worded)}) until somebody mends the cause"
            case Kind.SKIPPED:
                return f"not logged: {_left_out(told, activity, finding)}"
            case Kind.WAITING:
                return f"not logged yet: {_awaited(told, finding)}"
            case _:
                pass
    return f"not logged yet: {_what_logs_it(told, activity)}"


def _what_logs_it(told: CallTold, activity: ActivityTold) -> str:
    """What will log a call that has nothing to wait for."""
    known, call, state = activity.look.known, told.call, told.state
    resync = f"`apten-crm resync {told.call_id}`"
    if known is not None and known.state is State.SKIPPED:
        return f"the mapping left it out before ({known.reason}), and no longer does; {resync} logs it"
    if call is not None and call.lead_id is None:
        return f"a sync finds no call without a lead (webchat); {resync} does, and logs it"
    if state is not None and state.due_at is None:
        return f"a sync is done with it as long as nothing of it changes at Apten; {resync} logs it"
    if state is not None:
        return f"a sync after {state.due_at:{_MINUTE}} logs it, or {resync} at once"
    if call is not None and told.begun is not None and call.updated_at < told.begun:
        return f"syncs look back to {told.begun:{_MINUTE}} only; {resync} logs it"
    return f"the next sync logs it, or {resync}"


def _code(finding: Finding, worded: Worded) -> str:
    return worded(finding.reason or "", finding.fields)


def _left_out(told: CallTold, activity: ActivityTold, finding: Finding) -> str:
    if finding.reason == LEAD_DELETED:
        return "its lead was deleted in Apten"
    if not isinstance(activity.look.made, Skip):
        return f"the mapping leaves out calls without a person ({finding.reason})"
    name = str(finding.reason).partition(": ")[2]
    found = SOURCES.get(name)
    value = found.plan.run(told.call, told.lead) if found and told.call else None
    held = "" if value is None else f", and {name} is {value}"
    return f"the mapping leaves it out ({finding.reason}{held})"


def _awaited(told: CallTold, finding: Finding) -> str:
    if finding.reason == IN_PROGRESS:
        return "it still goes on"
    if finding.reason == UNDER_WAY:
        return "it has been sent to the CRM, and no answer came yet; the next sync finds out"
    if finding.reason == AWAITED:
        return f"its summary or transcript is waited for, until {finding.until:{_MINUTE}} at the latest"
    due = f"; looked for again at {told.state.due_at:{_MINUTE}}" if told.state and told.state.due_at else ""
    return f"nobody is found to log it with ({finding.reason}){due}"
