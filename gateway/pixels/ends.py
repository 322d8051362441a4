"""What detection cut off a line: letters at its ends, a blank away at most and in no other line, and accents above it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gateway.pixels.reader import Line
from gateway.records import Box

_INK = 0.5  # of the strongest contrast in the line: letters have more, the fringe of one and most of a ground less
_CORE = 0.8  # of it: what has so much has the colour of the letters
_GUARD = 2  # rows above and below a line that are blank beside its letters
_HIGH = 0.35  # of the rows of a line: a letter is higher
_BLANK = 0.8  # of the characters' height: a wider gap ends a text
_FARTHEST = 12.0  # heights: how far letters are looked for
_SAME_ROW = 0.3  # of the lower one's height: so much overlap keeps a text from reaching into another
_MARGIN = 0.2  # of the characters' height: how far a mask reaches beyond the last letter
_LONG = 1.5  # times its height: of what is shorter nobody knows which way it runs
_ACCENT, _FAINT, _FEW = (
    0.25,
    0.3,
    0.3,
)  # of the height, of the contrast, of the columns: accents are no higher, fainter, nor more
_SLANTED = 1.4  # times the characters' height: a box higher than this holds a line that is not level


def lengthened(view: NDArray[np.uint8], line: Line, box: Box, others: Sequence[Box]) -> Box:
    """``box``, fitted to ``line``, with the letters of ``view`` at its ends that stand in none of the ``others``.

    Letters are ink with nothing right above and below them: where the ground is as light as the text, nothing is added.
    """
    if box.h > box.w:
        turned = lengthened(view.swapaxes(0, 1), line, _turned(box), [_turned(other) for other in others])
        return _turned(turned)
    if box.h > _SLANTED * max(1.0, line.height) or box.w < _LONG * box.h:
        return box
    blank, margin = round(_BLANK * line.height), max(1, round(_MARGIN * line.height))
    first, last = _room(box, others, view.shape[1], round(_FARTHEST * line.height))
    left, right = box.x - first, box.x - first + box.w
    ink, crossed = _ink(view[:, first:last], box, slice(left, right))
    after = _letters(ink[:, right:], crossed[right:], blank)
    before = _letters(ink[:, :left][:, ::-1], crossed[:left][::-1], blank)
    start = box.x - (min(left, before + margin) if before else 0)
    end = box.x + box.w + (min(last - first - right, after + margin) if after else 0)
    return Box(start, box.y, end - start, box.h)


def _turned(box: Box) -> Box:
    return Box(box.y, box.x, box.h, box.w)


def _room(box: Box, others: Sequence[Box], columns: int, farthest: int) -> tuple[int, int]:
    """The columns between the lines before and behind ``box`` on its row."""
    first, last = max(0, box.x - farthest), min(columns, box.x + box.w + farthest)
    for other in others:
        rows = min(box.y + box.h, other.y + other.h) - max(box.y, other.y)
        if rows < _SAME_ROW * min(box.h, other.h):
            continue
        if other.x + other.w / 2 < box.x + box.w / 2:
            first = max(first, min(box.x, other.x + other.w))
        else:
            last = min(last, max(box.x + box.w, other.x))
    return first, last


def _ink(part: NDArray[np.uint8], box: Box, inner: slice) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where ``part`` looks like the letters of ``box``, on its rows, and the columns where it does so right above or below."""
    above = min(_GUARD, box.y)
    shades = part[box.y - above : box.y + box.h + _GUARD].astype(np.int16)
    shades = shades.reshape(*shades.shape[:2], -1)
    rows = slice(above, above + box.h)
    own = shades[rows, inner]
    ground = np.median(own, axis=(0, 1))
    contrast = np.abs(own - ground).max(axis=2)
    strongest = float(contrast.max())
    letters = np.median(own[contrast >= _CORE * strongest], axis=0)
    near = np.abs(shades - letters).max(axis=2) < (1 - _INK) * strongest
    inked = near & (np.abs(shades - ground).max(axis=2) > _INK * strongest)
    outside = np.concatenate((inked[:above], inked[above + box.h :]))
    return inked[rows], np.asarray(outside.any(axis=0))


def _letters(ink: NDArray[np.bool_], crossed: NDArray[np.bool_], blank: int) -> int:
    """How many columns, walking outwards, whole letters take: up to a wide gap, or to ink that comes from another row."""
    stop = int(np.argmax(crossed)) if crossed.any() else len(crossed)
    columns = [-1, *np.flatnonzero(ink[:, :stop].any(axis=0)).tolist()]
    reached = start = 0
    for column, following in pairwise([*columns, stop if stop < len(crossed) else len(crossed) + blank + 2]):
        if following - column == 1:
            continue
        rows = np.flatnonzero(ink[:, start : column + 1].any(axis=1))  # a letter ends here, or a mark as high as one
        if len(rows) and rows[-1] - rows[0] + 1 >= _HIGH * len(ink):
            reached = column + 1
        if following - column - 1 > blank:
            break
        start = following
    return reached


def with_accents(view: NDArray[np.uint8], line: Line, box: Box) -> Box:
    """``box``, fitted to ``line``, with the accents above it that a blank row parts from their letters, and a row above these."""
    high = round(_ACCENT * line.height)
    if box.h > box.w or box.h > _SLANTED * max(1.0, line.height) or high < 1:
        return box
    top = max(0, box.y - 3 * high)
    shades = view[top : box.y + box.h, box.x : box.x + box.w].astype(np.int16)
    shades = shades.reshape(*shades.shape[:2], -1)
    own = shades[box.y - top :]
    contrast = np.abs(shades - np.median(own, axis=(0, 1))).max(axis=2)
    rows = (contrast > _FAINT * contrast[box.y - top :].max())[: box.y - top][::-1]
    inked = rows.any(axis=1)
    first = int(np.argmax(inked)) if inked.any() else high
    after = np.flatnonzero(~inked[first:])
    if first >= high or not len(after) or int(after[0]) > high or rows[first : first + high].any(axis=0).mean() > _FEW:
        return box
    up = first + int(after[0]) + 1
    return Box(box.x, box.y - up, box.w, box.h + up)
