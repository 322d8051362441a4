"""Fits the box of a line of text to its ink, so that a mask covers all of the line and nothing of the lines around it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from gateway.pixels.reader import Line
from gateway.records import Box

_AROUND = 0.2  # of the characters' height: how far ink is looked for outside the detected box
_MARGIN = 0.2  # of the characters' height: how far a mask reaches into the blank rows above and below the ink
_CORE = 0.3  # of the box's height, above and below: rows between them are text for sure
_INK = 0.12  # of the strongest contrast in the core: what differs less from the background is no ink
_OVERSHOOT = 0.8  # of the characters' height: what is blank at the ends goes so far; beyond may be fainter letters
_SLANTED = 1.4  # times the characters' height: a box higher than this holds a line that is not level


def fit(view: NDArray[np.uint8], line: Line) -> Box:
    """The box to mask for ``line``, in pixels of ``view``.

    From the middle of the detected box it reaches up and down to the first blank row, and a margin into it, and to both sides
    as far as there is ink, and a margin. Where no row or column is blank (on speckle, on anatomy) or the line is not level it
    is the detected box and a share of the characters' height.
    """
    rows, columns = view.shape[:2]
    margin = max(1, round(_MARGIN * line.height))
    outer = _grown(line.box, max(1, round(_AROUND * line.height)), rows, columns)
    if line.box.h > _SLANTED * line.height:
        return outer
    first = line.box.y - outer.y + int(_CORE * line.box.h)
    last = line.box.y - outer.y + line.box.h - int(_CORE * line.box.h)
    ink = _ink(view, outer, line.box, slice(first, max(first + 1, last)))
    across = np.logical_or.reduce(ink[:, line.box.x - outer.x : line.box.x - outer.x + line.box.w], axis=1)
    dots = _longest_blank(across[first:last])
    top = first - _reach(across[:first][::-1], margin, dots)
    bottom = last + _reach(across[last:], margin, dots)
    along = np.flatnonzero(ink[top:bottom].any(axis=0))
    if not len(along):
        return Box(outer.x, outer.y + top, outer.w, bottom - top)
    most = round(_OVERSHOOT * line.height)
    left = min(max(0, int(along[0]) - margin), most)
    right = max(min(outer.w, int(along[-1]) + 1 + margin), outer.w - most)
    return Box(outer.x + left, outer.y + top, right - left, bottom - top)


def _grown(box: Box, by: int, rows: int, columns: int) -> Box:
    left, top = max(0, box.x - by), max(0, box.y - by)
    return Box(left, top, min(columns, box.x + box.w + by) - left, min(rows, box.y + box.h + by) - top)


def _ink(view: NDArray[np.uint8], outer: Box, box: Box, core: slice) -> NDArray[np.bool_]:
    """The pixels of ``outer`` that differ from the background as the text in the ``core`` of ``box`` does."""
    part = view[outer.y : outer.y + outer.h, outer.x : outer.x + outer.w]
    inner = slice(box.x - outer.x, box.x - outer.x + box.w)
    contrast: NDArray[np.float64] = np.zeros(part.shape[:2])
    for plane in cv2.split(part):  # one table for each sample instead of work for each pixel
        apart = np.abs(np.arange(256) - _median(plane[:, inner]))
        np.maximum(contrast, cv2.LUT(plane, apart), out=contrast)
    return np.asarray(contrast > _INK * contrast[core, inner].max())


def _median(plane: NDArray[np.uint8]) -> float:
    """As ``np.median``, which sorts."""
    upto = np.cumsum(np.bincount(plane.ravel(), minlength=256))
    low, high = (
        int(np.searchsorted(upto, middle, side="right")) for middle in ((plane.size - 1) // 2, plane.size // 2)
    )
    return (low + high) / 2


def _longest_blank(rows: NDArray[np.bool_]) -> int:
    """The most blank rows in the middle of a text: none, but for letters made of dots."""
    edges = np.flatnonzero(np.concatenate(([True], rows, [True])))
    return int(np.diff(edges).max()) - 1


def _reach(outwards: NDArray[np.bool_], margin: int, dots: int) -> int:
    """How many rows a text and a margin take, walking outwards: up to the first blank ones, more of them than between dots."""
    blank = 0
    for number, inked in enumerate(outwards):
        blank = 0 if inked else blank + 1
        if blank > dots:
            first = number - dots
            after = np.flatnonzero(outwards[first:])
            return first + min(margin, int(after[0]) if len(after) else len(outwards) - first)
    return len(outwards)
