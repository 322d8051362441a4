"""From probabilities to lines: cores of text are thresholded, grouped and grown back to the size of their lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

# 0.15 and 0.2 instead of the engine's 0.3 and 0.5 find nearly all lines of 10 px that the defaults miss
# (docs/decisions/030-reading-text.md).
_PIXEL = 0.15
_CORE = 0.2
_GROW = 1.6  # the engine's own unclip ratio: how far a core is grown back, relative to its area over its perimeter
_SMALLEST = 3.0  # pixels of the network's input: a core less thick than this is noise


@dataclass(frozen=True, slots=True)
class Area:
    """A rotated rectangle around a line of text: four corners (x, y), clockwise from where the text starts, and a score."""

    corners: NDArray[np.float32]
    score: float

    @property
    def height(self) -> float:
        """The shorter side, in pixels."""
        across, along = self.corners[0] - self.corners[3], self.corners[0] - self.corners[1]
        return float(min(np.linalg.norm(across), np.linalg.norm(along)))


def cores(likely: NDArray[np.float32]) -> Iterator[Area]:
    """Yield the lines whose cores stand out in ``likely``, in its pixels."""
    bitmap = cv2.dilate((likely > _PIXEL).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(bitmap, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        centre, (width, height), angle = cv2.minAreaRect(contour)
        if min(width, height) < _SMALLEST:
            continue
        score = _mean_inside(likely, cv2.boxPoints((centre, (width, height), angle)))
        if score < _CORE:
            continue
        grow = width * height * _GROW / (width + height)  # both sides by area * ratio / perimeter
        yield Area(_ordered(cv2.boxPoints((centre, (width + grow, height + grow), angle))), score)


def _mean_inside(likely: NDArray[np.float32], corners: NDArray[np.float32]) -> float:
    left, top = np.maximum(np.floor(corners.min(axis=0)).astype(int), 0)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int) + 1
    part = likely[top:bottom, left:right]
    inside = np.zeros(part.shape, np.uint8)
    cv2.fillPoly(inside, [(corners - (left, top)).astype(np.int32)], 1)
    return float(cv2.mean(part, inside)[0])


def _ordered(corners: NDArray[np.float32]) -> NDArray[np.float32]:
    """Corners clockwise from the upper left one."""
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left = by_x[:2][np.argsort(by_x[:2, 1], kind="stable")]
    right = by_x[2:][np.argsort(by_x[2:, 1], kind="stable")]
    return np.array([left[0], right[0], right[1], left[1]], np.float32)
