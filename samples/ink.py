"""Burns text into images the way consoles do: their fonts, inks and corners. Only fonts that travel with the packages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Font = Literal["bitmap", "sans", "simplex", "duplex"]
_HERSHEY = {
    "simplex": cv2.FONT_HERSHEY_SIMPLEX,
    "duplex": cv2.FONT_HERSHEY_DUPLEX,
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text to burn in: where (left, top in pixels; negative counts from the right or bottom edge), how, which sort.

    ``size`` is the font's height in pixels. ``identifying`` lines must be masked, the others must stay.
    """

    text: str
    x: int
    y: int
    font: Font = "sans"
    size: int = 18
    identifying: bool = True


@dataclass(frozen=True, slots=True)
class Burned:
    """A line that was burned in, and its box: left, top, width, height."""

    text: str
    identifying: bool
    box: tuple[int, int, int, int]


def burn(image: NDArray[Any], lines: Sequence[Line], ink: Any, paper: Any = None) -> tuple[Burned, ...]:
    """Draw ``lines`` into ``image`` in place, (rows, columns) or (rows, columns, 3), in stored values.

    ``ink`` is a stored value or a colour. ``paper`` fills the line's box first, as some consoles do. Only images of 8-bit
    colour get soft edges, as elsewhere a value between two stored values may mean something else.
    """
    return tuple(_burn_line(image, line, ink, paper) for line in lines)


def _burn_line(image: NDArray[Any], line: Line, ink: Any, paper: Any) -> Burned:
    drawn = _rendered(line)
    height, width = drawn.shape
    x = line.x if line.x >= 0 else image.shape[1] + line.x - width
    y = line.y if line.y >= 0 else image.shape[0] + line.y - height
    place = image[y : y + height, x : x + width]
    if place.shape[:2] != drawn.shape:
        raise ValueError("a line does not fit into its image")
    if paper is not None:
        image[max(0, y - 2) : y + height + 2, max(0, x - 2) : x + width + 2] = paper
    if image.ndim == 3:
        share = drawn[..., None].astype(np.float64) / 255
        place[...] = np.rint(place * (1 - share) + np.asarray(ink, np.float64) * share).astype(image.dtype)
    else:
        place[drawn > 127] = ink
    return Burned(line.text, line.identifying, (x, y, width, height))


def _rendered(line: Line) -> NDArray[np.uint8]:
    """The line as white on black, cut to its ink."""
    drawn = _hershey(line) if line.font in _HERSHEY else _pillow(line)
    rows, columns = np.flatnonzero(drawn.max(axis=1)), np.flatnonzero(drawn.max(axis=0))
    return drawn[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _pillow(line: Line) -> NDArray[np.uint8]:
    bitmap = line.font == "bitmap"
    font = ImageFont.load_default_imagefont() if bitmap else ImageFont.load_default(line.size)
    canvas = Image.new("L", (2000, 100))
    ImageDraw.Draw(canvas).text((4, 4), line.text, fill=255, font=font)
    drawn = np.asarray(canvas)
    return np.kron(drawn, np.ones((line.size // 10,) * 2, np.uint8)) if bitmap else drawn


def _hershey(line: Line) -> NDArray[np.uint8]:
    drawn = np.zeros((100, 2000), np.uint8)
    cv2.putText(
        drawn, line.text, (4, 60), _HERSHEY[line.font], line.size / 30, 255, max(1, line.size // 14), cv2.LINE_AA
    )
    return drawn
