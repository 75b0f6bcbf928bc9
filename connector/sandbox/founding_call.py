"""The one call that Apten's public reference shows, field by field, and a lead that fits it."""

from __future__ import annotations

from typing import Any

FOUNDING_CALL: dict[str, Any] = {
    "id": "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
    "leadId": "c4f23a1b-d8e5-4f67-90c1-2a5b8d3e9f7c",
    "direction": "OUTBOUND",
    "callStatus": "COMPLETE",
    "durationSeconds": 145,
    "createdAt": "2026-06-15T14:30:00.000Z",
    "updatedAt": "2026-06-15T14:32:25.000Z",
    "summary": "Customer inquired about pricing and requested a follow-up meeting.",
    "transcript": [
        {
            "role": "assistant",
            "content": "Hi, this is Apten calling about your inquiry.",
            "startTime": "2026-06-15T14:30:01.000Z",
            "endTime": "2026-06-15T14:30:05.000Z",
        },
        {
            "role": "user",
            "content": "Yes, I had some questions about pricing.",
            "startTime": "2026-06-15T14:30:06.000Z",
            "endTime": "2026-06-15T14:30:10.000Z",
        },
    ],
    "isTransfer": False,
    "endedBy": "LEAD",
}

FOUNDING_LEAD: dict[str, Any] = {
    "id": "c4f23a1b-d8e5-4f67-90c1-2a5b8d3e9f7c",
    "firstName": "Zoë",
    "lastName": "Bergström",
    "phone": "+12085550143",
    "email": "zoe.bergstrom@example.com",
    "customerProfile": "Website enquiries",
    "createdAt": "2026-06-12T09:15:00.000Z",
    "updatedAt": "2026-06-15T14:32:25.000Z",
    "lastActivityAt": "2026-06-15T14:32:25.000Z",
    "additionalInfo": {"utm_source": "newsletter", "preferred_language": "en"},
    "hasReplied": True,
    "isHot": True,
    "isQualified": True,
    "isUnsubscribed": False,
    "isAiOn": True,
    "tags": [{"id": "tag_pricing", "name": "Asked for pricing", "condition": "The lead asks what it costs"}],
    "summary": "Wants to know what it costs before a meeting.",
    "externalLeadId": "00Q5g00000FnD3a",
    "deleted": False,
    "deletedAt": None,
}
