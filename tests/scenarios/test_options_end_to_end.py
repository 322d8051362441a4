"""A profile that retains whatever an option can retain, through the real command: that stays, and nobody's name does."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from batches import gateway, leaks, run
from builders import PEOPLE, REFERRER, instance, key_object, uid, write
from pydicom import dcmread
from pydicom.dataset import FileDataset
from pydicom.sr.codedict import codes

OPTIONS = (
    "BasicApplicationConfidentialityProfile",
    "CleanPixelDataOption",
    "CleanDescriptorsOption",
    "CleanStructuredContentOption",
    "CleanGraphicsOption",
    "RetainLongitudinalTemporalInformationFullDatesOption",
    "RetainPatientCharacteristicsOption",
    "RetainDeviceIdentityOption",
    "RetainInstitutionIdentityOption",
    "RetainUidsOption",
    "RetainSafePrivateOption",
)
RETAINED = {
    "StationName": "BAY7CT",
    "DeviceSerialNumber": "SN4471902",
    "InstitutionName": "Saint Brannoc Infirmary",
    "PatientAge": "058Y",
    "PatientSex": PEOPLE[0][3],
    "StudyDate": "20230311",
    "StudyTime": "101530",
    "StudyDescription": "CT Abdomen with contrast",
}
UIDS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID")


def image() -> FileDataset:
    ds = instance(1, 1, 1, 1)
    for keyword, value in RETAINED.items():
        setattr(ds, keyword, value)
    ds.OperatorsName = REFERRER
    ds.ImageComments = f"axial abdomen {PEOPLE[0][0].replace('^', ' ')} repeated"
    block = ds.private_block(0x0019, "GEMS_ACQU_01", create=True)
    block.add_new(0x27, "DS", "0.8")
    block.add_new(0xFE, "LO", PEOPLE[0][0])
    return ds


@dataclass(frozen=True)
class Ran:
    """One run: its JSON, its folders, and the written files by what they are."""

    said: Mapping[str, Any]
    home: Path
    out: Path
    image: FileDataset
    key_object: FileDataset
    rows: list[dict[str, str]]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    place = tmp_path_factory.mktemp("options")
    profile = place / "retains.yaml"
    listed = "".join(f"  - {option}\n" for option in OPTIONS)
    profile.write_text(
        f"name: retains\nedition: 2026c\ndescription: All that can stay.\noptions:\n{listed}", encoding="utf-8"
    )
    write(image(), place / "in" / f"{uid(1, 1, 1, 1)}.dcm")
    write(key_object(image()), place / "in" / "ko.dcm")
    said = run([place / "in"], place / "out", place / "home", "--profile", str(profile))
    gateway("linkage", "export", said["job"], "--out", place / "linkage.csv", home=place / "home")
    gateway("audit", "verify", home=place / "home")
    files = {ds.Modality: ds for ds in map(dcmread, (place / "out").rglob("*.dcm"))}
    with (place / "linkage.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    return Ran(said, place / "home", place / "out", files["CT"], files["KO"], rows)


def test_what_the_options_retain_stands(ran: Ran) -> None:
    assert {keyword: str(ran.image[keyword].value) for keyword in RETAINED} == RETAINED
    assert {keyword: ran.image[keyword].value for keyword in UIDS} == {
        keyword: image()[keyword].value for keyword in UIDS
    }
    assert ran.image.file_meta.MediaStorageSOPInstanceUID == uid(1, 1, 1, 1)
    assert ran.image.LongitudinalTemporalInformationModified == "UNMODIFIED"
    assert ran.image[0x0019, 0x1027].value == 0.8
    evidence = ran.key_object.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0]
    assert evidence.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == uid(1, 1, 1, 1)


def test_every_option_is_declared(ran: Ran) -> None:
    declared = {item.CodeValue for item in ran.image.DeidentificationMethodCodeSequence}
    assert declared == {getattr(codes.cid7050, option).value for option in OPTIONS}


def test_nobodys_name_stands_anywhere(ran: Ran) -> None:
    names = [part for name in (PEOPLE[0][0], REFERRER) for part in name.split("^") if len(part) > 2]
    assert leaks(ran.out, [*names, PEOPLE[0][1], PEOPLE[0][2]]) == []
    assert (0x0019, 0x10FE) not in ran.image
    assert "axial" in ran.image.ImageComments


def test_names_of_files_and_the_ledger_hold_no_retained_uid(ran: Ran) -> None:
    paths = [str(path.relative_to(ran.out)) for path in ran.out.rglob("*")]
    assert paths
    ledger = "".join(path.read_text(encoding="utf-8") for path in (ran.home / "ledger").rglob("*") if path.is_file())
    report = Path(ran.said["report"]).read_text(encoding="utf-8")
    for known in (uid(1, 1), uid(1, 1, 1), uid(1, 1, 1, 1)):
        assert not [path for path in paths if known in path]
        assert known not in ledger
        assert known not in report


def test_the_linkage_tells_what_was_written(ran: Ran) -> None:
    row = next(row for row in ran.rows if row["sop_uid"] == uid(1, 1, 1, 1))
    assert (row["new_sop_uid"], row["new_study_uid"]) == (row["sop_uid"], row["study_uid"])
    assert dcmread(ran.out / row["path"]).SOPInstanceUID == row["new_sop_uid"]
