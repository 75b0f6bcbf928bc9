"""`python -m connector`, the same as `apten-crm`."""

from __future__ import annotations

import signal
import sys

_INTERRUPTED = 130


def main() -> None:
    """Run the command line and leave with its exit code. To be asked to end (SIGTERM) counts as Ctrl-C does."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        # Imported only here: it takes a moment, in which somebody may have thought better of it already.
        from connector.cli import app  # noqa: PLC0415  # see above

        app.hide_foreign_texts()
        code = app.main()
    except KeyboardInterrupt:
        code = _INTERRUPTED
    sys.exit(code)


if __name__ == "__main__":
    main()
