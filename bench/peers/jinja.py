"""Jinja2, sandboxed, one template a field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2.sandbox import SandboxedEnvironment

from bench.peers.host import held_to, label, ny_date, units

if TYPE_CHECKING:
    from collections.abc import Callable

_TEMPLATES = {
    "IsReminderSet": "{{ hasVoicemail | default(false) }}",
    "CallObject": "{{ leadId[:255] }}",
    "Status": "Completed",
    "TaskSubtype": "Call",
    "WhoId": "{{ lead.externalLeadId }}",
    "Subject": "{{ ('Apten ' ~ {'INBOUND': 'Inbound', 'OUTBOUND': 'Outbound'}[direction] ~ ' call: '"
    " ~ ({'COMPLETE': 'Completed', 'NO_ANSWER': 'No answer', 'IN_PROGRESS': 'In progress'}[callStatus]"
    " or label(callStatus))) | held(255, '…') }}",
    "CallType": "{{ {'INBOUND': 'Inbound', 'OUTBOUND': 'Outbound'}[direction] }}",
    "CallDurationInSeconds": "{{ durationSeconds }}",
    "CallDisposition": "{{ ({'LEAD': 'Customer', 'AGENT': 'AI agent', 'SYSTEM': 'System'}[endedBy] or 'Unknown')"
    " | held(255, '…') }}",
    "ActivityDate": "{{ ny_date(createdAt) }}",
    "Priority": "{{ 'High' if isTransfer else 'Normal' }}",
    "Description": "{% set told = (summary or 'No summary yet.') | held(16000) %}"
    "{% set who = {'assistant': 'Agent', 'user': 'Customer'} %}{% set said %}"
    "{% for turn in transcript %}{{ who[turn.role] }}: {{ turn.content | trim }}"
    "{{ '\n' if not loop.last }}{% endfor %}{% endset %}{{ told }}\n\n{% if transcript %}{{ said"
    " | held(32000 - units(told ~ '\n\n\n\nApten call ' ~ id ~ '\n'), ' … [transcript cut]') }}\n\n{% endif %}"
    "Apten call {{ id }}",
}


def engine(lead: dict[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The job, for calls of one lead."""
    environment = SandboxedEnvironment(autoescape=False)
    environment.globals |= {"ny_date": ny_date, "units": units, "label": label, "lead": lead}
    environment.filters["held"] = held_to
    templates = {name: environment.from_string(text) for name, text in _TEMPLATES.items()}
    return lambda call: {name: template.render(call) for name, template in templates.items()}
