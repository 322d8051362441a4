"""Tells pages of text and tables from pictures among captures: a dose report shows no face."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

_STROKE = 48  # the shorter side of a page is this many times as long as the thickest stroke
_TONES = 8  # values in a panel: its own, and what its edge blends
_AREA = 0.002  # of the page: less is no picture


def is_page(pixels: NDArray[Any]) -> bool:
    """Whether a frame (rows, columns) or (rows, columns, 3) holds strokes and even panels on an even ground, and no picture."""
    grey = pixels if pixels.ndim == 2 else pixels.astype(np.float32).sum(axis=2)
    values, counts = np.unique(grey, return_counts=True)
    ink = (grey != values[counts.argmax()]).astype(np.uint8)
    side = max(3, min(grey.shape) // _STROKE)
    thick = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    count, named = cv2.connectedComponents(thick)
    for number in range(1, count):
        inside = grey[named == number]
        if inside.size > _AREA * grey.size and len(np.unique(inside)) > _TONES:
            return False
    return True
