"""Randomness that is the same for the same seed."""

from __future__ import annotations

from random import Random


class Dice(Random):
    """A seeded generator that also knows likelihoods."""

    def chance(self, percent: float) -> bool:
        """Whether something of this likelihood happens."""
        return self.random() * 100 < percent
