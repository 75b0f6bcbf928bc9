"""Tells a person's edit from what we wrote ourselves, by fingerprints of each field's last value.

Per activity the ledger keeps a *print* of every field that an update may send: three bytes that stand for the field's
name and eight that stand for its value, both keyed. Equality is all a three-way merge needs.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from connector.sync.fingerprint import encoded, keyed, plain

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from connector.model import Value

_NAME, _VALUE = 3, 8
_SIZE = _NAME + _VALUE
_SOMETHING = bytes(_VALUE)
"""In place of a value's fingerprint: the field held something that we did not write."""


def renewed(secret: bytes, before: bytes | None, fields: Mapping[str, Value], *, filled: Collection[str] = ()) -> bytes:
    """What is known once these fields have been written: others keep their prints.

    Where nothing was known, of those `filled` by somebody that much is: emptying them counts as an edit from now on.
    """
    new = {_print(secret, name, value) for name, value in fields.items()}
    replaced = {entry[:_NAME] for entry in new}
    others = _known(secret, before, filled)
    return b"".join(sorted(new | {entry for entry in others if entry[:_NAME] not in replaced}))


def either(
    secret: bytes,
    before: bytes | None,
    fields: Mapping[str, Value],
    *,
    creates: bool,
    filled: Collection[str] = (),
) -> bytes:
    """What is known while a write is under way: each field may hold its old value, if only none, or the new one.

    A write that `creates` the activity leaves no old values: if the activity is there, all fields were filled.
    `filled` as for `renewed`.
    """
    known = _known(secret, before, filled)
    filled_by_us = {entry[:_NAME] for entry in known}
    empty = set() if creates else {_print(secret, name, None) for name in fields}
    new = {_print(secret, name, value) for name, value in fields.items()}
    return b"".join(sorted(known | new | {entry for entry in empty if entry[:_NAME] not in filled_by_us}))


def edited(
    secret: bytes,
    before: bytes | None,
    wanted: Mapping[str, Value],
    held: Mapping[str, Value],
    among: Collection[str],
) -> frozenset[str]:
    """Those of the fields `among` in which the CRM holds neither what is wanted nor what we put there.

    An empty field that we are not known to have filled was changed by nobody. Where nothing is known of what we wrote
    (`before` is None), every value that differs counts as an edit.
    """
    known = _entries(before)
    filled_by_us = {entry[:_NAME] for entry in known}

    def is_edit(name: str) -> bool:
        value = held.get(name)
        if same(wanted[name], value):
            return False
        entry = _print(secret, name, value)
        return entry not in known and not (is_blank(value) and entry[:_NAME] not in filled_by_us)

    return frozenset(name for name in among if name in wanted and is_edit(name))


def same(one: Value, other: Value) -> bool:
    """Whether two values are the same to a CRM: an empty text is none, 49.0 is 49, true is 1, a second is whole."""
    return _kept(one) == _kept(other)


def is_blank(value: Value) -> bool:
    """Whether the field holds nothing."""
    return value is None or value == ""


def _kept(value: Value) -> Value:
    if isinstance(value, datetime):
        return value.replace(microsecond=0)
    if isinstance(value, float) and value.is_integer():
        # A field with decimals gives back 49.0 for the 49 that was written.
        return int(value)
    if isinstance(value, bool):
        return int(value)
    return None if value == "" else value


def _print(secret: bytes, name: str, value: Value) -> bytes:
    return _of_name(secret, name) + keyed(secret, encoded([name, plain(_kept(value))]), _VALUE)


@lru_cache(1000)
def _of_name(secret: bytes, name: str) -> bytes:
    return keyed(secret, name.encode(), _NAME)


def _known(secret: bytes, before: bytes | None, filled: Collection[str]) -> set[bytes]:
    return _entries(before) if before is not None else {_of_name(secret, name) + _SOMETHING for name in filled}


def _entries(known: bytes | None) -> set[bytes]:
    known = known or b""
    return {known[at : at + _SIZE] for at in range(0, len(known), _SIZE)}
