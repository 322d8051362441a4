"""Which points of a patient are erased: a zone of directions around the head, and how deep below the skin it reaches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from gateway.pixels.faces.geometry import Plane, Vector
from gateway.pixels.faces.head import Head, Mask
from gateway.pixels.faces.volume import STEP, Volume

DEEP, SIDE, FOREHEAD = 22.0, 8.0, 6.0  # mm below the skin of an adult: face, ears and temples, forehead
_BELOW = -165.0  # mm below the middle of the braincase: under the chin of an adult
_LATTICE = 2.0  # mm: what is erased is worked out this finely and drawn out in between


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """What is erased of one frame of reference. ``depth`` (x, y, z) is how deep each point of the grid lies, 0 outside."""

    head: Head
    origin: Vector
    depth: NDArray[np.float32]

    def level(self, points: Vector) -> NDArray[np.float64]:
        """How far (mm) each point (..., 3) lies within what is erased; above 0 it is.

        Where the grid ends, nothing is known of the skin: there the whole zone is erased.
        """
        where = np.moveaxis((points - self.origin) / STEP, -1, 0)
        deep = ndimage.map_coordinates(self.depth, where, order=1, mode="constant", cval=0.0)
        return np.asarray(zone(self.head.own(points)) * self.head.size - deep)

    def erased(self, plane: Plane, shape: tuple[int, int]) -> NDArray[np.bool_] | None:
        """Which pixels of a plane are erased; None if none is."""
        steps = [max(1, int(_LATTICE / float(np.linalg.norm(step)))) for step in (plane.down, plane.across)]
        rows, columns = (
            np.arange(0, size + step - 1, step) if step > 1 else np.arange(size)
            for size, step in zip(shape, steps, strict=True)
        )
        level = self.level(plane.points(rows, columns))
        if not (level > 0).any():
            return None
        full = _drawn(_drawn(level, shape[0], steps[0]).T, shape[1], steps[1]).T
        return np.asarray(full > 0)


def _drawn(level: Vector, size: int, step: int) -> Vector:
    """Interpolate along the first axis from every ``step``-th line to all of them."""
    at = np.arange(size)
    first = at // step
    part = (at % step / step)[:, None]
    second = np.minimum(first + 1, len(level) - 1)
    return np.asarray(level[first] * (1 - part) + level[second] * part)


def zone(own: Vector) -> NDArray[np.float64]:
    """How deep (mm of an adult) the face is erased at points (..., 3) of the head's own frame; -1 where nothing is.

    Angles in degrees: ``side`` from the front, ``down`` below the horizon of the middle of the braincase. The brows stand at
    12, the root of the nose at 17, its tip at 31, the tops of the ears at 10.
    """
    x, y, z = np.moveaxis(own, -1, 0)
    flat = np.hypot(x, y)
    side = np.degrees(np.arctan2(np.abs(x), -y))
    down = np.degrees(np.arctan2(-z, flat))
    front = np.interp(down, (-22.001, -22, 6, 21), (-1, FOREHEAD, FOREHEAD, DEEP))
    lateral = np.interp(down, (-5.001, -5, 12), (-1, 0, SIDE))
    turn = np.interp(down, (20, 36, 48), (28, 45, 75))  # the lower, the farther round is it face: temple, cheek, jaw
    edge = np.clip((side - turn) / 27, 0, 1)
    depth = front * (1 - edge) + lateral * edge
    brain = (x / 64) ** 2 + (y / 81) ** 2 + (z / 66) ** 2 < 1
    base = np.interp(y, (-80, -50, -45, 50), (-23, -33, -56, -64))  # the skull base: front, middle and back
    depth = np.where(brain & (z > base), np.minimum(depth, SIDE), depth)
    depth = np.where(side < 125, depth, -1.0)
    return np.where(z > _BELOW, depth, -1.0)


def field(volume: Volume, mask: Mask, head: Head) -> Field:
    """Measure how deep each point lies in the body; where the volume ends above and below, the body goes on."""
    wide = np.pad(mask, ((1, 1), (1, 1), (0, 0)))
    wide = np.pad(wide, ((0, 0), (0, 0), (12, 12)), mode="edge")
    depth = ndimage.distance_transform_edt(wide)[1:-1, 1:-1, 12:-12] * STEP
    return Field(head, volume.origin, np.maximum(depth - STEP / 2, 0).astype(np.float32) * mask)
