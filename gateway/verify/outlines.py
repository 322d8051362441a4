"""Looks for what still draws an erased face: points of contours (RT Structure Set) and set voxels of segmentations.

Each frame of a volume from which a part was erased says where that part lies in its frame of reference. No point that was
written may lie well inside of it, next to the plane of such a frame.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from gateway.records import Erased, Problem
from gateway.verify import checks, faces
from gateway.verify.frames import Frames

_INSIDE: Final = 4.0  # mm: from the border of what was erased
_BESIDE: Final = 1.0  # mm: from the plane of the frame
_STEP: Final = 3.0  # mm: one voxel of a segmentation in this much is looked at
_SEGMENTATIONS: Final = frozenset({"SEG"})

Points = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class _Hole:
    """What was erased of one frame.

    ``inverse`` turns mm from the origin into column, row and mm from the plane; ``deep`` are the bits of the pixels that lie
    well inside, of ``shape`` (rows, columns).
    """

    origin: NDArray[np.float64]
    inverse: NDArray[np.float64]
    deep: NDArray[np.uint8]
    shape: tuple[int, int]

    def holds(self, points: Points) -> bool:
        """Whether any point (n, 3) lies well inside."""
        away = (points - self.origin) @ self.inverse[2]
        near = points[np.abs(away) <= _BESIDE]
        if not len(near):
            return False
        columns, rows = np.rint(self.inverse[:2] @ (near - self.origin).T).astype(int)
        seen = (rows >= 0) & (columns >= 0) & (rows < self.shape[0]) & (columns < self.shape[1])
        deep = np.unpackbits(self.deep)[: self.shape[0] * self.shape[1]].reshape(self.shape)
        return bool(deep[rows[seen], columns[seen]].any())


class Outlines:
    """What was erased in a study, and what draws something there."""

    def __init__(self) -> None:
        self._holes: defaultdict[str, list[_Hole]] = defaultdict(list)
        self._drawn: list[tuple[int, str, str, Points]] = []

    def take(self, index: int, original: Dataset, written: Dataset, erased: Sequence[Erased]) -> None:
        """Take in an instance: where it was erased, and where it draws."""
        frame = str(original.get("FrameOfReferenceUID"))
        if str(original.get("Modality")) in _SEGMENTATIONS:
            self._drawn.extend((index, frame, "7FE00010", points) for points in _voxels(original, written))
        elif erased:
            self._holes[frame].extend(_holes(original, written, erased))
        for of, points in _contours(original, written):
            self._drawn.append((index, of, "30060039/30060040/30060050", points))

    def check(self) -> Iterator[Problem]:
        """Say which instances still draw what was erased."""
        for index, frame, place, points in self._drawn:
            if any(hole.holds(points) for hole in self._holes[frame]):
                yield Problem(checks.FACE_DRAWN, index, place)


def _holes(original: Dataset, written: Dataset, erased: Sequence[Erased]) -> Iterator[_Hole]:
    """The erased parts of the frames of a volume; a frame that is erased as a whole (a scout) says nothing of a face."""
    try:
        masks = faces.masks(erased, (int(written.Rows), int(written.Columns)))
    except ValueError:
        return  # the check of pixels tells of it
    for number, mask in masks.items():
        place = faces.place_of(original, number)
        if place is None or mask.all():
            continue
        origin, across, down = place
        normal = np.cross(across, down)
        axes = np.column_stack([across, down, normal / np.linalg.norm(normal)])
        sides = [2 * int(_INSIDE / float(np.linalg.norm(step)) + 1) + 1 for step in (down, across)]
        # Beyond the picture it may go on: only the border inside the picture counts.
        deep = cv2.erode(mask.astype(np.uint8), np.ones(sides, np.uint8))
        yield _Hole(origin, np.linalg.inv(axes), np.packbits(deep), mask.shape)


def _voxels(original: Dataset, written: Dataset) -> Iterator[Points]:
    """The places of the set voxels of a segmentation, frame by frame."""
    try:
        frames = Frames(written)
        for number in range(frames.count):
            place = faces.place_of(original, number)
            if place is None:
                continue
            origin, across, down = place
            steps = [max(1, int(_STEP / float(np.linalg.norm(step)))) for step in (down, across)]
            rows, columns, _ = np.nonzero(frames.decode(number)[:: steps[0], :: steps[1]])
            if len(rows):
                points = origin + columns[:, None] * steps[1] * across + rows[:, None] * steps[0] * down
                yield points.astype(np.float32)
    except ValueError:
        return  # the check of pixels tells of it


def _contours(original: Dataset, written: Dataset) -> Iterator[tuple[str, Points]]:
    """The points of each contour of a structure set, and the frame of reference of its structure."""
    frames = {
        str(roi.get("ROINumber")): str(roi.get("ReferencedFrameOfReferenceUID"))
        for roi in original.get("StructureSetROISequence") or ()
    }
    for roi in written.get("ROIContourSequence") or ():
        frame = frames.get(str(roi.get("ReferencedROINumber")), "")
        for contour in roi.get("ContourSequence") or ():
            numbers = np.atleast_1d(np.asarray(contour.get("ContourData") or (), dtype=np.float32))
            yield frame, numbers[: len(numbers) // 3 * 3].reshape(-1, 3)
