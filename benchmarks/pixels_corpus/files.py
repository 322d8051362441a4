"""Turns a screen into a DICOM file of its modality: stored values, header of the same person, transfer syntax."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import imagecodecs
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    UID,
    ComputedRadiographyImageStorage,
    CTImageStorage,
    DigitalMammographyXRayImageStorageForPresentation,
    DigitalXRayImageStorageForPresentation,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    MRImageStorage,
    RLELossless,
    SecondaryCaptureImageStorage,
    UltrasoundImageStorage,
    UltrasoundMultiFrameImageStorage,
    VLEndoscopicImageStorage,
    XRayAngiographicImageStorage,
)

from benchmarks.pixels_corpus.backgrounds import Picture
from benchmarks.pixels_corpus.consoles import Screen
from benchmarks.pixels_corpus.words import Person

ROOT = "1.2.826.0.1.3680043.9.9999.78"
_SOP_CLASS = {
    "CT": CTImageStorage, "MR": MRImageStorage, "US": UltrasoundImageStorage, "CR": ComputedRadiographyImageStorage,
    "DX": DigitalXRayImageStorageForPresentation, "MG": DigitalMammographyXRayImageStorageForPresentation,
    "XA": XRayAngiographicImageStorage, "ES": VLEndoscopicImageStorage, "SC": SecondaryCaptureImageStorage,
}  # fmt: skip


# What the modules ask for beside person, visit and pixels (PS3.3 A.3 to A.32).
_EVERY = {"ImageType": ["ORIGINAL", "PRIMARY"], "PatientOrientation": ["L", "P"]}
_PLANE = {
    "ImagePositionPatient": [-180, -180, 0], "ImageOrientationPatient": [1, 0, 0, 0, 1, 0], "PixelSpacing": [0.7, 0.7],
    "SliceThickness": 5, "PositionReferenceIndicator": "", "PatientPosition": "HFS",
}  # fmt: skip
_DIGITAL = {
    "PresentationIntentType": "FOR PRESENTATION", "PresentationLUTShape": "IDENTITY", "PixelIntensityRelationship": "LOG",
    "PixelIntensityRelationshipSign": -1, "RescaleIntercept": 0, "RescaleSlope": 1, "RescaleType": "US", "DetectorType": "",
    "ImagerPixelSpacing": [0.2, 0.2], "ImageLaterality": "U", "PositionerType": "", "AcquisitionContextSequence": [],
}  # fmt: skip
_MODULES: dict[str, dict[str, object]] = {
    "CT": {**_PLANE, "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"], "KVP": 120, "AcquisitionNumber": 1},
    "MR": {
        **_PLANE, "ImageType": ["ORIGINAL", "PRIMARY", "OTHER"], "ScanningSequence": "SE", "SequenceVariant": "SK",
        "ScanOptions": "", "MRAcquisitionType": "2D", "EchoTime": 90, "RepetitionTime": 4500, "EchoTrainLength": 8,
    },
    "US": {},
    "CR": {"BodyPartExamined": "CHEST", "ViewPosition": "PA"},
    "DX": {**_DIGITAL, "BodyPartExamined": "CHEST"},
    "MG": {
        **_DIGITAL, "BodyPartExamined": "BREAST", "PositionerType": "MAMMOGRAPHIC", "ImageLaterality": "L",
        "OrganExposed": "BREAST",
    },
    "XA": {
        "ImageType": ["ORIGINAL", "PRIMARY", "SINGLE PLANE"], "KVP": 75, "PixelIntensityRelationship": "LIN",
        "RadiationSetting": "GR", "XRayTubeCurrent": 400, "ExposureTime": 10, "Exposure": 4, "PositionerMotion": "STATIC",
        "PositionerPrimaryAngle": "", "PositionerSecondaryAngle": "",
    },
    "ES": {"AcquisitionContextSequence": []},
    "SC": {"ImageType": ["DERIVED", "SECONDARY"], "ConversionType": "WSD"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Encoding:
    """How pixels are stored: bits, sign, the sense of the grey scale, colour, transfer syntax.

    ``white`` is how many times the window's width the brightest text lies above its lower end.
    """

    bits: int = 8
    signed: bool = False
    photometric: str = "MONOCHROME2"
    syntax: UID = ExplicitVRLittleEndian
    white: float = 1.0
    planar: int = 0


def encoding(rng: Generator, modality: str, *, colour: bool, frames: int) -> Encoding:
    """What a device of this modality might send."""
    if colour:
        return _colour(rng)
    if modality == "US":
        return _grey_screen(rng)
    syntax = ExplicitVRLittleEndian
    if frames == 1:
        syntax = _pick(rng, syntax, syntax, syntax, JPEG2000Lossless, JPEGLSLossless, RLELossless)
    white = float(rng.choice([1.0, 1.0, 1.5, 2.5]))
    if modality in {"CR", "DX", "MG"}:
        sense = str(rng.choice(["MONOCHROME1", "MONOCHROME2"]))
        return Encoding(int(rng.choice([10, 12, 14])), photometric=sense, syntax=syntax, white=min(white, 1.5))
    if modality == "CT" and rng.random() < 0.5:
        return Encoding(16, signed=True, white=white)
    if modality == "XA":
        return Encoding(int(rng.choice([8, 10])), syntax=syntax)
    return Encoding(12 if modality == "CT" else int(rng.choice([12, 16])), syntax=syntax, white=white)


def _pick(rng: Generator, *choices: UID) -> UID:
    return choices[int(rng.integers(len(choices)))]


def _colour(rng: Generator) -> Encoding:
    plain = ExplicitVRLittleEndian
    syntax = _pick(rng, plain, plain, RLELossless, JPEGBaseline8Bit, JPEG2000Lossless)
    photometric = {JPEGBaseline8Bit: "YBR_FULL_422", JPEG2000Lossless: "YBR_RCT"}.get(syntax, "RGB")
    return Encoding(photometric=photometric, syntax=syntax, planar=int(syntax == plain and rng.random() < 0.4))


def _grey_screen(rng: Generator) -> Encoding:
    plain = ExplicitVRLittleEndian
    if rng.random() < 0.25:
        return Encoding(photometric="PALETTE COLOR", syntax=_pick(rng, plain, RLELossless))
    return Encoding(syntax=_pick(rng, plain, plain, RLELossless, JPEGLSLossless))


def stored(picture: Picture, how: Encoding) -> tuple[NDArray[np.generic], float, float]:
    """Stored values of one frame, and the centre and width of its window (after rescale, slope 1)."""
    if how.bits == 8:
        values: NDArray[np.generic] = np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8)
        return values, 128, 256
    top = min(2**how.bits - 1, 4095)
    width = top / how.white
    low = -1024 if how.signed else 0
    turned = np.clip(picture, 0, how.white) * width
    if how.photometric == "MONOCHROME1":
        turned = top - turned
        return np.rint(turned).astype(np.uint16), top - width / 2, width
    return np.rint(turned + low).astype(np.int16 if how.signed else np.uint16), low + width / 2, width


def dataset(screen: Screen, person: Person, how: Encoding, number: int, rng: Generator) -> FileDataset:
    """The screen as an instance of a study of its own."""
    frames = screen.canvas.frames
    colour = frames[0].ndim == 3
    ds = _header(screen, person, number, rng, cine=len(frames) > 1)
    values = [stored(frame, how) for frame in frames]
    pixels = np.stack([one for one, _, _ in values])
    _, centre, width = values[0]
    ds.Rows, ds.Columns = pixels.shape[1:3]
    ds.SamplesPerPixel = 3 if colour else 1
    ds.PhotometricInterpretation = how.photometric
    if colour:
        ds.PlanarConfiguration = how.planar
    elif how.photometric == "PALETTE COLOR":
        _tint(ds)
    else:
        ds.WindowCenter, ds.WindowWidth = centre, width
    ds.BitsAllocated = 8 if how.bits == 8 else 16
    ds.BitsStored, ds.HighBit, ds.PixelRepresentation = how.bits, how.bits - 1, int(how.signed)
    if screen.modality == "CT":
        ds.RescaleIntercept, ds.RescaleSlope = (0 if how.signed else -1024), 1
        ds.RescaleType = "HU"
        ds.WindowCenter = centre + float(ds.RescaleIntercept)
    if "PresentationLUTShape" in ds and how.photometric == "MONOCHROME1":
        ds.PresentationLUTShape = "INVERSE"
    if len(frames) > 1:
        ds.NumberOfFrames = len(frames)
        ds.FrameTime = 40
        ds.FrameIncrementPointer = 0x00181063
    _put(ds, pixels, how)
    return ds


def _tint(ds: FileDataset) -> None:
    """A palette from black to a pale sepia, as some ultrasound devices use it."""
    for colour, top in (("Red", 65535), ("Green", 62000), ("Blue", 50000)):
        setattr(ds, f"{colour}PaletteColorLookupTableDescriptor", [256, 0, 16])
        table = np.linspace(0, top, 256).astype("<u2").tobytes()
        setattr(ds, f"{colour}PaletteColorLookupTableData", table)


def _put(ds: FileDataset, pixels: NDArray[np.generic], how: Encoding) -> None:
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    if how.syntax == JPEGBaseline8Bit:
        streams = [bytes(imagecodecs.jpeg_encode(frame, level=92, subsampling="422")) for frame in pixels]
        ds.PixelData = encapsulate(streams)
        ds["PixelData"].VR = "OB"
        ds.file_meta.TransferSyntaxUID = how.syntax
        ds.LossyImageCompression, ds.LossyImageCompressionMethod = "01", "ISO_10918_1"
        ds.LossyImageCompressionRatio = round(pixels.nbytes / sum(map(len, streams)), 2)
        return
    raw = (np.moveaxis(pixels, -1, 1) if how.planar else pixels).tobytes()
    ds.PixelData = raw + b"\0" * (len(raw) % 2)
    ds["PixelData"].VR = "OB" if how.bits == 8 else "OW"
    if how.syntax != ExplicitVRLittleEndian:
        uid = ds.SOPInstanceUID
        ds.compress(how.syntax, generate_instance_uid=False)
        assert uid == ds.SOPInstanceUID  # noqa: S101  # pydicom could give it a new one: truth would not be found


def _day(when: date) -> str:
    return when.strftime("%Y%m%d")


def _header(screen: Screen, person: Person, number: int, rng: Generator, *, cine: bool) -> FileDataset:
    """A header as the modality writes it: the person, the visit, and what its module asks for."""
    ds = FileDataset("", Dataset(), file_meta=FileMetaDataset(), preamble=bytes(128))
    sop_class = _SOP_CLASS[screen.modality]
    if cine and sop_class == UltrasoundImageStorage:
        sop_class = UltrasoundMultiFrameImageStorage
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = sop_class
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = UID(f"{ROOT}.{number}.1.1")
    ds.StudyInstanceUID, ds.SeriesInstanceUID = UID(f"{ROOT}.{number}"), UID(f"{ROOT}.{number}.1")
    ds.Modality = screen.modality
    ds.Manufacturer, ds.ManufacturerModelName = "Imaginary Devices", screen.layout[:64]
    ds.PatientName = f"{person.family}^{person.given}^{person.middle}"
    ds.PatientID, ds.PatientBirthDate, ds.PatientSex = person.patient_id, _day(person.born), person.sex
    ds.PatientAge = f"{(person.studied - person.born).days // 365:03d}Y"
    ds.OtherPatientNames = "^".join(person.script.split(" ", 1))
    for keyword in ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate"):
        setattr(ds, keyword, _day(person.studied))
    ds.StudyTime = ds.SeriesTime = ds.AcquisitionTime = ds.ContentTime = (
        f"{int(rng.integers(8, 18)):02d}{int(rng.integers(60)):02d}11"
    )
    ds.AccessionNumber, ds.StudyID = person.accession, person.exam
    ds.InstitutionName = person.hospital
    ds.ReferringPhysicianName = "^".join(person.referrer)
    ds.SeriesNumber, ds.InstanceNumber = 1, 1
    ds.BurnedInAnnotation = str(rng.choice(["YES", "NO"]))
    for keyword, value in {**_EVERY, **_MODULES[screen.modality]}.items():
        setattr(ds, keyword, value)
    if "BodyPartExamined" not in ds:
        ds.Laterality = ""  # whether the body part is paired is not known
    if screen.modality in {"CT", "MR"}:
        ds.FrameOfReferenceUID = UID(f"{ROOT}.{number}.2")
    if screen.modality in {"DX", "MG"}:
        ds.AnatomicRegionSequence = [
            _coded("76752008", "Breast") if screen.modality == "MG" else _coded("51185008", "Chest")
        ]
    if screen.modality == "MG":
        ds.ViewCodeSequence = [_coded("399162004", "cranio-caudal")]
        ds.ViewCodeSequence[0].ViewModifierCodeSequence = []
    ds.LossyImageCompression = "00"
    if not person.told:
        _replaced(ds, number)
    return ds


def _coded(value: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "SCT", meaning
    return item


def _replaced(ds: FileDataset, number: int) -> None:
    """The header as a trial's office leaves it that forgets the pixels."""
    ds.PatientName, ds.PatientID = f"SUBJECT^{number:04d}", f"TRIAL-{number:04d}"
    for keyword in (
        "PatientBirthDate", "AccessionNumber", "StudyID", "InstitutionName", "ReferringPhysicianName", "OtherPatientNames",
    ):  # fmt: skip
        setattr(ds, keyword, "")
    for keyword in ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate"):
        setattr(ds, keyword, "20000101")
    ds.PatientIdentityRemoved, ds.DeidentificationMethod = "YES", "Names replaced by the office"


def write(ds: FileDataset, path: Path) -> None:
    """Write a file of part 10."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ds.save_as(path, enforce_file_format=True)
