"""Small, hidden and odd text is seen, and what holds none costs one look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import onnxruntime
import pytest
from builders import instance
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from pixels.pictures import covered, frames, speckle, write_text

from gateway import models
from gateway.pixels.fit import fit
from gateway.pixels.reader import Line
from gateway.pixels.readers.detection import detect
from gateway.pixels.readers.rapidocr import DETECTION, RapidOcrReader
from gateway.pixels.regions import is_text
from gateway.pixels.view import views
from gateway.records import Box

PERSON = "LINDQVIST, TORBJORN"
Image8 = NDArray[np.uint8]


@pytest.fixture(scope="module")
def reader() -> RapidOcrReader:
    return RapidOcrReader.load()


def found(image: NDArray[Any], box: Box, reader: RapidOcrReader, **header: Any) -> float:
    """The share of ``box`` under lines of its size that count as text, in all views of an instance with ``image``."""
    ds = instance(image=image, **header)
    lines = [(view, line) for view in views(frames(ds)[0], ds) for line in reader.read(view)]
    return covered(box, [fit(view, line) for view, line in lines if is_text(line) and line.height < 3 * box.h + 6])


def disc(side: int = 512) -> Image8:
    """The round bright field of an endoscope: a huge letter O for the network."""
    y, x = np.mgrid[:side, :side]
    red = 150 + 60 * np.sin(x / 70 + y / 90)
    image = np.stack((red, 70 + 40 * np.cos(y / 60), 60 + 30 * np.sin(x / 50)), axis=-1)
    image[np.hypot(y - side / 2, x - side / 2) > 0.48 * side] = 0
    return np.asarray(image.clip(0, 255), np.uint8)


def dots(text: str, pitch: int = 3) -> Image8:
    """Letters of a dot-matrix printer: dots that do not touch."""
    font = ImageFont.load_default_imagefont()
    left, top, right, bottom = (int(edge) for edge in font.getbbox(text))
    small = Image.new("L", (right + 4, bottom + 4))
    ImageDraw.Draw(small).text((2 - left, 2 - top), text, fill=255, font=font)
    letters = np.zeros((small.height * pitch, small.width * pitch), np.uint8)
    for down, across in np.ndindex(pitch - 1, pitch - 1):
        letters[down::pitch, across::pitch] = np.asarray(small)
    return letters


def pasted(ground: Image8, letters: Image8, x: int, y: int) -> tuple[Image8, Box]:
    image = ground.copy()
    part = image[y : y + letters.shape[0], x : x + letters.shape[1]]
    np.maximum(part, letters if part.ndim == 2 else letters[..., None], out=part)
    ys, xs = np.nonzero(letters)
    return image, Box(x + int(xs.min()), y + int(ys.min()), int(np.ptp(xs)) + 1, int(np.ptp(ys)) + 1)


@pytest.mark.parametrize("size", [8, 10, 12])
def test_one_small_line_inside_a_large_bright_body(size: int, reader: RapidOcrReader) -> None:
    image, box = write_text(disc(), PERSON, 180, 240, size, (255, 255, 255))
    assert found(image, box, reader) > 0.9


@pytest.mark.parametrize("size", [7, 8, 9])
def test_tiny_letters_on_speckle(size: int, reader: RapidOcrReader) -> None:
    ground = (speckle(512, 512, seed=9) // 3).astype(np.uint8)
    image, box = write_text(ground, PERSON, 61, 201, size)
    assert found(image, box, reader) > 0.9


def test_letters_of_dots(reader: RapidOcrReader) -> None:
    image, box = pasted((speckle(512, 512, seed=2) // 4).astype(np.uint8), dots("LINDQVIST 03.09.1948"), 40, 300)
    assert found(image, box, reader) > 0.9


def test_letters_little_brighter_than_what_they_stand_on(reader: RapidOcrReader) -> None:
    noise = np.random.default_rng(5).normal(120, 3, (512, 512)).clip(0, 255).astype(np.uint8)
    image, box = write_text(noise, PERSON, 100, 100, 14, 138)
    assert found(image, box, reader) > 0.9


def test_a_line_across_a_bright_edge(reader: RapidOcrReader) -> None:
    ground = np.zeros((512, 512), np.uint8)
    ground[:, 256:] = 130
    image, box = write_text(ground, PERSON, 180, 250, 14)
    assert found(image, box, reader) > 0.9


def test_outlined_letters_on_a_ground_of_their_colour(reader: RapidOcrReader) -> None:
    picture = Image.fromarray(np.full((256, 384), 255, np.uint8))
    font = ImageFont.load_default(24)
    ImageDraw.Draw(picture).text((30, 100), PERSON, fill=255, font=font, stroke_width=1, stroke_fill=0)
    image = np.asarray(picture)
    ys, xs = np.nonzero(image != 255)
    box = Box(int(xs.min()), int(ys.min()), int(np.ptp(xs)) + 1, int(np.ptp(ys)) + 1)
    assert found(image, box, reader) > 0.9


@pytest.mark.parametrize(("colour", "ground"), [((0, 0, 255), (0, 90, 0)), ((255, 0, 255), (255, 120, 0))])
def test_saturated_colours_of_about_the_same_brightness(
    colour: tuple[int, ...], ground: tuple[int, ...], reader: RapidOcrReader
) -> None:
    image, box = write_text(np.full((256, 384, 3), ground, np.uint8), PERSON, 30, 100, 14, colour)
    assert found(image, box, reader) > 0.9


def test_slanted_letters(reader: RapidOcrReader) -> None:
    upright, _ = write_text(np.zeros((256, 384), np.uint8), PERSON, 60, 100, 14)
    image = cv2.warpAffine(upright, np.array([[1, -0.3, 30], [0, 1, 0]]), (384, 256)).astype(np.uint8)
    ys, xs = np.nonzero(image > 60)
    assert found(image, Box(int(xs.min()), int(ys.min()), int(np.ptp(xs)), int(np.ptp(ys))), reader) > 0.9


def wide(values: dict[str, float]) -> tuple[NDArray[np.uint16], dict[str, Box]]:
    """A body of 12 bits with one line of text for each of ``values``, stored values."""
    y, x = np.mgrid[:512, :512]
    body = 1064 + 60 * np.sin(x / 40) * np.cos(y / 50) + 900 * (np.hypot(y - 260, x - 256) < 60)
    body[np.hypot((y - 256) / 200, (x - 256) / 240) > 1] = 24
    image, boxes = body.astype(np.uint16), dict[str, Box]()
    for number, (name, value) in enumerate(values.items()):
        letters, boxes[name] = write_text(np.zeros((512, 512), np.uint8), PERSON, 170, 130 + 60 * number, 14)
        image = np.where(letters > 127, np.uint16(value), image)
    return image, boxes


def test_text_at_any_value_of_a_wide_range(reader: RapidOcrReader) -> None:
    image, boxes = wide({"lowest": 0, "lung": 624, "bone": 2500, "highest": 4095})
    assert {name: found(image, box, reader) > 0.9 for name, box in boxes.items()} == dict.fromkeys(boxes, True)


def test_text_that_differs_from_others_only_beyond_the_window(reader: RapidOcrReader) -> None:
    image = np.full((256, 512), 3700, np.uint16)
    letters, box = write_text(np.zeros((256, 512), np.uint8), PERSON, 100, 100, 14)
    image[letters > 127] = 4000
    image[:, :40] = 0
    assert found(image, box, reader) > 0.9


@pytest.mark.parametrize("way", ["MONOCHROME1", "float", "palette"])
def test_other_ways_to_store_grey(way: str, reader: RapidOcrReader) -> None:
    written, box = write_text((speckle(256, 384, seed=3) // 3).astype(np.uint8), PERSON, 60, 100, 12)
    make: dict[str, Callable[[], float]] = {
        "MONOCHROME1": lambda: found(255 - written, box, reader, PhotometricInterpretation="MONOCHROME1"),
        "float": lambda: found_in_floats(written, box, reader),
        "palette": lambda: found_in_a_palette(written, box, reader),
    }
    assert make[way]() > 0.9


def found_in_floats(written: Image8, box: Box, reader: RapidOcrReader) -> float:
    ds = instance(image=np.zeros_like(written), BitsAllocated=32, WindowCenter=None, WindowWidth=None)
    for keyword in ("PixelData", "BitsStored", "HighBit", "PixelRepresentation"):
        delattr(ds, keyword)
    ds.FloatPixelData = (written.astype("<f4") / 3000).tobytes()
    lines = [(view, line) for view in views(frames(ds)[0], ds) for line in reader.read(view)]
    return covered(box, [fit(view, line) for view, line in lines])


def found_in_a_palette(written: Image8, box: Box, reader: RapidOcrReader) -> float:
    ds = instance(image=255 - written, PhotometricInterpretation="PALETTE COLOR")
    for name in ("Red", "Green", "Blue"):
        setattr(ds, f"{name}PaletteColorLookupTableDescriptor", [256, 0, 16])
        setattr(ds, f"{name}PaletteColorLookupTableData", np.linspace(65535, 0, 256).astype("<u2").tobytes())
    lines = [(view, line) for view in views(frames(ds)[0], ds) for line in reader.read(view)]
    return covered(box, [fit(view, line) for view, line in lines])


def test_letters_larger_than_a_tile_of_strokes(reader: RapidOcrReader) -> None:
    ground = (speckle(900, 1000, seed=1) // 4).astype(np.uint8)
    image, box = write_text(ground, "MORETTI", 40, 250, 200)
    lines = [line for line in reader.read(image) if is_text(line)]
    assert covered(box, [line.box for line in lines]) > 0.9


def test_a_block_of_lines_is_no_huge_letter(reader: RapidOcrReader) -> None:
    image = np.zeros((256, 384), np.uint8)
    for number in range(3):
        image, _ = write_text(image, PERSON, 10, 10 + 18 * number, 15)
    assert all(line.height < 30 for line in reader.read(image))


def pixels_seen(image: Image8) -> int:
    """How many pixels the detection network is shown for ``image``."""
    path = models.verify(DETECTION) / f"{DETECTION}.onnx"
    session, seen = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"]), list[int]()

    def network(batch: NDArray[np.float32]) -> NDArray[np.float32]:
        seen.append(batch.shape[2] * batch.shape[3])
        return np.asarray(session.run(None, {session.get_inputs()[0].name: batch})[0], np.float32)

    detect(image, network)
    return sum(seen)


def test_a_body_without_text_costs_one_look_and_small_text_a_closer_one() -> None:
    body = disc()
    assert pixels_seen(body) < 1.4 * 512 * 512
    written, _ = write_text(body, PERSON, 180, 240, 10, (255, 255, 255))
    assert pixels_seen(written) > pixels_seen(body) + 150 * 60


def test_what_is_read_is_the_same_on_any_number_of_threads() -> None:
    image = (speckle(768, 1024, seed=8) // 3).astype(np.uint8)
    for number in range(12):
        image, _ = write_text(image, f"{PERSON} {number}", 30 + 37 * number, 20 + 60 * number, 8 + number)
    one, four = RapidOcrReader.load(), RapidOcrReader.load(threads=4)
    expected: list[tuple[Line, ...]] = [one.read(image), one.read(255 - image)]
    assert len(expected[0]) >= 12
    assert list(four.beside(four.read, [image, 255 - image])) == expected
