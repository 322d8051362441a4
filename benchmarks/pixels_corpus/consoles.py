"""Lays a screen out as a console does: blocks of lines in the corners, scales and letters at the edges, notes on anatomy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator

from benchmarks.pixels_corpus.canvas import Canvas, Strip, Style, plain, strip
from benchmarks.pixels_corpus.fonts import Face, Family
from benchmarks.pixels_corpus.grounds import Ground
from benchmarks.pixels_corpus.words import PHI, Person, Role, Segment, Writer

COLOURS = {
    "white": (1.0, 1.0, 1.0), "grey": (0.75, 0.75, 0.75), "yellow": (1.0, 0.95, 0.2), "green": (0.3, 1.0, 0.35),
    "cyan": (0.3, 0.95, 1.0), "orange": (1.0, 0.65, 0.15), "amber": (1.0, 0.75, 0.3), "blue": (0.55, 0.7, 1.0),
    "black": (0.0, 0.0, 0.0), "navy": (0.05, 0.1, 0.4), "red": (0.95, 0.25, 0.2), "pink": (1.0, 0.6, 0.75),
}  # fmt: skip
# How often a screen has what blocks do not have.
_ODDS = {"vertical": 0.15, "anatomy": 0.45, "faint": 0.2, "edge": 0.2, "appearing": 0.8, "telling": 0.5}


@dataclass(frozen=True, slots=True)
class Screen:
    """A finished screen: its canvas, the names of its layout and its ground, its modality."""

    canvas: Canvas
    layout: str
    ground: str
    modality: str


class Console:
    """Lays out one screen for one person."""

    def __init__(self, writer: Writer, families: Sequence[Family], rng: Generator) -> None:
        self._writer, self._families, self._rng = writer, families, rng

    def show(self, layout: Mapping[str, Any], ground: Ground, person: Person, white: float = 1.0) -> Screen:
        """Burn the layout's lines, its scales and some extras onto ``ground``; ``white`` is the brightest ink."""
        self._canvas, self._person, self._white = Canvas(ground), person, white
        self._layout = layout
        self._style = {"names": self._pick(layout["names"]), "dates": self._pick(layout["dates"])}
        self._face = self._chosen(ground.size)
        self._colours = [COLOURS[name] for name in layout.get("colours", ["white"])]
        self._around = self._pick(layout.get("around", [""]))
        for item in layout.get("furniture", ()):
            _FURNITURE[item](self)
        for anchor, lines in layout["blocks"].items():
            self._block(anchor.split()[0], lines)
        self._extras()
        return Screen(self._canvas, layout["name"], ground.name, layout["modality"])

    def _pick(self, choices: Sequence[Any]) -> Any:
        return choices[int(self._rng.integers(len(choices)))]

    def _odds(self, of: str) -> bool:
        return bool(self._rng.random() < _ODDS[of])

    def _chosen(self, size: tuple[int, int]) -> Face:
        """A face in the layout's range of sizes; consoles with large pictures have large letters."""
        low, high = self._layout["text"]
        here = [
            family
            for family in self._families
            if family.name in self._layout.get("fonts", ()) or "fonts" not in self._layout
        ]
        family: Family = self._pick(here or self._families)
        self._family, self._smooth = family, bool(self._rng.random() < 0.6)
        self._accents = family.kind == "outline"
        self._scripts = family.scripts
        asked = round(float(np.exp(self._rng.uniform(np.log(low), np.log(high)))))
        return family.at(min(asked, size[1] // 16), smooth=self._smooth)

    def _sized(self, times: float) -> Face:
        """The screen's face larger or smaller, 10 pixels at least."""
        return self._family.at(max(10, round(self._face.size * times)), smooth=self._smooth)

    def _drawn(self, template: str, face: Face | None = None) -> Strip | None:
        if "{script}" in template and not self._scripts:
            template = template.replace("{script}", "{name}")
        segments = self._writer.line(template, self._person, self._style)
        if not self._accents:
            segments = tuple(replace(segment, text=plain(segment.text.replace("^", " "))) for segment in segments)
        return strip(face or self._face, segments)

    def _inked(self, place: str, *, faint: bool = False) -> Style:
        red, green, blue = self._colours[int(self._rng.integers(len(self._colours)))]
        top = self._white
        return Style((red * top, green * top, blue * top), self._around, faint, place)

    def _block(self, anchor: str, lines: Sequence[str]) -> None:
        """Lines below each other from a corner or the middle of an edge; what has no room is left out."""
        rows, columns = self._canvas.size
        margin = int(self._rng.integers(3, 14))
        step = int(self._face.size * self._rng.uniform(1.25, 1.5)) + 1
        high = step * len(lines)
        y = {"n": margin, "s": rows - margin - high, "m": (rows - high) // 2}[anchor[0]]
        style = self._inked("corner")
        face = self._face if self._rng.random() < 0.75 else self._sized(float(self._rng.choice([0.8, 1.25])))
        for template in lines:
            drawn = self._drawn(template, face)
            if drawn is not None:
                wide = drawn.size[1]
                x = {"w": margin, "e": columns - margin - wide, "m": (columns - wide) // 2}[anchor[1]]
                if "{" in template and len(self._colours) > 2 and self._rng.random() < 0.2:
                    style = self._inked("corner")
                self._canvas.burn(drawn, x, y + max(0, self._face.size - drawn.size[0]) // 2, style)
            y += step

    def _somewhere(self, drawn: Strip, style: Style, frames: tuple[int, int] | None = None) -> bool:
        """Burn in the middle part of the picture, where there is room."""
        rows, columns = self._canvas.size
        for _ in range(20):
            y = int(self._rng.uniform(0.2, 0.8) * rows)
            x = int(self._rng.uniform(0.08, 0.9) * columns) - drawn.size[1] // 3
            if self._canvas.burn(drawn, x, y, style, frames):
                return True
        return False

    def _note(self) -> str:
        """What is written over the picture by hand; half of it tells somebody."""
        lines = self._writer.lists["over"]
        telling = [line for line in lines if any(f"{{{field}}}" in line for field in PHI)]
        return str(self._pick(telling if self._odds("telling") else lines))

    def _extras(self) -> None:
        lists = self._writer.lists
        rows, columns = self._canvas.size
        if self._odds("vertical") and (drawn := self._drawn(self._pick(lists["vertical"]))):
            turned = drawn.turned(int(self._pick([1, 3])))
            x = int(self._pick([2, columns - turned.size[1] - 3]))
            self._canvas.burn(turned, x, int(self._rng.uniform(0.2, 0.6) * rows), self._inked("vertical"))
        if self._odds("anatomy"):
            for _ in range(int(self._rng.integers(1, 4))):
                if drawn := self._drawn(self._note()):
                    self._somewhere(drawn, self._inked("anatomy"))
        if self._odds("faint") and (drawn := self._drawn(self._note())):
            self._somewhere(drawn, self._inked("faint", faint=True))
        if self._odds("edge") and (drawn := self._drawn(self._note())):
            x = int(self._pick([0, columns - drawn.size[1]]))
            y = int(self._pick([0, rows - drawn.size[0], int(0.3 * rows)]))
            self._canvas.burn(drawn, x, y, self._inked("edge"))
        count = len(self._canvas.frames)
        if count > 1 and self._odds("appearing") and (drawn := self._drawn(self._pick(lists["appearing"]))):
            first = int(self._rng.integers(1, count - 1))
            last = int(self._rng.integers(first + 1, count + 1))
            self._somewhere(drawn, self._inked("appearing"), (first, last))

    def letters(self) -> None:
        """Sides of the patient at the edges."""
        rows, columns = self._canvas.size
        left, right, top, bottom = self._pick(
            [("R", "L", "A", "P"), ("R", "L", "H", "F"), ("A", "P", "S", "I"), ("R", "L", "", "")]
        )
        style = self._inked("letter")
        for text, x, y in (
            (left, 6, rows // 2),
            (right, columns - 24, rows // 2),
            (top, columns // 2, 6),
            (bottom, columns // 2, rows - 32),
        ):
            drawn = strip(self._face, [Segment(text, Role.TECHNICAL, "letter")]) if text else None
            if drawn:
                self._canvas.burn(drawn, x, y, style)

    def depth(self) -> None:
        """A scale at the right of an ultrasound picture, its figures growing."""
        rows, columns = self._canvas.size
        x, top, bottom = int(columns * 0.86), int(rows * 0.2), int(rows * 0.85)
        each = (bottom - top) // int(self._pick([4, 6, 8, 10]))
        style = self._inked("scale")
        for number, y in enumerate(range(top, bottom, each)):
            self._line((x, y), (x + 6, y))
            drawn = strip(self._face, [Segment(str(number * self._step()), Role.TECHNICAL, "scale")])
            if number and drawn:
                self._canvas.burn(drawn, x + 12, y - drawn.size[0] // 2, style)

    def _step(self) -> int:
        return 2 if self._canvas.size[0] > 500 else 5

    def ruler(self) -> None:
        """Ticks at an edge, without figures."""
        rows, columns = self._canvas.size
        x = columns - 6
        for number, y in enumerate(range(int(rows * 0.3), int(rows * 0.7), max(6, rows // 50))):
            self._line((x - (10 if number % 5 == 0 else 5), y), (x, y))

    def greybar(self) -> None:
        """A bar of all grey levels at the left."""
        rows, _ = self._canvas.size
        top, high = int(rows * 0.35), int(rows * 0.3)
        ramp = np.linspace(1, 0, high, dtype=np.float32)[:, None]
        for frame in self._canvas.frames:
            frame[top : top + high, 4:14] = ramp[..., None] if frame.ndim == 3 else ramp
        self._canvas.take(4, top, (high, 10))

    def caliper(self) -> None:
        """Two crosses and a dotted line between them."""
        rows, columns = self._canvas.size
        one = np.array([self._rng.uniform(0.3, 0.5) * columns, self._rng.uniform(0.35, 0.6) * rows])
        two = one + self._rng.uniform(-0.18, 0.18, 2) * min(rows, columns)
        for at in np.linspace(one, two, 12):
            self._line((int(at[0]), int(at[1])), (int(at[0]), int(at[1])))
        for x, y in (one.astype(int), two.astype(int)):
            self._line((int(x) - 5, int(y)), (int(x) + 5, int(y)))
            self._line((int(x), int(y) - 5), (int(x), int(y) + 5))

    def trace(self) -> None:
        """A line of an ECG near the lower edge."""
        rows, columns = self._canvas.size
        x = np.arange(int(columns * 0.15), int(columns * 0.8), 2)
        beat = (x % 70) / 70
        y = rows * 0.93 - 22 * np.exp(-(((beat - 0.5) / 0.03) ** 2)) - 5 * np.exp(-(((beat - 0.75) / 0.07) ** 2))
        points = np.stack([x, y], axis=1).astype(np.int32)
        for frame in self._canvas.frames:
            cv2.polylines(
                frame, [points], isClosed=False, color=(0.2, 0.9, 0.3) if frame.ndim == 3 else 0.9, thickness=1
            )
        self._canvas.take(int(x[0]), int(rows * 0.93) - 24, (28, len(x) * 2))

    def _line(self, one: tuple[int, int], two: tuple[int, int]) -> None:
        for frame in self._canvas.frames:
            cv2.line(frame, one, two, (0.95, 0.95, 0.95) if frame.ndim == 3 else 0.95, 1)
        x, y = min(one[0], two[0]), min(one[1], two[1])
        self._canvas.take(x, y, (abs(one[1] - two[1]) + 1, abs(one[0] - two[0]) + 1))


_FURNITURE = {
    "letters": Console.letters, "depth": Console.depth, "ruler": Console.ruler, "greybar": Console.greybar,
    "caliper": Console.caliper, "trace": Console.trace,
}  # fmt: skip
