"""Keyed fingerprints: enough to see that something changed, nothing from which to guess what it says."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from connector.crm_schema import ObjectSchema
    from connector.model import Value
    from connector.source_model import Call

_BYTES = 16
_HALF = 8
_AT_ONCE = 2047
_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def of_call(secret: bytes, call: Call) -> bytes:
    """Fingerprint of everything Apten says about a call, its own change stamp aside."""
    return keyed(secret, call.model_dump_json(exclude={"updated_at"}).encode(), _BYTES)


def of_fields(secret: bytes, fields: Mapping[str, Value]) -> bytes:
    """Fingerprint of a draft's fields, whatever their order."""
    return keyed(secret, encoded({name: plain(value) for name, value in fields.items()}), _BYTES)


def of_mappings(prints: Iterable[bytes]) -> bytes:
    """Fingerprint of mappings that calls are offered to in this order."""
    return hashlib.blake2b(b"".join(prints), digest_size=_HALF).digest()


def of_trial(prints: Iterable[bytes], schema: ObjectSchema) -> bytes:
    """Fingerprint of what decides how a call fares: that of the mappings, then that of the CRM's object."""
    # The order in which a CRM tells its fields says nothing.
    text = json.dumps(asdict(schema), sort_keys=True)
    return of_mappings(prints) + hashlib.blake2b(text.encode("ascii"), digest_size=_HALF).digest()


def plain(value: Value) -> Any:
    """The value as JSON can hold it, different for values of different kinds."""
    # A date and the text that looks like it are not the same value.
    return [type(value).__name__, value.isoformat()] if isinstance(value, date | datetime) else value


def encoded(content: Any) -> bytes:
    """What a fingerprint of plain values is taken of; the same for dicts in another order."""
    return _ENCODER.encode(content).encode("ascii")


def keyed(secret: bytes, content: bytes, size: int) -> bytes:
    """A digest of so many bytes, which nobody can make without the secret."""
    digest = hashlib.blake2b(key=secret, digest_size=size)
    # hashlib lets other threads run while it takes in more at once; to have its turn again takes far longer than that.
    for at in range(0, len(content), _AT_ONCE):
        digest.update(content[at : at + _AT_ONCE])
    return digest.digest()
