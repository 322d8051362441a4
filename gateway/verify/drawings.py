"""Draws lines that may be letters at the size at which letters are read: strokes that stand together, many drawings to a sheet.

Nobody knows what the lines are or how large. Lines near each other and of about one size make a drawing, at a scale of its own;
far or large lines make others, so none of them hides small letters. A sheet takes many drawings, for a picture costs a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

#: Pixels of a sheet (the reader takes it in one piece) and of the smallest picture (it enlarges smaller ones), the border of a
#: drawing, what two parts of a large one share (a name), and the height of letters that is read best.
_SHEET, _SMALLEST, _BORDER, _SHARED, _LETTER = 1000, 640, 30, 400, 32
#: So many drawings are read alone, as letters that are read one by one stay together then; more share sheets.
_ALONE: Final = 8
#: Drawings that would fill so many sheets are sorted by height, which leaves less of them blank.
_TOGETHER: Final = 16
#: The longest side of a drawing in pixels, and in letters for each stroke of it; scales that are told apart.
_LONGEST, _WIDEST, _ALIKE = 4000, 2, 1.5
#: What has as many open strokes may be letters, and so may as many closed lines beside each other.
_STROKES: Final = 4
#: An outline of so many points is drawn by hand, and closed if its end is no farther from its beginning than so many times the
#: usual distance of its points.
_BY_HAND, _BESIDE = 8, 2.0
#: Lines belong together that differ in size by no more than this, and are no farther apart than so many times the larger one.
_RATIO, _REACH = 2.5, 3.0
#: A step so many times as long as the short steps of its line leads somewhere else.
_FAR: Final = 8.0
_Picture = NDArray[np.uint8]
Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Lines of one image: their points, their boxes (n, 4: left, top, right, bottom) and their open strokes, 0 if closed."""

    lines: tuple[Points, ...]
    boxes: NDArray[np.float64]
    strokes: NDArray[np.int64]

    @property
    def sizes(self) -> NDArray[np.float64]:
        """The longer side of each box."""
        sizes: NDArray[np.float64] = (self.boxes[:, 2:] - self.boxes[:, :2]).max(axis=1)
        return sizes

    def only(self, numbers: NDArray[np.int64]) -> _Pieces:
        """Some of the lines."""
        return _Pieces(tuple(self.lines[number] for number in numbers), self.boxes[numbers], self.strokes[numbers])


def pictures(images: Iterable[Iterable[Points]]) -> Iterator[_Picture]:
    """White on black, all that may be letters among the lines (points, 2) of each image; few drawings alone, more on sheets.

    Drawings for a few sheets are held in memory at a time.
    """
    seen: set[bytes] = set()
    waiting: list[_Picture] = []
    for lines in images:
        for drawing in _drawings(lines):
            key = sha256(repr(drawing.shape).encode() + drawing.tobytes()).digest()
            if key in seen:
                continue
            seen.add(key)
            if len(seen) <= _ALONE:
                yield _on_black(drawing)
                continue
            waiting.append(drawing)
            if sum(each.size for each in waiting) > _TOGETHER * _SHEET**2:
                yield from _sheets(waiting)
                waiting = []
    yield from _sheets(waiting)


# --- sheets ----------------------------------------------------------------------------------------------------------
def _sheets(drawings: list[_Picture]) -> Iterator[_Picture]:
    """The drawings on as few sheets as rows of one height allow."""
    sheet = _Sheet()
    for drawing in sorted(drawings, key=len):
        if not sheet.take(drawing):
            yield sheet.picture
            sheet = _Sheet()
            sheet.take(drawing)
    if drawings:
        yield sheet.picture


class _Sheet:
    """A picture that takes drawings row by row. Holds what it took; not shared."""

    def __init__(self) -> None:
        self.picture: _Picture = np.zeros((_SHEET, _SHEET), np.uint8)
        self._left = self._top = self._below = 0

    def take(self, drawing: _Picture) -> bool:
        """Put a drawing beside or below the last one; False if there is no room."""
        down, across = drawing.shape
        if self._left + across > _SHEET:
            self._left, self._top = 0, self._below
        if self._top + down > _SHEET:
            return False
        self.picture[self._top : self._top + down, self._left : self._left + across] = drawing
        self._left, self._below = self._left + across, max(self._below, self._top + down)
        return True


def _on_black(drawing: _Picture) -> _Picture:
    down, across = drawing.shape
    return np.pad(drawing, ((0, max(0, _SMALLEST - down)), (0, max(0, _SMALLEST - across))))


# --- drawings --------------------------------------------------------------------------------------------------------
def _drawings(lines: Iterable[Points]) -> Iterator[_Picture]:
    """What may be letters among the lines of one image, each at the scales at which it may be."""
    pieces = _pieces(lines)
    for numbers in _together(pieces):
        members = pieces.only(numbers)
        if members.strokes.sum() < _STROKES and _beside(members) < _STROKES:
            continue
        box = np.r_[members.boxes[:, :2].min(axis=0), members.boxes[:, 2:].max(axis=0)]
        # the bow of a letter may be of lines so small that they stand apart
        there = (pieces.boxes[:, :2] <= box[2:]).all(axis=1) & (pieces.boxes[:, 2:] >= box[:2]).all(axis=1)
        shown = pieces.only(np.flatnonzero(there & (pieces.sizes <= members.sizes.max())))
        for scale in _scales(members, box):
            yield from _drawn(shown, box, scale)


def _pieces(lines: Iterable[Points]) -> _Pieces:
    """The lines, cut where they lead somewhere else; those without extent are left out."""
    found: list[tuple[Points, int]] = []
    for line in lines:
        points = line[np.isfinite(line).all(axis=1)]
        points = points[np.r_[True, (np.diff(points, axis=0) != 0).any(axis=1)][: len(points)]]
        if len(points) < 2:
            continue
        steps = np.hypot(*np.diff(points, axis=0).T)
        far = np.flatnonzero(steps > _FAR * np.quantile(steps, 0.25, method="lower"))
        is_open = _is_open(points) or len(far) == 1  # a long way back to the beginning
        found += [(piece, (len(piece) - 1) * is_open) for piece in np.split(points, far + 1)]
        found += [(points[step : step + 2], int(is_open)) for step in far]
    found = [(points, strokes) for points, strokes in found if len(points) > 1]
    boxes = np.array([(*points.min(axis=0), *points.max(axis=0)) for points, _ in found]).reshape(-1, 4)
    return _Pieces(tuple(points for points, _ in found), boxes, np.array([strokes for _, strokes in found], np.int64))


def _is_open(line: Points) -> bool:
    """Whether a line ends elsewhere than it begins (with many points, farther than they are apart), or turns back on itself."""
    steps, gap = np.hypot(*np.diff(line, axis=0).T), float(np.hypot(*(line[-1] - line[0])))
    if gap > (_BESIDE * float(np.median(steps)) if len(line) >= _BY_HAND else 0):
        return True
    ends = np.sort(
        np.unique(line, axis=0, return_inverse=True)[1].reshape(-1)[np.c_[: len(line) - 1, 1 : len(line)]], axis=1
    )
    strokes = np.unique(ends, axis=0)
    return len(strokes) < len(ends) and bool((np.bincount(strokes.ravel()) % 2).any())


def _together(pieces: _Pieces) -> Iterator[NDArray[np.int64]]:
    """The numbers of the lines that stand together, group by group."""
    order = np.argsort(pieces.boxes[:, 0], kind="stable")
    boxes, sizes = pieces.boxes[order], pieces.sizes[order]
    waiting = np.ones(len(order), dtype=bool)
    for first in range(len(order)):
        if not waiting[first]:
            continue
        waiting[first], group, number = False, [first], 0
        while number < len(group):
            box, size = boxes[group[number]], sizes[group[number]]
            widest = _RATIO * _REACH * size
            near = slice(*np.searchsorted(boxes[:, 0], (box[0] - widest - _RATIO * size, box[2] + widest)))
            gaps = np.maximum(boxes[near, :2] - box[2:], box[:2] - boxes[near, 2:]).max(axis=1)
            larger, smaller = np.maximum(sizes[near], size), np.minimum(sizes[near], size)
            beside = waiting[near] & (larger <= _RATIO * smaller) & (gaps <= _REACH * larger)
            found = np.flatnonzero(beside) + near.start
            waiting[found] = False
            group += found.tolist()
            number += 1
        yield np.sort(order[group])


def _beside(members: _Pieces) -> int:
    """How many closed lines of about one height stand beside each other: letters in outline do, what lies within one does not."""
    closed = members.boxes[members.strokes == 0]
    heights = closed[:, 3] - closed[:, 1]
    kept: list[NDArray[np.float64]] = []
    for box in closed[heights * 2 >= heights.max(initial=0)]:
        if all((box[:2] > other[2:]).any() or (box[2:] < other[:2]).any() for other in kept):
            kept.append(box)
    return len(kept)


def _scales(members: _Pieces, box: NDArray[np.float64]) -> list[float]:
    """Scales at which the usual line, or all of them together, have the height of a letter."""
    heights = members.boxes[:, 3] - members.boxes[:, 1]
    sides = box[2:] - box[:2]
    longest = min(_LONGEST, _WIDEST * _LETTER * max(int(members.strokes.sum()), len(members.lines)))
    letters = [float(np.median(heights[heights > 0])) if heights.any() else 0, float(sides.min())]
    scales: list[float] = []
    for letter in letters:
        scale = min(_LETTER / letter if letter > 0 else np.inf, longest / float(sides.max()))
        if all(max(scale, other) > _ALIKE * min(scale, other) for other in scales):
            scales.append(scale)
    return scales


def _drawn(shown: _Pieces, box: NDArray[np.float64], scale: float) -> Iterator[_Picture]:
    """The lines at one scale, in parts that fit a sheet."""
    across, down = np.ceil((box[2:] - box[:2]) * scale).astype(int) + 2 * _BORDER
    boxes = (shown.boxes - np.tile(box[:2], 2)) * scale + _BORDER
    for top, bottom in _spans(int(down)):
        for left, right in _spans(int(across)):
            here = (boxes[:, :2] < (right, bottom)).all(axis=1) & (boxes[:, 2:] > (left, top)).all(axis=1)
            picture: _Picture = np.zeros((bottom - top, right - left), np.uint8)
            for number in np.flatnonzero(here):
                line = (shown.lines[number] - box[:2]) * scale + _BORDER - (left, top)
                cv2.polylines(picture, [line.astype(np.int32)], isClosed=False, color=255, thickness=3)
            if picture.any():
                yield picture


def _spans(length: int) -> list[tuple[int, int]]:
    starts = range(0, max(1, length - _SHARED), _SHEET - _SHARED) if length > _SHEET else (0,)
    return [(start, min(length, start + _SHEET)) for start in starts]
