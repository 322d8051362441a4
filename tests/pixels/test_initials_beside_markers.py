"""Initials of whoever took an image: capitals that stand alone or beside a marker go, what belongs to a text stays."""

from __future__ import annotations

import pytest
from builders import instance
from pixels.pictures import line

from gateway.judge import TextJudge
from gateway.pixels.initials import INITIALS
from gateway.pixels.reader import Line
from gateway.pixels.regions import findings
from gateway.pixels.scene import Scene, scene
from gateway.records import Finding, Identifiers, Verdict

RADIOGRAPH = Scene(480, 640, annotated=False)


@pytest.fixture(scope="module")
def judge() -> TextJudge:
    return TextJudge.load()


def judged(judge: TextJudge, *lines: Line, where: Scene = RADIOGRAPH) -> list[Finding]:
    return list(findings(lines, 0, Identifiers(), judge, scene=where))


@pytest.mark.parametrize("text", ["CLS", "HAS", "L MVA", "PSV R", "TVA", "R (AVG)", "LT: SFV"])
def test_capitals_that_stand_alone_go(judge: TextJudge, text: str) -> None:
    lone = line(60, 100, 9 * len(text), 14, text)
    (found,) = judged(judge, lone)
    assert (found.verdict, found.reasons[-1].rule) == (Verdict.UNSURE, INITIALS)
    marker = line(60, 80, 12, 14, "L")
    assert [each.verdict for each in judged(judge, marker, lone)] == [Verdict.TECHNICAL, Verdict.UNSURE]


@pytest.mark.parametrize(
    ("text", "verdict"), [("HAS", Verdict.UNSURE), ("IVC", Verdict.TECHNICAL), ("RCA", Verdict.TECHNICAL)]
)
def test_where_operators_write_what_a_picture_shows_words_of_consoles_stay(
    text: str, verdict: Verdict, judge: TextJudge
) -> None:
    (found,) = judged(judge, line(60, 100, 28, 14, text), where=Scene(480, 640))
    assert found.verdict is verdict


@pytest.mark.parametrize("text", ["L", "AP", "LLD", "RAO", "L LAT", "R MLO", "PA ERECT", "KUB"])
def test_markers_stay(judge: TextJudge, text: str) -> None:
    (found,) = judged(judge, line(60, 100, 9 * len(text), 14, text))
    assert found.verdict is Verdict.TECHNICAL


@pytest.mark.parametrize("other", [line(110, 100, 80, 14, "0.8 mm"), line(62, 118, 80, 14, "120 kV")])
def test_what_stands_in_a_row_or_column_of_details_stays(judge: TextJudge, other: Line) -> None:
    found = judged(judge, line(60, 100, 28, 14, "MPR"), line(60, 300, 28, 14, "PSV"), other)
    assert [each.verdict for each in found] == [Verdict.TECHNICAL, Verdict.UNSURE, Verdict.TECHNICAL]
    beside = judged(judge, line(60, 100, 28, 14, "PSV"), other)
    assert [each.verdict for each in beside] == [Verdict.TECHNICAL, Verdict.TECHNICAL]


@pytest.mark.parametrize(
    ("modality", "annotated"), [("CR", False), ("MR", False), ("US", True), ("XA", True), ("", True)]
)
def test_operators_write_on_ultrasound(modality: str, *, annotated: bool) -> None:
    assert scene(instance(Modality=modality), 100, 100).annotated == annotated
