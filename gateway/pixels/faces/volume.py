"""Stacks of parallel planes, and the coarse volume that a stack makes in patient coordinates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from gateway.pixels.faces.geometry import Plane, Vector

STEP = 3.0  # mm between the points of a coarse volume
_FINE = 2.5  # mm: slices are averaged to about this before they are kept
_THIN, _FEW, _GAP = 50.0, 8, 13.0  # mm, slices, mm: what makes no volume
_SAME = 0.3  # mm: slices closer than this lie in one place


@dataclass(slots=True)
class Stack:
    """Parallel frames of one series, averaged in the plane; frames in the same place (phases, echoes) are averaged too.

    ``first`` is a plane of it; all have its orientation, spacing and size.
    """

    first: Plane
    shape: tuple[int, int]
    places: list[float] = field(default_factory=list)
    origins: list[Vector] = field(default_factory=list)
    sums: list[NDArray[np.float32]] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)

    def fits(self, plane: Plane, shape: tuple[int, int]) -> bool:
        """Whether a frame belongs to this stack."""
        return (
            shape == self.shape
            and np.allclose(plane.across, self.first.across, atol=2e-3)
            and np.allclose(plane.down, self.first.down, atol=2e-3)
        )

    def add(self, plane: Plane, values: NDArray[Any]) -> None:
        """Take in a frame (rows, columns) of modality values."""
        small = _small(values, self.factors)
        place = float(plane.origin @ self.first.normal)
        for number, known in enumerate(self.places):
            if abs(known - place) < _SAME:
                self.sums[number] = self.sums[number] + small
                self.counts[number] += 1
                return
        self.places.append(place)
        self.origins.append(plane.origin)
        self.sums.append(small)
        self.counts.append(1)

    @property
    def factors(self) -> tuple[int, int]:
        """How many rows and columns are averaged into one."""
        steps = np.linalg.norm(self.first.down), np.linalg.norm(self.first.across)
        return max(1, round(_FINE / float(steps[0]))), max(1, round(_FINE / float(steps[1])))

    @property
    def thin(self) -> bool:
        """Whether the slices are too few, or too far apart, to make a volume."""
        ordered = np.sort(self.places)
        if len(ordered) < _FEW or ordered[-1] - ordered[0] < _THIN:
            return True
        return bool(np.median(np.diff(ordered)) > _GAP)


def _small(values: NDArray[Any], factors: tuple[int, int]) -> NDArray[np.float32]:
    rows, columns = values.shape
    size = max(1, columns // factors[1]), max(1, rows // factors[0])
    plain = np.ascontiguousarray(values, np.float32)
    return np.asarray(plain if size == (columns, rows) else cv2.resize(plain, size, interpolation=cv2.INTER_AREA))


@dataclass(frozen=True, slots=True)
class Volume:
    """Modality values on a grid (x, y, z) along the patient's axes, ``STEP`` apart, the first point at ``origin``.

    ``inside`` says which points the stack covers.
    """

    origin: Vector
    values: NDArray[np.float32]
    inside: NDArray[np.bool_]


def volume(stack: Stack) -> Volume:
    """Sample a stack along the patient's axes."""
    order = np.argsort(stack.places)
    places = np.array(stack.places)[order]
    origins = np.array(stack.origins)[order]
    slices = np.stack([stack.sums[i] / np.float32(stack.counts[i]) for i in order])
    scale = np.array(stack.shape) / np.array(slices.shape[1:])
    low, high = _extent(stack, origins)
    size = np.ceil((high - low) / STEP).astype(int) + 1
    values = np.zeros(size, np.float32)
    inside = np.zeros(size, np.bool_)
    steps = stack.first.across, stack.first.down, stack.first.normal
    x, y = (low[axis] + STEP * np.arange(size[axis]) for axis in (0, 1))
    flat = np.stack(np.broadcast_arrays(x[:, None], y[None, :]), axis=-1)
    for level in range(size[2]):
        points = np.concatenate([flat, np.full((*flat.shape[:2], 1), low[2] + STEP * level)], axis=-1)
        along = points @ steps[2]
        index = np.interp(along, places, np.arange(len(places)))
        origin = np.stack([np.interp(along, places, origins[:, axis]) for axis in range(3)], axis=-1)
        offset = points - origin
        column = offset @ steps[0] / (steps[0] @ steps[0])
        row = offset @ steps[1] / (steps[1] @ steps[1])
        covered = (row > -1) & (row < stack.shape[0]) & (column > -1) & (column < stack.shape[1])
        covered &= (along > places[0] - STEP) & (along < places[-1] + STEP)
        where = np.stack([index, (row + 0.5) / scale[0] - 0.5, (column + 0.5) / scale[1] - 0.5])
        values[:, :, level] = ndimage.map_coordinates(slices, where, order=1, mode="nearest")
        inside[:, :, level] = covered
    return Volume(low, values, inside)


def _extent(stack: Stack, origins: Vector) -> tuple[Vector, Vector]:
    """The lowest and highest coordinates of a stack's corners."""
    across, down = stack.first.across * (stack.shape[1] - 1), stack.first.down * (stack.shape[0] - 1)
    corners = np.concatenate([origins + shift for shift in (0 * across, across, down, across + down)])
    return corners.min(axis=0), corners.max(axis=0)
