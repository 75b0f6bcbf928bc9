"""A call as it was fetched, which takes little memory while it has to wait for long."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from pydantic import TypeAdapter

from connector.source_model import Call, Lead

if TYPE_CHECKING:
    from connector.model import CallState

_Told: TypeAlias = "tuple[Call, Lead | None]"
_QUICKLY = 1
"""zlib's level: the better ones take several times as long for a tenth less."""


@dataclass(slots=True)
class Fetched:
    """A call, with its lead where one is at hand, until every target is done with it.

    `state` is what to remember of the call then; `unchanged` says the call is as it was at the fetch before;
    `open` counts the targets still to answer; `superseded` says a newer picture of the call took its place.
    """

    _told: _Told | bytes
    state: CallState
    unchanged: bool
    open: int = 0
    superseded: bool = False

    @property
    def call(self) -> Call:
        """The call."""
        return self._unpacked()[0]

    @property
    def lead(self) -> Lead | None:
        """Its lead; None where it has none, or nobody asked for it."""
        return self._unpacked()[1]

    def pack(self) -> None:
        """Take a tenth of the memory until somebody asks for call or lead again."""
        if not isinstance(self._told, bytes):
            self._told = zlib.compress(_as_json().dump_json(self._told, exclude_unset=True), _QUICKLY)

    def _unpacked(self) -> _Told:
        if isinstance(self._told, bytes):
            self._told = _as_json().validate_json(zlib.decompress(self._told))
        return self._told


@cache
def _as_json() -> TypeAdapter[_Told]:
    # Made when it is needed: most runs have nothing that waits for long.
    return TypeAdapter(tuple[Call, Lead | None])
