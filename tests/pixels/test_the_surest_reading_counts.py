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
