"""Faces go and brains stay: heads in every orientation, tilt, size and crop, CT and MR."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from heads import CORONAL, SAGITTAL, Scan, inside, points, series, tilted, voxels
from numpy.typing import NDArray
from pydicom.dataset import FileDataset

from gateway.pixels.faces import Faces

Array = NDArray[Any]
SLANTED = tuple(tuple(float(v) for v in axis) for axis in tilted(35, 20).T)
HEADS = {
    "axial": Scan(),
    "sagittal": Scan(axes=SAGITTAL, shape=(70, 100, 90)),
    "coronal": Scan(axes=CORONAL, shape=(84, 100, 84)),
    "slanted": Scan(axes=SLANTED, shape=(90, 100, 90), middle=(0, -8, -30)),
    "thick slices": Scan(shape=(42, 150, 130), spacing=(6, 1.6, 1.6)),
    "feet first": Scan(axes=((-1.0, 0, 0), (0, 1.0, 0), (0, 0, -1.0))),
    "prone": Scan(axes=((-1.0, 0, 0), (0, -1.0, 0), (0, 0, 1.0))),
    "chin down": Scan(nod=25),
    "chin up": Scan(nod=-25),
    "turned": Scan(turn=25),
    "tilted and turned": Scan(nod=15, turn=-20),
    "child": Scan(size=0.68),
    "another": Scan(who=3),
    "MR": Scan(modality="MR"),
    "MR sagittal": Scan(modality="MR", axes=SAGITTAL, shape=(70, 100, 90), who=2),
    "MR coronal, noisy": Scan(modality="MR", axes=CORONAL, shape=(84, 100, 84), noise=2.5),
    "nose outside": Scan(shape=(84, 80, 80), middle=(0, 12, -40)),
    "vertex outside": Scan(shape=(60, 96, 80), middle=(0, -8, -65)),
    "to the shoulders": Scan(shape=(100, 96, 170), spacing=(3.5, 3, 3), middle=(0, 0, -100), shoulders=True),
}


def cleaned(instances: list[FileDataset]) -> tuple[Faces, list[FileDataset]]:
    """All instances after what shows a face was erased from them."""
    faces = Faces()
    for ds in instances:
        faces.see(ds.SOPInstanceUID, ds)
    for ds in instances:
        faces.erase(ds.SOPInstanceUID, ds)
    return faces, instances


def stored(instances: list[FileDataset]) -> Array:
    return np.stack([ds.pixel_array for ds in instances])


def front(solid: Array, where: Array) -> Array:
    """How far (mm) the body reaches to the front, in cells of 6 mm to the left and up, from the middle of the head."""
    out = np.full((40, 60), np.nan)
    x, y, z = (where[solid][:, axis] for axis in range(3))
    cells = (np.round(x / 6) + 20).astype(int), (np.round(z / 6) + 40).astype(int)
    good = (cells[0] >= 0) & (cells[0] < 40) & (cells[1] >= 0) & (cells[1] < 60)
    flat = np.full(out.shape, 1e3)
    np.minimum.at(flat, (cells[0][good], cells[1][good]), y[good])
    return np.where(flat < 1e3, flat, np.nan)


@pytest.mark.parametrize("name", HEADS)
def test_a_face_goes_and_the_brain_stays(name: str) -> None:
    scan = HEADS[name]
    before = stored(series(scan))
    _, instances = cleaned(series(scan))
    after = stored(instances)
    found, brain = inside(scan)
    assert (before[brain] == after[brain]).mean() >= 0.999
    own = (points(scan) - np.array(scan.at)) @ tilted(scan.nod, scan.turn) / scan.size
    skin = found > 0
    left = skin & (before == after)
    was, now = front(skin, own), front(left, own)
    # the face: from cheek to cheek, from under the brows to the chin
    face = np.s_[13:28, 18:36]
    there = ~np.isnan(was[face])
    with np.errstate(invalid="ignore"):
        gone = (now[face] - was[face] >= 8) | np.isnan(now[face])
    assert gone[there].mean() >= 0.93
    features = own[skin & (before == after)]
    ahead = features[(np.abs(features[:, 0]) < 20) & (features[:, 2] < -35) & (features[:, 2] > -85)]
    assert ahead[:, 1].min() > -90  # no nose: its tip stood at -115 and beyond


@pytest.mark.parametrize("scan", [Scan(), Scan(modality="MR", axes=SAGITTAL, shape=(70, 100, 90))])
def test_what_is_left_does_not_tell_people_apart(scan: Scan) -> None:
    people = [replace(scan, who=number, noise=0.2) for number in range(1, 9)]
    was, now = [], []
    for one in people:
        own = points(one) - np.array(one.at)
        skin = inside(one)[0] > 0
        before = stored(series(one))
        after = stored(cleaned(series(one))[1])
        window = np.s_[13:28, 17:38]
        was.append(np.nan_to_num(front(skin, own)[window], nan=40.0))
        now.append(np.nan_to_num(front(skin & (before == after), own)[window], nan=40.0))
    assert _recognised(was, was) == len(people)
    assert _recognised(was, now) <= len(people) // 2


def _recognised(gallery: list[Array], probes: list[Array]) -> int:
    """How many probes are most like the gallery's picture of the same person: correlation of the fine relief."""

    def relief(image: Array) -> Array:
        fine = image - np.median(image, axis=0, keepdims=True)
        return np.asarray((fine - fine.mean()) / (fine.std() + 1e-9))

    scores = np.array([[float((relief(a) * relief(b)).mean()) for a in gallery] for b in probes])
    return int((scores.argmax(axis=1) == np.arange(len(probes))).sum())


def test_seen_from_the_front_there_is_a_nose_before_and_none_after() -> None:
    scan = Scan()
    own = points(scan) - np.array(scan.at)
    before = stored(series(scan))
    after = stored(cleaned(series(scan))[1])
    assert _nose(front(voxels(scan) > -300, own)) > 12
    assert _nose(front((before == after) & (voxels(scan) > -300), own)) < 5


def _nose(relief: Array) -> float:
    """How much (mm) the tip of the nose stands out to the front of its root, of the lips, and of both cheeks."""
    root, lips, tip = relief[20, 34], relief[20, 24], np.nanmin(relief[20, 27:31])
    cheeks = np.nanmin(relief[[15, 25], 27:31])
    return float(np.nanmin([root, lips, cheeks]) - tip)


def test_what_is_erased_is_background() -> None:
    scan = Scan()
    before = stored(series(scan))
    instances = series(scan)
    faces = Faces()
    for ds in instances:
        faces.see(ds.SOPInstanceUID, ds)
    for number, ds in enumerate(instances):
        erased, changes = faces.erase(ds.SOPInstanceUID, ds)
        changed = ds.pixel_array != before[number]
        assert len(np.unique(ds.pixel_array[changed])) <= 1
        assert ds.pixel_array.min() == before[number].min()
        assert bool(erased) >= changed.any()
        assert ds.RecognizableVisualFeatures == "NO"
        assert "00280302" in {change.path for change in changes}


def test_the_same_volume_is_erased_the_same_in_any_order() -> None:
    forth = stored(cleaned(series(Scan()))[1])
    back = stored(cleaned(series(Scan())[::-1])[1][::-1])
    assert (forth == back).mean() > 0.9999
