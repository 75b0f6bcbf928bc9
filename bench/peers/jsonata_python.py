"""JSONata in Python, one expression for the whole task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonata

from bench.peers.host import held_to, label, ny_date, units

if TYPE_CHECKING:
    from collections.abc import Callable

_EXPRESSION = """
(
  $ways := {"INBOUND": "Inbound", "OUTBOUND": "Outbound"};
  $statuses := {"COMPLETE": "Completed", "NO_ANSWER": "No answer", "IN_PROGRESS": "In progress"};
  $enders := {"LEAD": "Customer", "AGENT": "AI agent", "SYSTEM": "System"};
  $speakers := {"assistant": "Agent", "user": "Customer"};
  $way := $lookup($ways, direction);
  $status := $lookup($statuses, callStatus);
  $ender := $lookup($enders, endedBy);
  $told := $held(summary ? summary : "No summary yet.", 16000, "");
  $end := "Apten call " & id;
  $room := 32000 - $units($told & "\\n\\n\\n\\n" & $end & "\\n");
  $said := $join(transcript.($lookup($speakers, role) & ": " & $trim(content)), "\\n");
  {
    "IsReminderSet": hasVoicemail ? true : false,
    "CallObject": $substring(leadId, 0, 255),
    "Status": "Completed",
    "TaskSubtype": "Call",
    "WhoId": $lead.externalLeadId,
    "Subject": $held("Apten " & $way & " call: " & ($status ? $status : $label(callStatus)), 255, "…"),
    "CallType": $way,
    "CallDurationInSeconds": durationSeconds,
    "CallDisposition": $held($ender ? $ender : "Unknown", 255, "…"),
    "ActivityDate": $ny_date(createdAt),
    "Priority": isTransfer ? "High" : "Normal",
    "Description": $told & "\\n\\n"
      & ($said ? $held($said, $room, " … [transcript cut]") & "\\n\\n" : "")
      & $end
  }
)
"""


def engine(lead: dict[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The job, for calls of one lead."""
    expression = jsonata.Jsonata(_EXPRESSION)
    expression.register_lambda("held", held_to)
    expression.register_lambda("units", units)
    expression.register_lambda("label", label)
    expression.register_lambda("ny_date", ny_date)
    expression.assign("lead", lead)
    return expression.evaluate
