"""Counts what a system did to the corpus: pixels of the original beside pixels of the result.

A box that identifies is covered on a frame if at least 90 % of it, and of its ink, was changed or has the mask's colour. It is
covered if it is on every frame in which it stands. A technical word is kept if less than 10 % of its ink was changed on every
frame. Outside truth are the changed pixels farther than half a line's height from all that may go.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.pixels_corpus.truth import Box, Ink, Truth
from benchmarks.pixels_corpus.words import Role

COVERED, KEPT = 0.9, 0.1
SIZES = ((0, 11), (12, 15), (16, 20), (21, 99))
Frames = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Judged:
    """One box and whether it came out as it should: covered, or kept."""

    truth: Truth
    box: Box
    good: bool


@dataclass
class Score:
    """What was counted over all files of one system."""

    phi: list[Judged] = field(default_factory=list)
    words: list[Judged] = field(default_factory=list)
    frames: list[bool] = field(default_factory=list)
    pixels: int = 0
    outside: int = 0
    wasted: list[tuple[float, Truth]] = field(default_factory=list)
    held: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """The share of boxes that are covered."""
        return share(self.phi)

    @property
    def kept(self) -> float:
        """The share of technical words that were kept."""
        return share(self.words)

    @property
    def lost(self) -> float:
        """The share of pixels that were masked outside truth."""
        return self.outside / max(1, self.pixels)


def share(judged: Sequence[Judged]) -> float:
    """The share of good ones; nan of none."""
    return sum(one.good for one in judged) / len(judged) if judged else math.nan


def wilson(good: int, of: int) -> tuple[float, float]:
    """Wilson's interval of a share, 95 % two-sided."""
    if not of:
        return 0.0, 1.0
    z, p = 1.959964, good / of
    middle, half = p + z * z / (2 * of), z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    return max(0.0, (middle - half) / (1 + z * z / of)), min(1.0, (middle + half) / (1 + z * z / of))


def add(score: Score, truth: Truth, ink: Ink, before: Frames, after: Frames, *, every_text: bool = False) -> None:
    """Count one file; ``before`` and ``after`` are (frames, rows, columns[, samples]). ``every_text``: all text may go."""
    tolerance = 5 if "JPEG Baseline" in truth.syntax else 0
    difference = np.abs(after.astype(np.int32) - before.astype(np.int32)) > tolerance
    changed: NDArray[np.bool_] = np.asarray(difference.any(axis=-1) if difference.ndim == 4 else difference)
    covered = {
        number: {
            frame: _covered(box, np.equal(ink[box.area], number), changed[frame], after[frame], tolerance)
            for frame in range(*box.frames)
        }
        for number, box in truth.phi
    }
    for number, box in truth.phi:
        score.phi.append(Judged(truth, box, all(covered[number].values())))
    for frame in range(truth.frames):
        here = [by_frame[frame] for by_frame in covered.values() if frame in by_frame]
        if here:
            score.frames.append(all(here))
    for number, box in enumerate(truth.boxes, 1):
        if box.role is Role.TECHNICAL:
            own = np.equal(ink[box.area], number)
            worst = (
                max(float(changed[frame][box.area][own].mean()) for frame in range(*box.frames)) if own.any() else 0.0
            )
            score.words.append(Judged(truth, box, worst < KEPT))
    allowed = _allowed(truth, ink.shape, every_text=every_text)
    score.pixels += changed.size
    outside = int((changed & ~allowed).sum())
    score.outside += outside
    score.wasted.append((outside / changed.size, truth))


def hold(score: Score, truth: Truth) -> None:
    """Count a file that did not come out: nothing of it leaked, and all its words are lost."""
    score.held.append(truth.name)
    score.words += [Judged(truth, box, good=False) for box in truth.boxes if box.role is Role.TECHNICAL]


def _covered(box: Box, own: NDArray[np.bool_], changed: NDArray[np.bool_], after: Frames, tolerance: int) -> bool:
    here, changed = after[box.area], changed[box.area]
    if not changed.any() or not own.any():
        return False
    fill = np.median(here[changed], axis=0)
    flat = np.abs(here - fill) <= tolerance
    gone = changed | (flat.all(axis=-1) if flat.ndim == 3 else flat)
    return bool(gone.mean() >= COVERED and gone[own].mean() >= COVERED)


def _allowed(truth: Truth, shape: tuple[int, ...], *, every_text: bool) -> NDArray[np.bool_]:
    """Where something may be masked: what need not stay, and half a line's height around it."""
    allowed = np.zeros(shape, bool)
    for box in truth.boxes:
        if every_text or box.role is not Role.TECHNICAL:
            grown = max(3, (box.size + 1) // 2)
            allowed[max(0, box.y - grown) : box.y + box.h + grown, max(0, box.x - grown) : box.x + box.w + grown] = True
    return allowed


def size_of(one: Judged) -> str:
    """The group of its size."""
    return next(f"{low}-{high} px" for low, high in SIZES if low <= one.box.size <= high)


GROUPS: dict[str, Callable[[Judged], str]] = {
    "modality": lambda one: one.truth.modality,
    "size": size_of,
    "kind": lambda one: one.box.kind,
    "place": lambda one: one.box.place,
    "font": lambda one: one.box.font,
    "header": lambda one: "in the header" if one.box.known else "not in the header",
    "bits": lambda one: f"{one.truth.bits} bits",
    "ground": lambda one: "real" if one.truth.ground.startswith("real") else one.truth.ground,
    "layout": lambda one: one.truth.layout,
    "syntax": lambda one: one.truth.syntax,
}


def grouped(judged: Iterable[Judged], by: str) -> dict[str, tuple[int, int]]:
    """Good ones and all by group."""
    found: dict[str, tuple[int, int]] = {}
    for one in judged:
        name = GROUPS[by](one)
        good, of = found.get(name, (0, 0))
        found[name] = good + one.good, of + 1
    return dict(sorted(found.items()))
