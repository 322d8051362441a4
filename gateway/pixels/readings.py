"""The surest of several readings of one place: views and tiles show a text twice, and once with a letter lost or wrong."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.judge.text import distance, shape
from gateway.pixels.reader import Line
from gateway.records import Box

_SURE = 0.9  # recognition's score of the reading that is believed
_SAME = 0.75  # of the smaller box in the larger one: the two are one place
_WRONG = 4  # letters, of which one may be read otherwise


def surest(lines: Sequence[Line]) -> list[Line]:
    """The lines without those that are a worse reading of the same ink: almost the same letters, or a part of them."""
    return [line for line in lines if not any(_is_worse(line, other) for other in lines if other is not line)]


def _is_worse(line: Line, other: Line) -> bool:
    if line.code or other.code or other.score < _SURE or line.score >= other.score or line.others or other.others:
        return False
    if other.box.w * other.box.h < _SAME * line.box.w * line.box.h or _shared(line.box, other.box) < _SAME:
        return False
    read, better = shape("".join(line.text.split())), shape("".join(other.text.split()))
    if not read:
        return False
    wrong = max(1, len(better) // _WRONG)
    return read in better or distance(read, better, wrong) <= wrong


def _shared(one: Box, other: Box) -> float:
    across = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    down = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    return max(0, across) * max(0, down) / max(1, min(one.w * one.h, other.w * other.h))
