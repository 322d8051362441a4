"""Builds studies of invented people by number, so that a test says only what matters to it.

``instance(patient=2, study=1, number=3)`` is always the same data set. Keyword arguments override or add attributes by
DICOM keyword; ``None`` deletes one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian, KeyObjectSelectionDocumentStorage

ROOT = "1.2.826.0.1.3680043.9.9999"
PEOPLE = (
    ("OKONKWO^ADAEZE^M", "OK-4471902", "19610417", "F"),
    ("LINDQVIST^TORBJORN", "LQ-0093318", "19480903", "M"),
    ("FAIRWEATHER^PRUDENCE^A^DR", "7730415", "19751222", "F"),
    ("NG^BO", "20017", "19900105", "M"),
    ("BRAIN^ROBERT", "0010", "19551111", "M"),
)
INSTITUTION = "Saint Brannoc Infirmary"
REFERRER = "WHITTINGSTALL^HUGO"


def uid(patient: int, study: int = 0, series: int = 0, number: int = 0) -> UID:
    """The UID of that patient's study, series or instance, by number."""
    return UID(f"{ROOT}.{patient}.{study}.{series}.{number}")


def pixels(rows: int = 64, columns: int = 64, seed: int = 0) -> NDArray[np.uint16]:
    """A smooth 12-bit image without any text."""
    y, x = np.mgrid[0:rows, 0:columns]
    image: NDArray[np.uint16] = ((np.hypot(y - rows / 2, x - columns / 2) * 29 + seed * 131) % 3500).astype(np.uint16)
    return image


def instance(
    patient: int = 1,
    study: int = 1,
    series: int = 1,
    number: int = 1,
    *,
    image: NDArray[Any] | None = None,
    **attributes: Any,
) -> FileDataset:
    """A CT image of person ``patient`` (1..5). ``image`` is (rows, columns) or (rows, columns, 3) or with frames in front."""
    name, patient_id, born, sex = PEOPLE[(patient - 1) % len(PEOPLE)]
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = uid(patient, study, series, number)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = UID(f"{ROOT}.1")
    ds = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    ds.SOPClassUID = CTImageStorage
    ds.SOPInstanceUID = uid(patient, study, series, number)
    ds.StudyDate = ds.SeriesDate = ds.AcquisitionDate = ds.ContentDate = f"202303{10 + study:02d}"
    ds.StudyTime = ds.SeriesTime = ds.ContentTime = "101530"
    ds.AccessionNumber = f"ACC{patient:03d}{study:04d}"
    ds.Modality = "CT"
    ds.Manufacturer = "Imaginary Scanners"
    ds.InstitutionName = INSTITUTION
    ds.ReferringPhysicianName = REFERRER
    ds.StudyDescription = "CT Abdomen with contrast"
    ds.SeriesDescription = "Axial 5mm"
    ds.PatientName = name
    ds.PatientID = patient_id
    ds.PatientBirthDate = born
    ds.PatientSex = sex
    ds.PatientAge = "058Y"
    ds.BodyPartExamined = "ABDOMEN"
    ds.StudyInstanceUID = uid(patient, study)
    ds.SeriesInstanceUID = uid(patient, study, series)
    ds.FrameOfReferenceUID = uid(patient, study, series, 999)
    ds.StudyID = f"S{patient}{study}"
    ds.SeriesNumber = series
    ds.InstanceNumber = number
    ds.ImagePositionPatient = [0, 0, number * 5]
    ds.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    ds.PixelSpacing = [0.7, 0.7]
    ds.SliceThickness = 5
    ds.RescaleIntercept = -1024
    ds.RescaleSlope = 1
    ds.WindowCenter, ds.WindowWidth = 40, 400
    set_pixels(ds, pixels(seed=number) if image is None else image)
    for keyword, value in attributes.items():
        if value is None:
            delattr(ds, keyword)
        else:
            setattr(ds, keyword, value)
    return ds


def set_pixels(ds: Dataset, image: NDArray[Any]) -> None:
    """Store ``image`` natively, with the header that belongs to it (uint8 or uint16; colour if the last axis is 3)."""
    colour = image.ndim >= 3 and image.shape[-1] == 3
    frames = image.ndim == (4 if colour else 3)
    shape = image.shape[1:] if frames else image.shape
    ds.Rows, ds.Columns = int(shape[0]), int(shape[1])
    ds.SamplesPerPixel = 3 if colour else 1
    ds.PhotometricInterpretation = "RGB" if colour else "MONOCHROME2"
    if colour:
        ds.PlanarConfiguration = 0
    if frames:
        ds.NumberOfFrames = int(image.shape[0])
    bits = image.dtype.itemsize * 8
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = bits, bits, bits - 1, 0
    data = image.tobytes()
    ds.PixelData = data + b"\0" * (len(data) % 2)
    ds["PixelData"].VR = "OB" if bits == 8 else "OW"


def key_object(of: Dataset, number: int = 1) -> FileDataset:
    """A Key Object Selection that references ``of``, in the same study, as the Google samples do (evidence only)."""
    ko = instance(image=np.zeros((2, 2), np.uint8))
    for keyword in (
        "StudyInstanceUID",
        "PatientName",
        "PatientID",
        "PatientBirthDate",
        "PatientSex",
        "StudyDate",
        "AccessionNumber",
    ):
        setattr(ko, keyword, getattr(of, keyword))
    for keyword in (
        "PixelData", "Rows", "Columns", "SamplesPerPixel", "PhotometricInterpretation", "BitsAllocated", "BitsStored",
        "HighBit", "PixelRepresentation", "ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing",
        "SliceThickness", "RescaleIntercept", "RescaleSlope", "WindowCenter", "WindowWidth", "FrameOfReferenceUID", "ImageType",
        "BodyPartExamined", "AcquisitionDate",
    ):  # fmt: skip
        delattr(ko, keyword)
    ko.SOPClassUID = ko.file_meta.MediaStorageSOPClassUID = KeyObjectSelectionDocumentStorage
    ko.SOPInstanceUID = ko.file_meta.MediaStorageSOPInstanceUID = UID(f"{of.SOPInstanceUID}.{number}")
    ko.SeriesInstanceUID = f"{of.StudyInstanceUID}.9999"
    ko.Modality, ko.SeriesNumber, ko.InstanceNumber = "KO", 9999, number
    ko.ValueType = "CONTAINER"
    ko.ContinuityOfContent = "SEPARATE"
    ko.ConceptNameCodeSequence = [code("113000", "DCM", "Of Interest")]
    sop, series, study = Dataset(), Dataset(), Dataset()
    sop.ReferencedSOPClassUID, sop.ReferencedSOPInstanceUID = of.SOPClassUID, of.SOPInstanceUID
    series.ReferencedSOPSequence, series.SeriesInstanceUID = [sop], of.SeriesInstanceUID
    study.ReferencedSeriesSequence, study.StudyInstanceUID = [series], of.StudyInstanceUID
    ko.CurrentRequestedProcedureEvidenceSequence = [study]
    item = Dataset()
    item.RelationshipType, item.ValueType = "CONTAINS", "CODE"
    item.ConceptNameCodeSequence = [code("113012", "DCM", "Key Object Description")]
    item.ConceptCodeSequence = [code("113013", "DCM", "Key Image")]
    ko.ContentSequence = [item]
    return ko


def code(value: str, scheme: str, meaning: str) -> Dataset:
    """A code sequence item."""
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def write(ds: FileDataset, path: Path) -> Path:
    """Write ``ds`` as a part-10 file, creating folders as needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ds.save_as(path, enforce_file_format=True)
    return path
