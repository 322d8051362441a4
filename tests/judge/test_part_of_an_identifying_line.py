"""Of a line that a date, a time or a number gives away, firmly technical words beside it stay; beside a name all goes."""

from __future__ import annotations

import pytest

from gateway.judge import TextJudge
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
    ],
)
def test_in_doubt_the_whole_line_goes(judge: TextJudge, text: str) -> None:
    assert goes(judge, text) is None
