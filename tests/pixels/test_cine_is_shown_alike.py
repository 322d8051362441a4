"""All frames of a cine are shown in the same greys as long as their values differ little: only then comparison proves them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from builders import instance
from numpy.typing import NDArray
from pixels.moving import still, ultrasound, write
from pydicom.dataset import FileDataset

from gateway.pixels.clean import clean
from gateway.pixels.frames import Frame
from gateway.pixels.reader import Line
from gateway.pixels.readers.rapidocr import RapidOcrReader
from gateway.pixels.regions import FakeJudge
from gateway.pixels.shades import Steady
from gateway.pixels.view import views
from gateway.records import Identifiers

PLAIN: dict[str, Any] = {"WindowCenter": None, "WindowWidth": None}
RAMP = np.arange(40 * 200).reshape(40, 200) % 200  # values 0 to 199, each in a column


def shown(*pictures: NDArray[Any]) -> list[list[NDArray[np.uint8]]]:
    """The views of frames that follow each other."""
    ds, steady = instance(image=pictures[0], **PLAIN), Steady()
    frames = [Frame(number, picture, "MONOCHROME2") for number, picture in enumerate(pictures)]
    return [list(views(frame, ds, steady)) for frame in frames]


def faint(dtype: type) -> NDArray[Any]:
    """A dark picture in which little is bright: two views, of which the second shows the dark part."""
    picture: NDArray[Any] = (RAMP // 4).astype(dtype)
    picture[0, :100] = 240
    return picture


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_little_more_or_less_light_leaves_the_greys_as_they_are(dtype: type) -> None:
    darker, brighter = faint(dtype), faint(dtype)
    darker[0, :100] = 232
    darker[1] = np.minimum(darker[1], 45)
    brighter[1, :100] += 2
    first, *others = shown(faint(dtype), darker, brighter)
    assert len(first) == 2
    for other in others:
        for one, two in zip(first, other, strict=True):
            assert np.array_equal(one[5:], two[5:])


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_values_beyond_all_that_was_shown_are_told_apart(dtype: type) -> None:
    first: NDArray[Any] = np.minimum(RAMP, 180).astype(dtype)
    bright = first.copy()
    bright[0], bright[1] = 199, 185
    _, (now, *_) = shown(first, bright)
    assert now[0, 0] == 255
    assert int(now[0, 0]) - int(now[1, 0]) > 10


def test_a_frame_of_another_range_is_shown_in_its_own() -> None:
    _, (now, *_) = shown(RAMP.astype(np.uint8), (RAMP // 2).astype(np.uint8))
    assert now.max() == 255


def test_a_grey_frame_of_8_bits_without_a_window_hides_no_more_than_a_grey_image_shows() -> None:
    ((whole, hidden),) = shown(faint(np.uint8))
    assert whole.ndim == hidden.ndim == 2
    assert np.ptp(whole[1:].astype(int)) < 60
    assert np.ptp(hidden[1:].astype(int)) == 255


class Counting:
    """Reads, and counts the pixels that it was given."""

    def __init__(self) -> None:
        self.reader = RapidOcrReader.load()
        self.pixels = 0

    def read(self, image: NDArray[np.uint8]) -> tuple[Line, ...]:
        self.pixels += image.shape[0] * image.shape[1]
        return tuple(replace(line, text=line.text.upper()) for line in self.reader.read(image))


def cine(frames: list[NDArray[np.uint8]]) -> FileDataset:
    image = np.stack([write(frame, "OKONKWO ADAEZE", 10, 6) for frame in frames])
    return instance(image=image, Modality="US", **PLAIN)


@pytest.mark.parametrize(("frames", "most"), [(still(30), 3), (ultrasound(30), 5)])
def test_all_views_of_a_cine_are_read_for_a_few_frames_only(frames: list[NDArray[np.uint8]], most: float) -> None:
    counting = Counting()
    result = clean(cine(frames), Identifiers(names=frozenset({"OKONKWO ADAEZE"})), counting, FakeJudge())
    assert {number for mask in result.masks for number in mask.frames} == set(range(30))
    assert counting.pixels / frames[0].size <= most
