"""Words that a sentence merely speaks of stay: any department, a lone unknown word's joints, eponyms in phrases, codes, units."""

from __future__ import annotations

import re

import pytest

from gateway.judge import TextJudge
from gateway.judge.codes import coil, gene, unit, variant
from gateway.records import Identifiers

JUDGE = TextJudge.load()
NOBODY = Identifiers()


@pytest.mark.parametrize(
    "text",
    ["The patient left the department in stable condition.", "THE PATIENT LEFT THE DEPARTMENT IN STABLE CONDITION.",
     "Findings were communicated by telephone.", "consent signed", "additional sequence per radiologist",
     "protocol changed by radiologist", "BIOPSY MAY BE CONSIDERED IF CLINICALLY INDICATED.",
     "MRI may represent a better choice", "MRS PRESS TE 135", "MTF 10 %", "MR av kne", "Reader 1"],
)  # fmt: skip
def test_what_is_spoken_of_stays(text: str) -> None:
    assert JUDGE.clean(text, NOBODY)[0] == text


@pytest.mark.parametrize(
    "text",
    ["ADC (10^-6 mm²/s)", "DYN VIBE post 20s 60s 120s", "stent plastic 10F 7 cm", "BRAF V600E", "EGFR L858R", "KRAS G12C",
     "Mitoses 7/10 HPF", "FEV1 62 %", "swi3d1r", "FE3D_fs_sag_12", "t2_me2d_tra_p2_320", "HE1-4;NE1,2", "fentanyl 50 mcg",
     "s/p CABG", "r/o fracture", "H&E 20x", "bandwidth 210 Hz/px", "CPT 71260", "LOINC 24627-2", "ICD-10-CM R91.1",
     "SNOMED 39607008", "DCM 121071", "8CHCARDIAC", "HRBRAIN", "YC"],
)  # fmt: skip
def test_forms_stay(text: str) -> None:
    assert JUDGE.clean(text, NOBODY)[0] == text


@pytest.mark.parametrize(
    "text",
    ["Murphy negative", "MURPHY NEGATIVE", "Dixon water", "Hurley stage II", "Sanders type II", "Vancouver B2", "Kudo IIIL",
     "NICE 2", "WFNS grade 1", "Rutgeerts i2", "Boston bowel prep 2-3-3", "Prague C1M3", "Barrett's C2M4", "BARRETT'S C2M4",
     "Melanoma Breslow 0.8 mm", "Spitz naevus", "Fournier gangrene", "Ziehl-Neelsen", "Pott's disease", "PARKINSON'S DISEASE",
     "MORISON'S POUCH", "Bentall procedure", "Horton headache", "Reed-Sternberg cells present", "Mohs surgery",
     "Hartmann procedure", "Jackson-Pratt drain", "Salter-Harris II", "Winston-Lutz test", "Eisenmenger", "Boerhaave",
     "Bennett fracture", "Cameron lesions", "Marsh 3a", "CIN 2", "TICI 2b", "Allen test", "Quintero stage"],
)  # fmt: skip
def test_eponyms_stay_in_their_phrases(text: str) -> None:
    assert JUDGE.clean(text, NOBODY)[0] == text


@pytest.mark.parametrize(
    ("text", "gone"),
    [("Dr Sanders, CT chest", "Sanders"), ("Pat. Dixon, CT chest", "Dixon"), ("CT chest, Murphy", "Murphy"),
     ("Mrs Press, CT chest", "Press"), ("Dr Fournier gangrene", "Fournier"), ("Hartmann, CT chest", "Hartmann"),
     ("Spitz, Ilvarina, CT chest", "Spitz"), ("Ilvarina Hurley CT", "Hurley"), ("Mr Bennett CT", "Bennett")],
)  # fmt: skip
def test_eponyms_that_are_people_go_elsewhere(text: str, gone: str) -> None:
    assert gone not in JUDGE.clean(text, NOBODY)[0]


@pytest.mark.parametrize(
    ("text", "left"),
    [("Aortic valve is trileaflet and opens well.", "Aortic valve is trileaflet and opens well."),
     ("Aortic valve is quilfoid and opens well.", "Aortic valve is quilfoid and opens well."),
     ("AORTIC VALVE IS QUILFOID AND OPENS WELL.", "AORTIC VALVE IS AND OPENS WELL"),
     ("Mild hydronephrosis to the level of the QVJ.", "Mild hydronephrosis to the level of the")],
)  # fmt: skip
def test_a_lone_unknown_word_takes_no_joints_with_it(text: str, left: str) -> None:
    assert JUDGE.clean(text, NOBODY)[0] == left


@pytest.mark.parametrize(
    "text",
    ["Report was sent to {n} on the ward", "Discussed with consultant {n} and the surgeon", "The nurse is {n} on nights",
     "Patient is {n} and not the person in the record", "The scan was {n} and not the other patient", "Name is {n}, please merge",
     "Old films of the {n} family are not available", "SCAN WAS DISCUSSED WITH {n} AND THE SURGEON", "CT chest reported by {n}",
     "Protocol changed by radiologist {n}", "Findings were communicated by telephone to {n}", "The patient left the {n} hospital",
     "Head 30-70 {n} Street", "CPT {n} 71260", "BRAF {n}"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["hendrickx", "kowalczuk", "Mirzayan", "OGILVYSON"])
def test_names_in_sentences_go(text: str, name: str) -> None:
    assert name not in JUDGE.clean(text.replace("{n}", name), NOBODY)[0]


@pytest.mark.parametrize(
    ("text", "gone"),
    [("CT chest 10F", "10F"), ("CPT 712604455", "712604455"), ("SNOMED 2024-03-05", "2024"), ("120 45 6078 tel", "6078"),
     ("FEV1 12 May 1962", "1962"), ("signed QZV", "QZV"), ("ward 5 Ilvarina", "Ilvarina")],
)  # fmt: skip
def test_forms_that_identify_go(text: str, gone: str) -> None:
    assert not re.search(rf"(?<!\w){gone}(?!\w)", JUDGE.clean(text, NOBODY)[0])


@pytest.mark.parametrize(
    ("text", "left"),
    [("Level of pain 8/10 Ilvarina Quilfoyle", "Level of pain 8/10"), ("gating window 30-70, Quilfoyle", "gating window 30-70"),
     ("CEUS portal phase 90 s: 24.05.1988", "CEUS portal phase 90 s"), ("arm B 19920122", "arm B")],
)  # fmt: skip
def test_halves_units_and_arms_hang_on_what_stays(text: str, left: str) -> None:
    assert JUDGE.clean(text, NOBODY)[0] == left


def test_codes_by_form() -> None:
    assert variant("v600e", "braf")
    assert not variant("v600e", "room")
    assert not variant("600", "braf")
    assert gene("kras")
    assert unit("mcg")
    assert coil("ctltop")
    assert not coil("hn")
    assert not coil("hermann")


@pytest.mark.parametrize(
    "line",
    [
        "Pat. Graf 72", "T. Cobb 45", "CT HEAD COBB 45", "US ABDOMEN DUKES 72", "MRI brain Rankin B", "Fisher 3", "HERTEL E",
        "QUINTERO 45", "Ivor Lewis", "Savary Miller", "Garden I", "Raymond Roy", "AUSTIN MOORE",
        "HILL III", "Boston 5", "Vienna 3",
    ],
)  # fmt: skip
def test_eponyms_of_prose_are_not_enough_for_a_line_of_pixels(line: str) -> None:
    assert JUDGE.judge(line, NOBODY).verdict.value != "technical"


@pytest.mark.parametrize(
    "text",
    [
        "Hans Graf 45", "Frau Helga Graf 72", "Patient: Graf 72", "David Pugh 61", "Sarah Dukes 45", "James Rutherford 72 M",
        "Maria Quintero 72", "Mr Ivor Lewis", "Boston 5", "Fr. Graf A",
    ],
)  # fmt: skip
def test_eponyms_go_beside_a_name_or_an_age(text: str) -> None:
    assert JUDGE.clean(text, NOBODY)[0] == ""
