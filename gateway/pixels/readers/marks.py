"""Letters that stand out by their brightness: the brightest pixels of an image that make neighbours of one height on one row.

On speckle and beside bone the network may leave no trace of two or three letters that a person sees at once, for they are the
brightest that is there. What is darker than they are is taken away before the network looks at them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

import cv2
import numpy as np
from numpy.typing import NDArray

from gateway.pixels.readers.cores import Area
from gateway.pixels.regions import shared, union
from gateway.records import Box

_BRIGHTEST = 0.02  # of the pixels that are in no line seen before: letters are among them
_FLOOR = 0.75  # of the least bright of them: what is darker is shown black
_LEAST, _MOST = 6, 48  # pixels of height of a letter
_MANY = 600  # marks of that size: so many are the grain of a picture
_WIDEST = 1.4  # heights: a W
_FILLED = (0.15, 0.75)  # of its box: the ink of a letter
_ALIKE = 0.2  # of the height: how far the heads and the feet of two letters lie apart
_NARROW = 0.4  # heights: two marks that are no wider are strokes of a ruler or of a lead III
_BLANK = 0.6  # heights: the blank between two letters is narrower
_ROOM = 2.0  # heights: how much is looked at beyond them


def brightest(image: NDArray[np.uint8], areas: Sequence[Area]) -> tuple[list[Box], NDArray[np.uint8]]:
    """Where letters may stand that none of ``areas`` holds, none overlapping, and what the brightest pixels alone show."""
    red, green, blue = cv2.split(image)
    grey = np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)
    free = np.full(grey.shape, 255, np.uint8)
    for area in areas:
        cv2.fillPoly(free, [area.corners.astype(np.int32)], 0)
    counts = cv2.calcHist([grey], [0], free, [256], [0, 256]).ravel()
    above = np.cumsum(counts[::-1])[::-1]  # pixels with this value and more
    level = int(np.argmax(above <= max(1.0, _BRIGHTEST * above[0]))) if above[-1] <= _BRIGHTEST * above[0] else 255
    bright = cv2.bitwise_and(cv2.threshold(grey, max(0, level - 1), 1, cv2.THRESH_BINARY)[1], free)
    dots = cv2.dilate(bright, np.ones((2, 2), np.uint8))  # of one letter, joined
    pairs = [pair for ink in (bright, dots) for pair in _pairs(_letters(ink))]
    boxes = _joined([_around(pair, grey.shape) for pair in pairs])
    if not boxes:
        return [], image
    floor = int(_FLOOR * level)
    shown = cv2.LUT(grey, (255 * np.maximum(np.arange(256) - floor, 0) // max(1, 255 - floor)).astype(np.uint8))
    shown = cv2.GaussianBlur(shown, (3, 3), 0)
    return boxes, np.asarray(cv2.merge((shown, shown, shown)), np.uint8)


def _letters(bright: NDArray[np.uint8]) -> list[Box]:
    """Marks of the size and the shape of letters, from left to right."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(bright, connectivity=8)
    wide, high, ink = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_AREA]
    filled = ink / np.maximum(1, wide * high)
    good = (high >= _LEAST) & (high <= _MOST) & (wide <= _WIDEST * high) & (filled >= _FILLED[0])
    good &= (filled <= _FILLED[1]) | (wide < high / 2)
    found = [Box(*row[:4]) for row in stats[1:][good].tolist()]
    return sorted(found, key=lambda box: (box.x, box.y)) if len(found) <= _MANY else []


def _pairs(letters: Sequence[Box]) -> list[Box]:
    return [
        union((one, other))
        for i, one in enumerate(letters)
        for other in takewhile(lambda other: other.x <= one.x + one.w + _BLANK * _MOST, letters[i + 1 :])  # noqa: B023  # used at once
        if other.x <= one.x + one.w + _BLANK * max(one.h, other.h) and _alike(one, other)
    ]


def _alike(one: Box, other: Box) -> bool:
    """Whether two letters stand beside each other on one row, of one height."""
    off = _ALIKE * max(one.h, other.h)
    feet = abs(one.y + one.h - other.y - other.h)
    return (
        other.x >= one.x + one.w - 1
        and abs(one.y - other.y) <= off
        and feet <= off
        and max(one.w, other.w) > _NARROW * one.h
    )


def _around(pair: Box, shape: tuple[int, ...]) -> Box:
    by = round(_ROOM * pair.h)
    left, top = max(0, pair.x - by), max(0, pair.y - by // 2)
    return Box(left, top, min(shape[1], pair.x + pair.w + by) - left, min(shape[0], pair.y + pair.h + by // 2) - top)


def _joined(boxes: Sequence[Box]) -> list[Box]:
    apart: list[Box] = []
    for box in boxes:
        whole = box
        while touching := [other for other in apart if shared(whole, other)]:
            apart = [other for other in apart if other not in touching]
            whole = union((whole, *touching))
        apart.append(whole)
    return sorted(apart, key=lambda box: (box.y, box.x))
