"""What else a study of a head holds: labels, outlines, multi-frame objects, scouts and captures, made from a scan."""

from __future__ import annotations

from typing import Any

import numpy as np
from builders import instance, set_pixels
from heads import Scan, inside, points, series, voxels
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import (
    UID,
    EnhancedMRImageStorage,
    RTStructureSetStorage,
    SegmentationStorage,
)


def retyped(ds: FileDataset, sop_class: UID, **attributes: Any) -> FileDataset:
    """An instance of another SOP Class; keywords set attributes, or delete them by None."""
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = sop_class
    for keyword, value in attributes.items():
        if value is None:
            if keyword in ds:
                delattr(ds, keyword)
        else:
            setattr(ds, keyword, value)
    return ds


def _group(ds: FileDataset) -> Dataset:
    """The functional groups of one frame at the place of ``ds``."""
    position, orientation, measures, values, group = (Dataset() for _ in range(5))
    position.ImagePositionPatient = ds.ImagePositionPatient
    orientation.ImageOrientationPatient = ds.ImageOrientationPatient
    measures.PixelSpacing = ds.PixelSpacing
    group.PlanePositionSequence, group.PlaneOrientationSequence = [position], [orientation]
    group.PixelMeasuresSequence = [measures]
    if "RescaleSlope" in ds:
        values.RescaleSlope, values.RescaleIntercept = ds.RescaleSlope, ds.RescaleIntercept
        group.PixelValueTransformationSequence = [values]
    return group


def multiframe(scan: Scan, image: NDArray[Any] | None = None, sop_class: UID = EnhancedMRImageStorage) -> FileDataset:
    """All slices of a scan in one instance, in another order than they lie; ``image`` replaces its stored values."""
    slices = series(scan)
    order = [*range(1, len(slices), 2), *range(0, len(slices), 2)]
    stored = np.stack([ds.pixel_array for ds in slices]) if image is None else image
    ds = instance(series=7, image=np.ascontiguousarray(stored[order]))
    retyped(
        ds, sop_class, Modality=scan.modality, BodyPartExamined="HEAD", FrameOfReferenceUID=slices[0].FrameOfReferenceUID,
        ImagePositionPatient=None, ImageOrientationPatient=None, PixelSpacing=None, RescaleSlope=None, RescaleIntercept=None,
        StudyDescription="", SeriesDescription="",
    )  # fmt: skip
    ds.SharedFunctionalGroupsSequence = [Dataset()]
    ds.PerFrameFunctionalGroupsSequence = [_group(slices[number]) for number in order]
    return ds


def labels(scan: Scan, label: str = "Skin") -> FileDataset:
    """A binary segmentation of the whole head, skin and all, on the scan's own grid."""
    ds = multiframe(scan, (inside(scan)[0] > 0).astype(np.uint8), SegmentationStorage)
    frames = np.asarray(ds.pixel_array)
    ds.Modality = "SEG"
    ds.BitsAllocated = ds.BitsStored = 1
    ds.HighBit = 0
    data = np.packbits(frames.ravel(), bitorder="little").tobytes()
    ds.PixelData = data + b"\0" * (len(data) % 2)
    segment = Dataset()
    segment.SegmentNumber, segment.SegmentLabel = 1, label
    ds.SegmentSequence = [segment]
    return ds


def outlines(scan: Scan, name: str = "EXTERNAL") -> FileDataset:
    """A structure set: the outline of the body in every slice, and one point deep in the brain."""
    ds = instance(series=8, image=np.zeros((2, 2), np.uint8))
    for keyword in (
        "PixelData",
        "Rows",
        "Columns",
        "ImagePositionPatient",
        "ImageOrientationPatient",
        "FrameOfReferenceUID",
    ):
        delattr(ds, keyword)
    retyped(
        ds,
        RTStructureSetStorage,
        Modality="RTSTRUCT",
        BodyPartExamined="HEAD",
        StudyDescription="",
        SeriesDescription="",
    )
    frame, roi, contours = Dataset(), Dataset(), Dataset()
    frame.FrameOfReferenceUID = series(scan)[0].FrameOfReferenceUID
    ds.ReferencedFrameOfReferenceSequence = [frame]
    roi.ROINumber, roi.ROIName, roi.ReferencedFrameOfReferenceUID = 1, name, frame.FrameOfReferenceUID
    ds.StructureSetROISequence = [roi]
    contours.ReferencedROINumber = 1
    contours.ContourSequence = [_contour("POINT", np.array([scan.at]))]
    where = points(scan)
    for number, section in enumerate(inside(scan)[0] > 0):
        if section.sum() > 50:
            rows, columns = np.nonzero(section)
            middle = rows.mean(), columns.mean()
            angle = np.round(np.degrees(np.arctan2(rows - middle[0], columns - middle[1])) / 4).astype(int)
            far = np.hypot(rows - middle[0], columns - middle[1])
            edge = [max(np.nonzero(angle == a)[0], key=lambda i: far[i]) for a in np.unique(angle)]
            contours.ContourSequence.append(_contour("CLOSED_PLANAR", where[number, rows[edge], columns[edge]]))
    ds.ROIContourSequence = [contours]
    return ds


def _contour(kind: str, where: NDArray[Any]) -> Dataset:
    contour = Dataset()
    contour.ContourGeometricType, contour.NumberOfContourPoints = kind, len(where)
    contour.ContourData = [f"{value:.2f}" for value in where.ravel()]
    return contour


def turned_over(instances: list[FileDataset]) -> list[FileDataset]:
    """The same images as MONOCHROME1: what was high is low."""
    for ds in instances:
        set_pixels(ds, 4095 - ds.pixel_array)
        ds.PhotometricInterpretation = "MONOCHROME1"
    return instances


def trunk(slices: int = 40) -> list[FileDataset]:
    """A CT of a chest on a table, from the diaphragm to the collar bones."""
    y, x = np.mgrid[-128:128, -128:128] * 1.8
    body = (x / 190) ** 2 + (y / 115) ** 2 < 1
    lungs = ((np.abs(x) - 85) / 60) ** 2 + (y / 75) ** 2 < 1
    image = np.where(body, np.where(lungs, 200, 1064), 20).astype(np.uint16)
    image[236:240] = 900
    return [
        instance(
            series=3, number=number + 1, image=image, ImagePositionPatient=[-230, -230, number * 5.0], PixelSpacing=[1.8, 1.8],
            BodyPartExamined="", StudyDescription="", SeriesDescription="",
        )
        for number in range(slices)
    ]  # fmt: skip


__all__ = ["labels", "multiframe", "outlines", "retyped", "trunk", "turned_over", "voxels"]
