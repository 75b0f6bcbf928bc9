"""Makes up the leads of the sandbox: names from all over, phones, e-mail addresses, and their ids in the CRM."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any
from uuid import UUID

from connector.sandbox.salesforce.ids import CONTACT, LEAD, whole
from connector.sandbox.shelf import stamp_text

if TYPE_CHECKING:
    from datetime import datetime

    from connector.sandbox.dice import Dice

_COMMON = (
    ("James", "Maria", "Linda", "Marcus", "Ashley", "Dwayne", "Emily", "Tyler", "Grace", "Héctor", "Priya", "Sam"),
    ("Smith", "Johnson", "O'Neil", "Nguyen", "Baker-Hill", "Alvarez", "Patel", "Kim", "McAllister", "Reyes", "Young"),
)
_ELSEWHERE = (
    (("José", "Lucía", "Íñigo", "Ximena"), ("García Núñez", "Peña", "Ibáñez", "Muñoz de la Cruz")),
    (("Jürgen", "Zoë", "Anaïs", "François"), ("Müller", "Groß", "Lefèvre", "D’Été")),  # noqa: RUF001  # his own apostrophe
    (("Łukasz", "Żaneta", "Đorđe", "Dvořák"), ("Wiśniewski", "Kovačević", "Novák", "Źrebiec")),
    (("伟", "秀英", "さくら", "민준"), ("王", "李", "佐藤", "김")),
    (("محمد", "فاطمة", "דוד", "נועה"), ("العلي", "حسن", "כהן", "לוי")),
    (("Αλέξανδρος", "Олена", "Ngọc", "Siân"), ("Παπαδόπουλος", "Шевченко", "Trần", "Llewellyn 🌞")),
)
_AREAS = ("202", "206", "212", "303", "312", "404", "415", "503", "512", "602", "617", "702", "713", "801", "919")
_PROFILES = ("Website enquiries", "Solar spring campaign", "Trade fair Denver", "Win-back 2025")
_SOURCES = ("newsletter", "google", "referral", "trade_fair")
_OTHER_EXTERNAL_IDS = ("lead_8xYzQ1kJ4mB7", "512345678", "CRM-000117", "n/a", " ", "00Q5g00000")
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def make_id(dice: Dice, kind: str) -> str:
    """An id as Apten has them: mostly a UUID, some like `room_k3xQ0v`."""
    number = dice.getrandbits(128)
    return f"{kind}_{number:032x}"[:20] if number % 20 == 0 else str(UUID(int=number, version=4))


def make_lead(dice: Dice, number: int, created: datetime) -> dict[str, Any]:
    """The `number`-th lead, without any activity yet. Phones repeat after some 1,500 leads, as in households."""
    first_names, last_names = dice.choice(_ELSEWHERE) if dice.chance(30) else _COMMON
    first, last = dice.choice(first_names), dice.choice(last_names)
    stamp = stamp_text(created)
    lead: dict[str, Any] = {
        "id": make_id(dice, "room"),
        "firstName": first,
        "lastName": last,
        "phone": f"+1{_AREAS[number // 100 % len(_AREAS)]}55501{number % 100:02d}",
        "email": f"{_ascii(first)}.{_ascii(last)}.{number}@example.com",
        "customerProfile": dice.choice(_PROFILES),
        "createdAt": stamp,
        "updatedAt": stamp,
        "lastActivityAt": stamp,
        "additionalInfo": {"utm_source": dice.choice(_SOURCES), "zip": f"{dice.randint(501, 99950):05d}"},
        "hasReplied": dice.chance(60),
        "isHot": dice.chance(20),
        "isQualified": dice.chance(40),
        "isUnsubscribed": False,
        "isAiOn": True,
        "tags": [],
        "externalLeadId": external_id(dice, number),
        "deleted": False,
        "deletedAt": None,
    }
    if dice.chance(30):
        lead["tags"] = [{"id": "tag_quote", "name": "Wants a quote", "condition": "The lead asks for a written quote"}]
    for field in ("phone", "email", "lastName", "additionalInfo"):
        if dice.chance(4):
            del lead[field]
    if lead["externalLeadId"] is None and dice.chance(50):
        del lead["externalLeadId"]
    return lead


def external_id(dice: Dice, number: int) -> str | None:
    """The lead's record id in the CRM: a Salesforce Lead or Contact in either form, one of another CRM, or none."""
    salesforce = (CONTACT if dice.chance(30) else LEAD) + "5g00000" + _base62(number)
    wrong_suffix = salesforce + "AAA"
    return dice.choices(
        (whole(salesforce), salesforce, wrong_suffix, dice.choice(_OTHER_EXTERNAL_IDS), None),
        weights=(60, 18, 5, 5, 12),
    )[0]


def _base62(number: int) -> str:
    text = ""
    for _ in range(5):
        number, digit = divmod(number, len(_DIGITS))
        text = _DIGITS[digit] + text
    return text


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(ch for ch in plain.lower() if ch.isalnum()) or "lead"
