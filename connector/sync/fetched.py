"""A call as it was fetched, which takes little memory while it has to wait for long."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector.source_model import Call, Lead

if TYPE_CHECKING:
    from connector.model import CallState

_QUICKLY = 1
"""zlib's level: the better ones take several times as long for a tenth less."""


@dataclass(slots=True)
class Fetched:
    """A call, with its lead where one is at hand, until every target is done with it.

    `state` is what to remember of the call then; `unchanged` says the call is as it was at the fetch before;
    `open` counts the targets still to answer; `superseded` says a newer picture of the call took its place.
    """

    _call: Call | bytes
    _lead: Lead | bytes | None
    state: CallState
    unchanged: bool
    open: int = 0
    superseded: bool = False

    @property
    def call(self) -> Call:
        """The call."""
        if isinstance(self._call, bytes):
            self._call = Call.model_validate_json(zlib.decompress(self._call))
        return self._call

    @property
    def lead(self) -> Lead | None:
        """Its lead; None where it has none, or nobody asked for it."""
        if isinstance(self._lead, bytes):
            self._lead = Lead.model_validate_json(zlib.decompress(self._lead))
        return self._lead

    def pack(self) -> None:
        """Take a tenth of the memory until somebody asks for call or lead again."""
        if isinstance(self._call, Call):
            self._call = _packed(self._call)
        if isinstance(self._lead, Lead):
            self._lead = _packed(self._lead)


def _packed(record: Call | Lead) -> bytes:
    return zlib.compress(record.model_dump_json(exclude_unset=True).encode(), _QUICKLY)
