"""Pixel data that are broken, cut short or lie about themselves cost little and end in the quarantine, each with its reason."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from batches import command, cost, gateway
from builders import instance, uid, write
from pixels.pictures import DEFLATED, GREY_ENCODERS, JPEG_XL, compressed, jpeg, packbits, rle_frame, smooth
from pydicom.dataset import FileDataset
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    HTJ2KLossless,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from gateway.errors import UnreadablePixels, UnsupportedPixels
from gateway.pixels.announced import require_announced
from gateway.pixels.codecs import decode
from gateway.pixels.frames import read_frames
from gateway.pixels.layout import Layout, layout

IMAGE = smooth(64, 80)[0].astype(np.uint8)
HUGE = struct.pack(">HH", 60000, 60000)
SYNTAXES = (*GREY_ENCODERS, str(JPEGBaseline8Bit))


def encoded(syntax: str) -> bytes:
    return jpeg(IMAGE) if syntax == JPEGBaseline8Bit else GREY_ENCODERS[syntax](IMAGE)


def coded(syntax: str, frame: bytes | None = None, **attributes: Any) -> FileDataset:
    ds = compressed(syntax, IMAGE[None], [frame or encoded(syntax)])
    for keyword, value in attributes.items():
        setattr(ds, keyword, value)
    return ds


def stored(ds: FileDataset) -> Layout:
    found = layout(ds)
    assert found is not None
    return found


def enlarged(syntax: str) -> bytes:
    """A frame of 64 x 80 whose codestream says 60000 x 60000."""
    frame = bytearray(encoded(syntax))
    if syntax in (JPEG2000Lossless, HTJ2KLossless):
        at = frame.index(b"\xff\x51") + 6
        frame[at : at + 8] = struct.pack(">LL", 60000, 60000)
    else:
        marker = {JPEGBaseline8Bit: b"\xff\xc0", JPEGLosslessSV1: b"\xff\xc3", JPEGLSLossless: b"\xff\xf7"}[UID(syntax)]
        at = frame.index(marker) + 5
        frame[at : at + 4] = HUGE
    return bytes(frame)


CODESTREAMS = (JPEGBaseline8Bit, JPEGLosslessSV1, JPEGLSLossless, JPEG2000Lossless, HTJ2KLossless)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_what_a_true_frame_announces_is_understood(syntax: str) -> None:
    ds = coded(syntax)
    require_announced(encoded(syntax), stored(ds))
    assert decode(encoded(syntax), stored(ds))[0].shape == (64, 80)


@pytest.mark.parametrize("shape", [(64, 64), (96, 64), (64, 96), (1000, 30), (31, 1000), (300, 400)])
def test_every_form_of_size_in_jpeg_xl_is_understood(shape: tuple[int, int]) -> None:
    image = np.zeros(shape, np.uint8)
    frame = bytes(imagecodecs.jpegxl_encode(image, lossless=True))
    ds = compressed(JPEG_XL, image[None], [frame])
    require_announced(frame, stored(ds))
    ds.Rows = shape[0] + 1
    with pytest.raises(UnreadablePixels, match="announces another size"):
        require_announced(frame, stored(ds))


@pytest.mark.parametrize("syntax", CODESTREAMS)
def test_a_codestream_of_another_size_is_not_decoded(syntax: str) -> None:
    with pytest.raises(UnreadablePixels, match="announces another size"):
        decode(enlarged(syntax), stored(coded(syntax)))


@pytest.mark.parametrize("syntax", [*CODESTREAMS, JPEG_XL])
@pytest.mark.parametrize(
    "frame", [b"", b"\xff", b"\xff\xd8\xff", b"\xff\x4f\xff\x51\0", b"\xff\x0a", b"no picture at all"]
)
def test_a_frame_that_announces_nothing_is_not_decoded(syntax: str, frame: bytes) -> None:
    with pytest.raises(UnreadablePixels, match="announces another size"):
        decode(frame, stored(coded(syntax)))


@pytest.mark.parametrize("syntax", CODESTREAMS)
def test_header_and_codestream_that_lie_alike_are_refused(syntax: str) -> None:
    with pytest.raises(UnsupportedPixels, match="million pixels"):
        layout(coded(syntax, enlarged(syntax), Rows=60000, Columns=60000))


def test_rle_that_expands_beyond_its_frame_is_not_decoded() -> None:
    bomb = rle_frame([b"\x81\0" * (5 << 20)])  # 10 MiB that make 640 MiB of a frame of 5 kB
    with pytest.raises(UnreadablePixels, match="expands"):
        decode(bomb, stored(coded(str(RLELossless))))
    true = rle_frame([packbits(bytes(64 * 80))])
    assert decode(true, stored(coded(str(RLELossless))))[0].shape == (64, 80)


def test_a_deflated_frame_is_inflated_no_further_than_its_size() -> None:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    bomb = b"".join([stream.compress(bytes(1 << 20)) for _ in range(64)]) + stream.flush()
    assert decode(bomb, stored(coded(DEFLATED)))[0].shape == (64, 80)


def test_a_fragment_longer_than_the_element_is_refused() -> None:
    ds = coded(str(JPEGLSLossless))
    value = bytearray(ds.PixelData)
    at = value.index(b"\xfe\xff\x00\xe0", 8)
    value[at + 4 : at + 8] = struct.pack("<L", 0x7FFFFFFE)
    ds.PixelData = bytes(value)
    with pytest.raises(UnreadablePixels, match="longer than what is there"):
        list(read_frames(ds, stored(ds)))


# --- on disk, by the real command -----------------------------------------------------------------------------------
def native(**attributes: Any) -> FileDataset:
    return instance(image=IMAGE, **attributes)


def longer(path: Path, length: int) -> None:
    """Let the pixel data of a file on disk claim another length."""
    data = bytearray(path.read_bytes())
    at = data.rindex(b"\xe0\x7f\x10\x00O") + 8
    data[at : at + 4] = struct.pack("<L", length)
    path.write_bytes(data)


def cut(path: Path, share: float) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])


def frames_missing() -> FileDataset:
    return coded(str(JPEGLSLossless), NumberOfFrames=3)


def bomb_of_rle() -> FileDataset:
    return coded(str(RLELossless), rle_frame([b"\x81\0" * (5 << 20)]))


def bomb_of_deflate() -> FileDataset:
    ds = native()
    ds.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    ds.add_new(0x00420011, "OB", bytes(300 << 20))
    return ds


FAULTS: dict[str, tuple[Callable[[], FileDataset], Callable[[Path], None] | None, str]] = {
    "terabytes": (lambda: native(Rows=8000, Columns=8000, NumberOfFrames=999999), None, "PIXELS_UNREADABLE"),
    "huge frames": (lambda: native(Rows=65535, Columns=65535), None, "PIXELS_UNSUPPORTED"),
    "frames without end": (lambda: coded(str(JPEGLSLossless), NumberOfFrames=2147483647), None, "PIXELS_UNREADABLE"),
    "fewer frames": (frames_missing, None, "PIXELS_UNREADABLE"),
    "longer than the file": (native, lambda path: longer(path, 0xFFFFFFF0), ""),
    "shorter than the frame": (native, lambda path: longer(path, 100), "FILE_UNREADABLE"),
    "cut in the frame": (native, lambda path: cut(path, 0.6), "PIXELS_UNREADABLE"),
    "cut in a fragment": (lambda: coded(str(JPEGLSLossless)), lambda path: cut(path, 0.8), "FILE_UNREADABLE"),
    "rle": (bomb_of_rle, None, "PIXELS_UNREADABLE"),
    "deflate": (bomb_of_deflate, None, "CONTENT_UNSUPPORTED"),
    **{
        f"codestream {number}": (lambda syntax=syntax: coded(syntax, enlarged(syntax)), None, "PIXELS_UNREADABLE")  # type: ignore[misc]
        for number, syntax in enumerate(CODESTREAMS)
    },
    "codestream and header": (
        lambda: coded(str(JPEG2000Lossless), enlarged(str(JPEG2000Lossless)), Rows=60000, Columns=60000),
        None,
        "PIXELS_UNSUPPORTED",
    ),
}


def test_each_lie_is_held_with_its_reason_and_the_run_costs_what_it_always_does(tmp_path: Path) -> None:
    source = tmp_path / "in"
    write(native(), source / "good.dcm")
    alone = cost(command("run", source, "--out", tmp_path / "out1", "--workers", "1", home=tmp_path / "home1"))
    for number, (make, spoil, _) in enumerate(FAULTS.values(), 2):
        ds = make()
        ds.StudyInstanceUID, ds.SeriesInstanceUID = uid(1, number), uid(1, number, 1)
        ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = uid(1, number, 1, 1)
        path = write(ds, source / f"{number}.dcm")
        if spoil:
            spoil(path)
    line = command("run", source, "--out", tmp_path / "out", "--workers", "1", home=tmp_path / "home")
    used = cost(line)
    again = json.loads(
        gateway("run", source, "--out", tmp_path / "out", "--json", home=tmp_path / "home", code=3).stdout
    )
    found = sorted(item["code"] for item in again["items"])
    assert found == sorted(code for *_, code in FAULTS.values() if code)
    assert used.seconds < alone.seconds + 60
    assert used.megabytes < alone.megabytes + 700
