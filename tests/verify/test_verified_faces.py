"""The verifier sees faces that are left, erased pixels that are not flat, and marks that are missing."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from builders import instance
from derived_heads import multiframe
from heads import SAGITTAL, Scan, series
from numpy.typing import NDArray
from pydicom.dataset import FileDataset
from verify.handmade import Silent, Staged, clean, opened

from gateway.pixels.faces import Faces
from gateway.records import Box, Erased, Mask
from gateway.verify import Facts, checks, verify
from gateway.verify.faces import OPTION, Surfaces, masks

SCAN = Scan(shape=(48, 64, 60), spacing=(5, 3.6, 3.6), table=False)
SMALL = Scan(shape=(60, 60, 56), spacing=(4, 4, 4), table=False)


def told(original: FileDataset, written: FileDataset) -> list[str]:
    """The checks that fail where one instance becomes another."""
    surfaces = Surfaces()
    return [p.check for p in (*surfaces.take(0, original, written), *surfaces.check())]


def whole(before: list[FileDataset], after: list[FileDataset]) -> list[str]:
    surfaces = Surfaces()
    marks = [p.check for i, (a, b) in enumerate(zip(before, after, strict=True)) for p in surfaces.take(i, a, b)]
    return [*marks, *(p.check for p in surfaces.check())]


def erased(instances: list[FileDataset]) -> list[FileDataset]:
    faces = Faces()
    for ds in instances:
        faces.see(ds.SOPInstanceUID, ds)
    for ds in instances:
        faces.erase(ds.SOPInstanceUID, ds)
    return instances


def marked(instances: list[FileDataset]) -> list[FileDataset]:
    for ds in instances:
        ds.RecognizableVisualFeatures = "NO"
    return instances


HEADS = {
    "axial CT": SMALL,
    "sagittal MR": Scan(modality="MR", axes=SAGITTAL, shape=(60, 64, 60), spacing=(3.5, 4, 4)),
    "tilted": replace(SMALL, nod=15),
    "child": replace(SMALL, size=0.75),
    "on a table": replace(SMALL, table=True, shape=(60, 70, 60)),
}


@pytest.mark.parametrize("name", HEADS)
def test_a_face_that_is_left_is_found_and_one_that_is_gone_is_not(name: str) -> None:
    scan = HEADS[name]
    assert whole(series(scan), erased(series(scan))) == []
    assert whole(series(scan), marked(series(scan))) == [checks.FACE_LEFT]


def test_a_face_from_which_only_the_skin_went_is_still_one() -> None:
    def peel(ds: FileDataset) -> FileDataset:
        image = ds.pixel_array.copy()
        skin = (image > 700) & (np.roll(image, 1, axis=0) < 700)
        image[skin] = 0
        ds.PixelData = image.tobytes()
        return ds

    assert whole(series(SMALL), marked([peel(ds) for ds in series(SMALL)])) == [checks.FACE_LEFT]


def test_half_a_face_is_still_one() -> None:
    def half(before: FileDataset, after: FileDataset) -> FileDataset:
        image, middle = after.pixel_array.copy(), after.Columns // 2
        image[:, middle:] = before.pixel_array[:, middle:]
        after.PixelData = image.tobytes()
        return after

    left = [half(*pair) for pair in zip(series(SMALL), erased(series(SMALL)), strict=True)]
    assert whole(series(SMALL), left) == [checks.FACE_LEFT]


def test_faces_in_multiframe_volumes_are_found() -> None:
    scan = replace(SMALL, modality="MR")
    left = multiframe(scan)
    left.RecognizableVisualFeatures = "NO"
    assert told(multiframe(scan), left) == [checks.FACE_LEFT]
    assert told(multiframe(scan), erased([multiframe(scan)])[0]) == []


def test_the_mark_must_be_there() -> None:
    ds = instance()
    assert told(ds, ds) == [checks.MARKS]
    assert told(ds, marked([instance()])[0]) == []
    nothing = instance(PixelData=None)
    assert told(nothing, nothing) == []


def flat_volume(value: Callable[[NDArray[Any], NDArray[Any]], NDArray[Any]], count: int = 30) -> list[FileDataset]:
    """A CT whose sections are the same at every level, on a 4 mm grid, the back of the body at a table's height."""
    y, x = np.mgrid[-40:40, -40:40] * 4.0
    image = np.where(value(x, y), 1064, 20).astype(np.uint16)
    return marked(
        [
            instance(image=image, number=n + 1, ImagePositionPatient=[-160, -160, n * 5.0], PixelSpacing=[4, 4])
            for n in range(count)
        ]
    )


@pytest.mark.parametrize(
    "shape",
    [
        lambda x, y: np.hypot(x, y) < 70,  # a thigh
        lambda x, y: (
            (np.hypot(x, y) < 70) | ((np.abs(x) < 9) & (y < 0) & (y > -100))
        ),  # with a ridge in front, all along
        lambda x, y: (x / 155) ** 2 + (y / 100) ** 2 < 1,  # a trunk
        lambda x, y: np.hypot(x, y) < 0,  # air
    ],
)
def test_what_is_no_head_needs_no_change(shape: Callable[[NDArray[Any], NDArray[Any]], NDArray[Any]]) -> None:
    volume = flat_volume(shape)
    assert whole(volume, volume) == []


def test_what_lies_nowhere_or_cannot_be_read_is_left_to_other_checks() -> None:
    assert whole(*[marked([instance(ImagePositionPatient=None) for _ in range(12)])] * 2) == []
    assert whole(*[marked([instance(ImagePositionPatient=[1, 2]) for _ in range(12)])] * 2) == []
    assert whole(*[marked([instance(Modality="US")])] * 2) == []
    assert whole(*[marked([instance(Rows=None)])] * 2) == []


def staged(root: Path, masks_of: tuple[Mask, ...] = (), change: Callable[[FileDataset], None] | None = None) -> Any:
    """One erased slice, verified as the pipeline does; ``change`` spoils the written file. Returns the checks that fail."""
    faces = Faces()
    instances = series(SCAN)
    for ds in instances:
        faces.see(ds.SOPInstanceUID, ds)
    original = series(SCAN)[12]
    records, _ = faces.erase(original.SOPInstanceUID, instances[12])
    written = clean(instances[12])
    written.RecognizableVisualFeatures = "NO"
    study = Staged(root)
    study.add(original, written, masks=masks_of, change=change)

    def checked(erased: tuple[Erased, ...] = records, options: frozenset[str] = frozenset({OPTION})) -> list[str]:
        pairs = [replace(pair, erased=erased) for pair in study.pairs]
        expected = tuple(pair.original for pair in pairs)
        facts = Facts(study.pseudonym, "MODIFIED", expected, root / "staged", options)
        found = verify(pairs, opened, facts, Silent())
        return [problem.check for problem in found]

    return checked


def test_erased_pixels_may_differ_if_the_profile_asks_for_it(tmp_path: Path) -> None:
    checked = staged(tmp_path)
    assert checked() == []
    assert checked(options=frozenset()) == [checks.PIXEL_CHANGED]
    assert checked(erased=()) == [checks.PIXEL_CHANGED]


def test_erased_pixels_are_flat(tmp_path: Path) -> None:
    def spoil(ds: FileDataset) -> None:
        image = ds.pixel_array.copy()
        image[2, 30] += 1  # in the air in front of the face
        ds.PixelData = image.tobytes()

    assert staged(tmp_path, change=spoil)() == [checks.ERASED_NOT_FLAT]


def test_a_mask_may_lie_in_what_is_erased(tmp_path: Path) -> None:
    box = Box(20, 1, 12, 6)

    def mask(ds: FileDataset) -> None:
        image = ds.pixel_array.copy()
        image[box.y : box.y + box.h, box.x : box.x + box.w] = 7
        ds.PixelData = image.tobytes()

    assert staged(tmp_path, (Mask(box, (0,), ("name",)),), mask)() == []
    everything = Erased(0, zlib.compress(np.packbits(np.ones((64, 60), bool)).tobytes()))
    assert masks((everything,), (64, 60))[0].all()


def test_a_record_that_does_not_fit_is_told(tmp_path: Path) -> None:
    checked = staged(tmp_path)
    for broken in (Erased(0, b"?"), Erased(0, zlib.compress(b"\0"))):
        assert checked(erased=(broken,)) == [checks.ERASED_NOT_FLAT]
    elsewhere = Erased(9, zlib.compress(np.packbits(np.ones((64, 60), bool)).tobytes()))
    assert checks.ERASED_NOT_FLAT in checked(erased=(elsewhere,))


def test_a_mask_over_all_that_is_erased_leaves_nothing_to_compare(tmp_path: Path) -> None:
    box = Box(0, 0, 60, 64)

    def mask(ds: FileDataset) -> None:
        ds.PixelData = np.zeros((64, 60), np.uint16).tobytes()

    assert staged(tmp_path, (Mask(box, (0,), ("name",)),), mask)() == []
