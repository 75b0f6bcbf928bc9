"""`python -m connector`, the same as `apten-crm`."""

from __future__ import annotations

import gc
import signal
import sys
from contextlib import suppress

_INTERRUPTED = 130
_RARELY = (200_000, 10, 10)
"""How many more objects are made than freed until Python looks for cycles among them, and how often it looks further.

A run makes a great many that go by themselves; at Python's own numbers, looking takes a sixth of its time. To import
everything makes fewer than that, so that a run that finds nothing new does not look at all.
"""
_M_ARENA_MAX = -8
"""What glibc's `mallopt` calls the number of heaps from which it serves threads."""


def main() -> None:
    """Run the command line and leave with its exit code. To be asked to end (SIGTERM) counts as Ctrl-C does."""
    gc.set_threshold(*_RARELY)
    _share_one_heap()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        # Imported only here: it takes a moment, in which somebody may have thought better of it already.
        from connector.cli import app  # noqa: PLC0415  # see above

        app.hide_foreign_texts()
        code = app.main()
    except KeyboardInterrupt:
        code = _INTERRUPTED
    # The process takes everything down with it: to look for cycles once more takes longer than a run with nothing new.
    gc.freeze()
    sys.exit(code)


def _share_one_heap() -> None:
    """Otherwise there is a heap for each thread, and each keeps what the largest answer took that came its way."""
    # Not every Python comes with ctypes, nor every machine with glibc.
    with suppress(ImportError, OSError, AttributeError):
        import ctypes  # noqa: PLC0415  # see above

        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


if __name__ == "__main__":
    main()
