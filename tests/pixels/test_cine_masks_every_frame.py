"""A mask belongs to every frame in which the same pixels stand: recognition that flickers must not leak."""

from __future__ import annotations

import numpy as np
import pytest
from builders import instance
from numpy.typing import NDArray
from pixels.pictures import NAME, frames, line, speckle, write_text

from gateway.pixels.cine import Place, place
from gateway.pixels.clean import clean
from gateway.pixels.frames import Frame
from gateway.pixels.reader import Line
from gateway.pixels.regions import FakeJudge
from gateway.records import Box


class Flickering:
    """A reader that sees ``lines`` only in some whole frames: ``when`` names them in the order in which it is asked for one.

    Of frames of moving speckle the first two are read whole; in parts that are read again it sees nothing.
    """

    def __init__(self, when: set[int], *lines: Line) -> None:
        self._when, self._lines, self._asked = when, lines, -1

    def read(self, image: NDArray[np.uint8]) -> tuple[Line, ...]:
        assert image.dtype == np.uint8
        if image.shape[:2] != (96, 128):
            return ()
        self._asked += 1
        return self._lines if self._asked in self._when else ()

    @property
    def asked(self) -> int:
        return self._asked + 1


def cine(count: int, written: set[int], name: str = "OKONKWO", *, base: int = 0) -> tuple[NDArray[np.uint8], Line]:
    """Frames of moving speckle below a black banner; the name stands in the banner of some frames."""
    pictures, box = [], None
    for number in range(count):
        image = speckle(96, 128, seed=base + number)
        image[:24] = 0
        if number in written:
            image, box = write_text(image, name, 10, 4)
        pictures.append(image)
    assert box is not None
    return np.stack(pictures), line(box.x, box.y, box.w, box.h)


def test_a_mask_found_once_covers_all_frames_that_show_the_text() -> None:
    image, found = cine(12, set(range(12)))
    ds = instance(image=image)
    result = clean(ds, NAME, Flickering({1}, found), FakeJudge())
    assert [mask.frames for mask in result.masks] == [tuple(range(12))]
    box = result.masks[0].box
    for frame in frames(ds):
        assert len(np.unique(frame.pixels[box.y : box.y + box.h, box.x : box.x + box.w])) == 1


def test_frames_that_show_something_else_there_are_left_alone() -> None:
    image, found = cine(8, {0, 1, 2})
    image[3:, :24] = np.stack([speckle(24, 128, seed=90 + n) for n in range(5)])
    ds = instance(image=image)
    result = clean(ds, NAME, Flickering({0}, found), FakeJudge())
    assert [mask.frames for mask in result.masks] == [(0, 1, 2)]
    assert all(np.array_equal(frames(ds)[number].pixels, image[number]) for number in range(3, 8))


def test_noise_over_the_text_does_not_hide_it() -> None:
    image, found = cine(6, set(range(6)))
    noisy = np.clip(image + np.random.default_rng(0).normal(0, 25, image.shape), 0, 255).astype(np.uint8)
    result = clean(instance(image=noisy), NAME, Flickering({1}, found), FakeJudge())
    assert [mask.frames for mask in result.masks] == [tuple(range(6))]


@pytest.mark.parametrize("colour", [255, 235])
def test_small_text_in_front_of_a_moving_picture_is_masked_where_its_strokes_stay(colour: int) -> None:
    pictures, box = [], None
    for number in range(8):
        image = np.clip(speckle(96, 128, seed=number) * 1.2, 0, 200).astype(np.uint8)
        if number not in {5, 6}:
            image, box = write_text(image, "PLH", 40, 50, 9, colour)
        pictures.append(image)
    assert box is not None
    around = line(box.x - 12, box.y - 8, box.w + 24, box.h + 16, "OKONKWO")
    result = clean(instance(image=np.stack(pictures)), NAME, Flickering({0}, around), FakeJudge())
    assert [mask.frames for mask in result.masks] == [(0, 1, 2, 3, 4, 7)]


def test_a_box_that_trembles_is_one_place_and_two_places_are_two() -> None:
    image, found = cine(3, {0, 1, 2})
    box = found.box
    places: list[Place] = []
    for number, pixels in enumerate(image):
        frame = Frame(number, pixels, "MONOCHROME2")
        for seen in (Box(box.x + number, box.y, box.w, box.h), Box(60, 60, 40, 12)):
            place(places, frame, seen, ["own value"])
    assert len(places) == 2
    assert all(known.mask().frames == (0, 1, 2) for known in places)


def test_a_text_that_wanders_does_not_grow_one_mask_over_the_frame() -> None:
    places: list[Place] = []
    for number in range(10):
        frame = Frame(number, speckle(96, 128, seed=number), "MONOCHROME2")
        place(places, frame, Box(10, 4 + 6 * number, 60, 14), ["own value"])
    assert len(places) > 2
    assert max(known.mask().box.h for known in places) < 40


def test_equal_frames_are_read_once() -> None:
    image, found = cine(1, {0})
    reader = Flickering({0}, found)
    result = clean(instance(image=np.repeat(image, 30, axis=0)), NAME, reader, FakeJudge())
    assert reader.asked == 1
    assert (result.frames_read, result.frames_compared) == (30, 29)
    assert result.masks[0].frames == tuple(range(30))
