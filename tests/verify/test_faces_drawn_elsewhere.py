"""What was erased from a volume may not be drawn by a structure set or a segmentation beside it."""

from __future__ import annotations

import zlib
from dataclasses import replace

import numpy as np
import pytest
from builders import instance
from derived_heads import labels, multiframe, outlines
from heads import SAGITTAL, Scan, series
from numpy.typing import NDArray
from pydicom.dataset import FileDataset

from gateway.pixels.faces import Faces
from gateway.records import Erased
from gateway.verify import checks
from gateway.verify.outlines import Outlines

SMALL = Scan(shape=(60, 60, 56), spacing=(4, 4, 4), table=False)
SCANS = {
    "axial": SMALL,
    "sagittal": Scan(modality="MR", axes=SAGITTAL, shape=(60, 64, 60), spacing=(3.5, 4, 4)),
    "tilted": replace(SMALL, nod=15),
}
BRAIN = "Brain"


def drawn(scan: Scan, beside: list[FileDataset], *, cleaned: bool = True, name: str = BRAIN) -> list[str]:
    """The faults of objects ``beside`` a volume that was erased, with or without their own faces erased."""
    volume = [multiframe(scan)] if name == "multiframe" else series(scan)
    before = [multiframe(scan)] if name == "multiframe" else series(scan)
    originals = [*before, *beside]
    faces, found = Faces(), Outlines()
    for number, ds in enumerate((*volume, *beside)):
        faces.see(str(number), ds)
    for number, (ds, original) in enumerate(zip((*volume, *beside), originals, strict=True)):
        sabotaged = number >= len(volume) and not cleaned
        erased = () if sabotaged else faces.erase(str(number), ds)[0]
        found.take(number, original, ds, erased)
    return [problem.check for problem in found.check()]


@pytest.mark.parametrize("name", SCANS)
def test_contours_and_voxels_in_an_erased_face_are_found(name: str) -> None:
    for made in (labels, outlines):
        assert drawn(SCANS[name], [made(SCANS[name], BRAIN)]) == []
        assert set(drawn(SCANS[name], [made(SCANS[name], BRAIN)], cleaned=False)) == {checks.FACE_DRAWN}


def test_they_are_found_beside_multiframe_volumes() -> None:
    scan = replace(SMALL, modality="MR")
    assert drawn(scan, [labels(scan, BRAIN)], name="multiframe") == []
    assert drawn(scan, [labels(scan, BRAIN)], cleaned=False, name="multiframe")[:1] == [checks.FACE_DRAWN]


def hole(mask: NDArray[np.bool_]) -> tuple[Erased, ...]:
    return (Erased(0, zlib.compress(np.packbits(mask).tobytes())),)


def told(volume: FileDataset, erased: tuple[Erased, ...], beside: FileDataset) -> list[str]:
    found = Outlines()
    found.take(0, volume, volume, erased)
    found.take(1, beside, beside, ())
    return [problem.check for problem in found.check()]


def contour(*points: float, frame: str | None = None) -> FileDataset:
    ds = outlines(SMALL, BRAIN)
    del ds.ROIContourSequence[0].ContourSequence[1:]
    ds.ROIContourSequence[0].ContourSequence[0].ContourData = list(points)
    if frame:
        ds.StructureSetROISequence[0].ReferencedFrameOfReferenceUID = frame
    return ds


def test_only_points_well_inside_count() -> None:
    volume = instance(image=np.zeros((40, 40), np.uint16), ImagePositionPatient=[0, 0, 0], PixelSpacing=[2, 2])
    volume.FrameOfReferenceUID = str(series(SMALL)[0].FrameOfReferenceUID)
    mask = np.zeros((40, 40), bool)
    mask[:20] = True
    erased = hole(mask)
    assert told(volume, erased, contour(40, 10, 0)) == [checks.FACE_DRAWN]
    assert told(volume, erased, contour(40, 60, 0, 40, 10, 0.9)) == [checks.FACE_DRAWN]
    for outside in ((40, 37, 0), (40, 60, 0), (40, 10, 3), (-9, 10, 0), (40, -9, 0), (90, 10, 0), (40, 200, 0)):
        assert told(volume, erased, contour(*outside)) == []
    assert told(volume, erased, contour(40, 10, 0, frame="1.2.3")) == []
    assert told(volume, hole(np.ones((40, 40), bool)), contour(40, 10, 0)) == []  # a scout
    assert told(volume, (Erased(0, b"?"),), contour(40, 10, 0)) == []  # other checks tell
    del volume.ImagePositionPatient
    assert told(volume, erased, contour(40, 10, 0)) == []


def test_what_draws_nothing_or_cannot_be_read_is_left_to_other_checks() -> None:
    volume = series(SMALL)[30]
    erased = hole(np.ones((60, 56), bool) & (np.arange(56) < 50))
    unplaced = labels(SMALL, BRAIN)
    del unplaced.PerFrameFunctionalGroupsSequence
    empty = labels(SMALL, BRAIN)
    empty.PixelData = bytes(len(empty.PixelData))
    broken = labels(SMALL, BRAIN)
    broken.PixelData = b"\0\0"
    bare = contour(0, 0, 0)
    del bare.ROIContourSequence[0].ContourSequence[0].ContourData
    for beside in (unplaced, empty, broken, bare):
        assert told(volume, erased, beside) == []
