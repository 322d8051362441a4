"""Names in a script that recognition does not know: nothing is read, or less than so long a line holds."""

from __future__ import annotations

import pytest
from builders import instance
from pixels.pictures import line, mask, speckle


def masks(width: int, text: str, *, score: float, detection: float) -> int:
    """How many masks a line of 20 pixels height gets, of which recognition made ``text``."""
    seen = line(30, 40, width, 20, text, score=score, detection=detection)
    return len(mask(instance(image=speckle()), seen).masks)


@pytest.mark.parametrize("width", [30, 44, 58])
@pytest.mark.parametrize("detection", [0.52, 0.75])
def test_a_short_name_of_which_nothing_is_read_is_masked(width: int, detection: float) -> None:
    assert masks(width, "", score=0.0, detection=detection) == 1
    assert masks(width, " ", score=0.9, detection=detection) == 1


def test_one_character_that_is_read_of_a_short_name_does_not_save_it() -> None:
    assert masks(46, "3", score=0.97, detection=0.7) == 1


def test_a_wave_that_looks_like_a_letter_is_no_name() -> None:
    """As on the trace of an electrocardiogram: one letter, of which recognition is not sure."""
    assert masks(30, "M", score=0.18, detection=0.8) == 0


def test_what_detection_is_not_sure_of_is_no_name() -> None:
    assert masks(30, "3", score=0.2, detection=0.48) == 0
    assert masks(46, "", score=0.0, detection=0.45) == 0
