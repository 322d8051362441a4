"""Where the pixels of a frame lie in the patient (PS3.3 C.7.6.2.1.1, and C.7.6.16.2 for multi-frame objects)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Plane:
    """One frame in patient coordinates (mm; x to the left, y to the back, z to the head).

    ``origin`` is the centre of the first pixel; ``across`` and ``down`` lead to the next column and the next row.
    ``slope`` and ``intercept`` turn stored values into those of the modality; ``units`` says whether the header has them.
    """

    origin: Vector
    across: Vector
    down: Vector
    slope: float = 1.0
    intercept: float = 0.0
    units: bool = False

    @property
    def normal(self) -> Vector:
        """The unit vector across the plane."""
        normal = np.cross(self.across, self.down)
        return normal / np.linalg.norm(normal)

    def points(self, rows: NDArray[Any], columns: NDArray[Any]) -> Vector:
        """The patient coordinates (rows, columns, 3) of a lattice of pixels."""
        down = np.asarray(rows, float)[:, None, None] * self.down
        across = np.asarray(columns, float)[None, :, None] * self.across
        return np.asarray(self.origin + down + across)


def planes(dataset: Dataset, frames: int) -> tuple[Plane, ...]:
    """The planes of all frames of an instance; none if the header does not place every one of them."""
    shared = _first(dataset, "SharedFunctionalGroupsSequence")
    each = dataset.get("PerFrameFunctionalGroupsSequence") or ()
    if (shared is None and not each) and frames > 1:
        return ()
    found = []
    for number in range(frames):
        places = [each[number]] if number < len(each) else []
        plane = _plane([*places, *([shared] if shared is not None else [])], dataset)
        if plane is None:
            return ()
        found.append(plane)
    return tuple(found)


def _plane(groups: list[Dataset], dataset: Dataset) -> Plane | None:
    """The plane that functional groups say, the frame's before the shared ones, or the data set itself."""
    position = _numbers(groups, dataset, "PlanePositionSequence", "ImagePositionPatient", 3)
    cosines = _numbers(groups, dataset, "PlaneOrientationSequence", "ImageOrientationPatient", 6)
    spacing = _numbers(groups, dataset, "PixelMeasuresSequence", "PixelSpacing", 2)
    if position is None or cosines is None or spacing is None or not (spacing > 0).all():
        return None
    across, down = cosines[:3], cosines[3:]
    lengths = np.linalg.norm(across), np.linalg.norm(down)
    if not all(0.9 < length < 1.1 for length in lengths) or abs(float(across @ down)) > 0.1:
        return None
    slope = _numbers(groups, dataset, "PixelValueTransformationSequence", "RescaleSlope", 1)
    intercept = _numbers(groups, dataset, "PixelValueTransformationSequence", "RescaleIntercept", 1)
    return Plane(
        position,
        across / lengths[0] * spacing[1],
        down / lengths[1] * spacing[0],
        float(slope[0]) if slope is not None and slope[0] else 1.0,
        float(intercept[0]) if intercept is not None else 0.0,
        units=slope is not None and intercept is not None,
    )


def _numbers(groups: list[Dataset], dataset: Dataset, macro: str, keyword: str, count: int) -> Vector | None:
    """The numbers of an attribute, from a functional group macro or the top level; None if they are not there."""
    for holder in (*_items(groups, macro), dataset):
        if keyword in holder:
            try:
                value = holder[keyword].value
                numbers = np.array([value] if count == 1 else list(value), np.float64)
            except (TypeError, ValueError):
                return None
            return numbers if numbers.shape == (count,) and np.isfinite(numbers).all() else None
    return None


def _items(groups: list[Dataset], macro: str) -> Iterator[Dataset]:
    for group in groups:
        item = _first(group, macro)
        if item is not None:
            yield item


def _first(dataset: Dataset, keyword: str) -> Dataset | None:
    items = dataset.get(keyword)
    return items[0] if items else None
