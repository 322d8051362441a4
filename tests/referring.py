"""Objects that refer to instances of other studies, in every way that DICOM has, and a reader of references of its own.

Each instance is known by its Instance Number, which stays what it is, so that references before and after can be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from builders import code, instance
from pydicom import dcmread
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import UID

_IMAGE = (
    "PixelData", "Rows", "Columns", "SamplesPerPixel", "PhotometricInterpretation", "BitsAllocated", "BitsStored", "HighBit",
    "PixelRepresentation", "ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "SliceThickness",
    "RescaleIntercept", "RescaleSlope", "WindowCenter", "WindowWidth", "ImageType", "BodyPartExamined", "AcquisitionDate",
)  # fmt: skip
_STORAGE = "1.2.840.10008.5.1.4.1.1."
_DETACHED_STUDY = "1.2.840.10008.3.1.2.3.1"
_MPPS = "1.2.840.10008.3.1.2.3.3"


def item(**attributes: Any) -> Dataset:
    """A sequence item with these attributes."""
    made = Dataset()
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return made


def sop(of: Dataset, **attributes: Any) -> Dataset:
    """A reference to an instance (PS3.3 Table 10-11)."""
    return item(ReferencedSOPClassUID=of.SOPClassUID, ReferencedSOPInstanceUID=of.SOPInstanceUID, **attributes)


def named(sop_class: str, uid: str) -> Dataset:
    """A reference to whatever has this class and UID."""
    return item(ReferencedSOPClassUID=sop_class, ReferencedSOPInstanceUID=uid)


def evidence(of: Dataset) -> Dataset:
    """A hierarchical reference: study, series, instance (PS3.3 Table C.17-3)."""
    series = item(ReferencedSOPSequence=[sop(of)], SeriesInstanceUID=of.SeriesInstanceUID)
    return item(ReferencedSeriesSequence=[series], StudyInstanceUID=of.StudyInstanceUID)


def made(number: int, sop_class: str, modality: str, *, image: bool = False, **attributes: Any) -> FileDataset:
    """An object of patient 1 in study ``number``, with that Instance Number; without pixels unless it is an image."""
    ds = instance(1, number, 1, number, image=np.zeros((16, 16), np.uint8) if image else None)
    for keyword in () if image else _IMAGE:
        delattr(ds, keyword)
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = UID(_STORAGE + sop_class)
    ds.Modality = modality
    for keyword, value in attributes.items():
        setattr(ds, keyword, value)
    return ds


def key_object(number: int, *to: Dataset) -> FileDataset:
    return made(
        number, "88.59", "KO",
        ValueType="CONTAINER",
        ContinuityOfContent="SEPARATE",
        ConceptNameCodeSequence=[code("113000", "DCM", "Of Interest")],
        CurrentRequestedProcedureEvidenceSequence=[evidence(of) for of in to],
        IdenticalDocumentsSequence=[evidence(of) for of in to],
        ContentSequence=[item(RelationshipType="CONTAINS", ValueType="IMAGE", ReferencedSOPSequence=[sop(of)]) for of in to],
    )  # fmt: skip


def report(number: int, *to: Dataset) -> FileDataset:
    """A structured report whose references lie four items deep."""
    deep: list[Dataset] = [
        item(RelationshipType="SELECTED FROM", ValueType="IMAGE", ReferencedSOPSequence=[sop(of)]) for of in to
    ]
    deep += [item(RelationshipType="CONTAINS", ValueType="COMPOSITE", ReferencedSOPSequence=[sop(of)]) for of in to]
    for _ in range(3):
        deep = [
            item(
                RelationshipType="CONTAINS",
                ValueType="CONTAINER",
                ContinuityOfContent="SEPARATE",
                ConceptNameCodeSequence=[code("125007", "DCM", "Measurement Group")],
                ContentSequence=deep,
            )
        ]
    return made(
        number, "88.33", "SR",
        ValueType="CONTAINER",
        ContinuityOfContent="SEPARATE",
        ConceptNameCodeSequence=[code("126000", "DCM", "Imaging Measurement Report")],
        PertinentOtherEvidenceSequence=[evidence(of) for of in to],
        PredecessorDocumentsSequence=[evidence(of) for of in to],
        ContentSequence=deep,
    )  # fmt: skip


def presentation_state(number: int, *to: Dataset) -> FileDataset:
    series = [item(ReferencedImageSequence=[sop(of)], SeriesInstanceUID=of.SeriesInstanceUID) for of in to]
    area = item(
        ReferencedImageSequence=[sop(of) for of in to],
        DisplayedAreaTopLeftHandCorner=[1, 1],
        DisplayedAreaBottomRightHandCorner=[64, 64],
        PresentationSizeMode="SCALE TO FIT",
    )
    return made(
        number, "11.1", "PR", ReferencedSeriesSequence=series, DisplayedAreaSelectionSequence=[area]
    )  # fmt: skip


def segmentation(number: int, *to: Dataset) -> FileDataset:
    first, *others = to
    frame = item(DerivationImageSequence=[item(SourceImageSequence=[sop(of) for of in to])])
    other = [
        item(
            ReferencedSeriesSequence=[
                item(ReferencedInstanceSequence=[sop(of)], SeriesInstanceUID=of.SeriesInstanceUID)
            ],
            StudyInstanceUID=of.StudyInstanceUID,
        )
        for of in others
    ]
    return made(
        number, "66.4", "SEG", image=True,
        ReferencedSeriesSequence=[item(ReferencedInstanceSequence=[sop(first)], SeriesInstanceUID=first.SeriesInstanceUID)],
        StudiesContainingOtherReferencedInstancesSequence=other,
        PerFrameFunctionalGroupsSequence=[frame],
    )  # fmt: skip


def structure_set(number: int, *to: Dataset) -> FileDataset:
    """Contours, with the sequence that names studies where instances are expected (3006,0012)."""
    studies = [
        item(
            ReferencedSOPClassUID=_DETACHED_STUDY,
            ReferencedSOPInstanceUID=of.StudyInstanceUID,
            RTReferencedSeriesSequence=[item(SeriesInstanceUID=of.SeriesInstanceUID, ContourImageSequence=[sop(of)])],
        )
        for of in to
    ]
    contours = [item(ContourImageSequence=[sop(of)], ContourGeometricType="POINT", ContourData=[0, 0, 0]) for of in to]
    return made(
        number, "481.3", "RTSTRUCT",
        StructureSetLabel="RS",
        ReferencedFrameOfReferenceSequence=[
            item(FrameOfReferenceUID=to[0].FrameOfReferenceUID, RTReferencedStudySequence=studies)
        ],
        ROIContourSequence=[item(ReferencedROINumber=1, ContourSequence=contours)],
    )  # fmt: skip


def value_mapping(number: int, *to: Dataset) -> FileDataset:
    return made(
        number, "67", "RWV",
        ReferencedImageRealWorldValueMappingSequence=[item(ReferencedImageSequence=[sop(of) for of in to])],
    )  # fmt: skip


def parametric_map(number: int, *to: Dataset) -> FileDataset:
    shared = item(DerivationImageSequence=[item(SourceImageSequence=[sop(of) for of in to])])
    return made(number, "30", "OT", image=True, SharedFunctionalGroupsSequence=[shared])


def enhanced(number: int, *to: Dataset) -> FileDataset:
    frames = [item(ReferencedImageSequence=[sop(of)]) for of in to]
    return made(number, "2.1", "CT", image=True, PerFrameFunctionalGroupsSequence=frames)


def plan(number: int, *to: Dataset) -> FileDataset:
    return made(number, "481.5", "RTPLAN", RTPlanLabel="RP", ReferencedStructureSetSequence=[sop(of) for of in to])


def derived(number: int, *to: Dataset) -> FileDataset:
    """A plain image, with references to a procedure step too, which is no stored instance."""
    return made(
        number, "2", "CT", image=True,
        SourceImageSequence=[sop(of) for of in to],
        ReferencedImageSequence=[sop(of) for of in to],
        ReferencedPerformedProcedureStepSequence=[named(_MPPS, "1.2.3.4.5.6.7")],
    )  # fmt: skip


#: Every kind, by what it is called in the tests.
KINDS: dict[str, Callable[..., FileDataset]] = {
    "KO": key_object,
    "SR": report,
    "GSPS": presentation_state,
    "SEG": segmentation,
    "RTSTRUCT": structure_set,
    "RWVM": value_mapping,
    "PM": parametric_map,
    "enhanced CT": enhanced,
    "RTPLAN": plan,
    "CT": derived,
}


def edges(root: Path) -> set[tuple[int, str, int]]:
    """The references below ``root`` that resolve: from which instance, at which place, to which; by Instance Number."""
    files = [dcmread(path, stop_before_pixels=True) for path in sorted(root.rglob("*.dcm"))]
    numbers = {ds.SOPInstanceUID: int(ds.InstanceNumber) for ds in files}
    studies = {ds.StudyInstanceUID: -int(ds.InstanceNumber) for ds in files}
    known = studies | numbers
    return {(int(ds.InstanceNumber), place, known[uid]) for ds in files for place, uid in referred(ds) if uid in known}


def referred(ds: Dataset, place: str = "") -> Sequence[tuple[str, str]]:
    """Every Referenced SOP Instance UID, and every Study Instance UID below the top, with its place; items are numbered."""
    found: list[tuple[str, str]] = []
    for element in ds:
        if element.VR == "SQ":
            for number, each in enumerate(element.value):
                found += referred(each, f"{place}{element.keyword}[{number}].")
        elif element.keyword == "ReferencedSOPInstanceUID" or (place and element.keyword == "StudyInstanceUID"):
            found.append((f"{place}{element.keyword}", str(element.value)))
    return found
