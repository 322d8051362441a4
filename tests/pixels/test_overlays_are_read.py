"""Overlays: what identifies in them is erased bit by bit, the rest stays, whatever they are kept in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from builders import instance, pixels
from drawn import bits_of, embed, overlay
from numpy.typing import NDArray
from pixels.pictures import GREY_ENCODERS, compressed, frames, line, mask, smooth, write_text
from pydicom.dataset import FileDataset
from pydicom.uid import RLELossless

from gateway.errors import UnreadablePixels
from gateway.judge import TextJudge
from gateway.pixels.clean import clean
from gateway.pixels.reader import Line
from gateway.pixels.readers.rapidocr import RapidOcrReader
from gateway.pixels.regions import FakeJudge
from gateway.records import Change, Identifiers, Verdict

KNOWN = Identifiers(names=frozenset({"OKONKWO^ADAEZE"}), ids=frozenset({"OK-4471902"}))
Bits = NDArray[np.uint8]


@pytest.fixture(scope="module")
def reader() -> RapidOcrReader:
    return RapidOcrReader.load()


def bits(*texts: tuple[str, int], rows: int = 256, columns: int = 384) -> Bits:
    """A ring, and texts at their rows."""
    picture = np.zeros((rows, columns), np.uint8)
    for text, row in texts:
        picture, _ = write_text(picture, text, 30, row, 20)
    y, x = np.mgrid[0:rows, 0:columns]
    ring = np.abs(np.hypot(y - 190, x - 300) - 40) < 1
    drawn: Bits = ((picture > 100) | ring).astype(np.uint8)
    return drawn


NAME, TECHNICAL = ("OKONKWO ADAEZE", 20), ("CT Abdomen with contrast", 100)


def image(count: int = 1) -> FileDataset:
    return instance(image=np.array([pixels(256, 384)] * count) if count > 1 else pixels(256, 384))


@pytest.mark.parametrize("kind", ["separate", "in unused bits"])
@pytest.mark.parametrize("group", [0x6000, 0x601E])
def test_names_go_and_the_rest_stays(kind: str, group: int, reader: RapidOcrReader, judge: TextJudge) -> None:
    drawn = bits(NAME, TECHNICAL)
    ds = overlay(image(), group, drawn) if kind == "separate" else embed(image(), group, drawn, 13)
    before = frames(ds)[0].pixels
    result = clean(ds, KNOWN, reader, judge)
    left = bits_of(ds, group)[0]
    assert not left[:60].any()
    assert np.array_equal(left[60:], drawn[60:])
    assert Verdict.PHI in {finding.verdict for finding in result.findings}
    assert Change(f"{group:04X}3000", "C", "own.name") in result.changes
    assert np.array_equal(frames(ds)[0].pixels, before)
    if kind == "in unused bits":
        assert not (np.frombuffer(ds.PixelData, "<u2") >> 12).any()
        assert (ds[group << 16 | 0x100].value, ds[group << 16 | 0x102].value) == (1, 0)
        assert Change(f"{group:04X}3000", "C", "an overlay from unused bits of the pixels") in result.changes


def test_black_letters_on_a_filled_plane_go_as_well(reader: RapidOcrReader, judge: TextJudge) -> None:
    ds = overlay(image(), 0x6000, 1 - bits(NAME))
    clean(ds, KNOWN, reader, judge)
    left = bits_of(ds)[0]
    box = left[22:36, 40:180]
    assert (box == box[0, 0]).all()


def test_each_frame_of_an_overlay_is_read(reader: RapidOcrReader, judge: TextJudge) -> None:
    drawn = np.stack([bits(), bits(NAME, TECHNICAL), bits(NAME), bits(TECHNICAL)])
    ds = overlay(image(), 0x6000, drawn)
    clean(ds, KNOWN, reader, judge)
    left = bits_of(ds)
    assert not left[:, :60].any()
    assert np.array_equal(left[:, 60:], drawn[:, 60:])


def test_unused_bits_of_a_cine_hold_a_frame_for_each(reader: RapidOcrReader, judge: TextJudge) -> None:
    drawn = np.stack([bits(TECHNICAL), bits(NAME)])
    ds = embed(image(2), 0x6002, drawn, 15)
    clean(ds, KNOWN, reader, judge)
    left = bits_of(ds, 0x6002)
    assert left.shape == (2, 256, 384)
    assert np.array_equal(left[0], drawn[0])
    assert np.array_equal(left[1], bits())
    assert ds[0x60020051].value == 1


def test_a_name_in_two_overlays_is_read_as_viewers_show_it(reader: RapidOcrReader, judge: TextJudge) -> None:
    whole, odd = bits(NAME), np.indices((256, 384))[1] % 2
    ds = overlay(overlay(image(), 0x6000, whole * odd.astype(np.uint8)), 0x6004, whole * (1 - odd).astype(np.uint8))
    clean(ds, KNOWN, reader, judge)
    assert not (bits_of(ds, 0x6000) | bits_of(ds, 0x6004))[0, :60].any()


class SeesMuchInk:
    """A reader to whom only a picture with much ink shows the line."""

    def read(self, picture: Bits) -> tuple[Line, ...]:
        return (line(8, 8, 60, 14),) if np.count_nonzero(picture) > 240 else ()


def test_the_same_ink_in_another_frame_goes_with_it() -> None:
    drawn = np.zeros((3, 64, 80), np.uint8)
    drawn[0, 10:20, 10:60:2] = 1
    drawn[1, 10:20, 10:50:2] = 1  # most of it: text that was read in one frame and not in the next
    drawn[2, 10:20, 11:51:2] = 1  # other ink in the same place
    ds = overlay(instance(image=smooth()[0]), 0x6000, drawn)
    clean(ds, KNOWN, SeesMuchInk(), FakeJudge(frozenset({"OKONKWO"})))
    left = bits_of(ds)
    assert not left[:2].any()
    assert np.array_equal(left[2], drawn[2])


def test_what_only_shows_when_planes_lie_over_each_other_goes_from_both() -> None:
    left, right, other = (np.zeros(size, np.uint8) for size in ((64, 80), (64, 80), (32, 80)))
    left[10:20, 10:60:4] = right[10:20, 12:60:4] = other[10:20, 10:60:4] = 1  # too little ink in each
    left[40:42, 10:20] = 1
    ds = overlay(instance(image=smooth()[0]), 0x6000, left)
    overlay(overlay(ds, 0x6004, right), 0x6008, other)
    result = clean(ds, KNOWN, SeesMuchInk(), FakeJudge(frozenset({"OKONKWO"})))
    assert not (bits_of(ds, 0x6000) | bits_of(ds, 0x6004))[0, :30].any()
    assert np.array_equal(bits_of(ds, 0x6000)[0, 30:], left[30:])
    assert np.array_equal(bits_of(ds, 0x6008)[0], other)
    assert {change.path for change in result.changes if change.action == "C"} >= {"60003000", "60043000"}


def unreadable(kind: str) -> FileDataset:
    ds = overlay(image(), 0x6000, bits(TECHNICAL))
    if kind == "no rows":
        del ds[0x60000010]
    elif kind == "rows that are no number":
        ds[0x60000010].value = [1, 2]
    elif kind == "empty columns":
        ds[0x60000011].value = None
    elif kind == "too short":
        ds[0x60003000].value = ds[0x60003000].value[:100]
    elif kind == "16 bits a pixel":
        ds[0x60000100].value = 16
    elif kind == "no data, no pixels":
        del ds[0x60003000]
        del ds.PixelData
    elif kind == "in a bit that is used":
        embed(ds, 0x6000, bits(), 12)
        ds[0x60000102].value = 3
        del ds[0x60003000]
    elif kind == "in unused bits, of another size":
        embed(ds, 0x6000, bits(), 12)
        ds[0x60000010].value = 100
        del ds[0x60003000]
    return ds


@pytest.mark.parametrize(
    "kind",
    [
        "no rows", "rows that are no number", "empty columns", "too short", "16 bits a pixel", "no data, no pixels",
        "in a bit that is used", "in unused bits, of another size",
    ],
)  # fmt: skip
def test_what_cannot_be_read_goes_and_is_recorded(kind: str) -> None:
    ds = unreadable(kind)
    overlay(ds, 0x6008, bits())
    result = mask(ds)
    assert not [tag for tag in ds.keys() if tag.group == 0x6000]  # noqa: SIM118  # a pydicom data set yields elements
    assert np.array_equal(bits_of(ds, 0x6008)[0], bits())
    assert Change("60003000", "X", "an overlay that cannot be read") in result.changes


def test_unused_bits_of_compressed_pixels_are_not_searched() -> None:
    picture = smooth()
    ds = compressed(str(RLELossless), picture, [GREY_ENCODERS[str(RLELossless)](frame) for frame in picture])
    for element, value in ((0x10, 64), (0x11, 80), (0x100, 16), (0x102, 15)):
        ds.add_new(0x60000000 | element, "US", value)
    assert Change("60003000", "X", "an overlay that cannot be read") in mask(ds).changes
    assert 0x60000010 not in ds


def test_nothing_hides_behind_the_last_bit() -> None:
    drawn: Any = np.ones((7, 9), np.uint8)
    ds = overlay(instance(), 0x6000, drawn)
    ds[0x60003000].value = ds[0x60003000].value[:7] + b"\xff" + b"OKONKWO "
    result = mask(ds)
    assert ds[0x60003000].value == b"\xff" * 7 + b"\x7f"
    assert Change("60003000", "X", "bits after the overlay") in result.changes


def test_overlays_without_pixels_are_cleaned(reader: RapidOcrReader, judge: TextJudge) -> None:
    ds = overlay(instance(PixelData=None), 0x6000, bits(NAME))
    result = clean(ds, KNOWN, reader, judge)
    assert not bits_of(ds)[0, :60].any()
    assert result.frames_read == 0


def test_pixels_that_are_not_all_there_hold_the_instance() -> None:
    ds = embed(image(), 0x6000, bits(), 12)
    ds.PixelData = ds.PixelData[:100]
    with pytest.raises(UnreadablePixels):
        mask(ds)
