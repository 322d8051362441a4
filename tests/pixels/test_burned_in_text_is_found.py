"""The real reader on pictures with invented people burned in."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from builders import instance
from numpy.typing import NDArray
from pixels.pictures import covered, frames, smooth, speckle, write_text
from pydicom import dcmread
from pydicom.data import get_testdata_file

from gateway.judge import TextJudge
from gateway.pixels.clean import clean
from gateway.pixels.readers.rapidocr import RapidOcrReader
from gateway.records import Box, Identifiers

PERSON = "LINDQVIST, TORBJORN"
KNOWN = Identifiers(
    names=frozenset({"LINDQVIST^TORBJORN"}),
    ids=frozenset({"LQ-0093318"}),
    dates=frozenset({"19480903"}),
    places=frozenset(),
)


@pytest.fixture(scope="module")
def reader() -> RapidOcrReader:
    return RapidOcrReader.load()


def black() -> NDArray[np.uint8]:
    return np.zeros((256, 384), np.uint8)


def anatomy() -> NDArray[np.uint8]:
    image: NDArray[np.uint8] = smooth(256, 384, high=180)[0].astype(np.uint8)
    return image


GROUNDS: dict[str, tuple[Any, Any]] = {
    "white on black": (black(), 255),
    "faint": (black(), 45),
    "black on white": (black() + np.uint8(255), 0),
    "on speckle": (speckle(), 255),
    "on anatomy": (anatomy(), 255),
    "yellow": (np.zeros((256, 384, 3), np.uint8), (255, 255, 0)),
    "red on white": (np.full((256, 384, 3), 255, np.uint8), (220, 0, 0)),
}


@pytest.mark.parametrize("ground", GROUNDS)
def test_names_dates_and_numbers_are_masked(ground: str, reader: RapidOcrReader, judge: TextJudge) -> None:
    image, colour = GROUNDS[ground]
    boxes = []
    for number, (text, size) in enumerate(((PERSON, 12), ("03.09.1948", 16), ("LQ-0093318", 24), (PERSON, 10))):
        image, box = write_text(image, text, 20 + 10 * number, 15 + 60 * number, size, colour)
        boxes.append(box)
    ds = instance(image=image)
    masks = [mask.box for mask in clean(ds, KNOWN, reader, judge).masks]
    assert [covered(box, masks) for box in boxes] == [1.0] * 4
    left = " ".join(line.text.upper() for line in reader.read(frames(ds)[0].pixels))
    assert not any(part in left for part in ("LIND", "QVIST", "TORB", "1948", "0093"))


def test_stroke_fonts_of_consoles(reader: RapidOcrReader, judge: TextJudge) -> None:
    for text, font, scale in (
        ("TORBJORN LINDQVIST", cv2.FONT_HERSHEY_SIMPLEX, 0.5),
        ("LQ0093318", cv2.FONT_HERSHEY_PLAIN, 1.0),
    ):
        image = speckle()
        written = cv2.putText(image.copy(), text, (30, 60), font, scale, 255, 1, cv2.LINE_AA)
        ink = np.argwhere(written != image)
        (top, left), (bottom, right) = ink.min(axis=0), ink.max(axis=0)
        masks = [mask.box for mask in clean(instance(image=written), KNOWN, reader, judge).masks]
        assert covered(Box(int(left), int(top), int(right - left + 1), int(bottom - top + 1)), masks) == 1.0


@pytest.mark.parametrize("turns", [1, 3])
def test_lines_that_run_up_or_down(turns: int, reader: RapidOcrReader, judge: TextJudge) -> None:
    image, box = write_text(speckle(384, 256, seed=4), PERSON, 30, 60, 16)
    turned = np.ascontiguousarray(np.rot90(image, turns))
    mark = np.zeros(image.shape, np.uint8)
    mark[box.y : box.y + box.h, box.x : box.x + box.w] = 1
    ys, xs = np.nonzero(np.rot90(mark, turns))
    where = Box(int(xs.min()), int(ys.min()), int(np.ptp(xs)) + 1, int(np.ptp(ys)) + 1)
    masks = [mask.box for mask in clean(instance(image=turned), KNOWN, reader, judge).masks]
    assert covered(where, masks) > 0.97


@pytest.mark.parametrize("text", ["WILLIAMSON PETER", "OKONKWO ADAEZE", "HASENBERG 12.03.1971"])
def test_text_upside_down_of_which_recognition_is_sure_to_read_blanks(
    text: str, reader: RapidOcrReader, judge: TextJudge
) -> None:
    upright, _ = write_text(black(), text, 30, 60, 24)
    ds = instance(image=np.ascontiguousarray(upright[::-1]))
    clean(ds, Identifiers(), reader, judge)
    assert not (frames(ds)[0].pixels > 100).any()


def test_technical_text_between_masked_lines_stays_whole(reader: RapidOcrReader, judge: TextJudge) -> None:
    image, name = write_text(black(), PERSON, 10, 10, 15)
    image, technical = write_text(image, "MI 1.1 TIS 0.2", 10, 28, 15)
    image, born = write_text(image, "03.09.1948", 10, 46, 15)
    ds = instance(image=image)
    masks = [mask.box for mask in clean(ds, KNOWN, reader, judge).masks]
    assert (covered(name, masks), covered(born, masks)) == (1.0, 1.0)
    after = frames(ds)[0].pixels
    part = (slice(technical.y, technical.y + technical.h), slice(technical.x, technical.x + technical.w))
    assert np.array_equal(after[part], image[part])


def test_plain_anatomy_and_noise_are_left_alone(reader: RapidOcrReader, judge: TextJudge) -> None:
    y, x = np.mgrid[0:256, 0:256]
    body = (np.hypot((y - 128) / 80, (x - 128) / 110) < 1) * 140.0
    body += (np.hypot(y - 150, x - 128) < 20) * 100
    noisy = np.clip(body + np.random.default_rng(3).normal(20, 12, body.shape), 0, 255).astype(np.uint8)
    for image in (noisy, speckle(seed=7), anatomy()):
        ds = instance(image=image)
        assert clean(ds, KNOWN, reader, judge).masks == ()
        assert np.array_equal(frames(ds)[0].pixels, image)


def test_small_and_large_text_on_a_radiograph_of_many_tiles(reader: RapidOcrReader, judge: TextJudge) -> None:
    y, x = np.mgrid[0:1200, 0:1500]
    image = (90 + 60 * np.sin(x / 700) + 50 * np.cos(y / 500)).astype(np.uint8)
    boxes = []
    for place, size in (
        ((1000, 40), 12),
        ((980, 1070), 12),
        ((40, 700), 14),
        ((60, 200), 110),
    ):  # across the seams as well
        image, box = write_text(image, PERSON, *place, size)
        boxes.append(box)
    masks = [mask.box for mask in clean(instance(image=image), KNOWN, reader, judge).masks]
    assert all(covered(box, masks) > 0.97 for box in boxes)


def test_reading_is_deterministic_and_knows_no_history(reader: RapidOcrReader) -> None:
    image, _ = write_text(speckle(), PERSON, 20, 20, 14)
    first = reader.read(image)
    reader.read(anatomy())
    assert RapidOcrReader.load().read(image) == first
    assert PERSON not in repr(first)


def test_real_pictures_with_text(reader: RapidOcrReader, judge: TextJudge) -> None:
    """Examples that pydicom's package carries; boxes checked by eye."""
    ds = dcmread(str(get_testdata_file("examples_palette.dcm", download=False)))
    technical = frames(ds)[0].pixels[90:300, :110].copy()
    masks = [mask.box for mask in clean(ds, Identifiers(), reader, judge).masks]
    for box in (Box(92, 34, 160, 17), Box(326, 34, 190, 17), Box(668, 8, 94, 16), Box(668, 34, 110, 17)):
        assert covered(box, masks) > 0.9
    assert np.array_equal(frames(ds)[0].pixels[90:300, :110], technical)
    ds = dcmread(str(get_testdata_file("examples_jpeg2k.dcm", download=False)))
    masks = [mask.box for mask in clean(ds, Identifiers(), reader, judge).masks]
    assert covered(Box(18, 24, 152, 16), masks) > 0.9
