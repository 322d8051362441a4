"""The truth about a file of the corpus: every box, what it is, and where its ink is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.pixels_corpus.words import Role

Ink = NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Box:
    """One value (PHI), one word (technical) or one label (neutral), and the smallest box around its ink.

    ``size`` is the face's size, ``place`` how it stands (corner, vertical, anatomy, faint, edge, appearing, ...), ``frames`` the
    first frame in which it stands and the one after the last.
    """

    x: int
    y: int
    w: int
    h: int
    role: Role
    kind: str
    known: bool
    text: str
    size: int
    font: str
    place: str
    frames: tuple[int, int]

    @property
    def area(self) -> tuple[slice, slice]:
        """The box as slices of rows and columns."""
        return slice(self.y, self.y + self.h), slice(self.x, self.x + self.w)


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of one file. ``ink`` numbers the boxes' ink from 1, (rows, columns); 0 is no ink."""

    name: str
    uid: str
    modality: str
    layout: str
    ground: str
    bits: int
    frames: int
    syntax: str
    boxes: tuple[Box, ...]

    @property
    def phi(self) -> tuple[tuple[int, Box], ...]:
        """The boxes that must go, with their numbers in the ink."""
        return tuple((number, box) for number, box in enumerate(self.boxes, 1) if box.role is Role.PHI)


def write(folder: Path, truths: Sequence[Truth]) -> None:
    """Write ``truth.json``; the ink was written file by file by :func:`write_ink`."""
    (folder / "truth.json").write_text(json.dumps([asdict(truth) for truth in truths]), "utf-8")


def write_ink(folder: Path, name: str, ink: Ink) -> None:
    """Write the ink of one file."""
    np.savez_compressed(folder / f"{name}.npz", ink=ink)


def read(folder: Path) -> tuple[Truth, ...]:
    """Read ``truth.json``."""
    return tuple(_truth(one) for one in json.loads((folder / "truth.json").read_text("utf-8")))


def read_ink(folder: Path, name: str) -> Ink:
    """The ink of one file."""
    with np.load(folder / f"{name}.npz") as stored:
        ink: Ink = stored["ink"]
    return ink


def _truth(one: dict[str, Any]) -> Truth:
    boxes = tuple(
        Box(**{**box, "role": Role(box["role"]), "frames": (box["frames"][0], box["frames"][1])})
        for box in one["boxes"]
    )
    return Truth(**{**one, "boxes": boxes})
