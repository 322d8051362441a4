"""Forms that identify in free text and mean other things on a console: doors, days, ages, initials, towns of known words.

Lines of pixels do not ask here: ``Camera 2`` and ``9/12`` are printed by devices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gateway.judge import doors, initials, towns
from gateway.judge.patterns import Hit
from gateway.judge.technical import Token


def find(text: str, found: Sequence[Token], hits: Sequence[Hit]) -> Iterator[Hit]:
    """Every place of a free text that one of these forms names; ``hits`` are what other forms named."""
    yield from doors.find(text, hits)
    yield from initials.find(text, found)
    yield from towns.find(text, found)
