"""Makes up call records of every sort: talks, transfers, voicemails, calls nobody answered, calls in progress."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from connector.sandbox.conversation import Conversation, talk, timed, transfer, voicemail
from connector.sandbox.shelf import stamp_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from connector.sandbox.dice import Dice

Record = dict[str, Any]
_ANSWERS = ("human", "machine_start", "machine_end_beep", "unknown")


def made_up_call(dice: Dice, call_id: str, first_name: str, start: datetime) -> Record:
    """A call that has ended, as Apten tells it once its summary is there; of a sort as likely as in real life."""
    sort = dice.choices(tuple(_SORTS), weights=tuple(_SORTS.values()))[0]
    call: Record = {
        "id": call_id,
        "direction": "OUTBOUND" if dice.chance(78) else "INBOUND",
        "callStatus": "COMPLETE",
        "durationSeconds": 0,
        "createdAt": stamp_text(start),
        "transcript": [],
    }
    call |= sort(dice, first_name, start)
    if dice.chance(30):
        call["isFollowUp"] = dice.chance(50)
    if dice.chance(50):
        call["isAiInitiated"] = call["direction"] == "OUTBOUND"
    processed = start + timedelta(seconds=call["durationSeconds"] + dice.randint(0, 40))
    return call | {"updatedAt": stamp_text(processed)}


def call_in_progress(call_id: str, start: datetime) -> Record:
    """A call under way; nothing of it is stored yet."""
    return {
        "id": call_id,
        "direction": "OUTBOUND",
        "callStatus": "IN_PROGRESS",
        "durationSeconds": 0,
        "createdAt": stamp_text(start),
        "updatedAt": stamp_text(start),
        "transcript": [],
    }


def ending(dice: Dice, first_name: str, start: datetime) -> Record:
    """What a talk adds to a call in progress when it ends."""
    return {"callStatus": "COMPLETE", **_talk(dice, first_name, start)}


def _talk(dice: Dice, first_name: str, start: datetime) -> Record:
    call = _spoken(talk(dice, first_name), start) | {"isTransfer": False}
    if dice.chance(6):
        call |= {"hitCallScreening": True, "reachedHumanAfterScreening": True}
    return call


def _transfer(dice: Dice, first_name: str, start: datetime) -> Record:
    call = _spoken(transfer(dice, first_name), start)
    answer = dice.choices(("answered", "no_answer", "pending"), weights=(60, 25, 15))[0]
    call |= {
        "isTransfer": True,
        "midCallTransfer": True,
        "transferNumber": "+13035550190",
        "transferAnswerStatus": answer,
    }
    if answer == "answered":
        talked = dice.randint(20, 900)
        call |= {"transferAnsweredBy": "human", "midCallTransferDuration": talked}
        call["durationSeconds"] += talked
    if answer == "no_answer":
        call["transferAnsweredBy"] = dice.choice(_ANSWERS[1:])
        second = dice.choice(("answered", "no_answer"))
        call |= {
            "fallbackTransferNumber": "+13035550191",
            "transferFallbackAttempted": True,
            "transferFallbackAnswerStatus": second,
            "transferFallbackAnsweredBy": "human" if second == "answered" else dice.choice(_ANSWERS[1:]),
        }
    return call


def _voicemail(dice: Dice, first_name: str, start: datetime) -> Record:
    return _spoken(voicemail(dice, first_name), start) | {"hasVoicemail": True, "aiCallWithoutHumanResponse": True}


def _no_answer(dice: Dice, _first_name: str, _start: datetime) -> Record:
    call: Record = {"callStatus": "NO_ANSWER", "aiCallWithoutHumanResponse": True}
    return call | ({"endedBy": "SYSTEM"} if dice.chance(50) else {})


def _status_of_tomorrow(_dice: Dice, _first_name: str, _start: datetime) -> Record:
    # Apten's list of statuses is open: this one stands for those it may add.
    return {"callStatus": "LINE_BUSY", "endedBy": "UNKNOWN"}


def _spoken(conversation: Conversation, start: datetime) -> Record:
    transcript, seconds = timed(conversation.lines, start)
    return {
        "durationSeconds": seconds,
        "transcript": transcript,
        "summary": conversation.summary,
        "endedBy": conversation.ended_by,
    }


_SORTS: dict[Callable[[Dice, str, datetime], Record], int] = {
    _talk: 53,
    _no_answer: 22,
    _voicemail: 14,
    _transfer: 10,
    _status_of_tomorrow: 1,
}
