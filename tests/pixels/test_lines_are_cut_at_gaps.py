"""A line that a date or a time gives away is cut at the blanks that its ink shows; technical words beside it keep every pixel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from pixels.pictures import covered, line, speckle

from gateway.judge import TextJudge
from gateway.pixels.cutting import cut
from gateway.pixels.gaps import with_gaps
from gateway.pixels.reader import Gap, Line
from gateway.pixels.readers.rapidocr import RapidOcrReader
from gateway.pixels.texts import Texts
from gateway.records import Box, Finding, Identifiers, Reason, Verdict

OWN = Identifiers(names=frozenset({"OKONKWO^BONE"}))


@pytest.fixture(scope="module")
def texts(judge: TextJudge) -> Texts:
    return Texts(OWN, RapidOcrReader.load(), judge)


def ground(name: str) -> NDArray[np.uint8]:
    if name == "speckle":
        return speckle(120, 420) // 2
    return np.tile(np.linspace(0, 140 if name == "slope" else 0, 420), (120, 1)).astype(np.uint8)


def drawn(image: NDArray[np.uint8], words: list[str], size: int) -> tuple[NDArray[np.uint8], list[Box]]:
    """Words side by side in one line, and the ink of each."""
    picture, font, x = Image.fromarray(image), ImageFont.load_default(size), 20.0
    boxes = []
    for word in words:
        before = np.asarray(picture).copy()
        ImageDraw.Draw(picture).text((round(x), 40), word, fill=255, font=font)
        ink = np.argwhere(np.asarray(picture) != before)
        (top, left), (bottom, right) = ink.min(axis=0), ink.max(axis=0)
        boxes.append(Box(int(left), int(top), int(right - left + 1), int(bottom - top + 1)))
        x += font.getlength(word + " ")
    return np.asarray(picture), boxes


def masked(texts: Texts, image: NDArray[np.uint8]) -> list[Box]:
    return [finding.box for finding in texts.findings(image, 0) if finding.verdict is not Verdict.TECHNICAL]


@pytest.mark.parametrize("size", [12, 16, 26])
@pytest.mark.parametrize("name", ["black", "speckle", "slope"])
@pytest.mark.parametrize(
    ("words", "goes"),
    [
        (["prior", "of", "Mar", "5", "2018"], "Mar 5 2018"),
        (["post", "contrast", "14:26:31"], "14:26:31"),
        (["12.04.1961", "Thorax"], "12.04.1961"),
    ],
)
def test_words_beside_a_date_keep_every_pixel(texts: Texts, words: list[str], goes: str, name: str, size: int) -> None:
    image, boxes = drawn(ground(name), words, size)
    found = masked(texts, image)
    for word, box in zip(words, boxes, strict=True):
        assert covered(box, found) == (1.0 if word in goes.split() else 0.0)


@pytest.mark.parametrize(
    "words",
    [
        ["Bone", "Okonkwo", "14:26:31"],  # a technical word that is a name, beside a name
        ["Bone", "14:26:31"],  # the own name alone
        ["Marrow", "Lindqvist", "14:26:31"],  # of somebody whom the header does not name
        ["Exam:", "12.04.1961"],
    ],
)
@pytest.mark.parametrize("size", [12, 20])
def test_beside_a_name_all_of_a_line_goes(texts: Texts, words: list[str], size: int) -> None:
    image, boxes = drawn(ground("black"), words, size)
    found = masked(texts, image)
    assert all(covered(box, found) == 1.0 for box in boxes)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_turned_line_goes_whole(texts: Texts, turns: int) -> None:
    image, _ = drawn(ground("black"), ["post", "contrast", "14:26:31"], 20)
    turned = np.ascontiguousarray(np.rot90(image, turns))
    ink = np.argwhere(turned)
    (up, first), (down, last) = ink.min(axis=0), ink.max(axis=0)
    whole = Box(int(first), int(up), int(last - first + 1), int(down - up + 1))
    assert covered(whole, masked(texts, turned)) == 1.0


# --- gaps and cuts ----------------------------------------------------------------------------------------------------
def blocks(*columns: tuple[int, int]) -> NDArray[np.uint8]:
    """Letters as blocks of ink in the rows 10 to 20 of a black image."""
    image = np.zeros((30, 100), np.uint8)
    for start, end in columns:
        image[10:20, start:end] = 255
    return image


READ = Line(Box(8, 8, 60, 14), "AB CD", 0.99, 0.9, 12.0, places=(4.0, 12.0, 20.0, 28.0, 36.0))
INKED = ((10, 14), (17, 22), (34, 39), (42, 47))


def gaps(image: NDArray[np.uint8], read: Line = READ) -> tuple[Gap, ...]:
    return with_gaps(image, read, Box(9, 8, 40, 14)).gaps


def test_a_gap_is_told_from_the_fitted_box() -> None:
    assert gaps(blocks(*INKED)) == (Gap(2, 13, 25),)


@pytest.mark.parametrize(
    "image",
    [
        blocks(
            (10, 14), (27, 31), (34, 39), (42, 47)
        ),  # the letters of the first word are farther apart than the words
        blocks((10, 14), (17, 39), (42, 47)),  # no blank where it was read
        blocks((10, 14), (17, 22), (23, 39), (42, 47)),  # one column
        blocks((10, 14), (17, 22), (26, 30), (34, 39), (42, 47)),  # something stands there that was not read
    ],
)
def test_no_gap_in_doubt(image: NDArray[np.uint8]) -> None:
    assert gaps(image) == ()


def test_no_gap_where_places_are_not_known() -> None:
    assert gaps(blocks(*INKED), replace(READ, places=())) == ()


TIME = Finding(0, Box(10, 10, 80, 12), Verdict.PHI, (Reason("time", 0.8),))
POST = replace(line(10, 10, 80, 12, "post 14:26 kV"), gaps=(Gap(4, 24, 30), Gap(10, 60, 68)))


def test_a_line_is_cut_on_both_sides() -> None:
    pieces = cut(POST, TIME, (5, 10))
    assert [(piece.text, piece.box, finding.box, finding.verdict) for piece, finding in pieces] == [
        ("14:26", Box(37, 10, 36, 12), Box(37, 10, 36, 12), Verdict.PHI),
        ("post", Box(10, 10, 24, 12), Box(10, 10, 24, 12), Verdict.TECHNICAL),
        ("kV", Box(78, 10, 12, 12), Box(78, 10, 12, 12), Verdict.TECHNICAL),
    ]


@pytest.mark.parametrize(
    ("read", "part"),
    [
        (POST, None),
        (POST, (0, 13)),
        (replace(POST, score=0.89), (5, 10)),  # not sure enough
        (replace(POST, others=("past 14:26 kV",)), (5, 10)),  # another reader read something else
        (replace(POST, gaps=POST.gaps[:1]), (5, 10)),
        (replace(POST, gaps=POST.gaps[1:]), (5, 10)),
    ],
)
def test_a_line_stays_whole_in_doubt(read: Line, part: tuple[int, int] | None) -> None:
    assert cut(read, TIME, part) == ((read, TIME),)
