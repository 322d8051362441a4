"""Presentation states: what is written by hand in polylines is read, and what is drawn stays."""

from __future__ import annotations

import numpy as np
import pytest
from builders import instance
from drawn import annotation, drawn, presentation, written
from numpy.typing import NDArray
from pixels.pictures import NAME, line
from pydicom.dataset import Dataset, FileDataset

from gateway.judge import TextJudge
from gateway.pixels.clean import clean
from gateway.pixels.reader import Line
from gateway.pixels.readers.rapidocr import RapidOcrReader
from gateway.pixels.regions import FakeJudge
from gateway.records import Change, Identifiers

KNOWN = Identifiers(names=frozenset({"OKONKWO^ADAEZE"}))


@pytest.fixture(scope="module")
def reader() -> RapidOcrReader:
    return RapidOcrReader.load()


class Everywhere:
    """A reader to whom every picture is a name."""

    def read(self, picture: NDArray[np.uint8]) -> tuple[Line, ...]:
        rows, columns = picture.shape
        return (line(0, 0, columns // 2, rows),)


class Blind:
    """A reader who sees nothing."""

    def read(self, picture: NDArray[np.uint8]) -> tuple[Line, ...]:
        assert picture.dtype == np.uint8
        return ()


def shapes() -> list[Dataset]:
    """An arrow, a circle around a finding, an ellipse and a free outline."""
    outline = [(420 + 50 * np.cos(a) + 4 * np.sin(5 * a), 420 + 40 * np.sin(a)) for a in np.linspace(0, 6.3, 50)]
    return [
        drawn([(300, 300), (390, 360), (375, 355)]),
        drawn([(100, 400), (140, 400)], "CIRCLE"),
        drawn([(200, 400), (260, 400), (230, 380), (230, 420)], "ELLIPSE"),
        drawn(outline, "INTERPOLATED"),
    ]


def left(state: FileDataset) -> list[list[float]]:
    return [
        list(item.GraphicData)
        for each in state.get("GraphicAnnotationSequence", ())
        for item in each.get("GraphicObjectSequence", ())
    ]


@pytest.mark.parametrize("height", [10, 24, 60])
@pytest.mark.parametrize("hand", ["stroke by stroke", "in one stroke"])
def test_a_name_by_hand_goes_and_the_shapes_stay(
    height: float, hand: str, reader: RapidOcrReader, judge: TextJudge
) -> None:
    words = written("OKONKWO", 40, 40, height, one_stroke=hand == "in one stroke")
    state = presentation(annotation("LESION", objects=[*words, *shapes()]))
    result = clean(state, KNOWN, reader, judge)
    assert left(state) == [list(item.GraphicData) for item in shapes()]
    assert {change.path for change in result.changes} == {"00700001/00700009"}
    assert "own.name" in {change.rule for change in result.changes}


def test_a_name_whose_letters_stand_in_different_items_is_read(reader: RapidOcrReader, judge: TextJudge) -> None:
    items = [annotation("LESION", objects=[stroke]) for stroke in written("OKONKWO", 40, 40)]
    state = presentation(*items, annotation("OTHER", objects=shapes()))
    clean(state, KNOWN, reader, judge)
    assert [item.GraphicLayer for item in state.GraphicAnnotationSequence] == ["OTHER"]


@pytest.mark.parametrize("finding", ["MASS", "LIVER", "TUMOR", "LESION", "HEART", "SKULL", "CT", "STENT"])
def test_a_stranger_goes_and_a_finding_stays(finding: str, reader: RapidOcrReader, judge: TextJudge) -> None:
    stays = written(finding, 40, 40)
    state = presentation(annotation("ONE", objects=written("SMITH", 40, 40)), annotation("TWO", objects=stays))
    clean(state, KNOWN, reader, judge)
    assert [item.GraphicLayer for item in state.GraphicAnnotationSequence] == ["TWO"]
    assert len(left(state)) == len(stays)


def test_compound_graphics_are_drawn_too(reader: RapidOcrReader, judge: TextJudge) -> None:
    item = annotation("LESION", ["liver"])
    compound = Dataset()
    stroke = written("OKONKWO", 40, 40, one_stroke=True)[0]
    compound.CompoundGraphicUnits, compound.CompoundGraphicType, compound.GraphicData = (
        "PIXEL",
        "MULTILINE",
        stroke.GraphicData,
    )
    item.CompoundGraphicSequence = [compound]
    state = presentation(item)
    result = clean(state, KNOWN, reader, judge)
    assert "CompoundGraphicSequence" not in state.GraphicAnnotationSequence[0]
    assert state.GraphicAnnotationSequence[0].TextObjectSequence[0].UnformattedTextValue == "liver"
    assert "00700001/00700209" in {change.path for change in result.changes}


NO_LETTERS = (shapes()[:1], written("LI", 0, 0)[:1], [drawn([(1, 1)] * 9)], [drawn([(1, 1)])] * 9)


@pytest.mark.parametrize("objects", NO_LETTERS)
def test_what_holds_no_letters_is_not_read(objects: list[Dataset]) -> None:
    state = presentation(annotation("LESION", objects=objects))
    assert clean(state, NAME, Everywhere(), FakeJudge()).findings == ()
    assert len(left(state)) == len(objects)


def test_what_reads_as_text_whatever_is_left_goes_whole() -> None:
    wall = [drawn([(i * 40, 0), (i * 40, 40)]) for i in range(40)]  # half of what is left always stands on the left
    state = presentation(annotation("LESION", ["liver"], wall))
    clean(state, NAME, Everywhere(), FakeJudge())
    assert left(state) == []
    assert len(state.GraphicAnnotationSequence) == 1


@pytest.mark.parametrize("data", [None, [1.0, 2.0, 3.0], [float("nan"), 1.0], []])
def test_objects_that_cannot_be_drawn_go(data: list[float] | None) -> None:
    broken = drawn([(1, 1), (2, 2)])
    broken.GraphicData = data
    state = presentation(annotation("LESION", objects=[broken, *shapes()]))
    result = clean(state, KNOWN, Blind(), FakeJudge())
    assert len(left(state)) == len(shapes())
    assert Change("00700001/00700009", "X", "graphics that cannot be drawn") in result.changes


def test_texts_without_text_go_and_what_is_empty_then(reader: RapidOcrReader, judge: TextJudge) -> None:
    state = presentation(annotation("ONE", ["liver", ""]), annotation("TWO", [""]), annotation("THREE", [""], shapes()))
    for each in state.GraphicAnnotationSequence:
        for text in each.TextObjectSequence:
            if not text.UnformattedTextValue:
                del text.UnformattedTextValue
    result = clean(state, KNOWN, reader, judge)
    assert [item.GraphicLayer for item in state.GraphicAnnotationSequence] == ["ONE", "THREE"]
    assert len(state.GraphicAnnotationSequence[0].TextObjectSequence) == 1
    assert Change("00700001/00700008", "X", "a text of which nothing remained") in result.changes
    empty = presentation(annotation("ONE", [""]))
    clean(empty, KNOWN, reader, judge)
    assert "GraphicAnnotationSequence" not in empty


def test_an_image_has_no_annotations() -> None:
    assert clean(instance(PixelData=None), KNOWN, Blind(), FakeJudge()).changes == ()
