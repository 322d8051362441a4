"""Where a line of text may be cut: blanks between words that recognition and the ink of the picture agree on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gateway.pixels.reader import Gap, Line
from gateway.records import Box

_INK = 0.4  # of the strongest contrast in the line: no column of a letter has less, the fringe of one may
_REAL = 0.15  # of the characters' height: a blank between words is wider
_HALF = 0.9  # of the characters' height: the middle of a letter is nearer than this to its own edge
_OFF = 0.25  # of the characters' height: recognition says by columns of a sixth of it where a letter stands
_BLANKS = re.compile(r"(?<=\S)\s+(?=\S)")
_Run = tuple[int, int]


def with_gaps(view: NDArray[np.uint8], line: Line, box: Box) -> Line:
    """The line with ``box``, fitted to its ink in ``view``, and the gaps in it: none where its words do not stand clearly apart.

    A gap is wider than all blanks between the letters of the line, so a word that was read with a blank in it is not cut.
    """
    bare = replace(line, box=box, places=())
    if len(line.places) != len(line.text):
        return bare
    places = [place + line.box.x - box.x for place in line.places]
    runs = _blank_runs(view[box.y : box.y + box.h, box.x : box.x + box.w])
    found = list(_at_blanks(line, places, runs))
    letters = max((end - start for start, end in set(runs) - {run for _, run in found}), default=0)
    least = max(2.0, _REAL * line.height, letters + 1)
    return replace(bare, gaps=tuple(Gap(at, *run) for at, run in found if run[1] - run[0] >= least))


def _at_blanks(line: Line, places: list[float], runs: list[_Run]) -> Iterator[tuple[int, _Run]]:
    """Each blank of the text and the widest blank run between the letters beside it, if no more than these lies there."""
    for blank in _BLANKS.finditer(line.text):
        before, behind = places[blank.start() - 1], places[blank.end()]
        start, end = max(
            (run for run in runs if before < (run[0] + run[1]) / 2 < behind),
            key=lambda run: run[1] - run[0],
            default=(0, 0),
        )
        if end and all(-_OFF * line.height <= half <= _HALF * line.height for half in (start - before, behind - end)):
            yield blank.start(), (start, end)


def _blank_runs(part: NDArray[np.uint8]) -> list[_Run]:
    """The runs of columns without ink between those with ink, each from its first column to behind its last."""
    shades = part.reshape(*part.shape[:2], -1).astype(np.int16)
    contrast = np.abs(shades - np.median(shades, axis=(0, 1))).max(axis=(0, 2))
    inked = np.flatnonzero(contrast > _INK * contrast.max())
    return [(int(a) + 1, int(b)) for a, b in pairwise(inked) if b > a + 1]
