"""`python -m connector`, the same as `apten-crm`."""

from __future__ import annotations

import sys

from connector.cli import app


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(app.main())


if __name__ == "__main__":
    main()
