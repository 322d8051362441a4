"""Of several readings of one place the surest counts; readings of different readers are all judged."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pixels.pictures import line

from gateway.pixels.reader import Line
from gateway.pixels.readings import surest

SURE = line(10, 10, 120, 14, "Phantom 32", score=0.98)


@pytest.mark.parametrize("worse", ["Phanton 32", "hantom 32", "Phantom3"])
def test_a_worse_reading_of_the_same_ink_is_left_out(worse: str) -> None:
    other = line(12, 11, 116, 12, worse, score=0.9)
    assert surest([other, SURE]) == [SURE]


def test_a_part_of_a_sure_reading_is_left_out_however_sure_it_is() -> None:
    assert surest([line(90, 11, 30, 12, "32", score=0.999), SURE]) == [SURE]
    assert len(surest([SURE, replace(SURE)])) == 2  # all of it is no part


def test_of_many_readings_of_a_place_one_stays() -> None:
    readings = [replace(SURE, text=text, score=score) for text, score in (("Phantom 3", 0.999), ("Phantom 32", 0.95))]
    longer = replace(SURE, text="Phantoms 32", score=0.97)
    assert surest(readings) == readings[1:]
    assert surest([*readings, longer]) == [longer]


@pytest.mark.parametrize(
    "other",
    [
        line(12, 11, 116, 12, "Okonkwo", score=0.9),  # other letters
        line(200, 11, 116, 12, "Phanton 32", score=0.9),  # elsewhere
        line(0, 0, 400, 60, "Phanton 32", score=0.5),  # holds more
        line(12, 11, 116, 12, "", score=0.0),  # nothing read
        replace(line(12, 11, 116, 12, "Phanton 32", score=0.9), others=("Okonkwo",)),
        replace(line(12, 11, 116, 12, "Phanton 32", score=0.9), code=True),
    ],
)
def test_other_readings_stay(other: Line) -> None:
    assert SURE in surest([other, SURE])
    assert other in surest([other, SURE])


def test_what_nothing_is_sure_of_takes_nothing_away() -> None:
    unsure = replace(SURE, score=0.8)
    assert surest([unsure, replace(SURE, text="Phanton 32", score=0.7)])[0] == unsure
    assert len(surest([unsure, replace(SURE, text="Phanton 32", score=0.7)])) == 2


def test_figures_read_two_at_once_are_left_out_where_each_is_read_by_itself() -> None:
    seven, eight = line(430, 342, 28, 34, "7", score=0.996), line(430, 393, 28, 30, "8", score=0.999)
    both = line(428, 335, 34, 94, "7.8", score=0.64)
    assert surest([seven, both, eight]) == [seven, eight]
    letters = [replace(seven, text="L"), replace(both, text="LI"), replace(eight, text="I")]
    assert surest(letters) == letters  # of letters in the cells of a form the whole may cover what each alone does not


def test_few_letters_read_doubtfully_are_left_out_beside_a_sure_reading_of_the_same_ink() -> None:
    sure, doubtful = line(5, 235, 29, 23, "V1", score=0.999), line(0, 237, 37, 22, "NV4", score=0.54)
    assert surest([doubtful, sure]) == [sure]
    assert surest([replace(doubtful, text="KOWALSKI"), sure]) == [replace(doubtful, text="KOWALSKI"), sure]
    assert surest([replace(doubtful, score=0.85), sure]) == [replace(doubtful, score=0.85), sure]
    assert len(surest([line(0, 230, 80, 30, "NV4", score=0.54), sure])) == 2
