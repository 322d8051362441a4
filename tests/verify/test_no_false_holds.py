"""People and places whose names are short, ordinary or technical: a correct de-identification of theirs is not held, and
what still gives them away is found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from builders import instance, pixels
from verify.handmade import Says, Staged

from gateway.records import SourceFile
from gateway.verify import checks
from gateway.verify.elements import Element
from gateway.verify.identifiers import Secrets, collect
from gateway.verify.needles import needles, surprise
from gateway.verify.wording import Wording

PEOPLE: dict[str, dict[str, Any]] = {
    "a brain": {
        "PatientName": "BRAIN^ROBERT",
        "BodyPartExamined": "BRAIN",
        "StudyDescription": "MR Brain with contrast",
    },
    "two letters": {"PatientName": "NG^BO", "SeriesDescription": "T1 ax"},
    "four digits": {"PatientID": "0010", "SoftwareVersions": "10.0010.3", "ProtocolName": "Slice 10 of 10"},
    "one digit": {"PatientID": "1", "SeriesDescription": "Series 1"},
    "a side": {"PatientName": "LEFT", "ImageLaterality": "L", "SeriesDescription": "Knee left"},
    "no name": {"PatientName": "^"},
    "an empty name": {"PatientName": ""},
    "a number for a name": {"PatientName": "20230512", "PatientID": "99000"},
    "zeros": {"PatientID": "00000000", "AccessionNumber": "11111111"},
    "a maker": {"InstitutionName": "GE", "Manufacturer": "GE MEDICAL SYSTEMS", "SeriesDescription": "CT GE protocol"},
    "a maker's namesake": {"PatientName": "PHILIPS^GERARD", "Manufacturer": "Philips"},
    "a keyword": {"PatientName": "SeriesNumber^Rows", "SeriesDescription": "Rows 64"},
    "an ordinary department": {"InstitutionalDepartmentName": "Radiology", "StudyDescription": "Radiology CT head"},
    "born on the study's day": {"PatientBirthDate": "20230311"},
    "born 41 days before": {"PatientBirthDate": "20230129"},
    "a time for an ID": {"PatientID": "101530", "AccessionNumber": "20230129"},
    "a placeholder": {"PatientName": "Anonymous", "ReferringPhysicianName": "UNKNOWN"},
    "a part of a word": {"PatientName": "PARKIN^ART", "StudyDescription": "Parkinson arteries"},
    "a code": {"PatientName": "TRIAL-LIVER-0042", "PatientID": "TRIAL-LIVER-0042", "BodyPartExamined": "LIVER"},
    "a name with two vowels": {"PatientName": "MANUEL^BLUETHNER", "SeriesDescription": "Manual bluish tissue"},
    "an umlaut": {
        "SpecificCharacterSet": "ISO_IR 192",
        "PatientName": "MÜLL^JÄN",
        "SeriesDescription": "Mule null Janus",
        "InstitutionName": "Bläu Öd",
        "StudyDescription": "Blau blaue",
    },
    "two short names": {"PatientName": "A^B^Li"},
    "two names of one letter and two": {"PatientName": "Li^A^Ou"},
    "a character set nobody knows": {"SpecificCharacterSet": "ISO_IR 999"},
    "two character sets": {"SpecificCharacterSet": ["ISO 2022 IR 6", "ISO 2022 IR 87"]},
    "a class for a UID": {"FrameOfReferenceUID": "1.2.840.10008.1.4.1.1"},
}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("longitudinal", ["MODIFIED", "REMOVED"])
def test_correct_result_is_not_held(tmp_path: Path, who: str, longitudinal: str) -> None:
    study = Staged(tmp_path, longitudinal=longitudinal)
    flat = np.full((64, 64), 0x3030, np.uint16)
    for number, image in enumerate((pixels(), flat, flat + 0x101), 1):
        study.add(instance(1, number=number, image=image, **PEOPLE[who]))
    lines = ("MI 1.2", "Gain 72 dB", "Frq 5.0 MHz", "120 kV", "L", "10 cm", "Frame 12/40", "BRAIN")
    assert study.verify(Says(lines)) == ()


@pytest.mark.parametrize(
    ("who", "element", "value"),
    [
        ("a brain", "PatientName", "BRAIN"),
        ("a brain", "SeriesDescription", "Brain Robert"),
        ("a brain", "SeriesDescription", "Mrs Brain"),
        ("a brain", "SeriesDescription", "robert"),
        ("two letters", "OperatorsName", "Bo"),
        ("two letters", "ImageComments", "seen by ng"),
        ("four digits", "AccessionNumber", "0010"),
        ("four digits", "ImageComments", "patient 0010"),
        ("one digit", "AccessionNumber", "1"),
        ("a side", "PatientName", "left"),
        ("a number for a name", "PatientComments", "99000"),
        ("zeros", "OtherPatientIDs", "00000000"),
        ("a maker", "InstitutionName", "GE"),
        ("a maker's namesake", "ImageComments", "Gerard Philips"),
        ("an ordinary department", "InstitutionalDepartmentName", "Radiology"),
        ("a part of a word", "ImageComments", "Parkin"),
        ("a code", "ImageComments", "Trial Liver 0042"),
    ],
)
def test_what_still_tells_is_found(tmp_path: Path, who: str, element: str, value: str) -> None:
    study = Staged(tmp_path)
    study.add(instance(1, **PEOPLE[who]), change=lambda ds: setattr(ds, element, value))
    found = study.found()
    assert found & {checks.IDENTIFIER_IN_ELEMENT, checks.IDENTIFIER_IN_TEXT, checks.PSEUDONYM}


def test_result_that_names_the_research_id_a_table_chose_is_not_held(tmp_path: Path) -> None:
    study = Staged(tmp_path, pseudonym="R-0010")

    def rename(ds: Any) -> None:
        ds.PatientID = ds.PatientName = "R-0010"

    study.add(instance(5), change=rename)
    assert study.verify() == ()


def test_instance_without_a_patient_module_needs_no_pseudonym(tmp_path: Path) -> None:
    study = Staged(tmp_path)

    def drop(ds: Any) -> None:
        del ds.PatientID, ds.PatientName

    study.add(instance(1, PatientID=None, PatientName=None), change=drop)
    assert study.verify() == ()


def test_bits_of_a_needle_tell_flat_from_telling() -> None:
    flat, smooth, name, number = (
        surprise(text) for text in (b"00000000", b"abcdefgh", b"okonkwo^adaeze", b"84471902635")
    )
    assert flat < 12
    assert flat < smooth < 25
    assert smooth < number < name
    assert name > 50


def test_needles_in_image_like_noise_are_never_found_by_chance() -> None:
    rng = np.random.default_rng(7)
    steps = rng.integers(-3, 4, 1_000_000)
    smooth = (np.cumsum(steps) % 60 + 0x30).astype(np.uint8).tobytes()
    letters = rng.choice(np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", np.uint8), (400, 5))
    secrets = Secrets(names=frozenset((word.tobytes().decode().lower(),) for word in letters))
    low = smooth.lower()
    telling = [needle for needle in needles(secrets) if needle.telling(len(smooth))]
    assert not any(needle.literal in low for needle in telling)


def _text(value: str, keyword: str = "ImageComments", vr: str = "LT") -> Element:
    return Element("00204000", 0x00204000, vr, keyword, (), (value,), coded=False)


def test_file_name_that_is_a_term_of_the_instance_is_not_a_secret() -> None:
    elements = [_text("RTSTRUCT", "Modality", "CS")]
    secrets = collect(elements, [SourceFile("/in/RTSTRUCT_okonkwo.dcm"), SourceFile("/in/a.zip", "x/rtstruct.dcm")])
    assert secrets.stems == frozenset()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2023-03-11", True),
        ("11/3/23", True),
        ("3.11.2023", True),
        ("11MAR2023", True),
        ("March 11th, 2023", True),
        ("20230311.dcm", True),
        ("99/99/2023", False),
        ("12 of 2023 slices 4", False),
        ("Marble 11 2023", False),
        ("Version 1.2.3", False),
        ("120230311", False),
    ],
)
def test_days_are_read_in_any_form(text: str, told: bool) -> None:  # noqa: FBT001  # a column of the table
    wording = Wording(collect([_text("20230311", "StudyDate", "DA")], []))
    assert wording.dates(text) is told


@pytest.mark.parametrize(("method", "held"), [("mammo-ml, PS3.15 E", False), ("", True)])
def test_the_name_of_a_profile_is_no_operators_initials(tmp_path: Path, method: str, *, held: bool) -> None:
    study = Staged(tmp_path)
    study.add(
        instance(OperatorsName="ML"), change=lambda ds: setattr(ds, "DeidentificationMethod", "mammo-ml, PS3.15 E")
    )
    found = study.verify(facts=replace(study.facts(), method=method))
    assert {problem.check for problem in found} == ({checks.IDENTIFIER_IN_TEXT} if held else set())
