"""Coordinates in reports: who writes the patient's name with them is found, under any profile, and who measures is left alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from builders import instance, key_object, uid
from drawn import written
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from verify.handmade import Says, Silent, Staged

from gateway.verify import Reader

Points = Sequence[Sequence[float]] | Sequence[NDArray[np.float64]] | NDArray[np.float64]
NAME = Says(("OKONKWO",))


def line(points: Points, kind: str = "POLYLINE", image: int = 1, *below: Dataset) -> Dataset:
    """A content item with coordinates in an image of the study."""
    item, shown, reference = Dataset(), Dataset(), Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = (
        "1.2.840.10008.5.1.4.1.1.2",
        uid(1, 1, 1, image),
    )
    shown.RelationshipType, shown.ValueType, shown.ReferencedSOPSequence = "SELECTED FROM", "IMAGE", [reference]
    item.RelationshipType, item.ValueType, item.GraphicType = "INFERRED FROM", "SCOORD", kind
    item.GraphicData = [float(number) for point in points for number in point]
    item.ContentSequence = [shown, *below]
    return item


def by_hand(text: str, height: float = 24, *, one_stroke: bool = False) -> list[Points]:
    strokes = written(text, 40, 40, height, one_stroke=one_stroke)
    return [np.reshape(stroke.GraphicData, (-1, 2)).tolist() for stroke in strokes]


def found(
    folder: Path, items: Sequence[Dataset], reader: Silent | Says | Reader, *, deep: bool = False
) -> set[tuple[str, str]]:
    report, section = key_object(instance()), Dataset()
    section.RelationshipType, section.ValueType, section.ContinuityOfContent = "CONTAINS", "CONTAINER", "SEPARATE"
    section.ContentSequence = list(items)
    report.ContentSequence = [*report.ContentSequence, *([section] if deep else items)]
    staged = Staged(folder)
    staged.add(report)
    return {(each.check, each.place) for each in staged.verify(reader)}


HELD = {("identifier-in-graphics", "0040A730/00700022")}


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load()


@pytest.mark.parametrize("height", [10, 24, 60])
@pytest.mark.parametrize("hand", ["stroke by stroke", "in one stroke"])
def test_a_name_by_hand_holds_the_study(tmp_path: Path, reader: Reader, height: float, hand: str) -> None:
    strokes = by_hand("OKONKWO", height, one_stroke=hand == "in one stroke")
    assert found(tmp_path, [line(stroke) for stroke in strokes], reader) == HELD


def test_a_name_deep_in_the_tree_beside_measurements_is_found(tmp_path: Path, reader: Reader) -> None:
    around = [line([(300, 300), (340, 310)]), line([(420, 60), (440, 400), (420, 60)])]
    assert found(tmp_path, [*around, *map(line, by_hand("OKONKWO"))], reader, deep=True) == HELD


def test_what_is_written_by_hand_and_names_nobody_stays(tmp_path: Path, reader: Reader) -> None:
    assert found(tmp_path, [line(stroke) for stroke in by_hand("MASS")], reader) == set()


def test_the_lines_of_each_image_are_drawn_by_themselves(tmp_path: Path) -> None:
    apart = [line(stroke, "POLYLINE", number) for number, stroke in enumerate(by_hand("KNIHLT"), 1)]
    assert found(tmp_path, apart, NAME) == set(), "no image has strokes for two letters"
    assert found(tmp_path / "same", [line(stroke) for stroke in by_hand("OKONKWO")], NAME) == HELD


def test_lines_that_name_their_image_by_its_place_in_the_tree_are_drawn_together(tmp_path: Path) -> None:
    items = [line(stroke) for stroke in by_hand("OKONKWO")]
    for item in items:
        item.ContentSequence[0] = Dataset()
        item.ContentSequence[0].RelationshipType = "SELECTED FROM"
        item.ContentSequence[0].ReferencedContentItemIdentifier = [1, 1]
    assert found(tmp_path, items, NAME) == HELD


def calipers(chance: np.random.Generator) -> list[Dataset]:
    """Four lesions, each with its long and its short axis."""
    items = []
    for centre in chance.uniform(80, 420, (4, 2)):
        half = chance.uniform(5, 45) * np.array([np.cos(turn := chance.uniform(0, np.pi)), np.sin(turn)])
        across = np.array([-half[1], half[0]]) * 0.7
        items += [line([centre - side, centre + side]) for side in (half, across)]
    return items


def angles(chance: np.random.Generator) -> list[Dataset]:
    return [line(three) for three in chance.uniform(50, 450, (3, 3, 2))]


def vessels(chance: np.random.Generator) -> list[Dataset]:
    way = np.linspace(0, 1, 40)
    return [
        line(np.c_[60 + 380 * way, 200 + 90 * side + 80 * np.sin(12 * way + chance.uniform(0, 6))]) for side in (0, 1)
    ]


def arrows(chance: np.random.Generator) -> list[Dataset]:
    one, other = np.array([9, 4]), np.array([4, 9])
    return [
        line([tip + tail, tip, tip + one, tip, tip + other])
        for tip, tail in zip(chance.uniform(90, 300, (4, 2)), chance.uniform(30, 90, (4, 2)), strict=True)
    ]


def ruler(chance: np.random.Generator) -> list[Dataset]:
    left = chance.uniform(50, 100)
    ticks = [[(left, 50 + 20 * i), (left + (7 if i % 5 else 14), 50 + 20 * i)] for i in range(21)]
    return [line([(left, 50), (left, 450)]), *map(line, ticks)]


def spine(chance: np.random.Generator) -> list[Dataset]:
    """Outlines of vertebrae, and the line through each."""
    items, half = [], np.array([45.0, 0.0])
    for number in range(6):
        centre = np.array([250 + 20 * np.sin(number), 60 + 60 * number])
        corners = np.array([(-30, -20), (30, -20), (30, 20), (-30, 20)]) + chance.normal(0, 2, (4, 2)) + centre
        items += [line([*corners, corners[0]]), line([centre - half, centre + half])]
    return items


def crosses(chance: np.random.Generator) -> list[Dataset]:
    places, arms = chance.uniform(50, 110, (6, 2)), np.array([(6, 0), (0, 6)])
    return [line([place - arm, place + arm]) for place in places for arm in arms]


def trace(chance: np.random.Generator) -> list[Dataset]:
    """The outline of a curve with peaks, as of a Doppler spectrum."""
    height = 250 + 3 * chance.normal(size=100)
    height[10::25] -= 80
    return [line(np.c_[30 + 4 * np.arange(100), height])]


MEASURED = (calipers, angles, vessels, arrows, ruler, spine, crosses, trace)


@pytest.mark.parametrize("shapes", MEASURED)
def test_who_measures_is_left_alone(
    tmp_path: Path, reader: Reader, shapes: Callable[[np.random.Generator], list[Dataset]]
) -> None:
    items = shapes(np.random.default_rng(1))
    assert found(tmp_path / "read", items, NAME) == HELD, "they are read"
    assert found(tmp_path, items, reader) == set()


def outline(*, closed: bool) -> Points:
    turn = np.linspace(0, 2 * np.pi, 61)[: 61 if closed else 60]
    points: list[list[float]] = np.c_[200 + 60 * np.cos(turn) + 4 * np.sin(5 * turn), 200 + 50 * np.sin(turn)].tolist()
    return points


NO_LETTERS = {
    "outlines": [line(outline(closed=True))] * 3,
    "outlines without their last point": [line(outline(closed=False))] * 3,
    "a few lines": [line([(10, 10), (20, 20)])] * 3,
    "points": [line([(10, 10)])] * 9,
    "boxes": [line([(10, 10), (20, 10), (20, 20), (10, 10)])] * 4,
    "round": [line([(10, 10), (40, 10), (25, 0), (25, 20)], "ELLIPSE"), line([(10, 10), (40, 10)], "CIRCLE")] * 4,
    "dots": [line([(10 * i, i * i) for i in range(9)], "MULTIPOINT")],
    "nothing": [line([])] * 4,
    "no numbers": [line([(float("nan"), 1.0)] * 9)],
}


@pytest.mark.parametrize("kind", NO_LETTERS)
def test_what_holds_no_letters_is_not_read(tmp_path: Path, kind: str) -> None:
    assert found(tmp_path, NO_LETTERS[kind], NAME) == set()


def test_points_that_are_no_numbers_are_left_out_of_a_drawing(tmp_path: Path, reader: Reader) -> None:
    strokes = [[*stroke, (float("inf"), 1.0)] for stroke in by_hand("OKONKWO")]
    assert found(tmp_path, [line(stroke) for stroke in strokes], reader) == HELD
