"""Codes in the form of stages, stains and segments go where they number somebody: behind an id, a bed, or as a postcode."""

from __future__ import annotations

import re

import pytest

from gateway.judge import TextJudge
from gateway.records import Identifiers, Verdict

JUDGE = TextJudge.load()
NOBODY = Identifiers()


@pytest.mark.parametrize(
    ("text", "gone"),
    [("MRN CK12", "CK12"), ("MRN: CK12, CT chest", "CK12"), ("MRN_CK12", "CK12"), ("MRN#CK12", "CK12"), ("MRN T2N0M0", "T2N0M0"),
     ("MRN CA 125", "125"), ("MRN is HER2", "HER2"), ("accession CD199", "CD199"), ("accession number is CD199", "CD199"),
     ("accession CD 199", "199"), ("Acc: CD199", "CD199"),
     ("Acc# CD199", "CD199"), ("Fallnr CD105", "CD105"), ("Fall-Nr. CD105", "CD105"),
     ("case CD10", "CD10"), ("ID PAX8", "PAX8"), ("patient id HER2", "HER2"), ("Pat-Nr N1c", "N1c"), ("Pat.-Nr. CK7", "CK7"),
     ("Pat Nr CK7", "CK7"), ("Auftragsnr G2P1", "G2P1"), ("Patient no. G2P1", "G2P1"), ("Fallnr IVa", "IVa"),
     ("visit ID V2D1", "V2D1")],
)  # fmt: skip
def test_the_label_of_an_id_wins_over_the_form_of_a_code(text: str, gone: str) -> None:
    assert not re.search(rf"(?<!\w){gone}(?!\w)", JUDGE.clean(text, NOBODY)[0])


@pytest.mark.parametrize(
    ("text", "gone"),
    [("bed VIIIa", "VIIIa"), ("Station IVa", "IVa"), ("CT head, ward IIIb", "IIIb"), ("ward B12", "B12"), ("Bett IVa", "IVa"),
     ("room C3", "C3"), ("Zimmer IIIb", "IIIb"), ("pavillon IVa", "IVa"), ("cama IIb", "IIb"), ("Station N2b", "N2b")],
)  # fmt: skip
def test_beds_and_wards_win_over_stages(text: str, gone: str) -> None:
    assert not re.search(rf"(?<!\w){gone}(?!\w)", JUDGE.clean(text, NOBODY)[0])


@pytest.mark.parametrize(
    "district", ["W1A", "N1C", "E1W", "EC1A", "SW1A", "SE1P", "WC2B", "H1A", "V1B", "N1C 4AG", "n1c"]
)
@pytest.mark.parametrize("text", ["CT head {}", "{} CT head", "CT head, {}"])
def test_districts_of_postcodes_go(text: str, district: str) -> None:
    assert JUDGE.clean(text.format(district), NOBODY)[0] == "CT head"


def test_one_district_is_no_stage_beside_another() -> None:
    assert JUDGE.clean("CT head N1C, W1A", NOBODY)[0] == "CT head"


@pytest.mark.parametrize(
    "text",
    ["CK7 positive", "CK7+, CK20-", "CD20+", "CD20 positive", "CA 125 35 U/ml", "CD3 CD20 CD105", "HER2 positive",
     "this case is CK7 positive", "patient CK7 positive", "patient G2P1", "visit C3D1", "stage IVa", "liver segment IVa",
     "segments IVa and IVb", "level IIb lymph nodes", "ward round stage IVa", "case report IIIb", "prostate bed pT3a",
     "lymph node station IVa", "Station 4R lymph node", "Station T2 tra", "pN1c", "cN1c", "cT2 N1c M0", "T2 N1c", "T3bN1cM0",
     "nodal stage N1c", "TNM N1c", "N1c disease", "N2 disease", "lymph node N2b", "pT2 pN1a L1 V0 R0", "CKD G3a A1",
     "T2a prostate", "A4C view", "s/p fall C5 fracture", "exam no C5 fracture", "ACC pT2 N0"],
)  # fmt: skip
def test_stages_and_stains_stay(text: str) -> None:
    assert JUDGE.clean(text, NOBODY)[0] == text


@pytest.mark.parametrize("line", ["Station T2", "W1A"])
def test_lines_of_pixels_are_judged_as_before(line: str) -> None:
    assert JUDGE.judge(line, NOBODY).verdict is Verdict.TECHNICAL
