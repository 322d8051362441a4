"""Frames of a JPEG cine begin alike under a static banner: what is worked out for one holds for the next, and only then."""

from __future__ import annotations

import io
from typing import Any

import cv2
import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from pixels.jpegs import jpeg, masked

from gateway.pixels.codestream import strip
from gateway.pixels.frames import encoded_frames
from gateway.pixels.jpeg_edit import before_scan, edit
from gateway.pixels.jpeg_scan import Heads
from gateway.pixels.layout import layout
from gateway.records import Box, Mask

BANNER = Box(0, 0, 96, 16)
ROWS, COLUMNS = 96, 128


def picture(seed: int, name: str = "OKONKWO") -> NDArray[np.uint8]:
    """A name on black above noise."""
    image = np.random.default_rng(seed).integers(0, 256, (ROWS, COLUMNS, 3)).astype(np.uint8)
    image = np.asarray(cv2.GaussianBlur(image, (5, 5), 0), np.uint8)
    image[:32] = 0
    return np.asarray(cv2.putText(image, name, (4, 12), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (255, 255, 255)), np.uint8)


def encoded(image: NDArray[np.uint8], **settings: Any) -> bytes:
    """A frame as the gateway edits it."""
    out = io.BytesIO()
    Image.fromarray(image).save(out, "JPEG", **{"quality": 90, "subsampling": 1, **settings})
    found = layout(jpeg(image, out.getvalue()))
    assert found is not None
    clean = strip(out.getvalue(), found)
    assert clean is not None
    return clean


def black(_part: int, quantiser: int, _bits: int) -> int:
    return -1024 // quantiser if _part == 0 else 0


def luminance(frame: bytes) -> NDArray[np.uint8]:
    return np.asarray(imagecodecs.jpeg8_decode(frame, outcolorspace="YCBCR")[..., 0], np.uint8)


def edited(frame: bytes, heads: Heads, box: Box = BANNER) -> bytes:
    """The frame with the banner flat; remembering must not change a byte."""
    made = edit(frame, [box], black, heads)
    assert made is not None
    assert made == edit(frame, [box], black)
    return made


def test_what_follows_the_last_mask_keeps_its_bytes() -> None:
    for seed in range(8):
        frame = encoded(picture(seed))
        made = edited(frame, Heads())
        assert made[-2000:] == frame[-2000:]
        before, after = luminance(frame), luminance(made)
        assert (after[:16, :96] == after[0, 0]).all()
        assert np.array_equal(before[16:], after[16:])
        assert np.array_equal(before[:, 96:], after[:, 96:])


@pytest.mark.parametrize(
    "settings", [{}, {"optimize": True}, {"restart_marker_rows": 1}, {"subsampling": 2, "quality": 30}]
)
def test_a_frame_that_begins_as_the_last_one_is_edited_as_it_was(settings: dict[str, Any]) -> None:
    heads = Heads()
    for seed in range(4):
        frame = encoded(picture(seed), **settings)
        assert np.array_equal(luminance(edited(frame, heads))[32:], luminance(frame)[32:])


def test_what_begins_alike_is_known_and_what_does_not_is_fresh() -> None:
    heads, fresh = Heads(), []
    for image in (picture(1), picture(2), picture(3, "OKONKWA"), picture(4, "OKONKWA")):
        heads.fresh = False
        edited(encoded(image), heads)
        fresh.append(heads.fresh)
    assert fresh == [True, False, True, False]


def test_another_mask_is_fresh() -> None:
    heads = Heads()
    edited(encoded(picture(1)), heads)
    heads.fresh = False
    made = edited(encoded(picture(2)), heads, Box(0, 0, 128, 16))
    assert heads.fresh
    assert (luminance(made)[:16] == luminance(made)[0, 0]).all()


def test_no_more_is_remembered_than_has_room() -> None:
    heads = Heads()
    for width in range(16, 128, 16):
        for height in range(8, 96, 8):
            edited(encoded(picture(1)), heads, Box(0, 0, width, height))
    for number in range(300):
        heads.known[(number,)] = b"", b""
    edited(encoded(picture(1)), heads, Box(16, 0, 16, 8))
    assert len(heads.known) == 1


def test_what_is_said_before_a_scan_is_told_of_frames_with_one_scan() -> None:
    frame = encoded(picture(1))
    said = before_scan(frame)
    assert frame.startswith(said)
    assert said == before_scan(encoded(picture(2)))
    assert said != before_scan(encoded(picture(1), quality=80))
    assert before_scan(frame + said[-14:]) == b""
    assert before_scan(frame[:20]) == b""
    assert before_scan(b"\xff\xd8") == b""


def test_a_cine_whose_frames_say_something_else_now_and_then() -> None:
    """Quantisers, a name that changes and a longer mask: each frame is flat under its masks and the same elsewhere."""
    images = [picture(seed, "OKONKWO" if seed < 5 else "ADAEZE") for seed in range(8)]
    frames = [encoded(image, quality=60 if seed in (2, 3) else 90) for seed, image in enumerate(images)]
    dataset = jpeg(images[0], *frames)
    masks = Mask(BANNER, tuple(range(8)), ("name",)), Mask(Box(96, 0, 16, 16), (1, 6), ("name",))
    masked(dataset, *masks)
    found = layout(dataset)
    assert found is not None
    written = list(encoded_frames(dataset, found))
    assert len(written) == len(frames)
    for number, (before, after) in enumerate(zip(frames, map(luminance, written), strict=True)):
        wide = 112 if number in (1, 6) else 96
        assert (after[:16, :wide] == after[0, 0]).all()
        assert after[0, 0] < 4
        assert np.array_equal(luminance(before)[16:], after[16:])
        assert np.array_equal(luminance(before)[:, wide:], after[:, wide:])
