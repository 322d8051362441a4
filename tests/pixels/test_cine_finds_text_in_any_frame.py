"""Text that stands still is proven by comparison; text that appears, moves, fades in or changes is found in its frames."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from pixels.moving import KINDS, still, ultrasound, write

from gateway.pixels.reader import Line
from gateway.pixels.readers.rapidocr import RapidOcrReader
from gateway.pixels.regions import FakeJudge
from gateway.pixels.running import Running
from gateway.pixels.texts import Texts
from gateway.records import Identifiers

COUNT = 10
KIND = pytest.mark.parametrize("kind", KINDS)
Picture = NDArray[np.uint8]


@cache
def reader() -> RapidOcrReader:
    return RapidOcrReader.load()


class Counting:
    """Reads, and counts the pixels that it was given."""

    def __init__(self) -> None:
        self.pixels = 0

    def read(self, image: Picture) -> tuple[Line, ...]:
        self.pixels += image.shape[0] * image.shape[1]
        return reader().read(image)


def read(frames: Sequence[Picture]) -> tuple[list[str], list[bool], float]:
    """What is read in each frame, in one line; whether each was read whole; and how many times a frame was read in all."""
    counting = Counting()
    running = Running(Texts(Identifiers(), counting, FakeJudge()))
    texts, whole = [], []
    for frame in frames:
        texts.append(" ".join(line.text for line in running.lines(frame)).upper().replace(" ", ""))
        whole.append(running.whole)
    return texts, whole, counting.pixels / frames[0].size


def banner(frames: Sequence[Picture]) -> list[Picture]:
    return [write(frame, "OKONKWO ADAEZE", 10, 6) for frame in frames]


@KIND
def test_a_text_on_a_single_frame_is_found_there(kind: str) -> None:
    frames = banner(KINDS[kind](COUNT))
    frames[6] = write(frames[6], "MUELLER HANS", 150, 180)
    texts, *_ = read(frames)
    assert "MUELLER" in texts[6]
    assert not any("MUELLER" in text for text in texts[:6])
    assert all("OKONKWO" in text for text in texts)


@KIND
def test_a_text_that_moves_is_found_where_it_is(kind: str) -> None:
    frames = [write(frame, "MUELLER HANS", 40 + 12 * n, 200) for n, frame in enumerate(KINDS[kind](COUNT))]
    texts, *_ = read(frames)
    assert all("MUELLER" in text for text in texts)


@KIND
def test_a_text_that_fades_in_is_found_once_it_can_be_read(kind: str) -> None:
    frames = [
        write(frame, "MUELLER HANS", 60, 280, light=min(1.0, n / 8)) for n, frame in enumerate(KINDS[kind](COUNT))
    ]
    texts, *_ = read(frames)
    assert all("MUELLER" in text for text in texts[7:])


@KIND
def test_a_text_that_becomes_another_one_in_the_same_place_is_read_again(kind: str) -> None:
    frames = [
        write(frame, "ABDOMEN LIVER" if n < 5 else "MUELLER HANS", 10, 6) for n, frame in enumerate(KINDS[kind](COUNT))
    ]
    texts, *_ = read(frames)
    assert all("ABDOMEN" in text for text in texts[:5])
    assert all("MUELLER" in text and "ABDOMEN" not in text for text in texts[5:])


def test_a_clock_that_counts_in_the_banner_is_read_as_it_is() -> None:
    frames = [write(frame, f"OKONKWO 12:41:{n // 3 * 7:02d}", 10, 6) for n, frame in enumerate(ultrasound(12))]
    texts, *_ = read(frames)
    assert all(f"12:41:{n // 3 * 7:02d}" in text for n, text in enumerate(texts))


def test_a_text_that_goes_is_no_longer_reported() -> None:
    frames = still(COUNT)
    texts, *_ = read([write(frame, "MUELLER HANS", 60, 280) if n < 4 else frame for n, frame in enumerate(frames)])
    assert ["MUELLER" in text for text in texts] == [True] * 4 + [False] * 6


def test_a_banner_that_stands_still_costs_no_second_reading() -> None:
    texts, whole, cost = read(banner(still(30)))
    assert all("OKONKWO" in text for text in texts)
    assert whole == [True] + [False] * 29
    assert cost == 1


def test_a_picture_that_moves_costs_few_readings() -> None:
    texts, whole, cost = read(banner(ultrasound(60)))
    assert all("OKONKWO" in text for text in texts)
    assert sum(whole) <= 3
    assert cost < 4


def test_colour_is_compared_in_all_its_samples() -> None:
    frames = [np.repeat(frame[..., None], 3, axis=2) for frame in still(5)]
    red = write(frames[3][..., 0], "MUELLER HANS", 60, 280)
    frames[3] = np.stack([red, frames[3][..., 1], frames[3][..., 2]], axis=-1)
    texts, *_ = read(frames)
    assert ["MUELLER" in text for text in texts] == [False, False, False, True, False]


def test_a_view_of_another_shape_is_read_whole() -> None:
    frame = still(1)[0]
    _, whole, _ = read([frame, frame, frame[:200]])
    assert whole == [True, False, True]
