"""One profile for each published system downstream: what it asks of the attributes is so in what the gateway releases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest
from batches import burn, run
from builders import PEOPLE, instance, key_object, write
from pydicom import dcmread
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import (
    UID,
    DigitalMammographyXRayImageStorageForPresentation,
    MRImageStorage,
    SecondaryCaptureImageStorage,
    UltrasoundMultiFrameImageStorage,
)

UNCHANGED_IN_MR = (
    "SeriesNumber", "SliceThickness", "RepetitionTime", "EchoTime", "MagneticFieldStrength", "SpacingBetweenSlices",
    "FlipAngle", "ImagesInAcquisition", "Rows", "Columns", "MRAcquisitionType", "ScanningSequence", "VariableFlipAngleFlag",
    "ScanOptions", "SequenceVariant", "ImageOrientationPatient", "ImagePositionPatient", "PixelSpacing", "InstanceNumber",
    "EchoTrainLength", "InversionTime", "PatientSex",
)  # fmt: skip


def of_class(ds: FileDataset, sop_class: UID) -> FileDataset:
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = sop_class
    return ds


def released(root: Path, profile: str, *studies: FileDataset, options: tuple[str, ...] = ()) -> list[FileDataset]:
    """Send instances through the whole gateway; return what came out, which must be everything."""
    for number, ds in enumerate(studies):
        write(ds, root / "in" / f"{number}.dcm")
    result = run([root / "in"], root / "out", root / "home", "--profile", profile, *options)
    assert result["released"] == len(studies)
    return [dcmread(path) for path in sorted((root / "out").rglob("*.dcm"))]


def day(text: str) -> date:
    return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007  # as the reader downstream does


def identifying_values(person: int) -> tuple[str, ...]:
    name, patient_id, born, _ = PEOPLE[person - 1]
    return (*name.split("^")[:2], patient_id, born)


def texts(dataset: Dataset) -> Iterator[str]:
    for element in dataset.iterall():
        if element.VR not in ("SQ", "OB", "OW"):
            yield str(element.value)


def assert_nobody_is_named(person: int, written: list[FileDataset]) -> None:
    said = [text.upper() for ds in written for text in texts(ds)]
    for value in identifying_values(person):
        assert not any(re.search(rf"\b{re.escape(value)}\b", text) for text in said)


def mr(number: int, series: int, description: str, accession_study: int = 1) -> FileDataset:
    ds = of_class(instance(1, accession_study, series, number), MRImageStorage)
    for keyword in ("RescaleIntercept", "RescaleSlope"):
        delattr(ds, keyword)
    ds.Modality, ds.StudyDescription, ds.SeriesDescription = "MR", "MR Brain OKONKWO", description
    ds.StationName, ds.ScanningSequence, ds.SequenceVariant, ds.ScanOptions = (
        "MRC40671",
        "SE",
        "SK",
        ["FAST_GEMS", "FS"],
    )
    ds.MRAcquisitionType, ds.RepetitionTime, ds.EchoTime, ds.FlipAngle = "2D", 9000, 120.5, 160
    ds.MagneticFieldStrength, ds.SpacingBetweenSlices, ds.ImagesInAcquisition = 3, 5.5, 24
    ds.VariableFlipAngleFlag, ds.EchoTrainLength, ds.InversionTime = "N", 24, 2250
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "24590-2", "LN", "MR Brain"
    ds.ProcedureCodeSequence = [code]
    return ds


def test_research_mr_serves_series_selection_and_segmentation(tmp_path: Path) -> None:
    originals = [
        mr(1, 2, "AX T2 FLAIR"),
        mr(2, 2, "AX T2 FLAIR"),
        mr(1, 3, "AX T1 POST"),
        mr(1, 4, "SAG T1 OKONKWO", 2),
    ]
    written = released(tmp_path, "research-mr", *originals)
    before = {(ds.StudyDate, ds.SeriesNumber, ds.InstanceNumber): ds for ds in originals}
    shift = {day(ds.StudyDate) for ds in written}
    assert len(shift) == 2
    moved = min(shift) - min(day(ds.StudyDate) for ds in originals)
    assert moved.days != 0
    for ds in written:
        original = before[(day(ds.StudyDate) - moved).strftime("%Y%m%d"), ds.SeriesNumber, ds.InstanceNumber]
        for keyword in UNCHANGED_IN_MR:
            assert ds[keyword].value == original[keyword].value, keyword
        assert ds.ProcedureCodeSequence[0].CodeValue == "24590-2"
        assert re.fullmatch(r"[0-9]{8,11}", ds.AccessionNumber)
        assert ds.PatientName
        assert ds.PatientID
    described = {(ds.SeriesNumber, ds.SeriesDescription) for ds in written}
    assert described == {(2, "AX T2 FLAIR"), (3, "AX T1 POST"), (4, "SAG T1")}
    assert {ds.StudyDescription for ds in written} == {"MR Brain"}
    accessions = {ds.StudyInstanceUID: ds.AccessionNumber for ds in written}
    assert len(set(accessions.values())) == len(accessions) == 2
    assert len({ds.StationName for ds in written}) == 1
    assert "MRC40671" not in {ds.StationName for ds in written} | {""}
    assert all(ds.StationName for ds in written)
    assert_nobody_is_named(1, written)


def test_mammo_ml_serves_models_behind_an_orthanc(tmp_path: Path) -> None:
    def mammogram(number: int, description: str) -> FileDataset:
        ds = of_class(instance(2, 1, number, number), DigitalMammographyXRayImageStorageForPresentation)
        ds.Modality, ds.BodyPartExamined, ds.ImageLaterality, ds.ViewPosition = "MG", "BREAST", "L", "MLO"
        ds.StudyDescription, ds.SeriesDescription = "MAM screening LINDQVIST", description
        ds.PresentationIntentType, ds.PatientOrientation = "FOR PRESENTATION", ["A", "FR"]
        return ds

    originals = [mammogram(1, "L MLO"), mammogram(2, "L MLO tomo 19480903")]
    written = released(tmp_path, "mammo-ml", *originals)
    assert all("MAM" in ds.StudyDescription and "screening" in ds.StudyDescription for ds in written)
    assert {ds.Modality for ds in written} == {"MG"}
    assert all("breast" in ds.BodyPartExamined.lower() for ds in written)
    assert sorted("tomo" in ds.SeriesDescription for ds in written) == [False, True]
    assert {(ds.ImageLaterality, ds.ViewPosition) for ds in written} == {("L", "MLO")}
    again = released(tmp_path, "mammo-ml", *originals)  # the same study, sent once more
    for keyword in ("PatientID", "AccessionNumber", "StudyInstanceUID"):
        assert len({ds[keyword].value for ds in (*written, *again)}) == 1
        assert written[0][keyword].value
    assert_nobody_is_named(2, written)


def test_ct_png_serves_pictures_and_a_catalogue(tmp_path: Path) -> None:
    originals = [instance(3, 1, 1, number, SeriesDescription="Axial 5mm FAIRWEATHER") for number in (1, 2)]
    written = released(tmp_path, "ct-png", *originals)
    for ds, original in zip(sorted(written, key=lambda each: each.InstanceNumber), originals, strict=True):
        for keyword in (
            "WindowCenter", "WindowWidth", "RescaleIntercept", "RescaleSlope", "PhotometricInterpretation", "BitsStored",
            "BodyPartExamined", "Modality", "InstanceNumber", "PixelSpacing", "ImageOrientationPatient",
        ):  # fmt: skip
            assert ds[keyword].value == original[keyword].value
        assert np.array_equal(ds.pixel_array, original.pixel_array)
        assert day(ds.StudyDate) == day(ds.SeriesDate) != day(original.StudyDate)
        assert (ds.StudyDescription, ds.SeriesDescription) == ("CT Abdomen with contrast", "Axial 5mm")
        for keyword in ("PatientID", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
            assert ds[keyword].value
            assert ds[keyword].value != original[keyword].value
    assert_nobody_is_named(3, written)


def test_labelled_cxr_serves_classifiers_that_learn_from_key_objects(tmp_path: Path) -> None:
    originals: list[FileDataset] = []
    for study in range(1, 6):
        image = of_class(
            instance(4, study, 1, 1, image=np.arange(4096, dtype=np.uint8).reshape(64, 64)),
            SecondaryCaptureImageStorage,
        )
        image.Modality, image.ViewPosition, image.ConversionType = "DX", "AP", "WSD"
        image.StudyDescription, image.SeriesDescription = "Fracture of the rib", "fracture series"
        image["PatientAge"].value = "047Y"
        originals.append(image)
        if study % 2:
            ko = key_object(image)
            ko.SeriesDate = ko.ContentDate = image.StudyDate
            ko.StudyDescription = "Fracture of the rib"
            ko.ConceptNameCodeSequence[0].CodeValue, ko.ConceptNameCodeSequence[0].CodeMeaning = "113013", "Key Image"
            originals.append(ko)
    written = released(tmp_path, "labelled-cxr", *originals)
    images = {ds.SOPInstanceUID: ds for ds in written if ds.Modality == "DX"}
    keys = [ds for ds in written if ds.Modality == "KO"]
    assert (len(images), len(keys)) == (5, 3)
    for ko in keys:
        study = ko.CurrentRequestedProcedureEvidenceSequence[0]
        reference = study.ReferencedSeriesSequence[0].ReferencedSOPSequence[0]
        image = images[reference.ReferencedSOPInstanceUID]
        assert study.StudyInstanceUID == image.StudyInstanceUID == ko.StudyInstanceUID
        assert study.ReferencedSeriesSequence[0].SeriesInstanceUID == image.SeriesInstanceUID
        assert reference.ReferencedSOPClassUID == image.SOPClassUID
        assert ko.ConceptNameCodeSequence[0].CodeValue == "113013"
        assert [item.ConceptNameCodeSequence[0].CodeValue for item in ko.ContentSequence] == ["113012"]
        assert ko.ContentSequence[0].ConceptCodeSequence[0].CodeValue == "113013"
        assert ko.SeriesNumber == 9999
        assert day(ko.SeriesDate) == day(ko.ContentDate) == day(image.StudyDate)
    for image in images.values():
        assert image.SOPClassUID == SecondaryCaptureImageStorage
        assert (image.ViewPosition, image.PatientAge, image.BitsStored) == ("AP", "047Y", 8)
        assert image.PhotometricInterpretation == "MONOCHROME2"
    assert not any("racture" in text for ds in written for text in texts(ds))
    assert_nobody_is_named(4, [ds for ds in written if ds.Modality == "DX"])


@pytest.mark.parametrize("age", ["47", "47Y", "unknown"])
def test_an_age_that_is_not_legal_becomes_legal_or_goes(tmp_path: Path, age: str) -> None:
    ds = instance(4, 1, 1, 1)
    ds["PatientAge"].value = "047Y"
    data = write(ds, tmp_path / "a.dcm").read_bytes()
    assert data.count(b"AS\x04\x00047Y") == 1
    padded = age.encode().ljust(len(age) + len(age) % 2)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.dcm").write_bytes(
        data.replace(b"AS\x04\x00047Y", b"AS" + len(padded).to_bytes(2, "little") + padded)
    )
    assert run([tmp_path / "in"], tmp_path / "out", tmp_path / "home", "--profile", "labelled-cxr")["released"] == 1
    (written,) = (tmp_path / "out").rglob("*.dcm")
    assert re.fullmatch(r"(\d{3}[DWMY])?", str(dcmread(written).get("PatientAge") or ""))


def test_us_research_serves_a_coordinator_with_an_id_table(tmp_path: Path) -> None:
    name, patient_id, _, _ = PEOPLE[0]
    image = np.full((240, 480), 30, np.uint8) + np.eye(240, 480, dtype=np.uint8) * 200
    frames = np.stack([burn(burn(image, name.replace("^", " "), patient_id), "MI 0.9  TIS 0.2", y=200)] * 2)
    ds = of_class(instance(1, 1, 1, 1, image=frames), UltrasoundMultiFrameImageStorage)
    for keyword in ("RescaleIntercept", "RescaleSlope", "ImagePositionPatient", "ImageOrientationPatient"):
        delattr(ds, keyword)
    ds.Modality, ds.ImageType, ds.AccessionNumber = "US", ["ORIGINAL", "PRIMARY", "", "0011"], "340037"
    ds.FrameTime, ds.FrameIncrementPointer = 40, 0x00181063
    ds.PatientWeight, ds.PatientSize = 3.4, 0.51
    (tmp_path / "ids.csv").write_text(f"patient_id,research_id\n{patient_id},BIO-0007\n")
    (written,) = released(tmp_path, "us-research", ds, options=("--ids", str(tmp_path / "ids.csv")))
    assert (written.PatientID, list(written.ImageType)) == ("BIO-0007", ["ORIGINAL", "PRIMARY", "", "0011"])
    assert "2021b" in str(written.DeidentificationMethod)
    assert not written.get("AccessionNumber")
    assert (written.PatientWeight, written.PatientSize) == (3.4, 0.51)
    for keyword in ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID"):
        assert written[keyword].value != ds[keyword].value
    assert day(written.StudyDate) != day(ds.StudyDate)
    was, now = ds.pixel_array, written.pixel_array
    assert not np.array_equal(was[:, 10:80, :240], now[:, 10:80, :240])  # the name and number are masked
    assert np.array_equal(was[:, 180:], now[:, 180:])  # the indices stay
    unknown = of_class(instance(2, 2, 1, 1), UltrasoundMultiFrameImageStorage)
    write(unknown, tmp_path / "other" / "a.dcm")
    result = run(
        [tmp_path / "other"], tmp_path / "out", tmp_path / "home", "--profile", "us-research",
        "--ids", str(tmp_path / "ids.csv"), code=3,
    )  # fmt: skip
    assert [item["code"] for item in result["items"]] == ["UNKNOWN_PATIENT"]
    assert_nobody_is_named(1, [written])
