"""Free text of headers: the technical words stay, the identifying and the unknown ones go."""

from __future__ import annotations

import re
import time

import pytest

from gateway.judge import TextJudge
from gateway.judge.names import NameReader
from gateway.records import Identifiers, Verdict

NOBODY = Identifiers()
STUDY = Identifiers(
    names=frozenset({"BRAIN^ROBERT", "OAKES^PRUDENCE"}), ids=frozenset({"7730415"}), dates=frozenset({"20230311"})
)


@pytest.mark.parametrize(
    "text",
    [
        "MR Brain w/o contrast",
        "AX T1 FSE 5mm",
        "CT Abdomen^Routine",
        "MAM tomo left CC",
        "t2_tse_sag_p2",
        "Axial 5mm",
        "WHOLE BODY PET AC",
        "Screening bilateral mammogram",
        "PTV 60Gy",
        "Left_Parotid",
        "GTV1",
        "BrainStem",
        "CT CHEST W/CONTRAST",
        "XR Knee 2 Views Right",
        "NM Bone Scan Whole Body",
        "ep2d_diff_b50_400_800_ADC",
        "Thorax 1.0 B70f",
        "Head 5.0 H31s",
        "MRT Leber mit KM",
        "Thorax nativ",
        "IRM cérébrale sans injection",
        "TDM thorax abdomen pelvis",
        "RM rodilla derecha sin contraste",
        "Ecografía abdominal completa",
        "DIAGNOSTIC MAMMO BILAT W CAD",
        "US Thyroid/Neck Soft Tissue",
        "SAG T2 FLAIR CUBE",
        "AX SWAN",
        "PD_TSE_FS_cor_320",
        "3D SAG T1 MPRAGE",
        "CT Abdomen with contrast",
        "EF (Simpson)",
        "FLAIR_longTR",
        "Lung_R-GTV",
        "",
    ],
)
def test_technical_descriptions_are_untouched(judge: TextJudge, text: str) -> None:
    assert judge.clean(text, NOBODY) == (text, ())


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("for John Smith", ""),
        ("call Dr. Lee 555-1234", ""),
        ("Mrs Oakes", ""),
        ("CT Abdomen with contrast for John Smith", "CT Abdomen with contrast"),
        ("CT 12/03/2011 Thorax (Dr. Brown)", "CT Thorax"),
        ("MR Brain Mark Young", "MR Brain"),
        ("US Abd Grace Hospital", "US Abd"),
        ("Thorax nativ für Hr. Müller", "Thorax nativ"),
        ("Patient 4711 Knee", "Knee"),
        ("Knee_Smith_AP", "Knee_AP"),
        ("Knee LaPage", "Knee"),
        ("CT\nAbdomen\nfor Smith\nPelvis", "CT\nAbdomen\nPelvis"),
        ("Head^Jones^Routine", "Head^Routine"),
        ("Abdomen [Smith]", "Abdomen"),
        ("Abdomen [Smith 5mm", "Abdomen 5mm"),
        ("Abdomen (AP, Smith)", "Abdomen AP"),
        ("Hadlock Jeanty", ""),
        ("45Y M Chest", "Chest"),
        ("MRN 1234567 Chest PA", "Chest PA"),
        ("Chest PA, St. Mary Medical Center", "Chest PA"),
        ("T2 5mm 20230311", "T2 5mm"),
    ],
)
def test_identifying_words_go(judge: TextJudge, text: str, clean: str) -> None:
    cleaned, reasons = judge.clean(text, NOBODY)
    assert cleaned == clean
    assert reasons


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("MR Brain w/o contrast", "MR w/o contrast"),  # this patient is called Brain
        ("Chest Oakes AP", "Chest AP"),
        ("Chest 7730415", "Chest"),
        ("Chest 11.3.2023", "Chest"),
    ],
)
def test_the_studys_own_values_go_although_they_are_technical_words(judge: TextJudge, text: str, clean: str) -> None:
    cleaned, reasons = judge.clean(text, STUDY)
    assert cleaned == clean
    assert any(reason.rule.startswith("own.") for reason in reasons)


def test_cleaning_twice_changes_nothing_more(judge: TextJudge) -> None:
    for text in (
        "CT Abdomen with contrast for John Smith",
        "Knee_Smith_AP",
        "Chest PA, St. Mary Medical Center",
        "MR Brain Mark Young",
    ):
        once, _ = judge.clean(text, STUDY)
        assert judge.clean(once, STUDY) == (once, ())


@pytest.mark.parametrize("word", ["a ", "L ", "of ", "Ab ", "1 ", "x 1 ", "A^B ", "no change since 12 May 2019. "])
def test_a_text_twice_as_long_takes_about_twice_the_time(judge: TextJudge, word: str) -> None:
    def seconds(characters: int) -> float:
        start = time.process_time()
        judge.clean(word * (characters // len(word)) + "seen by Dr Zzyqx", Identifiers())
        return time.process_time() - start

    seconds(100)
    assert seconds(16_000) < 12 * max(seconds(4_000), 0.05), "it grows with the square"


def test_the_recogniser_marks_names_wherever_they_stand_in_a_long_report() -> None:
    """It reads long texts in pieces: names lie on the edges of some of them."""
    sentence, name = "No change of the liver since the last CT. Seen by {} at station 4. ", "Moritz Achterberg"
    text = "".join(sentence.format(name) + "x" * number + " " for number in range(300))
    marked = NameReader.load().spans(text)
    for found in re.finditer(name, text):
        assert any(hit.start <= found.start() and found.end() <= hit.end for hit in marked)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("CT chest O A K E S", "CT chest"),
        ("P.R.U.D.E.N.C.E chest", "chest"),
        ("7 7 3 0 4 1 5", ""),
        ("chest 2 0 2 3 0 3 1 1", "chest"),
        ("Q U I L L F E A T H E R", ""),  # nobody of the study
        ("CT chest Q-U-I-L-L", "CT chest"),
        ("series A B C", "series A B C"),
        ("1 2 3 4 phases", "1 2 3 4 phases"),
    ],
)
def test_a_word_that_is_written_apart_is_one_word(judge: TextJudge, text: str, kept: str) -> None:
    assert judge.clean(text, STUDY)[0] == kept
    assert (judge.judge(text, STUDY).verdict is Verdict.TECHNICAL) == (text == kept)
