"""`python -m connector`, the same as `apten-crm`."""

from __future__ import annotations

import ctypes
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
_MOST_ARENAS = -8
"""`M_ARENA_MAX` of glibc's `mallopt`: from how many heaps its threads are served."""


def main() -> None:
    """Run the command line and leave with its exit code. To be asked to end (SIGTERM) counts as Ctrl-C does."""
    gc.set_threshold(*_RARELY)
    with suppress(AttributeError):  # a C library that is not glibc
        # Otherwise there is a heap for each thread, and each keeps what the largest answer took that came its way.
        ctypes.CDLL(None).mallopt(_MOST_ARENAS, 1)
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


if __name__ == "__main__":
    main()
