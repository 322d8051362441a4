"""Letters and figures written apart: in the cells of a form, spaced widely, or stacked in a column.

Detection finds each letter by itself, and by itself none says anything. So they are joined before they are judged. Scales,
enumerations and repeated marks are told apart by what they are, not by a list of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from math import log
from statistics import median

from gateway.pixels.reader import Line
from gateway.records import Box

_SHORT = 3  # characters: detection joins up to so many letters that were written apart
_PIECES = 3  # the least that make a text
_ALIKE = 1.8  # times: sizes of the boxes of letters of one text, a narrow 1 and a wide W
_STRAIGHT = 0.5  # sizes: how far the next letter may lie beside the line of the text
_APART = 5.0  # sizes: letters farther apart are marks at the sides of an image
_OPPOSITE = frozenset({"RL", "LR", "AP", "PA", "HF", "FH", "SI", "IS"})  # at two sides of an image (PS3.3 C.7.6.1.1.1)
_UNEVEN = 2.5  # times the usual distance: a wider gap ends the text, a narrower one lost a letter
_STROKES = str.maketrans(dict.fromkeys("il|!丨一-", "1"))  # how ticks of a ruler are read
_UPRIGHT = frozenset("il|!丨1ⅱⅲ")  # and those, in lower case
_OFF_SCALE = 0.3  # steps: how far a figure of a scale stands from its place
_PER_MISREAD = 5  # figures of a scale, of which one may be misread


@dataclass(frozen=True, slots=True)
class Run:
    """Lines that belong together: positions in reading order, texts joined, whether they are repeated marks or a scale."""

    positions: tuple[int, ...]
    text: str = field(repr=False)
    series: bool


@dataclass(frozen=True, slots=True)
class _Piece:
    """One line along the direction of reading: centres of its first and last letter, its centre across, a letter's size."""

    position: int
    text: str = field(repr=False)
    first: float
    last: float
    across: float
    size: float


def runs(lines: Sequence[Line]) -> tuple[Run, ...]:
    """The texts that single letters and very short lines make, in rows and in columns, at regular distances."""
    short = [i for i, line in enumerate(lines) if 0 < _length(line.text) <= _SHORT and _counts(line.text)]
    rows = _joined([_piece(i, lines[i], upright=False) for i in short])
    free = [i for i in short if not any(_stands_on_row(lines[i], other) for other in lines if other is not lines[i])]
    columns = _joined([_piece(i, lines[i], upright=True) for i in free])
    return tuple(_run(run) for run in (*rows, *columns))


def spelled(text: str) -> str:
    """The letters of a line in which they are written apart, as one word; "" if it is not such a line or they are a series."""
    parts = text.split()
    if not _is_spelled(parts) or is_series([(float(i), part) for i, part in enumerate(parts)]):
        return ""
    return "".join(parts)


def is_strokes(text: str) -> bool:
    """Whether a text is up to three upright strokes, a lead III or ticks of a ruler, which no one can tell from 111."""
    letters = "".join(text.split())
    return len(letters) <= _SHORT and set(letters.casefold()) <= _UPRIGHT


def is_series(marks: Sequence[tuple[float, str]]) -> bool:
    """Whether marks, each with its place, are a scale, an enumeration, the sides of images, or the same one again and again."""
    different = {character for _, text in marks for character in text.casefold().translate(_STROKES)}
    if len(different) < 3 or _are_sides("".join(text for _, text in marks)):
        return True
    values = [_value(text) for _, text in marks]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return False
    places = [place for place, _ in marks]
    return any(_is_even(places, scale) for scale in (known, _signed(known), _logarithms(known)) if scale)


def _are_sides(text: str) -> bool:
    pairs = {text[i : i + 2] for i in range(0, len(text), 2)}
    return pairs <= _OPPOSITE


def _signed(values: Sequence[float]) -> list[float]:
    """Values that fall and rise again, as what they are beyond zero: a minus is easily lost."""
    lowest = values.index(min(values))
    return [*values[: lowest + 1], *(-value for value in values[lowest + 1 :])]


def _logarithms(values: Sequence[float]) -> list[float]:
    return [log(value) for value in values] if min(values) > 0 else []


def _is_even(places: Sequence[float], values: Sequence[float]) -> bool:
    """Whether the values grow or fall evenly with their places, but for one in five that may be misread."""
    marks = list(zip(places, values, strict=True))
    slope = median((high - low) / (there - here) for (here, low), (there, high) in combinations(marks, 2))
    start = median(value - slope * place for place, value in marks)
    step = abs(slope) * (places[-1] - places[0]) / (len(places) - 1)
    off = sum(abs(start + slope * place - value) > _OFF_SCALE * step for place, value in marks)
    return step > 0 and off <= len(marks) // _PER_MISREAD


def _value(text: str) -> float | None:
    """The number that a mark shows, or the place of a letter in its alphabet."""
    if len(text) == 1 and text.isalpha() and text not in {"O", "o"}:
        return float(ord(text))
    try:
        return float(text.replace("O", "0").replace("o", "0").replace(",", "."))
    except ValueError:
        return None


def _run(pieces: Sequence[_Piece]) -> Run:
    marks = [((piece.first + piece.last) / 2, piece.text) for piece in pieces]
    return Run(
        tuple(piece.position for piece in pieces), "".join(piece.text for piece in pieces), series=is_series(marks)
    )


def _joined(pieces: Iterable[_Piece]) -> list[list[_Piece]]:
    """Chains of pieces that follow each other at regular distances, long enough to be a text."""
    chains: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.first, piece.across)):
        before = [chain for chain in chains if _follows(chain[-1], piece)]
        if before:
            min(before, key=lambda chain: piece.first - chain[-1].last).append(piece)
        else:
            chains.append([piece])
    even = [part for chain in chains for part in _even(chain)]
    return [part for part in even if _is_spelled([piece.text for piece in part])]


def _is_spelled(texts: Sequence[str]) -> bool:
    """Whether a text is written in single letters: most of them, as detection or recognition joins a few."""
    singles = sum(_length(text) == 1 and _counts(text) for text in texts)
    return len(texts) >= _PIECES and 2 * singles >= len(texts) and all(_length(text) <= _SHORT for text in texts)


def _even(chain: Sequence[_Piece]) -> list[list[_Piece]]:
    """Cut a chain where the distance is much wider than usual."""
    gaps = [after.first - before.last for before, after in pairwise(chain)]
    parts = [[chain[0]]]
    for gap, piece in zip(gaps, chain[1:], strict=True):
        if gap > _UNEVEN * median(gaps):
            parts.append([])
        parts[-1].append(piece)
    return parts


def _follows(piece: _Piece, after: _Piece) -> bool:
    small, large = sorted((piece.size, after.size))
    near = 0 < after.first - piece.last <= _APART * large
    return near and large <= _ALIKE * small and abs(piece.across - after.across) <= _STRAIGHT * large


def _piece(position: int, line: Line, *, upright: bool) -> _Piece:
    start, long, wide = (line.box.y, line.box.h, line.box.w) if upright else (line.box.x, line.box.w, line.box.h)
    across = (line.box.x if upright else line.box.y) + wide / 2
    text = "".join(line.text.split())
    letter = long / len(text)
    size = max(wide, long) if len(text) == 1 else wide
    return _Piece(position, text, start + letter / 2, start + long - letter / 2, across, size)


def _stands_on_row(line: Line, other: Line) -> bool:
    """Whether ``line`` is a part of a row of longer texts: a column of a table is no text that is read downwards."""
    if _length(other.text) < 2 or other.box.h > _ALIKE * line.box.h:
        return False
    gap = max(line.box.x, other.box.x) - min(line.box.x + line.box.w, other.box.x + other.box.w)
    return _overlap(line.box, other.box) and gap <= _APART * line.box.h


def _overlap(one: Box, other: Box) -> bool:
    rows = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    return 2 * rows >= min(one.h, other.h)


def _length(text: str) -> int:
    return sum(not character.isspace() for character in text)


def _counts(text: str) -> bool:
    return any(character.isalnum() for character in text)
