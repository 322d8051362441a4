"""Of a line that a date, a time or a number gives away, firmly technical words beside it stay; beside a name all goes."""

from __future__ import annotations

import pytest

from gateway.judge import TextJudge
from gateway.judge.firm import FIRM
from gateway.records import Identifiers, Verdict

OWN = Identifiers(names=frozenset({"HEAD^ANNA"}), ids=frozenset({"RX48213"}), dates=frozenset({"19610412"}))


def goes(judge: TextJudge, text: str) -> str | None:
    """The part of an identifying line that goes; None for all of it."""
    said = judge.judge(text, OWN)
    assert said.verdict is Verdict.PHI
    return None if said.part is None else text[slice(*said.part)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("prior of Mar 5 2018", "Mar 5 2018"),
        ("post 14:26:31", "14:26:31"),
        ("12.04.1961 Thorax", "12.04.1961"),
        ("Dose Summary 2018-03-05 Thorax", "2018-03-05"),
        ("post contrast 5 ml 14:26:31", "14:26:31"),
        ("Thorax RX48213 14:26:31", "RX48213 14:26:31"),
        ("RX48213 post contrast", "RX48213"),
        ("White matter 14:26:31", "14:26:31"),
    ],
)
def test_words_that_are_firmly_technical_stay(judge: TextJudge, text: str, expected: str) -> None:
    assert goes(judge, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "14:26:31",  # nothing else stands there
        "Head 14:26:31",  # the own name, though it is a technical word
        "Thorax Okonkwo 14:26:31",  # somebody's name
        "Thorax Mrs Bone 14:26:31",  # a technical word that is called a name here
        "Bone, Marrow 12.04.1961",  # written as a name
        "Bone^Marrow 12.04.1961",
        "DOB 12.04.1961",  # a label goes with its value
        "Exam: 12.04.1961",
        "Acq 2 14:26:31",  # a figure beside a figure may belong to it
        "Thorax 4711 14:26:31",  # a number that may be anybody's
        "S 14:26:31",  # a letter
        "Thorax12.04.1961",  # no blank between them
        "Thorax XYZZY 14:26:31",
        "Thorax 45Y 14:26:31",  # an age
        "White 12.03.1956",  # technical words that many people are called by, and nothing else
        "SHARP 1956-03-12",
        "Ray Long 14:22",
    ],
)
def test_in_doubt_the_whole_line_goes(judge: TextJudge, text: str) -> None:
    assert goes(judge, text) is None


# --- misread lines ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text", ["27 No/ 10", "27-N0v-2010", "3 0ct 19", "Study 2860", "Study3482", "Exam 4711", "$mith Okoye"]
)
def test_misread_dates_and_numbers_of_examinations_identify(judge: TextJudge, text: str) -> None:
    assert judge.judge(text, OWN).verdict is not Verdict.TECHNICAL


@pytest.mark.parametrize("text", ["12 sec 30", "10 5x5 20", "$ummary", "Tlb 0.8", "Study 3", "S 294", "C 56"])
def test_what_only_looks_like_them_does_not(judge: TextJudge, text: str) -> None:
    assert judge.judge(text, OWN).verdict is Verdict.TECHNICAL


@pytest.mark.parametrize("text", ["S 294", "S: 72", "C 56"])
def test_a_setting_with_its_letter_is_firm(judge: TextJudge, text: str) -> None:
    assert FIRM in {reason.rule for reason in judge.judge(text, OWN).reasons}


@pytest.mark.parametrize("text", ["S 2860", "F 56", "R 56"])
def test_a_letter_before_another_number_is_not(judge: TextJudge, text: str) -> None:
    assert FIRM not in {reason.rule for reason in judge.judge(text, OWN).reasons}
