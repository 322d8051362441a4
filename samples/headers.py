"""Gives a real scanner file's header to an invented patient, and writes down every identifying string that was planted."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian

from samples.people import INSTITUTION, OPERATOR, REFERRER, Person

_PRIVATE_CREATOR = "IMAGINARY CONSOLE 1.0"


@dataclass(frozen=True, slots=True)
class Visit:
    """One study of a person: its number among the samples, date and what it is called. ``seed`` moves the UIDs."""

    person: Person
    number: int
    date: str
    description: str
    seed: int = 0

    @property
    def accession(self) -> str:
        """The accession number."""
        return f"A{self.date[2:]}-{self.number:04d}"

    def uid(self, *parts: int) -> UID:
        """A UID below the study's; the same for the same seed."""
        text = "/".join(map(str, (self.seed, self.number, *parts)))
        return UID(f"2.25.{int.from_bytes(hashlib.sha256(text.encode()).digest()[:14], 'big')}")


@dataclass
class Planted:
    """The identifying strings of one file's header. ``common`` ones are short or ordinary words: no use in a byte search."""

    strings: set[str] = field(default_factory=set)
    common: set[str] = field(default_factory=set)

    def add(self, *values: str, common: bool = False) -> None:
        """Remember values as identifying."""
        (self.common if common else self.strings).update(value for value in values if value)


def identify(ds: FileDataset, visit: Visit, series: int, number: int) -> Planted:
    """Replace who, where, when and all UIDs in ``ds`` by those of ``visit``, and plant identifiers in odd places."""
    planted = Planted()
    _name_patient(ds, visit.person, planted)
    _name_visit(ds, visit, planted)
    _hide_identifiers(ds, visit, planted)
    _number(ds, visit, series, number, planted)
    return planted


def _name_patient(ds: FileDataset, person: Person, planted: Planted) -> None:
    ds.SpecificCharacterSet = person.charset
    ds.PatientName = person.name
    ds.PatientID = person.patient_id
    ds.PatientBirthDate = person.born
    ds.PatientSex = person.sex
    ds.PatientAge = "058Y"
    ds.PatientAddress = person.address
    ds.PatientTelephoneNumbers = person.phone
    ds.OtherPatientNames = person.burned.replace(", ", "^")
    parts = [part for part in person.name.split("^") if len(part) > 2]
    planted.add(person.name)
    planted.add(*parts, common=person.ordinary)
    planted.add(person.patient_id, common=len(person.patient_id) < 6)
    planted.add(person.born, person.address, person.phone)


def _name_visit(ds: FileDataset, visit: Visit, planted: Planted) -> None:
    for keyword in ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate"):
        setattr(ds, keyword, visit.date)
    for keyword in ("StudyTime", "SeriesTime", "AcquisitionTime", "ContentTime"):
        setattr(ds, keyword, "101530")
    ds.AccessionNumber = visit.accession
    ds.StudyID = f"S-{visit.number:04d}"
    ds.StudyDescription = visit.description
    ds.InstitutionName = INSTITUTION
    ds.ReferringPhysicianName = REFERRER
    ds.OperatorsName = OPERATOR
    planted.add(visit.date, visit.accession, INSTITUTION, REFERRER, OPERATOR)
    planted.add(REFERRER.split("^")[0], OPERATOR.split("^")[0])


def _hide_identifiers(ds: FileDataset, visit: Visit, planted: Planted) -> None:
    """Identifiers where nobody looks first: free text, nested sequences, private elements."""
    person = visit.person
    called = person.burned.replace(",", "").title() if person.charset == "ISO_IR 144" else person.name.replace("^", " ")
    ds.PatientComments = f"{called}, phone {person.phone}, prefers mornings"
    request = Dataset()
    request.RequestedProcedureID = f"RP{visit.accession}"
    request.ScheduledProcedureStepDescription = f"{visit.description} for {called}"
    request.RequestingPhysician = REFERRER
    other = Dataset()
    other.PatientID = f"NHS-{visit.number:03d}-777-0{visit.number:03d}"
    other.TypeOfPatientID = "TEXT"
    ds.RequestAttributesSequence = [request]
    ds.OtherPatientIDsSequence = [other]
    block = ds.private_block(0x0099, _PRIVATE_CREATOR, create=True)
    block.add_new(0x01, "LO", f"Entered for {called}"[:64])
    block.add_new(0x02, "UN", f"ID={person.patient_id};DOB={person.born}".encode())
    planted.add(called, other.PatientID, request.RequestedProcedureID)


def _number(ds: FileDataset, visit: Visit, series: int, number: int, planted: Planted) -> None:
    ds.StudyInstanceUID = visit.uid()
    ds.SeriesInstanceUID = visit.uid(series)
    ds.FrameOfReferenceUID = visit.uid(series, 0)
    ds.SOPInstanceUID = visit.uid(series, number)
    ds.SeriesNumber, ds.InstanceNumber = series, number
    syntax = ds.file_meta.get("TransferSyntaxUID", ExplicitVRLittleEndian)
    ds.file_meta = FileMetaDataset()
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    ds.file_meta.TransferSyntaxUID = syntax
    ds.file_meta.ImplementationClassUID = UID("1.2.826.0.1.3680043.9.9999.1")
    ds.preamble = bytes(128)
    planted.add(ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.SOPInstanceUID, ds.FrameOfReferenceUID)


def set_picture(ds: FileDataset, image: NDArray[np.generic], photometric: str) -> None:
    """Store ``image`` natively: (rows, columns) or (rows, columns, 3), with frames in front for a cine."""
    colour = image.shape[-1] == 3
    shape: Any = image.shape[:-1] if colour else image.shape
    ds.Rows, ds.Columns = shape[-2:]
    if len(shape) == 3:
        ds.NumberOfFrames = shape[0]
    ds.SamplesPerPixel = 3 if colour else 1
    ds.PhotometricInterpretation = photometric
    if colour:
        ds.PlanarConfiguration = 0
    ds.BitsAllocated = image.dtype.itemsize * 8
    ds.BitsStored = min(ds.get("BitsStored", 16), 16) if image.dtype.itemsize == 2 else 8
    ds.HighBit = ds.BitsStored - 1
    ds.PixelRepresentation = int(image.dtype.kind == "i")
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.PixelData = image.tobytes()
    ds["PixelData"].VR = "OW" if image.dtype.itemsize == 2 else "OB"
    ds["PixelData"].is_undefined_length = False
