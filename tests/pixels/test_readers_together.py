"""Several readers as one: nothing that any of them found is lost, and what they disagree on is judged by both readings."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from gateway.pixels.reader import FakeReader, Line
from gateway.pixels.readers.union import UnionReader
from gateway.pixels.regions import FakeJudge, findings
from gateway.records import Box, Identifiers, Verdict

IMAGE = np.zeros((200, 400), np.uint8)
IDENTIFIERS = Identifiers(names=frozenset({"Okonkwo"}))


PLACE = Box(20, 30, 100, 16)


def line(text: str, box: Box = PLACE, score: float = 0.95, detection: float = 0.8) -> Line:
    return Line(box, text, score, detection, 14.0)


def together(*readers: tuple[Line, ...]) -> tuple[Line, ...]:
    return UnionReader(*(FakeReader(*lines) for lines in readers)).read(IMAGE)


def test_what_only_one_reader_found_is_found() -> None:
    one, other = line("one"), line("other", Box(20, 90, 80, 16))
    assert together((one,), (other,)) == (one, other)
    assert together((one,), ()) == together((), (one,)) == (one,)
    assert together((), ()) == ()


def test_the_same_text_in_the_same_place_is_one_line_with_the_box_of_both() -> None:
    (found,) = together(
        (line("Okonkwo", Box(20, 30, 100, 16), detection=0.7),), (line("Okonkwo", Box(24, 26, 102, 18)),)
    )
    assert (found.text, found.others, found.box, found.detection) == ("Okonkwo", (), Box(20, 26, 106, 20), 0.8)


def test_spaces_make_no_second_reading() -> None:
    (found,) = together((line("A  B"),), (line("A B "),))
    assert found.others == ()


def test_the_surer_reading_stands_first_whoever_read_it() -> None:
    sure, less = line("Okonkwo", score=0.99), line("0konkwo", score=0.9)
    for one, other in permutations((sure, less)):
        (found,) = together((one,), (other,))
        assert (found.text, found.score, found.others) == ("Okonkwo", 0.99, ("0konkwo",))


def test_a_guess_is_no_second_reading_but_no_reading_is_lost_to_a_guess() -> None:
    sure, guess = line("Okonkwo", score=0.99), line("Qk;nk~o", score=0.4)
    for one, other in permutations((sure, guess)):
        (found,) = together((one,), (other,))
        assert (found.text, found.others) == ("Okonkwo", ())
    (found,) = together((guess,), (line("", score=0.0),))
    assert (found.text, found.score) == ("Qk;nk~o", 0.4)


def test_a_third_reader_is_heard_too() -> None:
    (found,) = together((line("a1", score=0.8),), (line("b2", score=0.9),), (line("c3", score=0.7),))
    assert (found.text, found.others) == ("b2", ("a1", "c3"))


@pytest.mark.parametrize(
    "other",
    [
        Box(20, 48, 100, 16),  # the next row
        Box(125, 30, 100, 16),  # beside it
        Box(20, 30, 30, 16),  # a word of it
        Box(0, 0, 300, 120),  # something large around it
    ],
)
def test_lines_in_other_places_stay_apart(other: Box) -> None:
    assert len(together((line("one"),), (line("two", other),))) == 2


def test_each_line_is_joined_with_the_most_alike_only() -> None:
    rows = tuple(line(f"row {number}", Box(20, 30 + 10 * number, 100, 16)) for number in range(4))
    shifted = tuple(line(f"row {number}", Box(21, 31 + 10 * number, 100, 16)) for number in range(4))
    found = together(rows, shifted[::-1])
    assert [each.text for each in found] == [each.text for each in rows]
    assert all(not each.others for each in found)


def test_disagreement_is_judged_by_both_readings_and_the_worse_verdict_counts() -> None:
    technical, identifying = line("Frequency MHz", score=0.99), line("Okonkwo", score=0.8)
    for one, other in permutations((technical, identifying)):
        (finding,) = findings(together((one,), (other,)), 0, IDENTIFIERS, FakeJudge())
        assert finding.verdict is Verdict.PHI
        assert finding.reasons[0].rule == "own value"
    (finding,) = findings(
        together((technical,), (line("Frequency MH2", score=0.8),)),
        0,
        IDENTIFIERS,
        FakeJudge(frozenset({"Frequency MH2"})),
    )
    assert finding.verdict is Verdict.UNSURE
    (finding,) = findings(together((technical,), (technical,)), 0, IDENTIFIERS, FakeJudge())
    assert finding.verdict is Verdict.TECHNICAL


def test_a_short_second_reading_makes_no_line_unreadable() -> None:
    """A line that is too long for what was read in it cannot be read; what the surer reader read is what counts there."""
    (finding,) = findings(together((line("Frequency MHz"),), (line("F", score=0.8),)), 0, IDENTIFIERS, FakeJudge())
    assert finding.verdict is Verdict.TECHNICAL
    (finding,) = findings(together((line("F"),), (line("q", score=0.8),)), 0, IDENTIFIERS, FakeJudge())
    assert finding.verdict is Verdict.UNSURE


def test_no_reading_is_shown() -> None:
    (found,) = together((line("Okonkwo"),), (line("0konkwo", score=0.9),))
    assert "konkwo" not in repr(found)
