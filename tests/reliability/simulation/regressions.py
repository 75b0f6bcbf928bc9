"""Seeds that found something once: gone through in every check.

A seed means what the simulation makes of its number: after a change of the simulation it may no longer meet what it
once found. So what it found has a test of its own as well.
"""

from __future__ import annotations

SEEDS = (69, 2289, 3939, 9833, 15869)
