"""Fits the box of a line of text to its ink, so that a mask covers all of the line and nothing of the lines around it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gateway.pixels.reader import Line
from gateway.records import Box

_AROUND = 0.2  # of the characters' height: how far ink is looked for outside the detected box
_MARGIN = 0.2  # of the characters' height: how far a mask reaches into the blank rows above and below the ink
_CORE = 0.3  # of the box's height, above and below: rows between them are text for sure
_INK = 0.12  # of the strongest contrast in the core: what differs less from the background is no ink
_SLANTED = 1.4  # times the characters' height: a box higher than this holds a line that is not level


def fit(view: NDArray[np.uint8], line: Line) -> Box:
    """The box to mask for ``line``, in pixels of ``view``.

    From the middle of the detected box it reaches up and down to the first blank row, and a margin into it. Where no row is
    blank (on speckle, on anatomy) or the line is not level it is the detected box and a share of the characters' height.
    """
    rows, columns = view.shape[:2]
    outer = _grown(line.box, max(1, round(_AROUND * line.height)), rows, columns)
    if line.box.h > _SLANTED * line.height:
        return outer
    ink = _rows_with_ink(view, outer, line.box)
    top = line.box.y - outer.y + int(_CORE * line.box.h)
    bottom = line.box.y - outer.y + line.box.h - int(_CORE * line.box.h)
    margin = max(1, round(_MARGIN * line.height))
    top = _until_blank(ink[:top][::-1], margin, top)
    below = ink[bottom:]
    bottom = len(ink) - _until_blank(below, margin, len(below))
    return Box(outer.x, outer.y + top, outer.w, bottom - top)


def _grown(box: Box, by: int, rows: int, columns: int) -> Box:
    left, top = max(0, box.x - by), max(0, box.y - by)
    return Box(left, top, min(columns, box.x + box.w + by) - left, min(rows, box.y + box.h + by) - top)


def _rows_with_ink(view: NDArray[np.uint8], outer: Box, box: Box) -> NDArray[np.bool_]:
    part = view[outer.y : outer.y + outer.h, box.x : box.x + box.w].astype(np.int16)
    if part.ndim == 2:
        part = part[..., None]
    contrast = np.abs(part - np.median(part, axis=(0, 1))).max(axis=2)
    skip = box.y - outer.y + int(_CORE * box.h)
    strongest = contrast[skip : skip + max(1, box.h - 2 * int(_CORE * box.h))].max()
    ink: NDArray[np.bool_] = (contrast > _INK * strongest).any(axis=1)
    return ink


def _until_blank(outwards: NDArray[np.bool_], margin: int, length: int) -> int:
    """How many of the ``length`` rows, walking outwards, remain beyond the first blank row and the margin."""
    blank = np.flatnonzero(~outwards)
    if not len(blank):
        return 0
    end = int(blank[0])
    for _ in range(margin):
        if end < length and not outwards[end]:
            end += 1
    return length - end
