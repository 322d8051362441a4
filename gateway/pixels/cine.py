"""To which frames a mask belongs: recognition flickers from frame to frame, burned-in text does not."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gateway.pixels.frames import Frame
from gateway.pixels.regions import shared, union
from gateway.records import Box, Mask

_SAME_PLACE = 0.6  # share of the smaller box that two boxes must have in common to be one text
_LOOSEST = 1.6  # how much larger than the largest of them the box around all of them may be
_ALIKE = 0.5  # correlation from which two cut-outs show the same text
_EQUAL = 0.05  # mean difference, as a share of the range of values, below which two cut-outs are the same picture
_INK = 0.8  # of the strongest contrast in a cut-out: strokes have it whatever moves behind them, and little of a picture does


@dataclass(slots=True)
class Place:
    """A place in the frames where text to be masked was found, with what was seen there in each such frame."""

    box: Box
    largest: int
    seen: dict[int, tuple[Box, NDArray[Any]]] = field(default_factory=dict)
    alike: set[int] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)

    def add(self, frame: Frame, box: Box, rules: Iterable[str]) -> None:
        """Note that the text was found at ``box`` of ``frame``."""
        self.box = union((self.box, box))
        self.largest = max(self.largest, box.w * box.h)
        self.seen[frame.number] = (box, cut(frame.pixels, box))
        self.rules.update(rules)

    def prove(self, frame: int) -> None:
        """Note that ``frame`` was proven to show what the last frame showed, where the text was found."""
        self.alike.add(frame)

    def lacks(self, count: int) -> bool:
        """Whether it is open for any of ``count`` frames if it shows the text."""
        return len(self.seen.keys() | self.alike) < count

    def takes(self, box: Box) -> bool:
        """Whether text found at ``box`` is the text of this place."""
        around = union((self.box, box))
        return shared(self.box, box) >= _SAME_PLACE * min(
            self.box.w * self.box.h, box.w * box.h
        ) and around.w * around.h <= _LOOSEST * max(self.largest, box.w * box.h)

    def compare(self, frame: Frame) -> None:
        """Add ``frame`` if it shows what the nearest frames before and after, where the text was found, show."""
        if frame.number in self.seen or frame.number in self.alike:
            return
        numbers = list(self.seen)  # in the order of the frames
        after = bisect(numbers, frame.number)
        for number in numbers[max(0, after - 1) : after + 1]:
            box, picture = self.seen[number]
            shown = cut(frame.pixels, box)
            if alike(picture, shown) or keeps_ink(picture, shown):
                self.alike.add(frame.number)

    def mask(self) -> Mask:
        """The mask of this place."""
        return Mask(self.box, tuple(sorted({*self.seen, *self.alike})), tuple(sorted(self.rules)))


def place(places: list[Place], frame: Frame, box: Box, rules: Sequence[str], *, proven: bool = False) -> None:
    """Note a text found at ``box`` of ``frame``, or proven to stand there still: in the place where it belongs, or a new one."""
    for known in places:
        if known.takes(box):
            break
    else:
        known = Place(box, box.w * box.h)
        places.append(known)
    if proven:
        known.prove(frame.number)
    else:
        known.add(frame, box, rules)


def cut(pixels: NDArray[Any], box: Box) -> NDArray[Any]:
    """A copy of the stored values at ``box``; of colour, the brightest sample."""
    part = pixels[box.y : box.y + box.h, box.x : box.x + box.w]
    return part.copy() if part.ndim == 2 else part.max(axis=2)


def alike(one: NDArray[Any], other: NDArray[Any]) -> bool:
    """Whether two cut-outs show the same text: equal but for noise, or written in the same pattern."""
    a, b = one.astype(np.float64), other.astype(np.float64)
    if one.dtype.kind == "f":
        a, b = np.nan_to_num(a), np.nan_to_num(b)
    spread = float(max(np.ptp(a), np.ptp(b)))
    if float(np.abs(a - b).mean()) <= _EQUAL * spread:
        return True
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return size > 0 and float((a * b).sum()) / size >= _ALIKE


def keeps_ink(one: NDArray[Any], other: NDArray[Any]) -> bool:
    """Whether the strokes of the text in ``one`` stand in ``other`` unchanged, in front of another picture."""
    a, b = one.astype(np.float64), other.astype(np.float64)
    if one.dtype.kind == "f":
        a, b = np.nan_to_num(a), np.nan_to_num(b)
    contrast = np.abs(a - np.median(a))
    strokes = contrast >= _INK * contrast.max()
    return float(np.median(np.abs(a - b)[strokes])) <= _EQUAL * float(np.ptp(a))
