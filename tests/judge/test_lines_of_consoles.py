"""Lines as text recognition reads them off consoles: dates in every format, slips, labels merged with values, readings."""

from __future__ import annotations

import pytest

from gateway.judge import TextJudge
from gateway.records import Identifiers, Verdict

NOBODY = Identifiers()
OWN = Identifiers(
    names=frozenset({"OKONKWO^ADA", "NG^BO", "SMITH^JOHN"}),
    ids=frozenset({"77120934", "B1058"}),
    dates=frozenset({"19500312"}),
)
DATES = (
    "2026-11-22", "22-NOV-26", "22.11.2026", "11/22/26", "20261122", "22-Nov-2026", "NOV 22, 2026", "22 Nov 2026 14:05",
    "2026/11/22",
    "2026.11.22", "22/11/2026 09:12:44", "11-22-2026", "Nov-22-2026", "22NOV2026", "26-11-22", "22.11.26", "22/NOV/2026",
    "2026-11-22T14:05:00", "22 11 2026", "20261122 140500", "Sun Nov 22 14:05:11 2026", "22. November 2026", "22 novembre 2026",
    "22 de noviembre de 2026", "22 listopada 2026", "22-Mai-26", "12-Okt-2026", "3-Dez-26", "22-avr-2026", "22 AGO 2026",
    "2026年11月22日",
    "R8.11.22", "DOB:12-Mar-1950", "DOB12MAR1950", "Geb.: 12.03.1950", "12.03.50", "1950-03-12 (076Y)", "D0B: 12/03/1950",
)  # fmt: skip
SLIPS = (
    "22-N0V-2026", "2O26-11-22", "22.11.2O26", "l2/03/1950", "20261l22", "OK0NKWO", "OKONKW0 ADA", "0KONKWO", "0KONKWO^ADA",
    "NAME:SMITH", "Name:SMITHJOHN", "NAMESMITH", "ID:77120934", "ID77120934", "7712O934", "771209E4", "PID 77l20934",
    "SM1TH JOHN",
    "5MITH", "BI058", "SMITHJOHN", "JOHNSMITH", "Pt:SMITH", "MRN77120934", "OKONKWOADA", "0p: SW", "Tech:JR",
    "Ex: 3917", "Exam no: 48213", "Study: 5775", "+49 817 279584", "(013) 0789-7541",
)  # fmt: skip
STAYS = (
    "TA 02:31", "TA02:31", "Acq time 1:12", "Fluoro time 03:12", "Delay: 0:35", "Frame 02/78", "Im 12/120", "IMG: 03/24", "Se: 3",
    "Slice 11/24", "Loop 1/12", "V 4.5.1", "256*192", "512x512", "blopsy site", "MI1.1TIs0.4", "TE 90", "b 1000",
    "120 kV 210 mA", "CTDIvol 12.4 mGy", "Total DLP 850.3", "kVp 120 mAs 210", "Phantom 32 cm", "GT -2.0", "FoV 350*350",
    "W:350 L:40",
    "Helical I12.500-S240.000", "Helical112.500-S240.000", "LightSpeed VCT",
)  # fmt: skip


@pytest.mark.parametrize("text", DATES)
def test_dates_go_in_every_format(judge: TextJudge, text: str) -> None:
    assert judge.judge(text, NOBODY).verdict is not Verdict.TECHNICAL


@pytest.mark.parametrize("text", SLIPS)
def test_slips_and_merged_labels_hide_nothing(judge: TextJudge, text: str) -> None:
    assert judge.judge(text, OWN).verdict is not Verdict.TECHNICAL


@pytest.mark.parametrize("text", STAYS)
def test_readings_stay(judge: TextJudge, text: str) -> None:
    assert judge.judge(text, OWN).verdict is Verdict.TECHNICAL


@pytest.mark.parametrize("text", ["Study 02:31", "02:31", "02/78", "Visit 02/78"])
def test_what_counts_and_lasts_needs_its_label(judge: TextJudge, text: str) -> None:
    assert judge.judge(text, NOBODY).verdict is not Verdict.TECHNICAL


def firm(judge: TextJudge, text: str) -> bool:
    answer = judge.judge(text, NOBODY)
    assert answer.verdict is Verdict.TECHNICAL
    return any(reason.rule == "technical.firm" for reason in answer.reasons)


@pytest.mark.parametrize(
    "text", ["MI 1.1", "120 kV", "C5-1", "Abdomen", "256*192", "V 4.5.1", "28Hz", "TE 90", "LT", "W 4096", "W/Rh"]
)
def test_what_says_what_it_is_about_is_firm(judge: TextJudge, text: str) -> None:
    assert firm(judge, text)


@pytest.mark.parametrize("text", ["58", "4711", "R", "12/120", "arm", "12.45", "W 58"])
def test_what_says_little_is_not_firm(judge: TextJudge, text: str) -> None:
    assert not firm(judge, text)
