"""What detection leaves out of a line, or of a picture: ends of lines, words of an institution, letters on speckle."""

from __future__ import annotations

import numpy as np
import pytest
from builders import instance
from numpy.typing import NDArray
from pixels.pictures import covered, line, speckle, write_text

from gateway.judge import TextJudge
from gateway.pixels.clean import clean
from gateway.pixels.ends import lengthened, with_accents
from gateway.pixels.readers.rapidocr import RapidOcrReader
from gateway.pixels.regions import findings
from gateway.pixels.scene import Scene
from gateway.records import Box, Identifiers, Verdict

NAME = "L. VANTERPOOL"


@pytest.fixture(scope="module")
def reader() -> RapidOcrReader:
    return RapidOcrReader.load()


def written(text: str = NAME, colour: int = 230) -> tuple[NDArray[np.uint8], Box]:
    return write_text(np.zeros((80, 400), np.uint8), text, 60, 30, 16, colour)


def part(box: Box, left: float, right: float) -> Box:
    """From one share of a box to another, a pixel more above and below."""
    return Box(box.x + round(left * box.w), box.y - 1, round((right - left) * box.w), box.h + 2)


@pytest.mark.parametrize(("left", "right"), [(0.25, 1.0), (0.0, 0.7), (0.2, 0.8)])
def test_letters_beyond_the_ends_of_a_line_are_masked(left: float, right: float) -> None:
    image, box = written()
    seen = part(box, left, right)
    assert covered(box, [lengthened(image, line(*_values(seen)), seen, ())]) == 1.0
    upright = np.ascontiguousarray(image.T)
    turned = Box(seen.y, seen.x, seen.h, seen.w)
    found = lengthened(upright, line(*_values(seen)), turned, ())
    assert covered(Box(box.y, box.x, box.h, box.w), [found]) == 1.0


def test_a_line_does_not_grow_into_another_one_nor_over_a_wide_blank() -> None:
    image, box = written()
    image, far = write_text(image, "kV 120", box.x + box.w + 20, 30, 16, 230)
    seen = part(box, 0.0, 0.7)
    alone = lengthened(image, line(*_values(seen)), seen, ())
    assert box.x + box.w <= alone.x + alone.w < far.x
    rest = part(box, 0.72, 1.0)
    beside = lengthened(image, line(*_values(seen)), seen, (rest,))
    assert beside.x + beside.w <= rest.x


def test_a_line_does_not_grow_along_what_crosses_its_row() -> None:
    image, box = written()
    image = image.copy()
    image[:, box.x + box.w + 5 : box.x + box.w + 30] = 230  # a bone
    assert lengthened(image, line(*_values(part(box, 0, 1))), part(box, 0, 1), ()) == part(box, 0, 1)


def _values(box: Box) -> tuple[int, int, int, int]:
    return box.x, box.y, box.w, box.h


@pytest.mark.parametrize(("last", "verdict"), [("Center", Verdict.UNSURE), ("120 kV", Verdict.TECHNICAL)])
def test_technical_words_of_an_institution_go_with_its_pieces(last: str, verdict: Verdict, judge: TextJudge) -> None:
    place = Identifiers(places=frozenset({"Ravensmoor Medical Center"}))
    near = 204 if last == "Center" else 260
    lines = (line(10, 10, 100, 20, "Ravensmoor"), line(114, 10, 86, 20, "Medical"), line(near, 10, 70, 20, last))
    found = findings(lines, 0, place, judge, scene=Scene(480, 640))
    assert found[-1].verdict is verdict


@pytest.mark.parametrize("text", ["SZQ", "17-JUN-2013"])
@pytest.mark.parametrize("size", [11, 16])
def test_letters_on_speckle_that_are_brighter_than_it(
    text: str, size: int, reader: RapidOcrReader, judge: TextJudge
) -> None:
    ground = np.asarray(np.tile(speckle(), (2, 2)) * 0.6, np.uint8)
    image, box = write_text(ground, text, 200, 170, size, 235)
    masks = [mask.box for mask in clean(instance(image=image), Identifiers(), reader, judge).masks]
    assert covered(box, masks) >= 0.9


def test_accents_above_a_blank_row_are_masked_and_the_row_above_is_not() -> None:
    image, box = write_text(np.zeros((80, 400), np.uint8), "RAMÍREZ", 60, 30, 24, 230)
    plain = write_text(np.zeros((80, 400), np.uint8), "RAMIREZ", 60, 30, 24, 230)[1]
    seen = Box(box.x - 2, plain.y - 1, box.w + 4, plain.h + 2)
    assert covered(box, [with_accents(image, line(*_values(seen)), seen)]) == 1.0
    above, _ = write_text(np.zeros((80, 400), np.uint8), "RAMIREZ", 60, 30 - plain.h - 4, 24, 230)
    crowded = np.maximum(above, write_text(np.zeros((80, 400), np.uint8), "RAMIREZ", 60, 30, 24, 230)[0])
    assert with_accents(crowded, line(*_values(seen)), seen) == seen


@pytest.mark.parametrize(
    ("text", "width", "detection", "verdict"),
    [
        ("C", 170, 0.6, Verdict.UNSURE),
        ("C", 60, 0.6, Verdict.TECHNICAL),
        ("C", 170, 0.5, Verdict.TECHNICAL),
        ("I", 170, 0.6, Verdict.TECHNICAL),
        ("----", 170, 0.6, Verdict.TECHNICAL),
    ],
)
def test_a_line_as_long_as_a_name_of_which_one_letter_was_read(
    text: str, width: int, detection: float, verdict: Verdict, judge: TextJudge
) -> None:
    seen = line(10, 10, width, 22, text, score=0.74, detection=detection)
    (found,) = findings((seen,), 0, Identifiers(), judge, scene=Scene(480, 640))
    assert found.verdict is verdict
