"""Whether a part of an image shows the bars of a bar code, although nothing decodes it: cut off, smeared, scratched, too small.

Bars of a code are parallel, equal over their length, of two levels, and of a few widths that follow each other without order.
Rulers, grids and line pairs have an order, ribs and tables of scanners are few.
"""

from __future__ import annotations

import cmath
import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

_PARALLEL = 0.3  # of the gradients: so much stands at right angles; 1 for bars and modules, 0 for no direction
_ALIKE = 0.8  # correlation of a row of pixels with the rows before it
_NEAR = 4  # so many rows
_ROWS = 8  # pixels: the least length of bars
_EDGES = 24  # of a code: the shortest, EAN-8, has 44; half of it may be lost
_TWO_LEVELS = 0.5  # of the largest variance that the levels allow
_UNEVEN = 0.35  # of neighbouring widths: so many differ by half and more
_WIDTHS = 1.5  # times: widths that differ by more are different
_Grey = NDArray[np.uint8]
_Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Turned:
    """A part of an image, turned so that its bars stand upright. ``bars`` are the corners of the rows that show them, (4, 2)."""

    grey: _Grey
    bars: _Points
    _inverse: NDArray[np.float64]

    def back(self, points: _Points) -> _Points:
        """Points of the turned part in pixels of the part as it was."""
        moved: _Points = np.c_[points, np.ones(len(points))] @ self._inverse.T
        return moved


def standing(grey: _Grey) -> Turned | None:
    """Turn a part of an image so that its bars, or the sides of its modules, stand upright; None if it has no such directions."""
    values = grey.astype(np.float32)
    across, down = cv2.Scharr(values, cv2.CV_32F, 1, 0), cv2.Scharr(values, cv2.CV_32F, 0, 1)
    strength = across * across + down * down
    strong = strength > strength.max() / 16  # slopes of a quarter of the steepest and more
    x, y, weight = across[strong], down[strong], strength[strong]
    real, imaginary = x * x - y * y, 2 * x * y  # of x + iy squared: directions that differ by half a turn are one
    four = complex(  # of its fourth power: so are those that differ by right angles
        float(((real * real - imaginary * imaginary) / weight).sum()), float((2 * real * imaginary / weight).sum())
    )
    if not weight.size or abs(four) < _PARALLEL * float(weight.sum()):
        return None
    angle = cmath.phase(four) / 4
    if float(real.sum()) * math.cos(2 * angle) + float(imaginary.sum()) * math.sin(2 * angle) < 0:  # bars lie
        angle += math.pi / 2
    rows, columns = grey.shape
    forward = cv2.getRotationMatrix2D((columns / 2, rows / 2), math.degrees(angle), 1.0)
    cos, sin = abs(forward[0, 0]), abs(forward[0, 1])
    size = int(np.ceil(columns * cos + rows * sin)), int(np.ceil(columns * sin + rows * cos))
    forward[:, 2] += (size[0] / 2 - columns / 2, size[1] / 2 - rows / 2)
    whole: _Grey = cv2.warpAffine(grey, forward, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return Turned(whole, _corners(whole), cv2.invertAffineTransform(forward))


def is_bar_code(turned: Turned) -> bool:
    """Whether upright bars are those of a code."""
    (left, top), (right, bottom) = turned.bars[0].astype(int), turned.bars[2].astype(int)
    if bottom - top < _ROWS:
        return False
    part = turned.grey[top:bottom, left:right].astype(np.float64)
    profile = part.mean(axis=0)
    low, high = float(profile.min()), float(profile.max())
    if high - low < 1 or profile.var() * 4 < _TWO_LEVELS * (high - low) ** 2:
        return False
    widths = _widths(profile)
    if len(widths) < _EDGES:
        return False
    ratios = np.maximum(widths[1:] / widths[:-1], widths[:-1] / widths[1:])
    pairs = np.maximum(widths[2:] / widths[:-2], widths[:-2] / widths[2:])  # bars with bars, blanks with blanks
    return bool((ratios >= _WIDTHS).mean() >= _UNEVEN and (pairs >= _WIDTHS).mean() >= _UNEVEN)


def _corners(grey: _Grey) -> _Points:
    """The corners of the rows and columns in which upright bars stand: rows that look like those in the middle."""
    rows = grey.astype(np.float64)
    centre = len(rows) // 2
    middle = rows[max(0, centre - 2) : centre + 3].mean(axis=0)
    step = np.abs(np.diff(middle))
    edges = np.flatnonzero(step > 0.25 * step.max()) if step.size and step.max() > 0 else np.zeros(0, int)
    if len(edges) < 2:
        return np.zeros((4, 2))
    left, right = int(edges.min()), int(edges.max()) + 2
    part = rows[:, left:right] - rows[:, left:right].mean(axis=1, keepdims=True)
    part /= np.sqrt((part * part).sum(axis=1, keepdims=True)) + 1e-9
    top, bottom = centre - _follow(part[centre::-1]) + 1, centre + _follow(part[centre:])
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float64)


def _follow(rows: _Points) -> int:
    """How many rows, from the first on, look like those right before them: bars may drift a little."""
    before = _NEAR + 1
    models = np.repeat(rows[:_NEAR].mean(axis=0, keepdims=True), len(rows), axis=0)
    sums = np.cumsum(rows, axis=0)[: max(0, len(rows) - 1)]
    sums[before:] -= sums[:-before].copy()
    models[before:] = sums[_NEAR:] / before
    unlike = (rows * models).sum(axis=1) < _ALIKE * np.sqrt((models * models).sum(axis=1))
    return int(unlike.argmax()) if unlike.any() else len(rows)


def _widths(profile: NDArray[np.float64]) -> NDArray[np.float64]:
    """The widths of dark and bright bars in turn, in pixels, between the first and the last edge."""
    middle = (profile.min() + profile.max()) / 2
    bright = profile >= middle
    edges = np.flatnonzero(bright[1:] != bright[:-1])
    before, after = profile[edges], profile[edges + 1]
    places = edges + (middle - before) / (after - before)
    widths: NDArray[np.float64] = np.maximum(np.diff(places), 0.1)
    return widths
