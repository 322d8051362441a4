"""Several readers as one: what any of them finds is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from gateway.pixels.reader import Line, TextReader
from gateway.records import Box

_SAME = (
    0.4  # of the area that two boxes cover together: less of it is shared by lines that stand beside or in one another
)
_GUESS = 0.6  # a mean score below this is a guess, and no second opinion (gateway/pixels/regions.py)


class UnionReader:
    """A :class:`gateway.pixels.reader.TextReader` over several others.

    Lines that two of them see in the same place become one line with the box of both. It says what the surer one read; what the
    other read stands in ``others``, if it is different and no guess: the judge hears both. All other lines stay as they are.
    """

    def __init__(self, *readers: TextReader) -> None:
        self._readers = readers

    def read(self, image: NDArray[np.uint8]) -> tuple[Line, ...]:
        """Read ``image`` with each reader; see :class:`gateway.pixels.reader.TextReader`."""
        lines: tuple[Line, ...] = ()
        for reader in self._readers:
            lines = _joined(lines, reader.read(image))
        return lines


def _joined(lines: Sequence[Line], more: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of two readers, those of the first first; each is joined with one other at most, the most alike first."""
    alike = sorted(
        ((_alike(one.box, other.box), i, j) for i, one in enumerate(lines) for j, other in enumerate(more)),
        key=lambda found: (-found[0], *found[1:]),
    )
    pairs: dict[int, int] = {}
    for share, i, j in alike:
        if share >= _SAME and i not in pairs and j not in pairs.values():
            pairs[i] = j
    first = (_one(line, more[pairs[i]]) if i in pairs else line for i, line in enumerate(lines))
    return (*first, *(line for j, line in enumerate(more) if j not in pairs.values()))


def _alike(one: Box, other: Box) -> float:
    """The shared part of what two boxes cover together."""
    across = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    down = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    shared = max(0, across) * max(0, down)
    return shared / max(1, one.w * one.h + other.w * other.h - shared)


def _one(line: Line, other: Line) -> Line:
    """One line out of two readings of it."""
    surer, second = (line, other) if line.score >= other.score else (other, line)
    readings = dict.fromkeys(chain(surer.others, [second.text] if second.score >= _GUESS else [], second.others))
    others = tuple(text for text in readings if _words(text) != _words(surer.text))
    left, top = min(line.box.x, other.box.x), min(line.box.y, other.box.y)
    right = max(line.box.x + line.box.w, other.box.x + other.box.w)
    bottom = max(line.box.y + line.box.h, other.box.y + other.box.h)
    box = Box(left, top, right - left, bottom - top)
    return replace(surer, box=box, detection=max(line.detection, other.detection), others=others, places=())


def _words(text: str) -> str:
    return " ".join(text.split())
