"""Finds a head in a coarse volume: what is body, where the head ends, which way the face looks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from gateway.pixels.faces.geometry import Vector
from gateway.pixels.faces.volume import STEP, Volume

Mask = NDArray[np.bool_]

SKIN = -300.0  # Hounsfield units: half way between air and the skin, foam and hair left out
_TORSO = 240.0  # mm: no head is this wide, ears included; shoulders are wider
_NECK = 110.0  # mm above the shoulders: less than this is a neck and at most a chin
_SMALL = 2000.0  # mm²: a section of a body is larger than this
# The adult head for which the face is described (mm): breadth of the braincase, its middle below the vertex, and the tip of
# the nose from there. Breadth 152, length 190 and vertex to tip of the nose 148 are about the medians of adults.
_BREADTH, _LENGTH, _MIDDLE, _NOSE = 152.0, 190.0, 78.0, np.array([0.0, -117.0, -70.0])


class Finding(Enum):
    """What a volume shows: a head, surely none (a trunk), or what cannot be told."""

    HEAD = "head"
    NONE = "none"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Head:
    """A head in patient coordinates (mm).

    ``middle`` is the middle of the braincase, ``turn`` the rotation from patient axes into those of a head that looks straight
    ahead, ``size`` its size against an adult's. ``nosed``: the nose was found, and tells where the face looks.
    """

    middle: Vector
    turn: NDArray[np.float64]
    size: float
    nosed: bool

    def own(self, points: Vector) -> Vector:
        """Patient coordinates (..., 3) in the head's own frame: x left, y back, z up, in mm of an adult."""
        return np.asarray((points - self.middle) @ self.turn.T / self.size)


def body(volume: Volume, *, hounsfield: bool, inverted: bool) -> Mask:
    """The largest body in a volume, with its cavities and with the openings of mouth, nose and ears closed."""
    values = -volume.values if inverted else volume.values
    level = SKIN if hounsfield else _threshold(values[volume.inside])
    solid = (values > level) & volume.inside
    if not hounsfield:  # bone is as dark as air: the scalp must not come off
        solid = _closed(solid)
    core = ndimage.binary_opening(solid, iterations=2)  # tables, holders and tubes are thinner than what they touch
    named, count = ndimage.label(core)
    if not count:
        return np.zeros_like(solid)
    sizes = np.bincount(named.ravel())
    sizes[0] = 0
    largest = ndimage.binary_dilation(named == sizes.argmax(), iterations=3, mask=solid)
    return _closed(largest)


def _threshold(values: NDArray[np.float32]) -> float:
    """Between air and body where the scale is not known: above the noise, and a tenth of what tissue shows."""
    otsu = _otsu(values)
    air, tissue = values[values <= otsu], values[values > otsu]
    if not air.size or not tissue.size:
        return float(values.max()) if values.size else 0.0
    middle = float(np.median(air))
    spread = 1.4826 * float(np.median(np.abs(air - middle)))
    bright = float(np.percentile(tissue, 95))
    return min(otsu, max(middle + 5 * spread, middle + 0.1 * (bright - middle)))


def _otsu(values: NDArray[np.float32]) -> float:
    """The value that parts the histogram into the two classes that differ most (Otsu 1979)."""
    if not values.size or values.min() == values.max():
        return float(values.max()) if values.size else 0.0
    low, high = (float(edge) for edge in np.percentile(values, (0.5, 99.5)))
    counts, edges = np.histogram(np.clip(values, low, high), bins=256)
    centres = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * centres)
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(edges[1:][np.nanargmax(apart[:-1])])


def _closed(mask: Mask) -> Mask:
    """Close openings up to 15 mm across and fill what they lead to; the borders of the volume open nothing."""
    wide = np.pad(mask, 4, mode="edge")
    wide[:, :4], wide[:, -4:], wide[:4], wide[-4:] = False, False, False, False
    near = ndimage.distance_transform_edt(~wide) * STEP <= 8
    closed = ndimage.distance_transform_edt(near) * STEP > 8
    filled = np.asarray(ndimage.binary_fill_holes(closed | wide))
    for level in range(filled.shape[2]):  # the windpipe leads out of the volume, but is closed in every section
        filled[:, :, level] = ndimage.binary_fill_holes(filled[:, :, level])
    return filled[4:-4, 4:-4, 4:-4]


@dataclass(frozen=True, slots=True)
class _Levels:
    """The largest section of the body at each level: is there one, its breadth, depth, area, and middle (grid, mm)."""

    breadth: Vector
    length: Vector
    area: Vector
    across: Vector
    back: Vector


def find(volume: Volume, mask: Mask) -> tuple[Finding, Head | None]:
    """Find the head in the ``body`` of a volume."""
    levels = _levels(mask)
    run = _narrow(levels)
    if run is None:
        return Finding.NONE, None
    first, last = run  # grid levels: the lowest and the highest of head and neck
    shoulders = first > 0 and levels.breadth[first - 1] >= _TORSO
    top = levels.area[last - 1] < 0.35 * levels.area[first:last].max()
    if shoulders and not top and (last - first) * STEP < _NECK:
        return Finding.NONE, None
    size = _size(levels, first, last, top=top)
    nose = _nose(mask, levels, (first, last), size, top=top)
    if nose is None and not (top and _like_a_head(levels, first, last) and _hidden(volume, mask, last, size)):
        return Finding.UNCLEAR, None
    return Finding.HEAD, _head(volume, levels, (first, last), size, nose, top=top)


def _levels(mask: Mask) -> _Levels:
    count = mask.shape[2]
    found = np.zeros((5, count))
    for level in range(count):
        named, parts = ndimage.label(mask[:, :, level])
        if parts:
            sizes = np.bincount(named.ravel())
            sizes[0] = 0
            x, y = np.nonzero(named == sizes.argmax())
            found[:, level] = (
                np.ptp(x) + 1,
                np.ptp(y) + 1,
                len(x) * STEP,
                (x.min() + x.max()) / 2,
                (y.min() + y.max()) / 2,
            )
    return _Levels(*(found * STEP))


def _narrow(levels: _Levels) -> tuple[int, int] | None:
    """The levels from the top of the body down to the shoulders; None if there are none."""
    there = np.nonzero(levels.area >= _SMALL)[0]
    if not there.size or levels.breadth[there[-1]] >= _TORSO:
        return None
    last = first = int(there[-1]) + 1
    while first > 0 and levels.area[first - 1] >= _SMALL and levels.breadth[first - 1] < _TORSO:
        first -= 1
    return first, last


def _size(levels: _Levels, first: int, last: int, *, top: bool) -> float:
    """The head's size against an adult's, by the breadth and length of the braincase above the ears."""
    span = (
        slice(max(first, last - round(70 / STEP)), max(first + 1, last - round(25 / STEP)))
        if top
        else slice(first, last)
    )
    sides = (
        (levels.breadth[span] / _BREADTH + levels.length[span] / _LENGTH) / 2
        if top
        else levels.breadth[span] / _BREADTH
    )
    return float(np.clip(np.median(np.sort(sides)[-5:]), 0.5, 1.25))


def _like_a_head(levels: _Levels, first: int, last: int) -> bool:
    """Whether what ends at the top has the breadth and length of a braincase."""
    below = slice(max(first, last - round(90 / STEP)), last)
    breadth, length = levels.breadth[below].max(), levels.length[below].max()
    return bool(80 <= breadth <= 200 and 0.6 <= length / breadth <= 1.7 and (last - first) * STEP >= 35)


def _hidden(volume: Volume, mask: Mask, last: int, size: float) -> bool:
    """Whether the volume ends above the nose, or cuts it off: else a head without one looks nobody knows where."""
    lowest = max(0, last - round(160 * size / STEP))
    highest = last - round(110 * size / STEP)
    if highest <= lowest or not mask[:, :, lowest:highest].any():
        return True
    outside = np.pad(~volume.inside, ((0, 0), (1, 0), (0, 0)), constant_values=True)[:, :-1]
    return bool((mask & outside)[:, :, lowest:highest].any())


def _nose(
    mask: Mask, levels: _Levels, run: tuple[int, int], size: float, *, top: bool
) -> tuple[float, float, float] | None:
    """The tip of the nose (grid, mm): what stands out most to the front of what lies 20 mm to both sides."""
    first, last = run
    high, low = (last - round(85 * size / STEP), last - round(205 * size / STEP)) if top else (last, first)
    low, high = max(first, low), min(last, high)
    aside = max(2, round(20 * size / STEP))
    if high - low < 3 or mask.shape[0] <= 2 * aside:
        return None
    there: Mask = np.asarray(mask.any(axis=1))
    front = np.where(there, mask.argmax(axis=1), mask.shape[1]).astype(float) * STEP  # (x, z)
    flank = np.minimum(front[: -2 * aside], front[2 * aside :])
    stands = np.where(there[aside:-aside], flank - front[aside:-aside], 0.0)
    x = (np.arange(stands.shape[0]) + aside) * STEP
    middle = levels.across[low:high]
    beside = np.abs(x[:, None] - middle[None])
    near: Mask = np.asarray(beside < 52 * size)
    near &= flank[:, low:high] < mask.shape[1] * STEP
    if top:  # brows and chin stand nearer to the middle of the braincase and farther from it
        down = np.arange(low, high) * STEP - _vertex(levels, last, size) + _MIDDLE * size
        ahead = front[aside:-aside, low:high] - levels.back[_middle(levels, run, size)]
        near &= np.abs(np.sqrt(ahead**2 + down**2 + beside**2) / (float(np.linalg.norm(_NOSE)) * size) - 0.98) < 0.12
    else:  # below the nose are the lips, below the chin is the throat, far behind
        lower = np.arange(low, high) - max(1, round(25 * size / STEP))
        below = np.asarray(front[:, np.maximum(lower, 0)] - front[:, low:high])[aside:-aside]
        near &= (below < 30 * size) & (lower >= 0)
    best = np.where(near, np.clip(stands[:, low:high], 0, 60), 0.0)
    best = ndimage.uniform_filter(best, (1, 3), mode="nearest")
    if best.max() < 9 * size:
        return None
    weight = np.where(best > 0.9 * best.max(), best, 0.0)
    column, level = (float(place) for place in ndimage.center_of_mass(weight))
    at = round(column) + aside, round(level) + low
    return (column + aside) * STEP, float(front[at]), (level + low) * STEP


def _vertex(levels: _Levels, last: int, size: float) -> float:
    """The height (grid, mm) of the vertex: above the highest level by as much as an ellipsoid's cap of its area is high."""
    return (last - 1) * STEP + min(15.0, float(levels.area[last - 1]) / (580 * size))


def _middle(levels: _Levels, run: tuple[int, int], size: float) -> int:
    """The level of the middle of the braincase."""
    return max(run[0], min(run[1] - 1, round((_vertex(levels, run[1], size) - _MIDDLE * size) / STEP)))


def _head(
    volume: Volume,
    levels: _Levels,
    run: tuple[int, int],
    size: float,
    nose: tuple[float, float, float] | None,
    *,
    top: bool,
) -> Head:
    """Place the head: its middle by the vertex, and the way it looks by the nose."""
    if not top and nose is not None:
        middle = np.array(nose) - _NOSE * size
        return Head(volume.origin + middle, _turn(0.0, 0.0), size, nosed=True)
    level = _middle(levels, run, size)
    near = slice(max(run[0], level - 4), level + 8)
    middle = np.array([np.median(levels.across[near]), np.median(levels.back[near]), 0.0])
    nod = turned = 0.0
    for _ in range(2):  # a head that nods reaches higher above its middle: the ellipsoid of the braincase is long
        above = np.hypot(_MIDDLE * np.cos(nod), _LENGTH / 2 * np.sin(nod)) * size
        middle[2] = _vertex(levels, run[1], size) - above
        if nose is not None:
            x, y, z = np.array(nose) - middle
            nod = float(np.clip(np.arctan2(-z, -y) - np.arctan2(-_NOSE[2], -_NOSE[1]), -0.7, 0.7))
            turned = float(np.clip(np.arctan2(x, -y), -0.6, 0.6))
    return Head(volume.origin + middle, _turn(nod, turned), size, nosed=nose is not None)


def _turn(nod: float, turned: float) -> NDArray[np.float64]:
    """The rotation that brings a head that nods (radians, chin down) and looks to its left to look straight ahead."""
    cn, sn, ct, st = np.cos(nod), np.sin(nod), np.cos(turned), np.sin(turned)
    return np.asarray(
        np.array([[1, 0, 0], [0, cn, sn], [0, -sn, cn]]) @ np.array([[ct, st, 0], [-st, ct, 0], [0, 0, 1]])
    )
