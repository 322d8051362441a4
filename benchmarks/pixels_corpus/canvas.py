"""A screen on which lines are burned, and which remembers where the ink of every word is."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.pixels_corpus.fonts import Coverage, Face
from benchmarks.pixels_corpus.grounds import Ground
from benchmarks.pixels_corpus.truth import Box, Ink
from benchmarks.pixels_corpus.words import Role, Segment

_INK = 100  # coverage of 255 from which a pixel counts as ink


@dataclass(frozen=True, slots=True)
class Style:
    """How a line is burned: its colour (display units; above 1 is brighter than the window), what is around it.

    ``around`` is nothing, ``shadow``, ``outline`` or ``paper`` (a filled box). ``faint`` takes a colour just beside the ground's.
    """

    colour: tuple[float, float, float] = (1.0, 1.0, 1.0)
    around: str = ""
    faint: bool = False
    place: str = "corner"


@dataclass(frozen=True, slots=True)
class Strip:
    """A line drawn for itself: coverage, and for each pixel of ink the number (from 1) of the piece it belongs to."""

    coverage: Coverage
    pieces: NDArray[np.uint16]
    segments: tuple[Segment, ...]
    face: Face

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.coverage.shape
        return rows, columns

    def turned(self, quarters: int) -> Strip:
        """The line turned anticlockwise."""
        return Strip(
            np.ascontiguousarray(np.rot90(self.coverage, quarters)),
            np.ascontiguousarray(np.rot90(self.pieces, quarters)),
            self.segments,
            self.face,
        )


def plain(text: str) -> str:
    """``text`` in ASCII, as faces without accents need it."""
    return (
        unicodedata.normalize("NFKD", text.replace("ø", "o").replace("ł", "l").replace("Ł", "L"))
        .encode("ascii", "ignore")
        .decode()
    )


def pieces(segments: Sequence[Segment]) -> list[tuple[str, Segment | None]]:
    """The line cut into blanks (None), whole values that identify, and single words of everything else."""
    found: list[tuple[str, Segment | None]] = []
    for segment in segments:
        if segment.role is Role.PHI:
            found.append((segment.text, segment))
            continue
        for number, word in enumerate(segment.text.split(" ")):
            if number:
                found.append((" ", None))
            if word:
                role = segment.role if any(char.isalnum() for char in word) else Role.NEUTRAL  # a stroke says nothing
                found.append((word, Segment(word, role, segment.kind, segment.known)))
    return found


def strip(face: Face, segments: Sequence[Segment]) -> Strip | None:
    """Draw a line; None if nothing of it can be drawn. What touches no pixel of the edges is cut away."""
    drawn, at, before = [], 0.0, ""
    for text, segment in pieces(segments):
        if segment is not None:
            drawn.append((face.advance(before), face.draw(text), segment))
        before += text
        at = face.advance(before)
    height = max((cover.shape[0] for _, cover, _ in drawn), default=0)
    coverage = np.zeros((height, int(at) + 16), np.uint8)
    owner = np.zeros(coverage.shape, np.uint16)
    for number, (left, cover, _) in enumerate(drawn, 1):
        place = slice(0, cover.shape[0]), slice(int(left), int(left) + cover.shape[1])
        inside = cover[:, : coverage.shape[1] - int(left)]
        owner[place][inside >= _INK] = number
        coverage[place] = np.maximum(coverage[place], inside)
    rows, columns = np.flatnonzero(coverage.max(axis=1, initial=0)), np.flatnonzero(coverage.max(axis=0, initial=0))
    if not len(rows):
        return None
    cut = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    return Strip(coverage[cut], owner[cut], tuple(segment for _, _, segment in drawn), face)


class Canvas:
    """The frames of one screen; ``boxes`` and ``ink`` are the truth about them."""

    def __init__(self, ground: Ground) -> None:
        self.frames = [frame.copy() for frame in ground.frames]
        rows, columns = ground.size
        self.ink: Ink = np.zeros((rows, columns), np.uint16)
        self.taken = np.zeros((rows, columns), bool)
        self.boxes: list[Box] = []

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.ink.shape
        return rows, columns

    def free(self, x: int, y: int, size: tuple[int, int], margin: int = 3) -> bool:
        """Whether a strip of ``size`` fits at (x, y) and nothing stands there."""
        rows, columns = size
        if x < 0 or y < 0 or y + rows > self.size[0] or x + columns > self.size[1]:
            return False
        return not self.taken[
            max(0, y - margin) : y + rows + margin, max(0, x - 2 * margin) : x + columns + 2 * margin
        ].any()

    def take(self, x: int, y: int, size: tuple[int, int]) -> None:
        """Nothing else may stand there."""
        self.taken[max(0, y) : y + size[0], max(0, x) : x + size[1]] = True

    def burn(self, drawn: Strip, x: int, y: int, style: Style, frames: tuple[int, int] | None = None) -> bool:
        """Burn a line at (x, y) of its left upper corner; False, and nothing done, where there is no room."""
        if not self.free(x, y, drawn.size):
            return False
        first, last = frames or (0, len(self.frames))
        area = slice(y, y + drawn.size[0]), slice(x, x + drawn.size[1])
        self.take(x, y, drawn.size)
        colour, around = self._legible(area, style, range(first, last))
        for frame in self.frames[first:last]:
            _blend(frame, drawn.coverage, (x, y), colour, around)
        place = style.place if style.faint is False or around != "outline" else "corner"
        for number, segment in enumerate(drawn.segments, 1):
            own = drawn.pieces == number
            if not own.any():
                continue
            rows, columns = np.flatnonzero(own.any(axis=1)), np.flatnonzero(own.any(axis=0))
            self.boxes.append(
                Box(
                    int(x + columns[0]), int(y + rows[0]), int(columns[-1] - columns[0] + 1), int(rows[-1] - rows[0] + 1),
                    segment.role, segment.kind, segment.known, segment.text, drawn.face.size, drawn.face.name, place,
                    (first, last),
                )
            )  # fmt: skip
            self.ink[area][own] = len(self.boxes)
        return True

    def _legible(
        self, area: tuple[slice, slice], style: Style, frames: range
    ) -> tuple[tuple[float, float, float], str]:
        """The colour and surroundings that a person can read on this ground."""
        ground = np.concatenate([_grey(self.frames[number][area]).ravel() for number in frames])
        mean, spread = float(ground.mean()), float(ground.std())
        if style.faint and spread < 0.06:
            level = mean + 0.18 if mean < 0.6 else mean - 0.18
            return (level, level, level), ""
        light = float(_grey(np.array([[style.colour]], np.float32))[0, 0])
        if style.around in {"paper", "outline"}:
            return style.colour, style.around
        drowned = float((np.abs(min(light, 1.0) - ground) < 0.3).mean())
        if drowned > 0.2 or abs(min(light, 1.0) - mean) < max(0.3, 2.2 * spread):
            if mean > 0.6 and spread < 0.12:
                return (0.0, 0.0, 0.0), ""
            if mean < 0.4 and spread < 0.12:
                return (1.0, 1.0, 1.0), ""
            return style.colour, "outline"
        return style.colour, style.around


def _grey(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    if picture.ndim == 2:
        return picture
    return np.asarray(picture @ np.array([0.299, 0.587, 0.114], np.float32), np.float32)


def _blend(
    frame: NDArray[np.float32], coverage: Coverage, at: tuple[int, int], colour: tuple[float, float, float], around: str
) -> None:
    """Lay ink, and what is around it, over a frame."""
    x, y = at
    rows, columns = coverage.shape
    pad = 3
    top, left = max(0, y - pad), max(0, x - pad)
    padded = np.pad(coverage, pad)[top - y + pad :, left - x + pad :]
    place = frame[top : y + rows + pad, left : x + columns + pad]
    padded = padded[: place.shape[0], : place.shape[1]]
    light = float(_grey(np.array([[colour]], np.float32))[0, 0])
    opposite = 0.0 if light > 0.45 else 0.95
    if around == "paper":
        place[...] = opposite or 0.08
    elif around == "outline":
        _lay(place, cv2.dilate(padded, np.ones((3, 3), np.uint8)), opposite)
    elif around == "shadow":
        _lay(place, np.roll(padded, (1, 1), (0, 1)), opposite)
    _lay(place, padded, np.array(colour, np.float32) if frame.ndim == 3 else light)


def _lay(place: NDArray[np.float32], coverage: Coverage, value: float | NDArray[np.float32]) -> None:
    share = coverage.astype(np.float32) / 255
    share = share[..., None] if place.ndim == 3 else share
    place[...] = place * (1 - share) + share * value
