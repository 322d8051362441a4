"""Abbreviations and names of products stay as each department writes them, also in capitals; a plate and initials still go."""

from __future__ import annotations

import pytest

from gateway.judge import TextJudge
from gateway.records import Identifiers

NOBODY = Identifiers()
DEPARTMENTS = {
    "MR": ("SEMAC VAT KNEE", "MRS STEAM TE 20", "DWI_b1000_sDWIBS", "SMS DWI RESOLVE", "IDEALIQ PDFF", "WARP STIR"),
    "CT": ("CT ABD/PELV W IV CONTRAST", "CTPA", "CT TAP STAGING", "MONO70 VNC", "EVAR FU CTA", "IMAR SPINE"),
    "plain film": ("AP CXR PORTABLE", "KUB DECUB", "OPG", "TKR L AP LAT", "VCUG"),
    "ultrasound": ("CEUS LIVER", "MCA PSV", "TVS AFC", "SWE LIVER", "TTE LVEF GLS"),
    "mammography": ("LLM", "CESM LCC", "FFDM MLO", "VABB"),
    "angiography": ("UFE", "TACE VIA RHA", "FEVAR", "PTBD", "MYNXGRIP", "TICI 2b"),
    "nuclear medicine": ("DOTATATE PET", "QCLEAR", "SUVMAX", "HEGP WB MDP", "OSEM 4i21s"),
    "radiotherapy": ("VMAT 2ARC", "CT SIM DIBH", "EXACTRAC", "GTVN1", "VACLOK"),
    "physics": ("TG18-QC", "MTF 10 %", "DQE", "CATPHAN504", "ADNI PHANTOM"),
    "pathology": ("FFPE", "BRAF V600E", "KRAS G12C", "CYTOSPIN", "WSI 40X", "PAM50"),
    "endoscopy": ("HEMOCLIPS X2", "EGD", "OVESCO", "ESD", "CHROMOENDOSCOPY"),
    "surgery": ("ACDF C5-C6", "TLIF", "BSO", "LSCS X2", "ORIF R DHS"),
    "intensive care": ("ETT 3 cm above carina", "R PICC TIP SVC", "IABP", "LVAD"),
    "eyes and ears": ("FAF", "DMEK", "FESS", "CHOLESTEATOMA EPI DWI"),
    "drugs": ("fentanyl 50 mcg", "GTN 400 mcg", "BUSCOPAN", "GADAVIST 7 ml"),
    "trials": ("IRECIST", "MRECIST", "BICR", "ECRF"),
    "German": ("CCT Kontrolle", "BWS HWS", "HÜFTTEP RE"),
    "French": ("TDM TAP", "IRM GENOU", "ASP"),
    "Spanish": ("TACAR", "PAAF", "RX TX PA"),
    "Italian": ("TC SMDC", "RMN GINOC DX"),
    "Dutch": ("CT THX", "X-BEKKEN"),
    "Scandinavian": ("DT THORAX", "MRCOL"),
    "Polish": ("RTG", "USG"),
    "Croatian": ("UZV abdomena", "MSCT"),
}  # fmt: skip


@pytest.mark.parametrize("text", [text for texts in DEPARTMENTS.values() for text in texts])
def test_they_stay_alone(judge: TextJudge, text: str) -> None:
    assert judge.clean(text, NOBODY)[0] == text


@pytest.mark.parametrize("text", ["FFPE", "DOTATATE PET", "EGD", "LLM", "SEMAC", "UZV", "CCT"])
def test_they_stay_beside_a_name(judge: TextJudge, text: str) -> None:
    assert judge.clean(f"Pt: Oleander Langstrumpf. {text}", NOBODY)[0].endswith(text)
    assert judge.clean(f"{text}, Mrs Langstrumpf", NOBODY)[0] == text


@pytest.mark.parametrize("text", ["RLS 302", "EDV-7701", "302 SMS"])
def test_a_plate_goes(judge: TextJudge, text: str) -> None:
    assert not any(char.isdigit() for char in judge.clean(f"{text}, knee", NOBODY)[0])


@pytest.mark.parametrize("text", ["tech: EGD", "EGD (tech)", "scanned by EGD", "reader 2 LLM"])
def test_initials_go(judge: TextJudge, text: str) -> None:
    assert not {"EGD", "LLM"} & set(judge.clean(f"{text}, knee", NOBODY)[0].replace(",", " ").split())


@pytest.mark.parametrize("line", ["FFPE", "UFE", "RLS", "EGD"])
def test_they_say_nothing_in_a_line_of_pixels(judge: TextJudge, line: str) -> None:
    assert judge.judge(line, NOBODY).verdict.value != "technical"
