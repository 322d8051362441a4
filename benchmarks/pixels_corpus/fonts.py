"""Typefaces that screens use: outlines, bitmaps, strokes of a plotter (Hershey), dots of a matrix.

A face draws a text as coverage (uint8, 0 to 255), all texts on the same baseline. Its size is the em in pixels, as font menus
count it; of bitmaps and dots the height of the cell.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Coverage = NDArray[np.uint8]
_PAD = 3  # pixels around a cell: what hangs over its edges is not cut


class Face(Protocol):
    """A typeface of one size."""

    @property
    def name(self) -> str:
        """The family's name."""
        ...

    @property
    def size(self) -> int:
        """In pixels."""
        ...

    def advance(self, text: str) -> float:
        """How far the pen moves over ``text``, in pixels."""
        ...

    def draw(self, text: str) -> Coverage:
        """The coverage of ``text``, with a margin of 3 pixels on all sides."""
        ...


@dataclass(frozen=True)
class Outline:
    """A face that FreeType draws: smooth, or of pixels that are on or off."""

    name: str
    size: int
    font: ImageFont.FreeTypeFont = field(repr=False)
    smooth: bool

    def advance(self, text: str) -> float:
        """See :class:`Face`."""
        return float(self.font.getlength(text))

    def draw(self, text: str) -> Coverage:
        """See :class:`Face`."""
        ascent, descent = self.font.getmetrics()
        width = int(np.ceil(self.advance(text))) + 2 * _PAD
        canvas = Image.new("L", (width, ascent + descent + 2 * _PAD))
        pen = ImageDraw.Draw(canvas)
        pen.fontmode = "L" if self.smooth else "1"
        pen.text((_PAD, _PAD), text, fill=255, font=self.font)
        return np.asarray(canvas)


@dataclass(frozen=True)
class Dots:
    """A face of dots: each pixel of a small bitmap becomes a round dot, ``pitch`` pixels from the next."""

    name: str
    size: int
    small: Outline = field(repr=False)
    pitch: int

    def advance(self, text: str) -> float:
        """See :class:`Face`."""
        return self.small.advance(text) * self.pitch

    def draw(self, text: str) -> Coverage:
        """See :class:`Face`."""
        pixels = self.small.draw(text)[_PAD:-_PAD, _PAD:-_PAD]
        dot = np.full((self.pitch, self.pitch), 255, np.uint8)
        if self.pitch > 2:
            dot[-1] = dot[:, -1] = 0
        else:
            dot[-1, -1] = 60
        return np.pad(np.kron((pixels > 127).astype(np.uint8), dot), _PAD)


@dataclass(frozen=True)
class Strokes:
    """A face of lines: Hershey's, as plotters and vector screens drew them."""

    name: str
    size: int
    glyphs: dict[str, Glyph] = field(repr=False)
    wide: int
    smooth: bool

    @property
    def _unit(self) -> float:
        return self.size / 32  # capitals are 21 units high

    def advance(self, text: str) -> float:
        """See :class:`Face`."""
        return sum(self.glyphs[char].width for char in text if char in self.glyphs) * self._unit

    def draw(self, text: str) -> Coverage:
        """See :class:`Face`."""
        canvas = np.zeros((self.size + 2 * _PAD, int(np.ceil(self.advance(text))) + 2 * _PAD), np.uint8)
        at = 0.0
        for char in text:
            glyph = self.glyphs.get(char)
            if glyph is None:
                continue
            for line in glyph.lines:
                points = np.array(line, np.float64) * self._unit + (at + _PAD, 0.56 * self.size + _PAD)
                cv2.polylines(
                    canvas,
                    [np.rint(points * 16).astype(np.int32)],
                    isClosed=False,
                    color=255,
                    thickness=self.wide,
                    lineType=cv2.LINE_AA if self.smooth else cv2.LINE_8,
                    shift=4,
                )
            at += glyph.width * self._unit
        return canvas


@dataclass(frozen=True, slots=True)
class Glyph:
    """Lines of points (x, y) from the left edge, and the width, in Hershey's units."""

    lines: tuple[tuple[tuple[int, int], ...], ...]
    width: int


@cache
def hershey(path: Path) -> dict[str, Glyph]:
    """The printable characters of a .jhf file: five figures of number, three of count, pairs of letters around R."""
    joined = ""
    found: dict[str, Glyph] = {}
    for row in path.read_text("ascii").splitlines():
        joined += row
        if len(joined) < 8 or len(joined) < 8 + 2 * int(joined[5:8]):
            continue
        pairs = [(ord(a) - 82, ord(b) - 82) for a, b in zip(joined[8::2], joined[9::2], strict=False)]
        left, right = pairs[0]
        lines: list[list[tuple[int, int]]] = [[]]
        for x, y in pairs[1:]:
            if (x, y) == (-50, 0):
                lines.append([])
            else:
                lines[-1].append((x - left, y))
        found[chr(32 + len(found))] = Glyph(tuple(tuple(line) for line in lines if line), right - left)
        joined = ""
    return found


@dataclass(frozen=True, slots=True)
class Family:
    """A typeface as the lists name it: kind (outline, bitmap, strokes, dots), file, and the sizes of a bitmap."""

    name: str
    kind: str
    file: Path
    sizes: tuple[int, ...] = ()
    scripts: bool = False

    @property
    def here(self) -> bool:
        """Whether its file is on this machine."""
        return self.file.is_file()

    def at(self, size: int, *, smooth: bool) -> Face:
        """The face nearest to ``size`` pixels."""
        if self.kind == "outline":
            return Outline(self.name, size, _opened(self.file, size), smooth)
        if self.kind == "strokes":
            return Strokes(self.name, size, hershey(self.file), 1 if size < 22 else 2, smooth)
        small = min(self.sizes, key=lambda own: abs(own - size))
        if self.kind == "bitmap":
            return Outline(self.name, small, _opened(self.file, small), smooth=False)
        base = self.sizes[0]
        pitch = max(2, round(size / base))
        return Dots(self.name, base * pitch, Outline(self.name, base, _opened(self.file, base), smooth=False), pitch)


@cache
def _opened(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size)
