"""Reads an answer's body: streamed, unpacked by ourselves, capped in size and time, then decoded as JSON."""

from __future__ import annotations

import json
import re
import time
import zlib
from typing import TYPE_CHECKING, Any

from connector.errors import UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

LARGEST = 32 * 2**20
"""Bytes of an unpacked answer that are read at most."""
DEEPEST = 100
"""Levels of lists and objects within one another; what nests deeper breaks whoever walks it."""

_GZIP = 16 + zlib.MAX_WBITS
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class TooLargeError(UnreachableError):
    """The answer is larger, or nested deeper, than any honest one."""


def read_json(response: httpx.Response, request: str, *, deadline: float) -> Any:
    """The body as Python values. Lone surrogates, as of an emoji cut in half, become U+FFFD.

    Args:
        response: a streamed response, nothing of it read.
        request: `GET /path`, for messages.
        deadline: when to stop reading, on `time.monotonic`.

    Raises:
        TooLargeError: it unpacks to more than 32 MiB, or nests more than 100 levels deep.
        UnreachableError: it is late, badly packed, not UTF-8, or not JSON.
    """
    body = _read(response, request, deadline)
    try:
        value = json.loads(body.decode("utf-8"))
    except ValueError:
        raise UnreachableError(f"Apten's answer to {request} is not JSON.") from None
    except RecursionError:
        raise _too_deep(request) from None
    # Most answers have fewer brackets than that in all; counting them is a hundred times quicker than a look inside.
    if body.count(b"[") + body.count(b"{") > DEEPEST and _nests_deeper(value, DEEPEST):
        raise _too_deep(request)
    return _mend(value) if _SURROGATE.search(body) else value


def _read(response: httpx.Response, request: str, deadline: float) -> bytearray:
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in {"", "identity", "gzip", "x-gzip"}:
        raise UnreachableError(f"Apten's answer to {request} is packed in a way that was not asked for.")
    unzip = zlib.decompressobj(_GZIP) if "gzip" in packing else None
    body = bytearray()
    for chunk in response.iter_raw():
        body += _unpack(unzip.decompress, chunk, LARGEST + 1 - len(body)) if unzip else chunk
        if len(body) > LARGEST:
            raise TooLargeError(f"Apten's answer to {request} is larger than {LARGEST // 2**20} MiB; it was not read.")
        if time.monotonic() > deadline:
            raise UnreachableError(f"Apten's answer to {request} did not arrive in time.")
    if unzip and not unzip.eof:
        raise UnreachableError(f"Apten's answer to {request} was cut short.")
    return body


def _unpack(decompress: Callable[[bytes, int], bytes], chunk: bytes, room: int) -> bytes:
    # With room for one byte more than allowed, a bomb shows without being unpacked.
    return decompress(chunk, room)


def _too_deep(request: str) -> TooLargeError:
    return TooLargeError(f"Apten's answer to {request} is nested deeper than {DEEPEST} levels.")


def _nests_deeper(value: Any, levels: int) -> bool:
    layer: list[Any] = [[value]]
    for _ in range(levels + 1):
        rows = (outer.values() if isinstance(outer, dict) else outer for outer in layer)
        layer = [inner for row in rows for inner in row if isinstance(inner, dict | list)]
        if not layer:
            return False
    return True


def _mend(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_mend(item) for item in value]
    if isinstance(value, dict):
        return {_mend(key): _mend(item) for key, item in value.items()}
    return value
