"""Heads of invented people by number: analytic shapes with skin, bone, brain, airways, nose, eyes, lips and ears."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from builders import ROOT, instance, uid
from numpy.typing import NDArray
from pydicom.dataset import FileDataset
from pydicom.uid import UID, MRImageStorage

AIR, SOFT, BONE, BRAIN, TABLE = range(5)
_CT = np.array([-1000, 40, 900, 35, -120], np.float32)
_MR = np.array([0, 320, 40, 450, 0], np.float32)
_PET = np.array([0, 900, 600, 6000, 0], np.float32)
Array = NDArray[Any]


@dataclass(frozen=True)
class Person:
    """What makes a head that person's: all in mm but ``size``, which scales everything."""

    size: float = 1.0
    nose: float = 24
    nose_width: float = 16
    eyes: float = 32
    brow: float = 8
    lips: float = 7
    chin: float = 14
    cheek: float = 15
    long: float = 0
    wide: float = 0


def person(number: int) -> Person:
    """Person ``number``: always the same face, and not that of another number."""
    if number == 0:
        return Person()
    rng = np.random.default_rng(number)
    u = rng.uniform(-1, 1, 9)
    return Person(
        1 + 0.06 * u[0], 24 + 6 * u[1], 16 + 3 * u[2], 32 + 4 * u[3], 8 + 4 * u[4], 7 + 3 * u[5], 14 + 5 * u[6],
        15 + 5 * u[7], 5 * u[8], 4 * u[0],
    )  # fmt: skip


def _ellipsoid(p: Array, centre: tuple[float, float, float], axes: tuple[float, float, float]) -> Array:
    return np.asarray(sum(((p[i] - centre[i]) / axes[i]) ** 2 for i in range(3)) < 1)


def labels(points: Array, who: Person, *, shoulders: bool = False) -> Array:
    """What is at ``points`` (..., 3), in the head's own frame: origin in the middle of the braincase, x left, y back, z up."""
    p = np.moveaxis(points / who.size, -1, 0).astype(np.float32)
    x, y, z = p
    side = np.abs(x)
    mirrored = np.stack([side, y, z])
    w = who.wide
    out = np.zeros(x.shape, np.uint8)
    skin = _ellipsoid(p, (0, 0, 0), (76 + w, 95, 78))
    face = _ellipsoid(p, (0, -45, -65), (60 + w, 52, 75 + who.long))
    skin |= face
    skin |= _ellipsoid(p, (0, -88, -21), (46, 3 + who.brow, 9))
    skin |= _ellipsoid(mirrored, (48, -68, -60), (12, who.cheek, 14))
    skin &= ~_ellipsoid(mirrored, (who.eyes, -106, -38), (15, 18, 13))
    down = np.clip((-28 - z) / 47, 0, 1)
    ridge = (z < -28) & (z > -80) & (side < 4 + (who.nose_width - 4) * down)
    skin |= (
        ridge & (y < -60) & (y > -93 - who.nose * down * np.sqrt(np.clip(1 - (side / (who.nose_width + 2)) ** 2, 0, 1)))
    )
    for height in (-96, -105):
        skin |= _ellipsoid(p, (0, -92, height), (24, who.lips, 5))
    skin |= _ellipsoid(p, (0, -82, -126 - who.long), (30, 6 + who.chin, 14))
    skin |= _ellipsoid(mirrored, (70 + w, 14, -42), (13, 14, 30)) & ~_ellipsoid(mirrored, (82 + w, 8, -42), (6, 8, 20))
    skin |= _ellipsoid(mirrored, (40 + w, -24, -78), (15, 30, 44))  # masseter and ramus
    neck = (np.hypot(x, y - 8) < 56) & (z < -80)
    skin |= neck
    if shoulders:
        skin |= _ellipsoid(p, (0, 15, -300), (215, 110, 95)) | (
            _ellipsoid(p, (0, 15, -300), (190, 110, 4000)) & (z < -300)
        )
    out[skin] = SOFT
    skull = _ellipsoid(p, (0, 0, 0), (70 + w, 88, 72)) & ~_ellipsoid(p, (0, 0, 0), (63 + w, 80, 65)) & ~neck
    jaw = _ellipsoid(p, (0, -45, -65), (50 + w, 42, 66)) & ~_ellipsoid(p, (0, -45, -65), (45 + w, 36, 60)) & (y < -40)
    out[(skull | (jaw & ~_ellipsoid(p, (0, 0, 0), (70 + w, 88, 72)))) & skin] = BONE
    floor = np.where(y < -30, -22, np.where(y < 30, -42, -58))
    out[brain(p, w) & (z > floor)] = BRAIN
    sinus = _ellipsoid(mirrored, (24, -62, -66), (11, 14, 14)) | ((np.hypot(x, y + 20) < 9) & (z < -70))
    out[sinus] = AIR
    return out


def brain(p: Array, wide: float = 0) -> Array:
    """The inside of the braincase, floor and all."""
    inside: Array = _ellipsoid(p, (0, 0, 0), (62 + wide, 79, 64))
    return inside


def tilted(degrees: float, turned: float = 0) -> Array:
    """The rotation of a head whose chin goes down by ``degrees`` and whose nose turns to the left by ``turned``."""
    a, b = np.radians(degrees), np.radians(turned)
    nod = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    turn = np.array([[np.cos(b), -np.sin(b), 0], [np.sin(b), np.cos(b), 0], [0, 0, 1]])
    return np.asarray(turn @ nod)


@dataclass(frozen=True)
class Scan:
    """How a head is scanned. ``axes`` are the directions of columns, rows and slices; ``middle`` is where the centre of the
    scanned box lies in the patient, the braincase's middle being at ``at``."""

    modality: str = "CT"
    axes: tuple[tuple[float, ...], ...] = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
    shape: tuple[int, int, int] = (84, 96, 80)  # slices, rows, columns
    spacing: tuple[float, float, float] = (3.0, 2.6, 2.6)
    middle: tuple[float, float, float] = (0, -8, -40)
    at: tuple[float, float, float] = (4.0, -11.0, 130.0)
    nod: float = 0
    turn: float = 0
    who: int = 0
    size: float = 1.0
    shoulders: bool = False
    table: bool = True
    noise: float = 1.0


SAGITTAL = ((0.0, 1.0, 0.0), (0.0, 0.0, -1.0), (1.0, 0.0, 0.0))
CORONAL = ((1.0, 0.0, 0.0), (0.0, 0.0, -1.0), (0.0, 1.0, 0.0))


def _planes(scan: Scan) -> tuple[Array, Array, Array]:
    axes = np.array(scan.axes, float)
    count, rows, columns = scan.shape
    centre = np.array(scan.at) + scan.middle
    first = (
        centre
        - axes[0] * scan.spacing[2] * (columns - 1) / 2
        - axes[1] * scan.spacing[1] * (rows - 1) / 2
        - axes[2] * scan.spacing[0] * (count - 1) / 2
    )
    origins = first + np.arange(count)[:, None] * axes[2] * scan.spacing[0]
    return origins, axes[0] * scan.spacing[2], axes[1] * scan.spacing[1]


def points(scan: Scan) -> Array:
    """The patient coordinates (slices, rows, columns, 3) of a scan."""
    origins, across, down = _planes(scan)
    _, rows, columns = scan.shape
    return np.asarray(
        origins[:, None, None]
        + np.arange(rows)[None, :, None, None] * down
        + np.arange(columns)[None, None, :, None] * across
    )


@lru_cache(maxsize=8)
def inside(scan: Scan) -> tuple[Array, Array]:
    """The labels of a scan's voxels, and which lie in the brain."""
    local = (points(scan) - np.array(scan.at)) @ tilted(scan.nod, scan.turn)
    who = person(scan.who)
    who = Person(**{**{name: getattr(who, name) for name in Person.__dataclass_fields__}, "size": who.size * scan.size})
    found = labels(local, who, shoulders=scan.shoulders)
    return found, found == BRAIN


@lru_cache(maxsize=8)
def voxels(scan: Scan) -> Array:
    """Modality values (slices, rows, columns), noise included."""
    found, _ = inside(scan)
    rng = np.random.default_rng(scan.who + 1)
    if scan.modality == "CT":
        values = _CT[found]
        if scan.table:
            y = points(scan)[..., 1] - scan.at[1]
            x = points(scan)[..., 0] - scan.at[0]
            holder = (np.abs(np.hypot(x, y) - 112) < 2) & (y > 20) & (found == AIR)
            values = np.where(holder | ((np.abs(y - 125) < 4) & (found == AIR)), _CT[TABLE], values)
        return np.asarray(values + rng.normal(0, 12 * scan.noise, found.shape).astype(np.float32))
    table = _MR if scan.modality == "MR" else _PET
    p = (points(scan) - np.array(scan.at)) / 200
    bias = 1 + 0.35 * p[..., 0] - 0.3 * p[..., 1] + 0.2 * p[..., 2]
    signal = table[found] * (bias if scan.modality == "MR" else 1)
    real = signal + rng.normal(0, 10 * scan.noise, found.shape)
    return np.asarray(np.hypot(real, rng.normal(0, 10 * scan.noise, found.shape)).astype(np.float32))


def series(
    scan: Scan, series: int = 1, change: Callable[[FileDataset], None] | None = None, **attributes: Any
) -> list[FileDataset]:
    """The instances of a scan, one a slice. CT is stored with an intercept of -1024, MR as it is."""
    origins, *_ = _planes(scan)
    out = []
    ct = scan.modality == "CT"
    for number, values in enumerate(voxels(scan)):
        stored = np.clip(np.rint(values + (1024 if ct else 0)), 0, 4095).astype(np.uint16)
        ds = instance(series=series, number=number + 1, image=stored)
        ds.Modality = scan.modality
        ds.ImagePositionPatient = [round(float(v), 4) for v in origins[number]]
        ds.ImageOrientationPatient = [float(v) for axis in scan.axes[:2] for v in axis]
        ds.PixelSpacing = [scan.spacing[1], scan.spacing[2]]
        ds.SliceThickness = scan.spacing[0]
        ds.FrameOfReferenceUID = UID(f"{ROOT}.78")
        ds.BodyPartExamined = "HEAD"
        ds.StudyDescription, ds.SeriesDescription = "", ""
        if not ct:
            ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = MRImageStorage
            del ds.RescaleIntercept, ds.RescaleSlope
        for keyword, value in attributes.items():
            if value is None:
                delattr(ds, keyword)
            else:
                setattr(ds, keyword, value)
        if change:
            change(ds)
        out.append(ds)
    return out


__all__ = ["CORONAL", "SAGITTAL", "Person", "Scan", "inside", "person", "points", "series", "uid", "voxels"]
