"""The brake: what is to be written is counted before any of it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector.errors import BrakeError

if TYPE_CHECKING:
    from connector.sync.context import Context
    from connector.sync.outbox import Outbox


@dataclass(slots=True)
class Brake:
    """Holds writes back until it is known that they are not too many. `on` False never holds anything.

    A ledger's first back-fill and an explicit resync are not braked.
    """

    context: Context
    outbox: Outbox
    on: bool

    def released(self, *, last: bool) -> bool:
        """Whether writes may go out now.

        Raises:
            BrakeError: there are more of them than `stop_above` allows; nothing was written.
        """
        allowed = self.context.rules.stop_above
        if not self.on or allowed is None:
            return True
        if self.outbox.writes > allowed:
            raise BrakeError(
                f"This run would create or update more than {allowed} activities (sync.stop_above).",
                done="Nothing was written; the calls stay due.",
                todo="Every run stops here until you look what would change with `apten-crm sync --plan` and, "
                "if it is right, run `apten-crm sync --allow N` once with a number that is large enough.",
            )
        if last:
            self.on = False
        return last

    def has_room(self) -> bool:
        """Whether more calls may be fetched before some are written."""
        held = self.context.rules.stop_above or 0 if self.on else 0
        return self.outbox.size < held + 2 * self.context.crm.batch_size
