"""What an option of the profile retains is no leak, and everything else still is one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from builders import instance
from pydicom.dataset import FileDataset
from pydicom.uid import UID
from verify.handmade import Staged

from gateway.verify import checks

DEVICE, INSTITUTION, UIDS = "RetainDeviceIdentityOption", "RetainInstitutionIdentityOption", "RetainUidsOption"


def original() -> FileDataset:
    ds = instance(number=1)
    ds.PatientName = "Okonkwo^Adaeze"
    ds.StationName, ds.DeviceSerialNumber = "KORVETTE7", "SN4471902"
    ds.InstitutionName = "Klinikum Eichenhain"
    ds.DeviceUID = "1.2.826.0.1.3680043.9.9999.77.4711"
    return ds


def found(folder: Path, options: set[str], **kept: str) -> set[str]:
    """What the verifier finds when ``kept`` values stand in the written file of a profile with ``options``."""

    def keep(written: FileDataset) -> None:
        for keyword, value in kept.items():
            setattr(written, keyword, value)
            if keyword == "SOPInstanceUID":
                written.file_meta.MediaStorageSOPInstanceUID = UID(value)

    study = Staged(folder)
    study.add(original(), change=keep)
    facts = replace(study.facts(), options=frozenset(options))
    return {problem.check for problem in study.verify(facts=facts)}


@pytest.mark.parametrize(
    ("option", "keyword"),
    [
        (DEVICE, "StationName"),
        (DEVICE, "DeviceSerialNumber"),
        (DEVICE, "DeviceUID"),
        (INSTITUTION, "InstitutionName"),
        (UIDS, "SOPInstanceUID"),
        (UIDS, "FrameOfReferenceUID"),
    ],
)
def test_what_an_option_retains_may_stand_and_only_with_it(tmp_path: Path, option: str, keyword: str) -> None:
    value = str(original()[keyword].value)
    assert found(tmp_path / "with", {option}, **{keyword: value}) == set()
    others = {DEVICE, INSTITUTION, UIDS} - {option, UIDS if keyword == "DeviceUID" else option}  # two retain it
    assert found(tmp_path / "without", others, **{keyword: value})


def test_a_patient_in_a_retained_element_is_found(tmp_path: Path) -> None:
    everything = {DEVICE, INSTITUTION, UIDS}
    assert checks.IDENTIFIER_IN_TEXT in found(tmp_path / "a", everything, StationName="OKONKWO CT")
    assert checks.IDENTIFIER_IN_TEXT in found(tmp_path / "b", everything, InstitutionName="Praxis Okonkwo")


@pytest.mark.parametrize(
    ("stem", "options", "fault"), [("", {UIDS}, False), ("", set(), True), ("okonkwo", {UIDS}, True)]
)
def test_a_files_name_may_hold_a_retained_uid_and_nobodys_name(
    tmp_path: Path, stem: str, options: set[str], *, fault: bool
) -> None:
    stem = stem or str(original().SOPInstanceUID)
    study = Staged(tmp_path)
    written = study.add(original(), name=f"{stem}.dcm")
    moved = written.rename(written.with_name(f"{stem}.dcm"))
    study.pairs[0] = replace(study.pairs[0], written=str(moved))
    facts = replace(study.facts(), options=frozenset(options))
    assert (checks.FILE_NAME in {problem.check for problem in study.verify(facts=facts)}) == fault
