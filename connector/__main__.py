"""`python -m connector`, the same as `apten-crm`."""

from __future__ import annotations

import signal
import sys

from connector.cli import app


def main() -> None:
    """Run the command line and leave with its exit code. To be asked to end (SIGTERM) counts as Ctrl-C does."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    app.hide_foreign_texts()
    sys.exit(app.main())


if __name__ == "__main__":
    main()
