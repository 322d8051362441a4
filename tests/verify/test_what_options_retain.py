"""What an option of the profile retains is no leak, and everything else still is one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from builders import instance
from pydicom.dataset import FileDataset
from pydicom.uid import UID
from verify.handmade import Staged

from gateway.verify import checks

DEVICE, INSTITUTION, UIDS = "RetainDeviceIdentityOption", "RetainInstitutionIdentityOption", "RetainUidsOption"


def put(**values: str) -> Callable[[FileDataset], None]:
    def change(written: FileDataset) -> None:
        for keyword, value in values.items():
            setattr(written, keyword, value)

    return change


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


def test_the_town_of_a_retained_institution_is_no_leak_though_the_patient_lives_there(tmp_path: Path) -> None:
    ds = original()
    ds.InstitutionAddress = "Quillfeather Lane 5, Nether Wallop"
    ds.PatientAddress = "12 Larkspur Crescent, Nether Wallop"
    for address, leaks in (("Quillfeather Lane 5, Nether Wallop", False), ("Larkspur Crescent, Nether Wallop", True)):
        study = Staged(tmp_path / str(leaks))
        study.add(ds, change=put(InstitutionAddress=address))
        facts = replace(study.facts(), options=frozenset({INSTITUTION}))
        assert bool(study.verify(facts=facts)) == leaks
    study = Staged(tmp_path / "text")
    study.add(ds, change=put(PatientAddress=ds.PatientAddress))
    assert study.found()


@pytest.mark.parametrize("station", ["EICHENHAIN 1", "Klinikum Eichenhain", "Eichenhain CT1"])
def test_a_station_may_not_tell_an_institution_that_is_not_retained(tmp_path: Path, station: str) -> None:
    ds = original()
    ds.StationName = station
    for number, options in enumerate(({DEVICE}, {DEVICE, INSTITUTION})):
        study = Staged(tmp_path / str(number))
        study.add(ds, change=put(StationName=station))
        assert bool(study.verify(facts=replace(study.facts(), options=frozenset(options)))) == (number == 0)


@pytest.mark.parametrize("own", ["OK-4471902", "19610417", "ACC7731", "Larkspur Crescent"])
def test_a_patients_number_in_a_retained_element_is_found(tmp_path: Path, own: str) -> None:
    ds = original()
    ds.PatientID, ds.AccessionNumber, ds.PatientBirthDate = "OK-4471902", "ACC7731", "19610417"
    ds.PatientAddress = "12 Larkspur Crescent"
    study = Staged(tmp_path)
    study.add(ds, change=put(InstitutionAddress=f"Quillfeather Lane {own}"))
    assert study.verify(facts=replace(study.facts(), options=frozenset({INSTITUTION})))


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
