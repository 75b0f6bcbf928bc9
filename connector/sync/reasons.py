"""Why calls are parked, where neither Apten nor the CRM has a word for it: what each code means, and what to do."""

from __future__ import annotations

_REPORT = "Report it to Apten's support."

OURS = {
    "call_gone": (
        "Apten no longer has the call",
        "It is asked for again for a week. If it should be there, ask Apten; else let `resync --parked` give it up.",
    ),
    "bad_call": ("Apten's record of the call is not as documented", _REPORT),
    "too_large": ("Apten's record of the call is larger, or nested deeper, than any honest one", _REPORT),
    "other_call": ("Apten answered with another call", _REPORT),
    "no_person": (
        "the mapping holds calls without a person, and none was found for 30 days",
        "Make the person known to the CRM, or let the mapping log such calls, then run `apten-crm resync --parked`.",
    ),
    "exists_but_hidden": (
        "the CRM has an activity with the call's key, but does not show it",
        "Empty its recycle bin, or let the connector's user see all activities, then run `apten-crm resync --parked`.",
    ),
}
