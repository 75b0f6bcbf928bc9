"""A stream map of the Singer SDK, as a tap or target has it in its config; dates and cuts had to be put into it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from singer_sdk import mapper

from bench.peers.host import held_to, label, ny_date, units

if TYPE_CHECKING:
    from collections.abc import Callable

_WAY = "{'INBOUND': 'Inbound', 'OUTBOUND': 'Outbound'}[direction]"
_TOLD = "held(record.get('summary') or 'No summary yet.', 16000)"
_SAID = (
    "'\\n'.join([{'assistant': 'Agent', 'user': 'Customer'}[turn['role']] + ': ' + turn['content'].strip()"
    " for turn in transcript])"
)
_MAP = {
    "IsReminderSet": "bool(record.get('hasVoicemail'))",
    "CallObject": "leadId[:255]",
    "Status": "'Completed'",
    "TaskSubtype": "'Call'",
    "WhoId": "config['externalLeadId']",
    "Subject": f"held('Apten ' + {_WAY} + ' call: ' + ({{'COMPLETE': 'Completed', 'NO_ANSWER': 'No answer',"
    " 'IN_PROGRESS': 'In progress'}.get(callStatus) or label(callStatus)), 255, '…')",
    "CallType": _WAY,
    "CallDurationInSeconds": "durationSeconds",
    "CallDisposition": "held({'LEAD': 'Customer', 'AGENT': 'AI agent', 'SYSTEM': 'System'}.get(record.get('endedBy'))"
    " or 'Unknown', 255, '…')",
    "ActivityDate": "ny_date(createdAt)",
    "Priority": "'High' if record.get('isTransfer') else 'Normal'",
    "Description": f"{_TOLD} + '\\n\\n' + (held({_SAID}, 32000 - units({_TOLD} + '\\n\\n\\n\\nApten call ' + id"
    " + '\\n'), ' … [transcript cut]') + '\\n\\n' if transcript else '') + 'Apten call ' + id",
    "__else__": None,
}


class _Lent(mapper.CustomStreamMap):
    """With what no stream map has."""

    @property
    def functions(self) -> dict[str, Callable[..., Any]]:
        """The SDK's, and ours."""
        return {**super().functions, "held": held_to, "units": units, "label": label, "ny_date": ny_date}


def engine(lead: dict[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The job, for calls of one lead."""
    logging.getLogger("singer_sdk").setLevel(logging.WARNING)
    properties: dict[str, Any] = {name: {} for name in ("id", "leadId", "direction", "callStatus", "createdAt")}
    stream = _Lent(
        stream_alias="calls",
        map_config=lead,
        faker_config={},
        raw_schema={"type": "object", "properties": properties},
        key_properties=None,
        map_transform=dict(_MAP),
        flattening_options=None,
    )
    return stream.transform
