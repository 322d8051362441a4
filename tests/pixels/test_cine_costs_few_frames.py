"""What a cine costs is a few frames read: no view of a frame may look new where the frame is not."""

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
from gateway.pixels.view import views
from gateway.records import Identifiers

PLAIN: dict[str, Any] = {"WindowCenter": None, "WindowWidth": None}
RAMP = np.arange(40 * 200).reshape(40, 200) % 200  # values 0 to 199, each in a column


def shown(picture: NDArray[Any]) -> tuple[NDArray[np.uint8], ...]:
    """The views of a frame."""
    return views(Frame(0, picture, "MONOCHROME2"), instance(image=picture, **PLAIN))


def faint() -> NDArray[np.uint8]:
    """A dark picture in which little is bright: two views, of which the second shows the dark part."""
    picture: NDArray[np.uint8] = (RAMP // 4).astype(np.uint8)
    picture[0, :100] = 240
    return picture


def test_a_grey_frame_of_8_bits_without_a_window_hides_no_more_than_a_grey_image_shows() -> None:
    whole, hidden = shown(faint())
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
