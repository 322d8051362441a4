"""Lines that detection cut into pieces: they stand on one row, no farther apart than a blank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gateway.pixels.reader import Line
from gateway.pixels.rows import on_one_row

_BLANK = 0.6  # heights: the blank between two words of a text is narrower
_OVERLAP = 0.5  # heights: pieces overlap less, readings of one place more
_LEVEL = 0.3  # heights: how far the middles of two pieces lie apart at most


@dataclass(frozen=True, slots=True)
class Whole:
    """The positions of the pieces of one text, from left to right, and what they say together."""

    positions: tuple[int, ...]
    text: str = field(repr=False)


def wholes(lines: Sequence[Line]) -> tuple[Whole, ...]:
    """The texts of which several of the ``lines`` are pieces."""
    order = sorted(
        (i for i, line in enumerate(lines) if not line.code and line.text.strip()), key=lambda i: lines[i].box.x
    )
    chains: list[list[int]] = []
    for i in order:
        before = [chain for chain in chains if _follows(lines[chain[-1]], lines[i])]
        if before:
            before[0].append(i)
        else:
            chains.append([i])
    return tuple(
        Whole(tuple(chain), " ".join(lines[i].text.strip() for i in chain)) for chain in chains if len(chain) > 1
    )


def _follows(line: Line, after: Line) -> bool:
    height = max(line.height, after.height)
    gap = after.box.x - line.box.x - line.box.w
    level = abs(line.box.y + line.box.h / 2 - after.box.y - after.box.h / 2) <= _LEVEL * height
    return -_OVERLAP * height <= gap <= _BLANK * height and level and on_one_row(line, after)
