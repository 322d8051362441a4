"""Pixel data that lie in a file are edited when they are read: piece by piece, in any order, as those in memory are."""

from __future__ import annotations

import numpy as np
import pytest
from builders import instance
from numpy.typing import NDArray
from pydicom.dataset import FileDataset

from gateway.pixels.layout import Layout, layout
from gateway.pixels.native import Samples, rewrite
from gateway.stored import Stored, made, open_value, parts

REST = b"what follows the last frame"


def data(bits: int, frames: int, rows: int, columns: int) -> NDArray[np.integer]:
    chance = np.random.default_rng(bits)
    return chance.integers(0, 2 if bits == 1 else 200, (frames, rows, columns)).astype(
        np.uint16 if bits == 16 else np.uint8
    )


def cine(bits: int, frames: int, rows: int = 5, columns: int = 7, *, stored: bool) -> tuple[FileDataset, Layout]:
    """Frames and what follows them, in memory or not."""
    image = data(bits, frames, rows, columns)
    dataset = instance(image=np.zeros((frames, rows, columns), np.uint16 if bits == 16 else np.uint8))
    if bits == 1:
        dataset.BitsAllocated = dataset.BitsStored = 1
        dataset.HighBit = 0
    value = np.packbits(image, bitorder="little").tobytes() if bits == 1 else image.tobytes()
    value += REST
    dataset.PixelData = value
    if stored:
        dataset["PixelData"].value = made(len(value), 11, lambda number: value[11 * number : 11 * number + 11])
    found = layout(dataset)
    assert found is not None
    return dataset, found


def dark(first: int, samples: Samples) -> Samples:
    """A mask in every second frame."""
    for number, frame in enumerate(samples, first):
        frame[: 10 * (number % 2)] = 0
    return samples


@pytest.mark.parametrize("bits", [1, 8, 16])
@pytest.mark.parametrize("frames", [1, 2, 8, 17])
def test_what_is_read_is_what_memory_holds(bits: int, frames: int) -> None:
    kept, found = cine(bits, frames, stored=False)
    rewrite(kept, found, dark)
    whole = kept["PixelData"].value
    assert isinstance(whole, bytes)
    dataset, found = cine(bits, frames, stored=True)
    rewrite(dataset, found, dark)
    value = dataset["PixelData"].value
    assert isinstance(value, Stored)
    assert len(value) == len(whole)
    assert value[:] == whole
    assert value[-len(REST) :] == REST
    assert all(value[start : start + 13] == whole[start : start + 13] for start in range(len(whole), -1, -5))
    assert value[9:3] == b""
    assert open_value(value).read() == b"".join(parts(value)) == whole
    assert value.section(3, 20)[2:] == whole[5:23]


def test_edits_follow_each_other() -> None:
    (kept, found), (dataset, _) = (cine(8, 9, stored=stored) for stored in (False, True))
    for one in (kept, dataset):
        rewrite(one, found, dark)
        rewrite(one, found, lambda _, samples: samples + np.uint8(1))
    assert dataset["PixelData"].value[:] == kept["PixelData"].value


def test_a_piece_that_is_read_to_its_end_is_made_once() -> None:
    asked: list[int] = []

    def piece(number: int) -> bytes:
        asked.append(number)
        return bytes(10)

    value = made(30, 10, piece)
    assert b"".join(value[at : at + 3] for at in range(0, 30, 3)) == bytes(30)
    assert asked == [0, 1, 2]
