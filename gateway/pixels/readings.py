"""The surest of several readings of one place: views and tiles show a text twice, and once with a letter lost or wrong."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.judge.text import distance, shape
from gateway.pixels.reader import Line
from gateway.records import Box

_SURE = 0.9  # recognition's score of the reading that is believed
_SAME = 0.75  # of the smaller box in the larger one: the two are one place
_DOUBTFUL, _FEW = 0.8, 3  # score and letters of a reading that a sure one of so few letters replaces, whatever it says
_SIZE = 0.5  # of the larger box the smaller one at least is, where both show the same ink
_WRONG = 4  # letters, of which one may be read otherwise


def surest(lines: Sequence[Line]) -> list[Line]:
    """The lines without those that are a worse reading of the same ink: a part of the letters, or almost the same, less sure.

    First goes what other lines tell piece by piece, then the parts, then the less sure: so of all readings of a place one stays.
    """
    apart = [line for line in lines if not _is_told(line, lines)]
    whole = [line for line in apart if not any(_is_part(line, other) for other in apart if other is not line)]
    return [line for line in whole if not any(_is_less_sure(line, other) for other in whole if other is not line)]


def _is_told(line: Line, lines: Sequence[Line]) -> bool:
    """Whether surer lines within the box of this one say together the figures that it says: of a scale, read two at once."""
    inside = [
        other
        for other in lines
        if other is not line and max(_SURE, line.score) < other.score and not (other.code or other.others)
        and _shared(line.box, other.box) >= _SAME and other.box.w * other.box.h < line.box.w * line.box.h
    ]  # fmt: skip
    down = line.box.h > line.box.w
    inside.sort(key=lambda other: other.box.y if down else other.box.x)
    figures = "".join(character for character in line.text if character.isalnum())
    told = "".join(other.text.strip() for other in inside)
    return figures.isdecimal() and told == figures and not (line.code or line.others)


def _is_part(line: Line, other: Line) -> bool:
    read, better = _letters(line), _letters(other)
    return bool(read) and len(read) < len(better) and read in better and _may_replace(other, line)


def _is_less_sure(line: Line, other: Line) -> bool:
    if line.score >= other.score or not _may_replace(other, line):
        return False
    read, better = _letters(line), _letters(other)
    if line.score < _DOUBTFUL and max(len(read), len(better)) <= _FEW and _shared(line.box, other.box) >= _SAME:
        return _alike(line.box, other.box)
    wrong = max(1, len(better) // _WRONG)
    return bool(read) and (read in better or distance(read, better, wrong) <= wrong)


def _may_replace(other: Line, line: Line) -> bool:
    """Whether another line is surely read and stands where this one stands."""
    if line.code or other.code or other.score < _SURE or line.others or other.others:
        return False
    covers = other.box.w * other.box.h >= _SAME * line.box.w * line.box.h
    return covers and _shared(line.box, other.box) >= _SAME


def _alike(one: Box, other: Box) -> bool:
    small, large = sorted((one.w * one.h, other.w * other.h))
    return small >= _SIZE * large


def _letters(line: Line) -> str:
    return shape("".join(line.text.split()))


def _shared(one: Box, other: Box) -> float:
    across = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    down = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    return max(0, across) * max(0, down) / max(1, min(one.w * one.h, other.w * other.h))
