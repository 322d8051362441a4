"""Lines are judged one by one, and then by what stands beside them on their row."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pixels.pictures import NAME, line

from gateway.pixels.reader import Line
from gateway.pixels.regions import FakeAnswer, FakeJudge, findings, is_text
from gateway.pixels.rows import companions
from gateway.records import Finding, Identifiers, Reason, Verdict

T, U, P = Verdict.TECHNICAL, Verdict.UNSURE, Verdict.PHI


def verdicts(*lines: Line, unsure: str = "") -> list[Verdict]:
    return [finding.verdict for finding in findings(lines, 0, NAME, FakeJudge(frozenset({unsure})))]


def test_the_judge_decides_a_line_that_stands_alone() -> None:
    found = [line(10, 10, 80, 12), line(10, 40, 50, 12, "MI 1.1"), line(10, 70, 50, 12, "XYZZY")]
    assert verdicts(*found, unsure="XYZZY") == [P, T, U]


@pytest.mark.parametrize(("score", "detection"), [(0.3, 0.4), (0.0, 0.6), (0.9, 0.1)])
def test_what_is_no_text_is_left_out(score: float, detection: float) -> None:
    weak = line(10, 10, 80, 12, "MI", score=score, detection=detection)
    assert not is_text(weak)
    assert verdicts(weak) == []


def test_what_is_large_and_not_recognised_is_no_text() -> None:
    assert not is_text(line(0, 0, 300, 120, "WAN", score=0.5))
    assert is_text(line(0, 0, 300, 120, "WAN", score=0.9))
    assert is_text(line(0, 0, 30, 12, "WAN", score=0.5))


def test_a_guess_is_never_technical() -> None:
    guess = line(10, 10, 80, 12, "MI 1.1", score=0.5, detection=0.5)
    found = findings([guess], 3, NAME, FakeJudge())[0]
    assert (found.frame, found.verdict, found.reasons[-1].rule) == (3, U, "recognition is unsure")


def test_what_is_surely_a_line_but_cannot_be_read_is_unsure() -> None:
    assert verdicts(line(10, 10, 80, 12, "", score=0.0, detection=0.8)) == [U]
    assert verdicts(line(10, 10, 15, 12, "", score=0.0, detection=0.8)) == []
    assert verdicts(line(10, 10, 300, 80, "", score=0.0, detection=0.8)) == []


@pytest.mark.parametrize(
    ("text", "width", "expected"), [(" ", 120, U), ("λ ", 120, U), ("03", 120, U), ("MI 1.1", 80, T), ("R", 20, T)]
)
def test_a_line_too_long_for_what_was_read_in_it_is_unsure(text: str, width: int, expected: Verdict) -> None:
    assert verdicts(line(10, 10, width, 12, text)) == [expected]
    assert verdicts(replace(line(10, 10, 12, width, text), height=12.0)) == [expected]
    unsure_of_it = line(10, 10, width, 12, text, detection=0.45)
    assert verdicts(unsure_of_it) == [T]


def test_one_character_identifies_nobody() -> None:
    assert verdicts(line(10, 10, 9, 12, "L"), unsure="L") == [T]
    assert verdicts(line(10, 10, 9, 12, "+"), unsure="+") == [T]


@pytest.mark.parametrize(
    ("scrap", "text", "expected"),
    [
        ((300, 10, 8, 12), "Y", U),  # an age's unit at the other end of the banner
        ((300, 10, 24, 12), "58", T),
        ((95, 10, 24, 12), "58", U),
        ((95, 10, 30, 12), "MBA", U),
        ((95, 10, 40, 12), "PELV", T),
        ((95, 24, 8, 12), "Y", T),  # the row below
        ((95, 0, 8, 60), "Y", T),  # a scale, not a character of this text
    ],
)
def test_scraps_on_the_row_of_identifying_text(scrap: tuple[int, int, int, int], text: str, expected: Verdict) -> None:
    assert verdicts(line(10, 10, 80, 12), line(*scrap, text)) == [P, expected]


@pytest.mark.parametrize(("x", "text", "expected"), [(95, "A", U), (300, "A", T), (95, "58", T)])
def test_scraps_beside_unsure_text(x: int, text: str, expected: Verdict) -> None:
    assert verdicts(line(10, 10, 80, 12, "XYZZY"), line(x, 10, 9, 12, text), unsure="XYZZY") == [U, expected]


@pytest.mark.parametrize(("x", "expected"), [(95, frozenset({1})), (110, frozenset())])
def test_a_letter_of_orientation_goes_only_where_it_belongs_to_the_text(x: int, expected: frozenset[int]) -> None:
    both = (line(10, 10, 80, 12), line(x, 10, 9, 12, "A"))
    found = [(one, Finding(0, one.box, verdict, ())) for one, verdict in zip(both, (P, T), strict=True)]
    assert companions(found, frozenset({1})) == expected


class Labels:
    """A judge that knows labels of persons and calls all else technical."""

    def judge(self, text: str, identifiers: Identifiers) -> FakeAnswer:
        assert identifiers == NAME
        label = text.startswith(("Name", "DOB"))
        return FakeAnswer(P if label else T, (Reason("person.label" if label else "technical.vocabulary", 0.7),))


@pytest.mark.parametrize("label", ["Name:", "DOB"])
def test_the_value_beside_its_label_is_masked(label: str) -> None:
    lines = [
        line(10, 10, 40, 12, label),
        line(90, 10, 60, 12, "Brain"),
        line(200, 10, 60, 12, "Spine"),
        line(90, 30, 60, 12, "Lung"),
    ]
    assert [finding.verdict for finding in findings(lines, 0, NAME, Labels())] == [P, U, T, T]


@pytest.mark.parametrize(
    ("text", "x"), [("Name: somebody", 90), ("Name:somebody", 90), ("DOB1961", 90), ("Name:", 400)]
)
def test_a_label_with_its_value_or_without_any_near_takes_nothing_more(text: str, x: int) -> None:
    lines = [line(10, 10, 40, 12, text), line(x, 10, 60, 12, "Brain")]
    assert [finding.verdict for finding in findings(lines, 0, NAME, Labels())] == [P, T]


@pytest.mark.parametrize(("x", "width"), [(108, 98), (140, 80), (60, 80)])
def test_what_detection_lost_between_two_parts_is_masked_with_them(x: int, width: int) -> None:
    found = findings([line(10, 10, 80, 12), line(x, 11, 40, 12)], 0, NAME, FakeJudge())
    assert [finding.box.w for finding in found] == [width, 40]


# --- rows that overlap: boxes on anatomy are higher than their texts ----------------------------------------------------
def heights(*lines: Line, unsure: str = "") -> list[tuple[int, int]]:
    found = findings(lines, 0, NAME, FakeJudge(frozenset({unsure})))
    return [(finding.box.y, finding.box.y + finding.box.h) for finding in found]


def test_a_mask_ends_halfway_to_the_technical_row_above_and_below() -> None:
    rows = [line(10, 70, 110, 30), line(10, 88, 90, 30, "SP H 45.7"), line(60, 50, 90, 30, "MI 1.1")]
    assert heights(*rows) == [(75, 94), (88, 118), (50, 80)]


@pytest.mark.parametrize(
    "other",
    [
        line(10, 88, 90, 30, "XYZZY"),  # masked itself
        line(10, 88, 90, 30, "SP H 45.7", score=0.89),  # perhaps not there
        line(10, 88, 12, 30, "1"),  # one character may be read into anatomy
        line(10, 84, 90, 30, "SP H 45.7"),  # on the same row
        line(130, 88, 90, 30, "SP H 45.7"),  # beside it
        line(10, 90, 90, 90, "SP H 45.7"),  # another size
        replace(line(10, 88, 90, 30, "SP H 45.7"), height=12.0),  # not level
    ],
)
def test_in_doubt_a_mask_keeps_its_height(other: Line) -> None:
    assert heights(line(10, 70, 110, 30), other, unsure="XYZZY")[0] == (70, 100)
