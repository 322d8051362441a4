"""Bar codes and matrix codes go, read or not; what only looks striped stays."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
import zxingcpp
from builders import instance
from numpy.typing import NDArray
from pixels.pictures import covered, mask, speckle, write_text

from gateway.pixels.barcodes import barcodes
from gateway.pixels.clean import clean
from gateway.pixels.reader import FakeReader
from gateway.pixels.regions import FakeJudge
from gateway.records import Box, Identifiers

SAYS = {
    "Code39": "PID12345",
    "Code128": "MRN00123456",
    "EAN13": "5901234123457",
    "EAN8": "96385074",
    "ITF": "12345678901231",
    "Codabar": "A1234567B",
    "PDF417": "OKONKWO^ADA^1950",
    "DataMatrix": "00123456780012345678",
    "QRCode": "https://x.invalid/p/1234567",
    "Aztec": "PATIENT 12345678",
}
LINEAR = ("Code39", "Code128", "EAN13", "EAN8", "ITF", "Codabar")
GREY = NDArray[np.uint8]


def code(kind: str, scale: int = 2) -> GREY:
    made = zxingcpp.create_barcode(SAYS[kind], getattr(zxingcpp.BarcodeFormat, kind))
    return np.array(zxingcpp.write_barcode_to_image(made, scale=scale))


def placed(
    ground: GREY, drawn: GREY, x: int = 90, y: int = 80, *, low: int = 0, high: int = 255, angle: float = 0
) -> tuple[GREY, Box]:
    """Put a code on a picture, turned and in other levels of grey; the box is that of its ink."""
    shape = (drawn.shape[1], drawn.shape[0])
    turn = cv2.getRotationMatrix2D((shape[0] / 2, shape[1] / 2), angle, 1)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    size = int(shape[0] * cos + shape[1] * sin), int(shape[0] * sin + shape[1] * cos)
    turn[:, 2] += (size[0] / 2 - shape[0] / 2, size[1] / 2 - shape[1] / 2)
    picture = cv2.warpAffine(drawn, turn, size, borderValue=255).astype(np.float32) / 255
    area = cv2.warpAffine(np.ones_like(drawn), turn, size)
    result = ground.copy()
    part = result[y : y + size[1], x : x + size[0]]
    part[area > 0] = (low + (high - low) * picture)[area > 0]
    ink = np.argwhere((picture < 0.5) & (area > 0))
    (top, left), (bottom, right) = ink.min(axis=0), ink.max(axis=0)
    return result, Box(x + int(left), y + int(top), int(right - left + 1), int(bottom - top + 1))


@pytest.mark.parametrize("kind", SAYS)
@pytest.mark.parametrize("ground", ["flat", "speckle"])
def test_every_kind_of_code_is_found(kind: str, ground: str) -> None:
    under = np.full((400, 640), 30, np.uint8) if ground == "flat" else speckle(400, 640)
    image, box = placed(under, code(kind))
    found = barcodes(image)
    assert covered(box, found) > 0.92  # the guards of EAN are longer than its other bars
    assert sum(one.w * one.h for one in found) < 1.6 * (box.w + 30) * (box.h + 30)


@pytest.mark.parametrize("kind", LINEAR)
@pytest.mark.parametrize("angle", [15, 45, 90, 100, 180])
def test_bars_are_found_at_any_angle(kind: str, angle: float) -> None:
    image, box = placed(speckle(520, 640), code(kind), angle=angle)
    assert covered(box, barcodes(image)) > 0.9


@pytest.mark.parametrize("kind", ["PDF417", "QRCode", "Aztec"])
@pytest.mark.parametrize("angle", [20, 90])
def test_matrices_are_found_at_any_angle(kind: str, angle: float) -> None:
    image, box = placed(speckle(520, 640), code(kind, 3), angle=angle)
    assert covered(box, barcodes(image)) > 0.9


@pytest.mark.parametrize("kind", [*LINEAR, "PDF417", "QRCode"])
@pytest.mark.parametrize(("low", "high"), [(255, 0), (100, 140), (0, 60), (250, 180)])
def test_inverted_faint_and_dark_codes_are_found(kind: str, low: int, high: int) -> None:
    image, box = placed(np.full((400, 640), 30, np.uint8), code(kind, 3), low=low, high=high)
    assert covered(box, barcodes(image)) > 0.92


@pytest.mark.parametrize("scale", [1, 4, 6])
def test_small_and_large_codes_are_found(scale: int) -> None:
    for kind in ("Code128", "QRCode"):
        image, box = placed(np.full((900, 1100), 30, np.uint8), code(kind, scale))
        assert covered(box, barcodes(image)) > 0.89


def test_several_codes_in_one_picture_are_found_each() -> None:
    image: GREY = np.full((500, 700), 200, np.uint8)
    boxes = []
    for kind, x, y in (("Code128", 10, 10), ("QRCode", 400, 20), ("EAN13", 20, 260), ("PDF417", 380, 300)):
        image, box = placed(image, code(kind), x, y)
        boxes.append(box)
    found = barcodes(image)
    assert all(covered(box, found) > 0.92 for box in boxes)


@pytest.mark.parametrize("kind", LINEAR)
def test_bars_that_nothing_decodes_are_a_code(kind: str) -> None:
    drawn = code(kind)[:, : int(code(kind).shape[1] * 0.6)].copy()  # cut off
    image, box = placed(np.full((400, 640), 30, np.uint8), drawn)
    assert not zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.AllLinear))
    assert covered(box, barcodes(image)) > 0.9


def _ruler(image: NDArray[Any]) -> None:
    image[100:112, 40:480:10] = 240
    image[100:124, 40:480:50] = 240


def _grid_of_an_ecg(image: NDArray[Any]) -> None:
    image[::8], image[:, ::8] = 90, 90
    image[200 + (40 * np.sin(np.arange(512) / 20)).astype(int), np.arange(512)] = 250


def _wire_mesh(image: NDArray[Any]) -> None:
    image[(ROWS % 12 < 3) | (COLUMNS % 12 < 3)] = 220


def _line_pairs(image: NDArray[Any]) -> None:
    for group, width in enumerate((12, 8, 6, 4, 3, 2)):
        part = image[100:300, 20 + 80 * group : 84 + 80 * group]
        part[:, (np.arange(64) // width) % 2 == 0] = 230


def _ribs(image: NDArray[Any]) -> None:
    image[:] = 90 + 60 * np.sin((ROWS + 0.0008 * (COLUMNS - 256) ** 2) / 14)


def _table_of_a_scanner(image: NDArray[Any]) -> None:
    for row, width in ((300, 2), (306, 1), (318, 3)):
        image[row : row + width, 30:480] = 180


def _colour_bars(image: NDArray[Any]) -> None:
    image[:] = (COLUMNS // 64) * 32


def _grey_wedge(image: NDArray[Any]) -> None:
    image[:] = COLUMNS / 2


def _checkerboard(image: NDArray[Any]) -> None:
    image[((ROWS // 16) + (COLUMNS // 16)) % 2 == 0] = 230


def _traces_of_an_eeg(image: NDArray[Any]) -> None:
    for channel in range(16):
        wave = 10 * np.sin(np.arange(512) / (5 + channel)) + 5 * np.sin(np.arange(512) / 3.1)
        image[(20 + channel * 24 + wave).astype(int), np.arange(512)] = 240


ROWS, COLUMNS = np.mgrid[0:400, 0:512]
STRIPED = (
    _ruler, _grid_of_an_ecg, _wire_mesh, _line_pairs, _ribs, _table_of_a_scanner, _colour_bars, _grey_wedge, _checkerboard,
    _traces_of_an_eeg,
)  # fmt: skip


@pytest.mark.parametrize("draw", STRIPED)
def test_what_is_only_striped_is_no_code(draw: Callable[[NDArray[Any]], None]) -> None:
    image = np.full((400, 512), 20.0)
    draw(image)
    shown = image.astype(np.uint8)
    assert barcodes(shown) == ()
    assert barcodes(cv2.rotate(shown, cv2.ROTATE_90_CLOCKWISE)) == ()


def test_text_and_speckle_are_no_codes() -> None:
    image = speckle(480, 640)
    for row, text in enumerate(("MI 1.1 TIs 0.4", "Gn 52 Frq 5.0 MHz", "IIIIIIIIIIII HHHHHHH", "||||| ||| ||||")):
        image, _ = write_text(image, text, 20, 20 + 40 * row, 20)
    assert barcodes(image) == ()


def test_a_code_is_masked_and_nothing_of_it_is_told() -> None:
    image, box = placed(speckle(400, 640), code("Code128"))
    ds = instance(image=image)
    result = mask(ds)
    assert [found.reasons[0].rule for found in result.findings] == ["barcode"]
    assert covered(box, [one.box for one in result.masks]) > 0.98
    assert result.masks[0].rules == ("barcode",)
    assert SAYS["Code128"] not in repr(result)
    assert not zxingcpp.read_barcodes(ds.pixel_array)


def test_codes_on_single_frames_and_in_colour_are_masked() -> None:
    frames = np.stack([np.stack([speckle(300, 400, seed)] * 3, axis=-1) for seed in range(3)])
    marked, box = placed(np.ascontiguousarray(frames[1, ..., 0]), code("QRCode", 3), 40, 40)
    frames[1] = marked[..., None]
    ds = instance(image=frames)
    result = clean(ds, Identifiers(), FakeReader(), FakeJudge())
    assert {one.frames for one in result.masks} == {(1,)}
    assert covered(box, [one.box for one in result.masks]) > 0.98


def test_looking_for_codes_is_cheap() -> None:
    """Process time, not time by the clock: others may be using the machine."""
    image = speckle(768, 1024)
    for row in range(10):
        image, _ = write_text(image, "MI 1.1 TIs 0.4 Gn 52 2D G 48/0 dB", 20, 20 + 40 * row, 16)
    took = []
    for _ in range(5):
        begun = time.thread_time()
        barcodes(image)
        took.append(time.thread_time() - begun)
    assert min(took) < 0.1  # measured: 0.008 s
