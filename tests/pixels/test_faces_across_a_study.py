"""What else shows a face goes with it, what shows none is left alone, and what cannot be cleaned is held."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from builders import instance, set_pixels
from derived_heads import labels, multiframe, outlines, retyped, trunk, turned_over
from heads import SAGITTAL, Scan, inside, points, series
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import (
    UID,
    CTImageStorage,
    DigitalXRayImageStorageForPresentation,
    EnhancedCTImageStorage,
    JPEG2000Lossless,
    JPEGLSLossless,
    MRImageStorage,
    PositronEmissionTomographyImageStorage,
    RLELossless,
    RTStructureSetStorage,
    SecondaryCaptureImageStorage,
    SurfaceSegmentationStorage,
    VLPhotographicImageStorage,
)

from gateway.errors import RecognizableFeatures
from gateway.pixels.faces import Faces
from gateway.records import Change, Erased

Result = dict[str, tuple[tuple[Erased, ...], tuple[Change, ...]]]
SCAN = Scan(shape=(64, 64, 60), spacing=(4, 3.6, 3.6), table=False)


def erase(instances: list[FileDataset]) -> Result:
    """Erase from all instances, in place."""
    for number, ds in enumerate(instances):
        ds.SOPInstanceUID = f"1.2.3.{number}"
    faces = Faces()
    for ds in instances:
        faces.see(ds.SOPInstanceUID, ds)
    return {ds.SOPInstanceUID: faces.erase(ds.SOPInstanceUID, ds) for ds in instances}


def stack(instances: list[FileDataset]) -> NDArray[Any]:
    return np.stack([ds.pixel_array for ds in instances])


def gone() -> NDArray[np.bool_]:
    """What is erased of the plain scan."""
    before = stack(series(SCAN))
    instances = series(SCAN)
    erase(instances)
    return np.asarray(before != stack(instances))


def bytes_of(ds: FileDataset) -> bytes:
    return bytes(ds.PixelData)


def test_a_study_that_nothing_was_seen_of_is_left_alone() -> None:
    ds = series(SCAN)[0]
    before = bytes_of(ds)
    assert Faces().erase(ds.SOPInstanceUID, ds) == ((), ())
    assert bytes_of(ds) == before
    assert "RecognizableVisualFeatures" not in ds


def test_a_trunk_is_left_alone_whatever_it_is_called() -> None:
    instances = trunk()
    before = stack(instances)
    result = erase(instances)
    assert (stack(instances) == before).all()
    assert all(not erased for erased, _ in result.values())
    assert {ds.RecognizableVisualFeatures for ds in instances} == {"NO"}


def test_a_trunk_whose_series_says_head_is_held() -> None:
    instances = trunk()
    for ds in instances:
        ds.SeriesDescription = "Brain"
    with pytest.raises(RecognizableFeatures):
        erase(instances)


@pytest.mark.parametrize("part", ["CHEST", "", "KNEE"])
def test_a_head_is_cleaned_whatever_it_is_called(part: str) -> None:
    instances = series(SCAN, BodyPartExamined=part)
    erase(instances)
    assert (stack(instances) != stack(series(SCAN))).sum() == gone().sum()


def limb(part: str) -> list[FileDataset]:
    """An axial MR of a knee: as wide as a head, open above and below."""
    y, x = np.mgrid[-48:48, -48:48] * 2.0
    image = np.where(np.hypot(x, y) < 60, 300, 5).astype(np.uint16)
    return [
        instance(
            image=image, number=number + 1, ImagePositionPatient=[-96, -96, number * 4.0], PixelSpacing=[2, 2], Modality="MR",
            BodyPartExamined=part, StudyDescription="", SeriesDescription="", RescaleSlope=None, RescaleIntercept=None,
        )
        for number in range(30)
    ]  # fmt: skip


def test_a_limb_is_left_alone_if_it_is_called_one_and_held_if_nothing_says_so() -> None:
    named = limb("KNEE")
    erase(named)
    assert (stack(named) == stack(limb("KNEE"))).all()
    with pytest.raises(RecognizableFeatures):
        erase(limb(""))


ENCODINGS: dict[str, Callable[[list[FileDataset]], list[FileDataset]]] = {
    "MONOCHROME1": turned_over,
    "signed": lambda instances: [_signed(ds) for ds in instances],
    "JPEG-LS": lambda instances: [_compressed(ds, JPEGLSLossless) for ds in instances],
    "JPEG 2000": lambda instances: [_compressed(ds, JPEG2000Lossless) for ds in instances],
    "RLE": lambda instances: [_compressed(ds, RLELossless) for ds in instances],
    "another rescale": lambda instances: [_rescaled(ds) for ds in instances],
}


def _signed(ds: FileDataset) -> FileDataset:
    values = ds.pixel_array.astype(np.int16) - 1024
    set_pixels(ds, values.view(np.uint16))
    ds.PixelRepresentation, ds.RescaleIntercept = 1, 0
    return ds


def _compressed(ds: FileDataset, syntax: str) -> FileDataset:
    ds.BitsStored, ds.HighBit = (16, 15) if syntax == RLELossless else (12, 11)
    ds.compress(syntax, generate_instance_uid=False)
    return ds


def _rescaled(ds: FileDataset) -> FileDataset:
    set_pixels(ds, 4095 - ds.pixel_array)
    ds.RescaleSlope, ds.RescaleIntercept = -1, 4095 - 1024
    return ds


@pytest.mark.parametrize("name", ENCODINGS)
def test_however_pixels_are_stored_the_same_voxels_go(name: str) -> None:
    scan = SCAN if name != "MONOCHROME1" else Scan(modality="MR", shape=SCAN.shape, spacing=SCAN.spacing)
    before = ENCODINGS[name](series(scan))
    values = stack(before)
    instances = ENCODINGS[name](series(scan))
    erase(instances)
    after = stack(instances)
    changed = values != after
    plain = series(scan)
    erase(plain)
    expected = stack(plain) != stack(series(scan))
    assert (changed == expected).mean() > 0.995
    highest = name in ("MONOCHROME1", "another rescale")
    section = len(values) // 3
    ends = values[section].max() if highest else values[section].min()
    assert np.unique(after[section][changed[section]]).tolist() == [ends]


def test_enhanced_multiframe_volumes_lose_the_same_voxels() -> None:
    mr = Scan(modality="MR", shape=SCAN.shape, spacing=SCAN.spacing)
    plain, before = series(mr), stack(series(mr))
    erase(plain)
    whole = multiframe(mr)
    was = whole.pixel_array.copy()
    ((erased, _),) = erase([whole]).values()
    changed, alone = (was != whole.pixel_array).sum(), (before != stack(plain)).sum()
    assert (
        abs(int(changed) - int(alone)) < 0.001 * alone
    )  # noise may equal the fill, which is the lowest of an instance
    assert len(erased) > 10
    ct = multiframe(SCAN, sop_class=EnhancedCTImageStorage)
    was = ct.pixel_array.copy()
    erase([ct])
    assert (was != ct.pixel_array).sum() == gone().sum()


def test_phases_at_the_same_places_are_one_volume() -> None:
    instances = [*series(SCAN), *series(SCAN)]
    erase(instances)
    assert (stack(instances[:64]) == stack(instances[64:])).all()
    assert (stack(instances[:64]) != stack(series(SCAN))).sum() == gone().sum()


def test_labels_lose_what_the_volume_loses() -> None:
    ds = labels(SCAN)
    before = ds.pixel_array.copy()
    result = erase([*series(SCAN), ds])
    after = ds.pixel_array
    slices = gone()
    order = [*range(1, 64, 2), *range(0, 64, 2)]
    assert (after[slices[order]] == 0).all()
    kept = ~slices[order] & (before == 1)
    assert (
        after[kept] == 1
    ).mean() > 0.97  # noise of the air in front of the face is erased too, and may equal the fill
    assert result[ds.SOPInstanceUID][0]


def test_labels_that_cover_every_voxel_lose_the_face_as_well() -> None:
    """No voxel of them is background, so the lowest value of the instance is a label."""
    ds = labels(SCAN)
    ds.PixelData = b"\xff" * len(ds.PixelData)
    erase([*series(SCAN), ds])
    assert (ds.pixel_array[gone()[[*range(1, 64, 2), *range(0, 64, 2)]]] == 0).all()
    assert ds.pixel_array.any()


def test_outlines_lose_the_points_of_the_face() -> None:
    ds = outlines(SCAN)
    result = erase([*series(SCAN), ds])
    assert result[ds.SOPInstanceUID][1]
    contours = ds.ROIContourSequence[0].ContourSequence
    assert contours[0].ContourGeometricType == "POINT"
    left = np.concatenate([np.array(c.ContourData, float).reshape(-1, 3) for c in contours]) - np.array(SCAN.at)
    face = (left[:, 2] < -35) & (left[:, 2] > -110) & (np.abs(left[:, 0]) < 40)
    assert not (face & (left[:, 1] < -75)).any()
    assert (left[:, 1] > 60).sum() > 100  # the back of the head is still outlined
    for contour in contours:
        assert contour.NumberOfContourPoints * 3 == len(contour.ContourData)
    assert all(c.NumberOfContourPoints >= 3 for c in contours[1:])


def test_an_outline_with_no_point_left_goes() -> None:
    ds = outlines(SCAN, "nose")
    contours = ds.ROIContourSequence[0].ContourSequence
    tip = np.array(SCAN.at) + np.array([0, -112, -72])
    contours[0].ContourData = [f"{v:.1f}" for v in tip]
    del contours[1:]
    erase([*series(SCAN), ds])
    assert "ContourSequence" not in ds.ROIContourSequence[0]
    broken = outlines(SCAN)
    broken.ROIContourSequence[0].ContourSequence[0].ContourData = ["1", "2"]
    with pytest.raises(RecognizableFeatures):
        erase([*series(SCAN), broken])


@pytest.mark.parametrize("make", [labels, outlines])
def test_surfaces_without_their_volume_are_held_and_other_labels_are_not(
    make: Callable[[Scan, str], FileDataset],
) -> None:
    with pytest.raises(RecognizableFeatures):
        erase([make(SCAN, "Skin")])
    erase([make(SCAN, "Glioma")])


def scout(image_type: list[str]) -> FileDataset:
    image = np.add.outer(np.arange(64), np.arange(64)).astype(np.uint16)
    return instance(
        series=9, number=1, image=image, ImageType=image_type, BodyPartExamined="", StudyDescription="", SeriesDescription="",
    )  # fmt: skip


def test_a_scout_of_a_head_is_blanked_and_that_of_a_trunk_is_not() -> None:
    ds = scout(["ORIGINAL", "PRIMARY", "LOCALIZER"])
    erase([*series(SCAN), ds])
    assert len(np.unique(ds.pixel_array)) == 1
    ds = scout(["ORIGINAL", "PRIMARY", "LOCALIZER"])
    ds.FrameOfReferenceUID = trunk()[0].FrameOfReferenceUID
    erase([*trunk(), ds])
    assert len(np.unique(ds.pixel_array)) > 1


def midline(series_number: int = 5, **attributes: Any) -> list[FileDataset]:
    """Three sagittal MR slices through the nose."""
    return series(
        Scan(modality="MR", axes=SAGITTAL, shape=(3, 100, 96), spacing=(6, 2.6, 2.6)),
        series=series_number,
        **attributes,
    )


def test_few_slices_are_cleaned_by_the_volume_beside_them() -> None:
    few = midline()
    before = stack(few)
    erase([*series(SCAN), *few])
    changed = stack(few) != before
    scan = Scan(modality="MR", axes=SAGITTAL, shape=(3, 100, 96), spacing=(6, 2.6, 2.6))
    own = points(scan) - np.array(scan.at)
    nose = (inside(scan)[0] > 0) & (own[..., 1] < -92) & (own[..., 2] < -40) & (own[..., 2] > -85)
    assert changed[nose].mean() > 0.97
    brain = inside(scan)[1]
    assert not changed[brain].any()


def test_few_slices_alone_are_blanked_if_they_only_plan_and_held_if_not() -> None:
    few = midline(ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"])
    erase(few)
    assert all(len(np.unique(ds.pixel_array)) == 1 for ds in few)
    with pytest.raises(RecognizableFeatures):
        erase(midline())
    elsewhere = midline(BodyPartExamined="KNEE")
    erase(elsewhere)
    assert (stack(elsewhere) == stack(midline())).all()


def test_pet_is_cleaned_by_the_ct_beside_it_and_by_itself_without() -> None:
    pet = Scan(modality="PT", shape=(64, 60, 60), spacing=(4, 4, 4), table=False)
    found = []
    for companions in (series(SCAN), []):
        slices = [retyped(ds, PositronEmissionTomographyImageStorage) for ds in series(pet, series=4)]
        before = stack(slices)
        erase([*companions, *slices])
        changed = stack(slices) != before
        found.append(changed)
        own = points(pet) - np.array(pet.at)
        face = (inside(pet)[0] > 0) & (own[..., 1] < -92) & (own[..., 2] < -40) & (own[..., 2] > -110)
        assert changed[face].mean() > 0.97
        assert (~changed[inside(pet)[1]]).mean() > 0.995
    assert (found[1] & ~found[0]).any()  # where a CT tells, what PET makes of the head, roughly, is not added


def picture(sop_class: UID, modality: str = "OT", page: bool = False) -> FileDataset:  # noqa: FBT001, FBT002  # a table of cases
    y, x = np.mgrid[0:256, 0:256]
    image = np.clip(220 - np.hypot(y - 120, x - 128), 0, 255).astype(np.uint8)
    if page:
        image = np.zeros((256, 256), np.uint8)
        image[20:60, 20:200] = 80  # a panel
        image[100:200:12, 20:220:3] = 255  # rows of strokes
    return retyped(
        instance(series=6, image=image), sop_class, Modality=modality, BodyPartExamined="", StudyDescription="",
        SeriesDescription="", ImagePositionPatient=None, ImageOrientationPatient=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    "ds",
    [
        picture(SecondaryCaptureImageStorage),
        picture(VLPhotographicImageStorage, "XC"),
        picture(VLPhotographicImageStorage, "XC", page=True),
        picture(UID("1.3.12.2.1107.5.99.3.10")),
        picture(SurfaceSegmentationStorage, "SEG"),
        scout(["DERIVED", "SECONDARY", "VOLUME RENDERED"]),
        scout(["DERIVED", "SECONDARY", "PROJECTION IMAGE", "MIP"]),
        retyped(scout(["ORIGINAL", "PRIMARY", "AXIAL"]), CTImageStorage, ImagePositionPatient=None),
    ],
    ids=[
        "capture",
        "photograph",
        "photograph of a page",
        "vendor's own",
        "mesh",
        "rendering",
        "projection",
        "unplaced slice",
    ],
)
def test_pictures_that_may_show_a_face_are_held(ds: FileDataset) -> None:
    with pytest.raises(RecognizableFeatures):
        erase([ds])
    ds.BodyPartExamined = "FOOT"
    assert erase([ds])[ds.SOPInstanceUID][0] == ()


@pytest.mark.parametrize(
    "ds",
    [
        picture(SecondaryCaptureImageStorage, page=True),
        picture(SecondaryCaptureImageStorage, "US"),
        picture(DigitalXRayImageStorageForPresentation, "DX"),
    ],
    ids=["page", "ultrasound", "radiograph"],
)
def test_pictures_that_show_none_are_left_alone(ds: FileDataset) -> None:
    before = bytes_of(ds)
    assert erase([ds])[ds.SOPInstanceUID][0] == ()
    assert bytes_of(ds) == before
    assert ds.RecognizableVisualFeatures == "NO"


def _item(frame_of_reference: str) -> Dataset:
    item = Dataset()
    item.FrameOfReferenceUID = frame_of_reference
    return item


ELSEWHERE = "1.2.826.0.1.3680043.9.9999.404"  # a frame of reference that no volume of the study has
RENDERED = ["DERIVED", "SECONDARY", "VOLUME RENDERED"]


@pytest.mark.parametrize(
    "instances",
    [
        [picture(VLPhotographicImageStorage, "XC")],
        [picture(UID("1.2.840.10008.5.1.4.1.1.77.1"), "XC")],
        [retyped(picture(SecondaryCaptureImageStorage), SecondaryCaptureImageStorage, SeriesDescription="Head 3D")],
        [retyped(scout(RENDERED), CTImageStorage, FrameOfReferenceUID=ELSEWHERE)],
        [retyped(ds, MRImageStorage, FrameOfReferenceUID=ELSEWHERE) for ds in midline()],
        [retyped(outlines(SCAN), RTStructureSetStorage, ReferencedFrameOfReferenceSequence=[_item(ELSEWHERE)])],
    ],
    ids=["photograph", "old photograph", "capture of a head", "rendering", "few slices", "outlines"],
)
def test_a_trunk_in_the_study_says_nothing_of_what_was_not_made_of_it(instances: list[FileDataset]) -> None:
    with pytest.raises(RecognizableFeatures):
        erase([*trunk(), *instances])


@pytest.mark.parametrize(
    "ds",
    [
        picture(SecondaryCaptureImageStorage),
        retyped(scout(RENDERED), CTImageStorage, FrameOfReferenceUID=trunk()[0].FrameOfReferenceUID),
        retyped(picture(VLPhotographicImageStorage, "XC"), VLPhotographicImageStorage, BodyPartExamined="FOOT"),
        picture(UID("1.3.12.2.1107.5.99.3.10"), "OT", page=True),
    ],
    ids=["capture", "rendering", "photograph of a foot", "vendor's own page"],
)
def test_what_was_made_of_a_trunk_goes_with_it(ds: FileDataset) -> None:
    before = bytes_of(ds)
    erase([*trunk(), ds])
    assert bytes_of(ds) == before


def test_a_vendors_own_volume_loses_its_face_and_what_has_no_pixels_is_left_alone() -> None:
    own = UID("1.3.46.670589.11.0.0.12.99")
    instances = [retyped(ds, own) for ds in series(SCAN)]
    before = stack(series(SCAN))
    bare = instance(series=7, image=np.zeros((2, 2), np.uint8), BodyPartExamined="", StudyDescription="", Modality="MR")
    del bare.PixelData
    erase([*instances, retyped(bare, own)])
    assert ((stack(instances) != before) == gone()).all()


def test_labels_that_lie_nowhere_are_held_beside_a_head() -> None:
    ds = labels(SCAN)
    del ds.PerFrameFunctionalGroupsSequence
    with pytest.raises(RecognizableFeatures):
        erase([*series(SCAN), ds])
