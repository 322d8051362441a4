"""The seam to text recognition: what a reader of text is, whichever engine stands behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gateway.records import Box


@dataclass(frozen=True, slots=True)
class Gap:
    """A blank between two words of a line, proven by its ink; ``text[at]`` is the first blank character.

    ``start`` and ``end`` are the columns without ink, in pixels from the left of the line's box.
    """

    at: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """A text region: a line of text in an image. The text may be empty where something was detected but nothing recognised.

    ``score`` (0..1) is how sure the recognition is of its characters, ``detection`` (0..1) how sure the detection is that
    this is text at all. ``height`` is the size of the characters in pixels, measured across the line: it is less than the
    height of the box when the line is slanted or vertical. ``others`` are what other readers read in the same place.
    ``code``: a bar code or matrix code, which no reader of text reads. ``places``: where the middle of each character stands, in
    pixels from the left of the box, if the line is level and the reader knows it. ``gaps``: see :class:`Gap`.
    """

    box: Box
    text: str = field(repr=False)
    score: float
    detection: float = 1.0
    height: float = 0.0
    others: tuple[str, ...] = field(default=(), repr=False)
    code: bool = False
    places: tuple[float, ...] = ()
    gaps: tuple[Gap, ...] = ()


class TextReader(Protocol):
    """Detects and recognises text. One that can read several images at the same time has a ``map`` for it, named ``beside``."""

    def read(self, image: NDArray[np.uint8]) -> tuple[Line, ...]:
        """Read all text in ``image``, 8-bit and (rows, columns) or (rows, columns, 3) in RGB; boxes are in its pixels."""
        ...


class FakeReader:
    """Says that the same lines stand in every image: for tests of what happens after reading."""

    def __init__(self, *lines: Line) -> None:
        self._lines = lines

    def read(self, image: NDArray[np.uint8]) -> tuple[Line, ...]:
        """Return the lines it was made with that lie inside ``image``."""
        rows, columns = image.shape[:2]
        return tuple(line for line in self._lines if line.box.x < columns and line.box.y < rows)
