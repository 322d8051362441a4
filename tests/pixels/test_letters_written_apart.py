"""Letters in cells, far apart or stacked are judged as the text they make; marks, scales and labels stay."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from builders import instance
from numpy.typing import NDArray
from pixels.pictures import NAME, frames, line, speckle, write_text

from gateway.judge import TextJudge
from gateway.pixels.clean import clean
from gateway.pixels.letters import is_series, runs, spelled
from gateway.pixels.reader import Line
from gateway.pixels.readers.rapidocr import RapidOcrReader
from gateway.pixels.regions import FakeJudge, findings
from gateway.records import Identifiers, Verdict

T, U, P = Verdict.TECHNICAL, Verdict.UNSURE, Verdict.PHI
KNOWN = Identifiers(names=frozenset({"LINDQVIST^TORBJORN"}), ids=frozenset({"0093318"}))


@pytest.fixture(scope="module")
def reader() -> RapidOcrReader:
    return RapidOcrReader.load()


def row(texts: Sequence[str], step: int = 40, x: int = 20, y: int = 30) -> list[Line]:
    return [line(x + step * i, y, 14 * len(text), 18, text) for i, text in enumerate(texts)]


def column(texts: Sequence[str], step: int = 40, x: int = 20, y: int = 30) -> list[Line]:
    return [line(x, y + step * i, 14 * len(text), 18, text) for i, text in enumerate(texts)]


def verdicts(lines: Sequence[Line]) -> list[Verdict]:
    return [finding.verdict for finding in findings(lines, 0, NAME, FakeJudge())]


@pytest.mark.parametrize("place", [row, column])
def test_letters_are_judged_as_the_text_they_make_and_masked_together(place: object) -> None:
    lines = row("OKONKWO") if place is row else column("OKONKWO")
    assert verdicts(lines) == [P] * 7
    assert verdicts(lines[::-1]) == [P] * 7  # the order in which they are detected says nothing
    assert verdicts(row("LATERAL")) == [T] * 7


def test_the_mask_reaches_over_a_letter_that_detection_lost() -> None:
    lines = row("OKO", 40) + row("KWO", 40, x=20 + 4 * 40)
    found = findings(lines, 0, NAME, FakeJudge(frozenset({"OKOKWO"})))
    assert [finding.verdict for finding in found] == [U] * 6
    assert found[2].box.x + found[2].box.w >= 20 + 4 * 40


def test_letters_that_detection_joined_count_as_letters() -> None:
    lines = [line(20, 30, 54, 18, "OK"), *row("ONK", x=100), line(220, 30, 54, 18, "WO")]
    assert verdicts(lines) == [P] * 5


def test_rows_of_a_form_are_texts_of_their_own() -> None:
    lines = [*row("OKONKWO"), *row("LATERAL", y=90)]
    assert verdicts(lines) == [P] * 7 + [T] * 7


@pytest.mark.parametrize(
    "lines",
    [
        row("OKONKWO", step=120),  # farther than letters of a text stand
        [line(20 + 40 * i, 30 + 25 * i, 14, 18, letter) for i, letter in enumerate("OKONKWO")],
        [line(20 + 40 * i, 30, 14, 18 if i % 2 else 60, letter) for i, letter in enumerate("OKONKWO")],
        [*row("OKON"), *row("KWO", x=20 + 40 * 4 + 60)],  # a gap
    ],
    ids=["far", "aslant", "of other sizes", "with a gap"],
)
def test_what_does_not_stand_like_a_text_is_not_joined(lines: list[Line]) -> None:
    assert set(verdicts(lines)) == {T}


def test_a_column_of_a_table_is_not_read_downwards() -> None:
    table = [part for i, letter in enumerate("OKONKWO") for part in row(["Gain", letter], step=60, y=30 + 24 * i)]
    assert set(verdicts(table)) == {T}


@pytest.mark.parametrize(
    "texts",
    [
        ["0", "5", "10", "15"],
        ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"],
        ["9", "8", "7", "5", "5", "4", "3"],  # one misread
        ["4", "3", "2", "1", "0", "1", "2", "3", "4"],  # without its minus
        ["1", "2", "4", "8", "16"],
        ["O", "2", "4", "6"],
        ["A", "B", "C", "D", "E"],
        ["R", "L", "A", "P", "H", "F"],
        ["P", "A", "P", "A", "P", "A"],
        ["1", "I", "l", "1", "|", "I", "7"],  # ticks
    ],
)
@pytest.mark.parametrize("place", [row, column])
def test_scales_and_marks_are_no_text_whatever_the_judge_says_of_them(place: object, texts: list[str]) -> None:
    lines = row(texts) if place is row else column(texts)
    joined = "".join(texts)
    found = findings(lines, 0, NAME, FakeJudge(frozenset({joined, joined.replace("|", "")})))
    assert {finding.verdict for finding in found} == {T}


def test_a_scale_with_a_lost_figure_is_a_scale() -> None:
    assert is_series([(0.0, "2"), (40.0, "4"), (120.0, "8"), (160.0, "10")])
    assert not is_series([(0.0, "2"), (40.0, "4"), (80.0, "8"), (120.0, "9")])
    assert not is_series([(0.0, "2"), (40.0, "K"), (80.0, "?")])


def test_an_own_number_is_no_scale() -> None:
    own = Identifiers(ids=frozenset({"1234567"}))
    assert {finding.verdict for finding in findings(row("1234567"), 0, own, FakeJudge())} == {P}
    assert {finding.verdict for finding in findings(row("1234567"), 0, NAME, FakeJudge())} == {T}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("O K O N K WO", "OKONKWO"),
        ("4 4 7 1 9 0 2", "4471902"),
        ("0 5 10 15", ""),
        ("R L", ""),
        ("MI 1.1 TIS 0.2", ""),
        ("V1 V2 V3", ""),
        ("+ + + +", ""),
    ],
)
def test_a_line_in_which_letters_stand_apart(text: str, word: str) -> None:
    assert spelled(text) == word
    expected = P if word == "OKONKWO" else T
    assert verdicts([line(10, 10, 15 * len(text), 18, text)]) == [expected]


def test_marks_alone_make_no_run() -> None:
    assert runs(row(["+", "+", "x"])) == ()
    assert runs([]) == ()


def form(text: str, step: int = 40) -> NDArray[np.uint8]:
    image = np.zeros((160, 480), np.uint8)
    for i, letter in enumerate(text):
        image = image.copy()
        cv2.rectangle(image, (20 + step * i, 40), (16 + step * (i + 1), 82), 90)
        image, _ = write_text(image, letter, 30 + step * i, 44, 28)
    return image


def left(image: NDArray[np.uint8], reader: RapidOcrReader, judge: TextJudge) -> float:
    """The share of the bright ink that is left."""
    ds = instance(image=image, WindowCenter=None, WindowWidth=None)
    clean(ds, KNOWN, reader, judge)
    return float((frames(ds)[0].pixels > 200).sum() / (image > 200).sum())


@pytest.mark.parametrize("text", ["LINDQVIST", "0093318", "MBEKIZONDO"])  # the last stands in no header
def test_names_and_numbers_in_the_cells_of_a_form(text: str, reader: RapidOcrReader, judge: TextJudge) -> None:
    assert left(form(text), reader, judge) < 0.02


@pytest.mark.parametrize(("across", "down"), [(60, 0), (0, 48)])
def test_letters_far_apart_and_stacked(across: int, down: int, reader: RapidOcrReader, judge: TextJudge) -> None:
    image = np.zeros((400, 500), np.uint8)
    for i, letter in enumerate("TORBJORN"):
        image, _ = write_text(image, letter, 20 + across * i, 12 + down * i, 26)
    assert left(image, reader, judge) < 0.02


def layout_of(*marks: tuple[int, int, str], size: int = 18) -> NDArray[np.uint8]:
    image = (speckle(512, 512, seed=5) // 4).astype(np.uint8)
    for x, y, text in marks:
        image, _ = write_text(image, text, x, y, size)
    return image


def ticks(image: NDArray[np.uint8], x: int, step: int) -> NDArray[np.uint8]:
    image = image.copy()
    for i, y in enumerate(range(20, 492, step)):
        cv2.line(image, (x, y), (x + (12 if i % 5 == 0 else 6), y), 255, 1)
    return image


LEADS = ("I", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
LAYOUTS = {
    "sides": layout_of((8, 250, "R"), (490, 250, "L"), (250, 8, "A"), (250, 485, "P")),
    "sides, feet and head": layout_of((8, 250, "A"), (490, 250, "P"), (250, 8, "H"), (250, 485, "F")),
    "three planes": layout_of(
        *((2 + 170 * i, 250, one) for i, one in enumerate("RAR")),
        *((150 + 170 * i, 250, one) for i, one in enumerate("LPL")),
    ),
    "mosaic": layout_of(
        *((2 + 128 * (i % 4), 70 + 170 * (i // 4), "R") for i in range(12)),
        *((110 + 128 * (i % 4), 70 + 170 * (i // 4), "L") for i in range(12)),
        size=14,
    ),
    "depth in steps of 5": ticks(layout_of(*((455, 12 + 140 * i, str(5 * i)) for i in range(4))), 482, 28),
    "depth in steps of 1": ticks(layout_of(*((440, 12 + 48 * i, str(i)) for i in range(10))), 490, 24),
    "colour bar": layout_of(*((470, 20 + 60 * i, f"{1 - i / 5:.1f}") for i in range(6))),
    "colour bar with its sign": layout_of(*((470, 20 + 60 * i, str(4 - 2 * i)) for i in range(5))),
    "ruler": ticks(layout_of(), 490, 12),
    "leads in a column": layout_of(*((10, 10 + 45 * i, lead) for i, lead in enumerate(LEADS))),
    "panels": layout_of((10, 10, "A"), (140, 10, "B"), (270, 10, "C"), (400, 10, "D")),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_layouts_of_real_screens_stay(name: str, reader: RapidOcrReader, judge: TextJudge) -> None:
    ds = instance(image=LAYOUTS[name], WindowCenter=None, WindowWidth=None)
    assert clean(ds, KNOWN, reader, judge).masks == ()
