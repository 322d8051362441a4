"""Looks for faces in what was written (PS3.15 E.3.2), in a way of its own: what stands in front, seen from the front.

Of each volume of the originals a map is made of how far to the front the body reaches, in patient coordinates. Where a nose
stands out under a braincase, the same map of the written volume must lie deeper nearly everywhere around it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from gateway.records import Erased, Problem
from gateway.verify import checks
from gateway.verify.frames import Frames

OPTION: Final = "CleanRecognizableVisualFeaturesOption"
_MODALITIES: Final = frozenset({"CT", "MR"})
_SLICE: Final = 4.0  # mm: one slice in this much is looked at
_PIXEL: Final = 3.0  # mm: so are pixels
_BIN: Final = 6.0  # mm: side of a cell of a map
_FEW: Final = 10  # slices
_FLANK: Final = 4  # cells: the cheeks beside a nose
_STANDS: Final = 12.0  # mm: a nose stands out more than this
_DEEPER: Final = 6.0  # mm: what is left of a face lies deeper than it by this much
_SHARE: Final = 0.85  # of the face
_WIDEST, _NARROWEST = 40, 16  # cells: a trunk is wider than a head, a limb is narrower
_BRAINCASE: Final = 12  # cells above the tip of the nose
_NOTHING: Final = 1e6  # mm: no body here

Vector = NDArray[np.float64]
Map = NDArray[np.float64]


def masks(erased: Sequence[Erased], shape: tuple[int, int]) -> dict[int, NDArray[np.bool_]]:
    """The erased pixels by frame, each (rows, columns).

    Raises:
        ValueError: a record does not fit the frames.
    """
    found = {}
    for record in erased:
        try:
            bits = np.unpackbits(np.frombuffer(zlib.decompress(record.packed), np.uint8))
        except zlib.error:
            raise ValueError("what was erased cannot be read") from None
        if bits.size < shape[0] * shape[1]:
            raise ValueError("what was erased does not fit the frame")
        found[record.frame] = bits[: shape[0] * shape[1]].reshape(shape).astype(np.bool_)
    return found


@dataclass(slots=True)
class _Stack:
    """Some slices of one stack: where their pixels lie, and what they were and became. ``index`` is of the first instance."""

    index: int
    units: bool
    places: set[int] = field(default_factory=set)
    points: list[Vector] = field(default_factory=list)
    before: list[Vector] = field(default_factory=list)
    after: list[Vector] = field(default_factory=list)


class Surfaces:
    """What the bodies of a study look like from the front, before and after."""

    def __init__(self) -> None:
        self._stacks: dict[tuple[object, ...], _Stack] = {}

    def take(self, index: int, original: Dataset, written: Dataset) -> Iterator[Problem]:
        """Take in an instance; its mark must say that no face is left."""
        if "PixelData" not in written:
            return
        if written.get("RecognizableVisualFeatures") != "NO":
            yield Problem(checks.MARKS, index, "00280302")
        if str(original.get("Modality")) not in _MODALITIES or int(original.get("SamplesPerPixel") or 1) != 1:
            return
        try:
            before, after = Frames(original), Frames(written)
            for frame in range(before.count):
                self._frame(index, original, frame, before, after)
        except ValueError:
            return  # the check of pixels has told of it

    def _frame(self, index: int, original: Dataset, frame: int, before: Frames, after: Frames) -> None:
        place = place_of(original, frame)
        if place is None:
            return
        origin, across, down = place
        normal = np.cross(across, down) / np.linalg.norm(across) / np.linalg.norm(down)
        key = (str(original.get("SeriesInstanceUID")), *np.round(normal, 1), before.shape)
        stack = self._stacks.setdefault(key, _Stack(index, units="RescaleIntercept" in original))
        number = int(origin @ normal // _SLICE)
        if number in stack.places:
            return
        stack.places.add(number)
        steps = [max(1, int(_PIXEL / float(np.linalg.norm(step)))) for step in (down, across)]
        rows, columns = (np.arange(0, size, step) for size, step in zip(before.shape[:2], steps, strict=True))
        stack.points.append(origin + rows[:, None, None] * down + columns[None, :, None] * across)
        for frames, kept in ((before, stack.before), (after, stack.after)):
            values = np.ascontiguousarray(frames.decode(frame)[:: steps[0], :: steps[1], 0], np.float32)
            kept.append(np.asarray(cv2.medianBlur(values, 3), np.float64) * _slope(original) + _intercept(original))

    def check(self) -> Iterator[Problem]:
        """Say of which volumes a face is left."""
        for stack in self._stacks.values():
            if len(stack.places) >= _FEW and _left(stack):
                yield Problem(checks.FACE_LEFT, stack.index, "series")


def place_of(original: Dataset, frame: int) -> tuple[Vector, Vector, Vector] | None:
    """Origin, step to the next column and step to the next row of a frame; None if the header does not say."""
    holders = [original]
    for keyword, number in (("SharedFunctionalGroupsSequence", 0), ("PerFrameFunctionalGroupsSequence", frame)):
        for group in original.get(keyword, ())[number : number + 1]:
            holders += [element.value[0] for element in group if element.VR == "SQ" and element.value]
    try:
        position, cosines, spacing = (
            np.array(next(holder[name].value for holder in holders if name in holder), np.float64)
            for name in ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing")
        )
        return position.reshape(3), cosines.reshape(6)[:3] * spacing[1], cosines.reshape(6)[3:] * spacing[0]
    except (RuntimeError, StopIteration, ValueError, TypeError, IndexError):
        return None


def _slope(original: Dataset) -> float:
    return float(original.get("RescaleSlope") or 1)


def _intercept(original: Dataset) -> float:
    return float(original.get("RescaleIntercept") or 0)


def _left(stack: _Stack) -> bool:
    """Whether a face that stood in a volume still stands in it."""
    level = _level(stack)
    points = np.concatenate([one.reshape(-1, 3) for one in stack.points])
    low, high = points.min(axis=0), points.max(axis=0)
    size = tuple(int(cells) + 1 for cells in (high - low)[[0, 2]] // _BIN)
    cells = ((points[:, [0, 2]] - low[[0, 2]]) // _BIN).astype(int)
    before, after = (
        _front(points, cells, size, np.concatenate([one.reshape(-1) for one in values]) > level)
        for values in (stack.before, stack.after)
    )
    nose = _nose(before)
    if nose is None:
        return False
    x, z = nose
    around = np.s_[max(0, x - 5) : x + 6, max(0, z - 6) : z + 4]  # from cheek to cheek, from the eyes to the lips
    face = before[around] < _NOTHING
    deeper = after[around][face] - before[around][face] >= _DEEPER
    return bool(deeper.mean() < _SHARE)


def _level(stack: _Stack) -> float:
    """What parts air from skin: a fixed value where there are Hounsfield units, else two fifths of the mean of both sides."""
    values = np.concatenate([one.reshape(-1) for one in stack.before])
    if stack.units and values.min() < -800:
        return -400.0
    parting = float(values.mean())
    for _ in range(20):
        parting = float((values[values <= parting].mean() + values[values >= parting].mean()) / 2)
    air = float(values[values <= parting].mean())
    return air + 0.4 * (parting - air)


def _front(points: Vector, cells: NDArray[np.int_], size: tuple[int, ...], solid: NDArray[np.bool_]) -> Map:
    """How far to the front (mm, less is farther) the body reaches in each cell (x, z); between slices, its neighbours'."""
    front = np.full(size, _NOTHING)
    np.minimum.at(front, (cells[solid, 0], cells[solid, 1]), points[solid, 1])
    wide = np.pad(front, 1, constant_values=_NOTHING)
    beside = np.minimum.reduce([wide[2:, 1:-1], wide[:-2, 1:-1], wide[1:-1, 2:], wide[1:-1, :-2]])
    seen = np.zeros(size, np.bool_)
    seen[cells[:, 0], cells[:, 1]] = True
    return np.where(seen, front, beside)


def _nose(front: Map) -> tuple[int, int] | None:
    """The cell of the tip of a nose: what stands out to the front under a braincase and above lips; None if nothing does."""
    foremost = front.min(axis=0)
    stands = np.zeros_like(front)
    left, right = front[: -2 * _FLANK], front[2 * _FLANK :]
    cheeks = np.maximum(left, right) < _NOTHING
    stands[_FLANK:-_FLANK] = np.where(cheeks, np.minimum(left, right) - front[_FLANK:-_FLANK], 0.0)
    best = None
    for x, z in zip(*np.nonzero(stands > _STANDS), strict=True):
        ended = np.nonzero(foremost[z:] > front[x, z] + 140)[0]  # above the vertex is air, or a table far behind
        vertex = z + (int(ended[0]) if ended.size else front.shape[1] - z) - 1
        above, below = z + _BRAINCASE, z - _FLANK
        if below < 0 or above > vertex or front[x, z] > foremost[z] + 30:
            continue
        braincase = _width(front[:, above] - foremost[above], x)
        if front[x, below] - front[x, z] > braincase * _BIN / 5:
            continue  # a chin stands out as well, but below it is the throat
        head = _NARROWEST <= braincase < _WIDEST and _width(front[:, z] - foremost[z], x) < _WIDEST
        closed = _width(front[:, vertex] - foremost[vertex], x) < 0.8 * braincase  # a limb would go on above
        if head and closed and (best is None or (z, stands[x, z]) > (best[1], stands[best])):
            best = int(x), int(z)  # the highest: a nose stands above lips and chin
    return best


def _width(behind: Map, x: int) -> int:
    """How many cells to both sides of ``x`` belong to one body: none lies more than 110 mm behind the foremost."""
    gaps = np.nonzero(behind > 110)[0]
    return int(np.min(gaps[gaps > x], initial=len(behind)) - np.max(gaps[gaps < x], initial=-1)) - 1
