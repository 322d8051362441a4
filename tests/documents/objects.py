"""Instances that hold documents, and one run of the real command over them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from batches import run
from builders import code, instance, write
from pydicom import dcmread
from pydicom.dataset import FileDataset
from pydicom.uid import UID

CLASS = "1.2.840.10008.5.1.4.1.1.104."
TYPES = {"1": "application/pdf", "2": "text/XML", "3": "model/stl", "4": "model/obj", "5": "model/mtl"}
PROFILE = """name: documents-{documents}
edition: 2026c
description: For tests.
options:
  - BasicApplicationConfidentialityProfile
  - CleanPixelDataOption
  - CleanDescriptorsOption
knobs:
  documents: {documents}
"""
_IMAGE = (
    "PixelData", "Rows", "Columns", "SamplesPerPixel", "PhotometricInterpretation", "BitsAllocated", "BitsStored", "HighBit",
    "PixelRepresentation", "ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "SliceThickness",
    "RescaleIntercept", "RescaleSlope", "WindowCenter", "WindowWidth", "FrameOfReferenceUID", "ImageType",
    "BodyPartExamined",
)  # fmt: skip


def document(
    data: bytes, kind: str = "1", *, patient: int = 2, study: int = 1, number: int = 1, **attributes: Any
) -> FileDataset:
    """An instance of ``patient`` with a document: 1 PDF, 2 CDA, 3 STL, 4 OBJ, 5 MTL."""
    ds = instance(patient, study, number=number)
    for keyword in _IMAGE:
        delattr(ds, keyword)
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = UID(CLASS + kind)
    ds.Modality, ds.ConversionType = ("M3D", None) if kind > "2" else ("DOC", "WSD")
    ds.AcquisitionDateTime = ""
    ds.BurnedInAnnotation = "YES"
    ds.DocumentTitle = "CT report"
    ds.ConceptNameCodeSequence = [code("18748-4", "LN", "Diagnostic imaging report")]
    ds.MIMETypeOfEncapsulatedDocument = TYPES.get(kind, "application/pdf")
    ds.EncapsulatedDocument = data + b"\0" * (len(data) % 2)
    ds.EncapsulatedDocumentLength = len(data)
    for keyword, value in attributes.items():
        setattr(ds, keyword, value)
    return ds


def released(folder: Path, *originals: FileDataset, documents: str = "clean") -> list[FileDataset]:
    """Run the gateway on instances of one study; return what was released, in the order of Instance Numbers."""
    result = outcome(folder, *originals, documents=documents)
    assert not result["items"], result["items"]
    found = [dcmread(path) for path in (folder / "out").rglob("*.dcm")]
    return sorted(found, key=lambda ds: int(ds.InstanceNumber))


def outcome(folder: Path, *originals: FileDataset, documents: str = "clean", code: int | None = 0) -> Mapping[str, Any]:
    """Run the gateway on instances; return what it printed."""
    profile = folder / "profile.yaml"
    profile.write_text(PROFILE.format(documents=documents), encoding="utf-8")
    for number, original in enumerate(originals):
        write(original, folder / "in" / f"{number}.dcm")
    return run([folder / "in"], folder / "out", folder / "home", "--profile", str(profile), code=code)


def content(ds: FileDataset) -> bytes:
    """The document of an instance, without the padding."""
    data = bytes(ds.EncapsulatedDocument)
    assert len(data) - ds.EncapsulatedDocumentLength in (0, 1)
    return data[: ds.EncapsulatedDocumentLength]


def names(pdf: bytes) -> set[bytes]:
    """The PDF names that stand in a document outside its streams."""
    return set(re.findall(rb"/[A-Za-z]+", re.sub(rb"stream\n.*?endstream", b"", pdf, flags=re.DOTALL)))
