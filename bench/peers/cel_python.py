"""CEL in Python, one expression a field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import celpy
from celpy import celtypes

from bench.peers.host import held_to, label, ny_date, units

if TYPE_CHECKING:
    from collections.abc import Callable

_TOLD = "held(has(call.summary) ? call.summary : 'No summary yet.', 16000, '')"
_WAY = "{'INBOUND': 'Inbound', 'OUTBOUND': 'Outbound'}[call.direction]"
_SAID = "join(call.transcript.map(turn, {'assistant': 'Agent', 'user': 'Customer'}[turn.role] + ': ' + turn.content))"
_STATUSES = "{'COMPLETE': 'Completed', 'NO_ANSWER': 'No answer', 'IN_PROGRESS': 'In progress'}"
_ENDERS = "{'LEAD': 'Customer', 'AGENT': 'AI agent', 'SYSTEM': 'System'}"
_EXPRESSIONS = {
    "IsReminderSet": "has(call.hasVoicemail) && call.hasVoicemail",
    "CallObject": "held(call.leadId, 255, '')",
    "Status": "'Completed'",
    "TaskSubtype": "'Call'",
    "WhoId": "lead.externalLeadId",
    "Subject": f"held('Apten ' + {_WAY} + ' call: ' + (call.callStatus in {_STATUSES}"
    f" ? {_STATUSES}[call.callStatus] : label(call.callStatus)), 255, '…')",
    "CallType": _WAY,
    "CallDurationInSeconds": "call.durationSeconds",
    "CallDisposition": f"held(has(call.endedBy) && call.endedBy in {_ENDERS}"
    f" ? {_ENDERS}[call.endedBy] : 'Unknown', 255, '…')",
    "ActivityDate": "ny_date(call.createdAt)",
    "Priority": "has(call.isTransfer) && call.isTransfer ? 'High' : 'Normal'",
    "Description": f"{_TOLD} + '\\n\\n' + (size(call.transcript) > 0 ? held({_SAID}, 32000 - units({_TOLD} + "
    " '\\n\\n\\n\\nApten call ' + call.id + '\\n'), ' … [transcript cut]') + '\\n\\n' : '') + 'Apten call ' + call.id",
}


def engine(lead: dict[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The job, for calls of one lead."""
    environment = celpy.Environment()
    functions = {
        "held": lambda text, room, mark: celtypes.StringType(held_to(text, room, mark)),
        "units": lambda text: celtypes.IntType(units(text)),
        "label": lambda value: celtypes.StringType(label(value)),
        "ny_date": lambda stamp: celtypes.StringType(ny_date(stamp)),
        "join": lambda lines: celtypes.StringType("\n".join(lines)),
    }
    programs = {
        name: environment.program(environment.compile(text), functions=functions) for name, text in _EXPRESSIONS.items()
    }
    known = celpy.json_to_cel(lead)

    def apply(call: dict[str, Any]) -> dict[str, Any]:
        names = {"call": celpy.json_to_cel(call), "lead": known}
        return {name: program.evaluate(names) for name, program in programs.items()}

    return apply
