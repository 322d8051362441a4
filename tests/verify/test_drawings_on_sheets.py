"""Many drawings and drawings of many sizes: a name is found whatever stands around it, and pictures grow slower than images."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from builders import instance, key_object
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset
from verify.handmade import Staged
from verify.test_writing_in_reports import HELD, NAME, Points, by_hand, found, line

from gateway.verify import Reader, drawings, graphics

FAR: Points = [(20000, 20000), (20001, 20001)]
DIAGONALS: list[Points] = [[(0, 0), (4000, 3300)], [(4000, 0), (0, 3300)]]
Lines = list[NDArray[np.float64]]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load()


def strokes(text: str, height: float) -> Lines:
    return [np.array(stroke, dtype=np.float64) for stroke in by_hand(text, height)]


@pytest.mark.parametrize("height", [10, 60])
@pytest.mark.parametrize("around", [[FAR], DIAGONALS, [FAR, *DIAGONALS]], ids=["far", "diagonals", "both"])
def test_nothing_far_or_large_hides_a_name(tmp_path: Path, reader: Reader, height: float, around: list[Points]) -> None:
    assert found(tmp_path, [line(each) for each in (*around, *by_hand("OKONKWO", height))], reader) == HELD


@pytest.mark.parametrize("whole", [False, True])
def test_a_line_that_leads_far_away_hides_no_name(tmp_path: Path, reader: Reader, *, whole: bool) -> None:
    first, *rest = by_hand("OKONKWO", 10, one_stroke=whole)
    assert found(tmp_path, [line([*first, *FAR]), *map(line, rest)], reader) == HELD


def test_calipers_of_the_size_of_letters_hide_no_name(tmp_path: Path, reader: Reader) -> None:
    chance = np.random.default_rng(0)
    middles, halves = chance.uniform(0, 600, (30, 2)), chance.uniform(-18, 18, (30, 2))
    around = [line([middle - half, middle + half]) for middle, half in zip(middles, halves, strict=True)]
    assert found(tmp_path, [*around, *map(line, by_hand("OKONKWO", 10))], reader) == HELD


def test_a_grid_across_the_letters_hides_no_name(tmp_path: Path, reader: Reader) -> None:
    grid = [line([(x, 30), (x, 60)]) for x in range(-60, 240, 30)]
    assert found(tmp_path, [*grid, *map(line, by_hand("OKONKWO", 10))], reader) == HELD


def test_a_name_among_many_images_is_found_on_its_sheet(tmp_path: Path, reader: Reader) -> None:
    chance = np.random.default_rng(1)
    items = [line(chance.uniform(50, 450, (6, 2)), "POLYLINE", image) for image in range(2, 40)]
    assert found(tmp_path, items, reader) == set()
    name = [line(stroke, "POLYLINE", 1) for stroke in by_hand("OKONKWO")]
    assert found(tmp_path / "name", [*items, *name], reader) == HELD


def test_pictures_grow_slower_than_images() -> None:
    chance = np.random.default_rng(2)
    images = [[chance.uniform(50, 450, (2, 2)) for _ in range(5)] for _ in range(2000)]
    pictures = list(drawings.pictures(images))
    assert len(pictures) < 110, "each costs about a second"
    assert max(picture.size for picture in pictures) <= 1000**2


def test_what_is_drawn_on_many_images_alike_is_read_once() -> None:
    shape = strokes("HHH", 20)
    moved = [[points + 7 * image for points in shape] for image in range(50)]
    alone = len(list(drawings.pictures([shape])))
    assert len(list(drawings.pictures([shape] * 50))) == alone > 0
    assert len(list(drawings.pictures(moved))) == alone


def test_a_long_line_of_text_is_read_in_parts_that_share_a_name() -> None:
    around = strokes("MASS" * 20, 20)
    pictures = list(drawings.pictures([around]))
    assert len(pictures) > 2
    assert max(max(picture.shape) for picture in pictures) <= 1000


def test_a_part_without_lines_is_not_read() -> None:
    slanted = [
        np.array([(x, x), (x + 20, x), (x, x + 5), (x + 20, x + 5)], dtype=np.float64) for x in range(0, 2000, 40)
    ]
    parts = list(drawings.pictures([slanted]))
    assert 1 < len(parts) < 25
    assert all(part.any() for part in parts)


def test_a_bow_of_tiny_lines_belongs_to_its_letters() -> None:
    name = strokes("HHH", 60)
    turn = np.linspace(0, np.pi, 60)
    bow = np.c_[60 + 20 * np.cos(turn), 80 - 20 * np.sin(turn)]
    tiny = [bow[step : step + 2] for step in range(59)]
    with_bow = max(int(picture.sum()) for picture in drawings.pictures([[*name, *tiny]]))
    assert with_bow > max(int(picture.sum()) for picture in drawings.pictures([name]))


@pytest.mark.parametrize("turned", [False, True], ids=["upright", "lying"])
def test_lines_without_height_or_width_are_drawn(*, turned: bool) -> None:
    flat = [np.array([(10.0 * step, 5.0), (10.0 * step + 8, 5.0)])[:, :: -1 if turned else 1] for step in range(6)]
    assert list(drawings.pictures([flat]))


def there_and_back(text: str) -> list[Points]:
    return [[*stroke, *stroke[-2::-1]] for stroke in by_hand(text)]


def with_a_way_back(text: str) -> list[Points]:
    ((*points,),) = by_hand(text, one_stroke=True)
    return [[*points, points[0]]]


def in_outline(text: str) -> list[Points]:
    """The contours of printed letters, as closed lines."""
    picture = cv2.putText(np.zeros((150, 600), np.uint8), text, (20, 110), cv2.FONT_HERSHEY_SIMPLEX, 3, 255, 14)
    contours, _ = cv2.findContours(picture, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    return [[*each[:, 0].tolist(), each[0, 0].tolist()] for each in contours]


@pytest.mark.parametrize("letters", [there_and_back, with_a_way_back, in_outline])
def test_letters_of_closed_lines_are_read(
    tmp_path: Path, reader: Reader, letters: Callable[[str], list[Points]]
) -> None:
    assert found(tmp_path, [line(stroke) for stroke in letters("OKONKWO")], reader) == HELD


def deep(levels: int) -> FileDataset:
    """A report whose lines stand below so many containers."""
    report, below = key_object(instance()), [line(stroke) for stroke in by_hand("OKONKWO")]
    for _ in range(levels):
        section = Dataset()
        section.RelationshipType, section.ValueType, section.ContinuityOfContent = "CONTAINS", "CONTAINER", "SEPARATE"
        section.ContentSequence = below
        below = [section]
    report.ContentSequence = below
    return report


def test_lines_below_ninety_containers_are_read(tmp_path: Path) -> None:
    staged = Staged(tmp_path)
    staged.add(deep(90))
    assert ("identifier-in-graphics", "0040A730/00700022") in {(each.check, each.place) for each in staged.verify(NAME)}


def test_no_depth_is_too_deep_for_the_lines_of_a_report() -> None:
    lines = graphics.outlined(deep(1200))
    assert [len(each) for each in lines.values()] == [len(by_hand("OKONKWO"))]
