"""Proves of a frame, cheaply, that it shows no text but what was read before: where it could, it says where to read again.

What has been read is remembered as a range of grey levels for every pixel. A block of pixels is *still* until it was read
again and nothing but picture had changed in it; there every change counts. From then on it *moves*: there only what is brighter
or darker than anything that was read around it counts, as text has to be to be seen in front of a picture that moves. Each
frame is compared at full, half and quarter size: noise and speckle average out, strokes of letters do not
(docs/decisions/035-every-frame.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from gateway.records import Box

_BLOCK = 16  # pixels: side of a block that is still or moves
_LEVELS = {
    1: 10,
    2: 6,
    4: 4,
}  # how much smaller each picture is that is compared, and how many grey levels are no change there
_AROUND = 8  # pixels, in each of these pictures: how far what was read may have moved
_INK = 24  # pixels of full size: two characters, the least that identifies, have 12 each (as in shades.py)
_WINDOW = (24, 16)  # pixels: columns and rows in which they stand
_Image = NDArray[np.uint8]


@dataclass(slots=True)
class _Seen:
    """What was read, at one size: the picture itself, the range of values that were read in place and around it.

    From ``least`` to ``most`` is what is expected: the picture where it is still, the range where it moves.
    """

    picture: _Image
    low: _Image
    high: _Image
    least: _Image
    most: _Image


class Compared:
    """What was read of the frames so far, of one view: (rows, columns) or (rows, columns, 3), 8-bit, always the same shape."""

    def __init__(self, view: _Image) -> None:
        self._shape = view.shape
        self._moving = np.zeros((-(-view.shape[0] // _BLOCK), -(-view.shape[1] // _BLOCK)), np.uint8)
        self._seen = [_seen(picture) for picture in _pictures(view)]

    def news(self, view: _Image) -> tuple[Box, ...]:
        """Where ``view`` shows what could be text and has not been read: boxes that do not overlap."""
        if cv2.absdiff(view, self._seen[0].picture).max() <= min(_LEVELS.values()):
            return ()  # nor do averages differ by more
        fresh = np.zeros(self._shape[:2], np.uint8)
        for size, seen, picture in zip(_LEVELS, self._seen, _pictures(view), strict=True):
            changed = _outside(picture, seen.least, seen.most, _LEVELS[size])
            if cv2.countNonZero(changed) < _least(size):
                continue
            ink = _dense(changed, size)
            if cv2.countNonZero(ink):
                cv2.max(fresh, cv2.resize(ink, self._shape[1::-1], interpolation=cv2.INTER_NEAREST), fresh)
        return _boxes(fresh)

    def learn(self, view: _Image, read: Sequence[Box], text: Sequence[Box]) -> None:
        """Note that ``view`` was read within the boxes ``read``, and that text that was not known stands at ``text``.

        Blocks in which something changed that is no such text move from now on.
        """
        pictures = _pictures(view)
        for box in read:
            rows, columns = _blocks_of(box)
            self._moving[rows, columns] |= self._changed(pictures, rows, columns)
        for box in text:
            self._moving[_blocks_of(box)] = 0
        for seen, picture in zip(self._seen, pictures, strict=True):
            for box in read:
                part = self._scaled(box, picture)
                _take(seen, picture, self._at(picture, part), part)

    def _changed(self, pictures: Sequence[_Image], rows: slice, columns: slice) -> NDArray[np.uint8]:
        """Which of some blocks hold a pixel that differs from what was read there last, at any size."""
        down, across = self._moving[rows, columns].shape
        left, top = columns.start * _BLOCK, rows.start * _BLOCK
        box = Box(left, top, min(across * _BLOCK, self._shape[1] - left), min(down * _BLOCK, self._shape[0] - top))
        differs = np.zeros((down * _BLOCK, across * _BLOCK), np.uint8)
        inside = differs[: box.h, : box.w]
        for size, seen, picture in zip(_LEVELS, self._seen, pictures, strict=True):
            part = self._scaled(box, picture)
            level = _outside(picture[part], seen.picture[part], seen.picture[part], _LEVELS[size])
            inside |= np.asarray(cv2.resize(level, (box.w, box.h), interpolation=cv2.INTER_NEAREST), np.uint8)
        lines = differs.reshape(down, _BLOCK, across * _BLOCK).max(axis=1)  # one axis after the other is much faster
        return np.asarray(lines.reshape(down, across, _BLOCK).max(axis=2))

    def _scaled(self, box: Box, picture: _Image) -> tuple[slice, slice]:
        """The rows and columns of a picture that show any of ``box``."""
        sizes = zip((box.y, box.x), (box.h, box.w), self._shape[:2], picture.shape[:2], strict=True)
        down, across = (
            slice(max(0, start) * small // whole, min(small, -(-(start + length) * small // whole)))
            for start, length, whole, small in sizes
        )
        return down, across

    def moves(self, box: Box) -> bool:
        """Whether any block in ``box`` moves."""
        return bool(self._moving[_blocks_of(box)].any())

    def _at(self, picture: _Image, part: tuple[slice, slice]) -> NDArray[np.uint8]:
        """Which pixels of a part of a picture move."""
        sizes = zip(part, self._shape[:2], picture.shape[:2], strict=True)
        places = (np.arange(side.start, side.stop) * whole // small // _BLOCK for side, whole, small in sizes)
        return self._moving[np.ix_(*places)]


def _pictures(view: _Image) -> list[_Image]:
    """The view at each size, pixels averaged; each from the one before it, since halves are averaged many times as fast."""
    pictures = [view]
    for larger, size in pairwise(_LEVELS):
        rows, columns = (max(1, length * larger // size) for length in pictures[-1].shape[:2])
        smaller = cv2.resize(pictures[-1], (columns, rows), interpolation=cv2.INTER_AREA)
        pictures.append(np.asarray(smaller, np.uint8))
    return pictures


def _seen(picture: _Image) -> _Seen:
    low, high = _around(picture)
    return _Seen(picture.copy(), low, high, picture.copy(), picture.copy())


def _around(picture: _Image) -> tuple[_Image, _Image]:
    """The darkest and the brightest value around each pixel."""
    around = np.ones((2 * _AROUND + 1, 2 * _AROUND + 1), np.uint8)
    return np.asarray(cv2.erode(picture, around), np.uint8), np.asarray(cv2.dilate(picture, around), np.uint8)


def _take(seen: _Seen, picture: _Image, moving: NDArray[np.uint8], part: tuple[slice, slice]) -> None:
    """Note what was read in a ``part``: in its place; around it as well, in addition to what was there where it moves."""
    outer = tuple(slice(max(0, side.start - _AROUND), side.stop + _AROUND) for side in part)
    inner = tuple(
        slice(side.start - wide.start, side.stop - wide.start) for side, wide in zip(part, outer, strict=True)
    )
    low, high = (found[inner] for found in _around(np.ascontiguousarray(picture[outer])))
    still = moving == 0
    still = still if picture.ndim == 2 else still[..., None]
    now = picture[part]
    seen.picture[part] = now
    seen.low[part] = np.where(still, low, np.minimum(seen.low[part], low))
    seen.high[part] = np.where(still, high, np.maximum(seen.high[part], high))
    seen.least[part] = np.where(still, now, seen.low[part])
    seen.most[part] = np.where(still, now, seen.high[part])


def _outside(picture: _Image, low: _Image, high: _Image, levels: int) -> NDArray[np.uint8]:
    """1 where a value lies outside its range by more than ``levels``; of colour, where any sample does."""
    over = cv2.max(cv2.subtract(picture, high), cv2.subtract(low, picture))
    if over.ndim == 3:
        red, green, blue = cv2.split(over)
        over = cv2.max(cv2.max(red, green), blue)
    return np.asarray(cv2.threshold(over, levels, 1, cv2.THRESH_BINARY)[1], np.uint8)


def _dense(changed: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """1 where so many pixels around have changed as two characters have."""
    window = (max(1, _WINDOW[0] // size), max(1, _WINDOW[1] // size))
    count = cv2.boxFilter(changed, cv2.CV_16U, window, normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(cv2.compare(count, float(_least(size)), cv2.CMP_GE), np.uint8)


def _least(size: int) -> int:
    """How many pixels make ink in a picture that is so many times smaller."""
    return max(2, _INK // size**2)


def _blocks_of(box: Box) -> tuple[slice, slice]:
    """The rows and columns of blocks that hold any of ``box``."""
    return (
        slice(max(0, box.y) // _BLOCK, (box.y + box.h - 1) // _BLOCK + 1),
        slice(max(0, box.x) // _BLOCK, (box.x + box.w - 1) // _BLOCK + 1),
    )


def _boxes(fresh: NDArray[np.uint8]) -> tuple[Box, ...]:
    """The boxes around the areas that are set, those that overlap joined."""
    left, top, wide, high = cv2.boundingRect(fresh)
    if not wide:
        return ()
    part = fresh[top : top + high, left : left + wide]
    count, _, found, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    boxes = ([int(value) for value in found[number, :4]] for number in range(1, count))
    return tuple(Box(x + left, y + top, w, h) for x, y, w, h in boxes)
