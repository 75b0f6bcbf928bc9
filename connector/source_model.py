"""Apten's records as the whole house knows them: Call, Turn, Lead, Tag.

Data enters here, so these are pydantic models. Their field descriptions, types and defaults are the one description of
the source: the mapping language's names (Apten's own, `durationSeconds`), its checks, completions and docs derive from
them. Facts: Apten's public API reference.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

PLAUSIBLE_YEARS = range(1900, 3000)
_LEAP_SECOND = re.compile(r"([Tt ]\d\d:\d\d):60")


@dataclass(frozen=True, slots=True)
class Known:
    """Values Apten is known to send in an open text field; others may come at any time."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit of a number, e.g. `seconds`."""

    name: str


@dataclass(frozen=True, slots=True)
class Longest:
    """The greatest length of an ASCII text; every CRM counts those alike."""

    characters: int


@dataclass(frozen=True, slots=True)
class Prose:
    """Marks what somebody said or wrote, and what may therefore hold anything, card numbers too."""


def _as_utc(stamp: datetime) -> datetime:
    """Apten's times are UTC; one that does not say so is taken as UTC too.

    Years that no call can be of are refused: CRMs cannot store all of them, and a zone or a duration added at the
    calendar's ends would leave the calendar.
    """
    if stamp.year not in PLAUSIBLE_YEARS:
        raise ValueError("not a plausible time")
    if stamp.tzinfo is None:
        return stamp.replace(tzinfo=UTC)
    # A transcript has two stamps a turn, nearly all of them UTC already.
    return stamp.astimezone(UTC) if stamp.utcoffset() else stamp


def _without_leap_second(stamp: Any) -> Any:
    """A leap second, which Python has no room for, as the second before it."""
    return _LEAP_SECOND.sub(r"\1:59", stamp) if isinstance(stamp, str) and ":60" in stamp else stamp


def _none_as_empty(value: Any) -> Any:
    return () if value is None else value


CallId = Annotated[str, Field(pattern=r"^[!-~]{1,100}$"), Longest(100)]
Stamp = Annotated[datetime, BeforeValidator(_without_leap_second), AfterValidator(_as_utc)]
Seconds = Annotated[int, Field(ge=0, lt=366 * 86_400), Unit("seconds")]
TransferAnswer = Annotated[str, Known(("answered", "no_answer", "pending"))]
TransferParty = Annotated[
    str, Known(("human", "machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other", "unknown"))
]


class AptenRecord(BaseModel):
    """Base of everything Apten sends: unknown keys are kept (`model_extra`), a number serves where text is due."""

    model_config = ConfigDict(
        frozen=True,
        extra="allow",
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        coerce_numbers_to_str=True,
        defer_build=True,  # a run that finds nothing new reads no call
    )


class Turn(AptenRecord):
    """One thing said in a call."""

    role: Annotated[str, Known(("assistant", "user"))] = Field(description="who spoke")
    content: Annotated[str, Prose()] = Field(description="what was said")
    start_time: Stamp | None = Field(default=None, description="when the turn began")
    end_time: Stamp | None = Field(default=None, description="when the turn ended")


class Call(AptenRecord):
    """One phone call as Apten tells it (`GET /calls/{callId}`)."""

    id: CallId = Field(description="Apten's stable unique id of the call")
    direction: Literal["INBOUND", "OUTBOUND"] = Field(description="who called whom; OUTBOUND means Apten called")
    call_status: Annotated[str, Field(pattern="[!-~]"), Known(("COMPLETE", "NO_ANSWER", "IN_PROGRESS"))] = Field(
        description="current or final status of the call"
    )
    duration_seconds: Seconds = Field(description="length of the call in seconds")
    created_at: Stamp = Field(description="when the call began")
    updated_at: Stamp = Field(description="when Apten last changed its record of the call")
    transcript: Annotated[tuple[Turn, ...], BeforeValidator(_none_as_empty)] = Field(
        default=(), description="what was said, turn by turn; empty while none is stored"
    )
    lead_id: str | None = Field(default=None, description="Apten's id of the lead; missing for webchat calls")
    session_id: str | None = Field(default=None, description="id of the webchat session, for webchat calls only")
    summary: Annotated[str, Prose()] | None = Field(
        default=None, description="AI-written summary; may arrive some time after the call"
    )
    is_transfer: bool | None = Field(default=None, description="the call was transferred to a person")
    mid_call_transfer: bool | None = Field(default=None, description="the transfer happened during the conversation")
    has_voicemail: bool | None = Field(default=None, description="the call reached a voicemail")
    transfer_number: str | None = Field(default=None, description="number the call was transferred to, E.164")
    fallback_transfer_number: str | None = Field(default=None, description="second number tried, E.164")
    transfer_answer_status: TransferAnswer | None = Field(default=None, description="whether the transfer was answered")
    transfer_fallback_answer_status: TransferAnswer | None = Field(
        default=None, description="whether the second number answered"
    )
    transfer_answered_by: TransferParty | None = Field(default=None, description="who or what answered the transfer")
    transfer_fallback_answered_by: TransferParty | None = Field(
        default=None, description="who or what answered at the second number"
    )
    transfer_fallback_attempted: bool | None = Field(default=None, description="the second number was tried")
    mid_call_transfer_duration: Seconds | None = Field(
        default=None, description="length of the transferred part in seconds"
    )
    ended_by: Annotated[str, Known(("LEAD", "AGENT", "SYSTEM", "UNKNOWN"))] | None = Field(
        default=None, description="who ended the call; LEAD is the customer, AGENT is Apten's AI agent"
    )
    ai_call_without_human_response: bool | None = Field(
        default=None, description="the AI agent called and no human answered"
    )
    is_follow_up: bool | None = Field(default=None, description="the call follows up on an earlier contact")
    is_ai_initiated: bool | None = Field(default=None, description="the AI agent decided to call")
    hit_call_screening: bool | None = Field(default=None, description="a call-screening service answered")
    reached_human_after_screening: bool | None = Field(default=None, description="a human came on after call screening")
    is_forward: bool | None = Field(default=None, description="the call was forwarded")

    @property
    def ended_at(self) -> datetime:
        """When the call ended: its beginning plus its length."""
        return self.created_at + timedelta(seconds=self.duration_seconds)


class Tag(AptenRecord):
    """A label Apten put on a lead."""

    id: str | None = None
    name: str | None = None


class Lead(AptenRecord):
    """The person Apten talks to (`GET /leads/{leadId}`)."""

    id: str = Field(min_length=1, description="Apten's id of the lead")
    first_name: str | None = Field(default=None, description="first name")
    last_name: str | None = Field(default=None, description="last name")
    phone: str | None = Field(default=None, description="phone number, E.164")
    email: str | None = Field(default=None, description="e-mail address")
    customer_profile: str | None = Field(default=None, description="the Apten profile the lead belongs to")
    created_at: Stamp | None = Field(default=None, description="when the lead was created in Apten")
    updated_at: Stamp | None = Field(default=None, description="when the lead's record last changed")
    last_activity_at: Stamp | None = Field(default=None, description="when anything last happened with the lead")
    additional_info: Annotated[dict[str, Any], BeforeValidator(lambda v: {} if v is None else v)] = Field(
        default_factory=dict, description="free keys your own systems sent to Apten"
    )
    has_replied: bool | None = Field(default=None, description="the lead has replied")
    is_hot: bool | None = Field(default=None, description="Apten considers the lead hot")
    is_qualified: bool | None = Field(default=None, description="the lead is qualified")
    is_unsubscribed: bool | None = Field(default=None, description="the lead has opted out")
    is_ai_on: bool | None = Field(default=None, description="the AI agent is switched on for the lead")
    tags: Annotated[tuple[Tag, ...], BeforeValidator(_none_as_empty)] = Field(
        default=(), description="labels on the lead"
    )
    summary: Annotated[str, Prose()] | None = Field(default=None, description="AI-written summary of the lead")
    external_lead_id: str | None = Field(default=None, description="the lead's record id in your CRM")
    deleted: bool | None = Field(default=None, description="the lead was deleted in Apten")
    deleted_at: Stamp | None = Field(default=None, description="when the lead was deleted")

    @property
    def activity_at(self) -> datetime | None:
        """The stamp that moves when the lead gets a new call: `lastActivityAt`, else `updatedAt`."""
        return self.last_activity_at or self.updated_at
