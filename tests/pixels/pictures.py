"""Pictures for tests: text burned in like consoles do it, and instances in every encoding."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from typing import Any

import imagecodecs
import numpy as np
from builders import instance, set_pixels
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from pydicom.dataset import Dataset, FileDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    UID,
    HTJ2KLossless,
    JPEG2000Lossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from gateway.pixels.clean import clean
from gateway.pixels.frames import Frame, read_frames
from gateway.pixels.layout import layout
from gateway.pixels.reader import FakeReader, Line
from gateway.pixels.regions import FakeJudge
from gateway.records import Box, Identifiers, PixelResult

DEFLATED = "1.2.840.10008.1.2.8.1"
JPEG_XL = "1.2.840.10008.1.2.4.110"
NAME = Identifiers(names=frozenset({"OKONKWO"}))


def line(x: int, y: int, w: int, h: int, text: str = "OKONKWO", *, score: float = 0.99, detection: float = 0.8) -> Line:
    """A line of text as a reader would report it."""
    return Line(Box(x, y, w, h), text, score, detection, float(h))


def mask(ds: FileDataset, *lines: Line, unsure: Iterable[str] = ()) -> PixelResult:
    """Clean ``ds`` as if a reader had seen ``lines`` in every frame and a judge knew the name OKONKWO."""
    return clean(ds, NAME, FakeReader(*lines), FakeJudge(frozenset(unsure)))


def frames(ds: Dataset) -> list[Frame]:
    """All frames of ``ds``."""
    found = layout(ds)
    assert found is not None
    return list(read_frames(ds, found))


def write_text(
    image: NDArray[np.uint8], text: str, x: int, y: int, size: int = 16, colour: Any = 255
) -> tuple[NDArray[np.uint8], Box]:
    """Draw ``text`` into a copy of ``image``; returns it with the box around the ink."""
    picture = Image.fromarray(image)
    ImageDraw.Draw(picture).text((x, y), text, fill=colour, font=ImageFont.load_default(size))
    result = np.asarray(picture)
    changed = result != image
    ink = np.argwhere(changed.any(axis=2) if changed.ndim == 3 else changed)
    (top, left), (bottom, right) = ink.min(axis=0), ink.max(axis=0)
    return result, Box(int(left), int(top), int(right - left + 1), int(bottom - top + 1))


def covered(box: Box, masks: Iterable[Box]) -> float:
    """The share of ``box`` that lies under the masks."""
    area = np.zeros((box.h, box.w), bool)
    for other in masks:
        area[
            max(0, other.y - box.y) : max(0, other.y + other.h - box.y),
            max(0, other.x - box.x) : max(0, other.x + other.w - box.x),
        ] = True
    return float(area.mean())


def speckle(rows: int = 256, columns: int = 384, seed: int = 0) -> NDArray[np.uint8]:
    """Ultrasound speckle: Rayleigh distributed."""
    values = np.random.default_rng(seed).rayleigh(40, (rows, columns))
    return np.clip(values, 0, 255).astype(np.uint8)


def smooth(rows: int = 64, columns: int = 80, count: int = 1, high: int = 255) -> NDArray[np.uint16]:
    """Frames of smooth gradients with values from 0 to ``high``: (count, rows, columns)."""
    n, y, x = np.mgrid[0:count, 0:rows, 0:columns]
    values: NDArray[np.float64] = (np.sin(x / 9 + n) + np.cos(y / 7 - n / 2) + 2) / 4 * high
    rounded: NDArray[np.uint16] = np.rint(values).astype(np.uint16)
    return rounded


def deflate(data: bytes) -> bytes:
    """One raw deflate stream."""
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


def rle(frame: NDArray[Any]) -> bytes:
    """A frame of (rows, columns) or (rows, columns, 3) in PS3.5 annex G, most significant bytes first."""
    planes = [frame] if frame.ndim == 2 else [frame[..., i] for i in range(3)]
    segments = []
    for plane in planes:
        for byte in reversed(range(plane.itemsize)):
            part = ((plane >> (8 * byte)) & 255).astype(np.uint8)
            segments.append(b"".join(packbits(bytes(row)) for row in part))
    return rle_frame([segment + b"\0" * (len(segment) % 2) for segment in segments])


def rle_frame(segments: list[bytes]) -> bytes:
    """Segments behind their header."""
    offsets = [64 + sum(map(len, segments[:i])) for i in range(len(segments))]
    header = [len(segments), *offsets] + [0] * (15 - len(offsets))
    return b"".join(value.to_bytes(4, "little") for value in header) + b"".join(segments)


def packbits(data: bytes) -> bytes:
    """Literal runs of up to 128 bytes, and repeats where the first 128 bytes are all the same."""
    out = bytearray()
    for start in range(0, len(data), 128):
        part = data[start : start + 128]
        if len(part) > 2 and len(set(part)) == 1:
            out += bytes((257 - len(part), part[0]))
        else:
            out += bytes((len(part) - 1,)) + part
    return bytes(out)


GREY_ENCODERS: dict[str, Callable[[NDArray[Any]], bytes]] = {
    str(JPEGLSLossless): lambda frame: bytes(imagecodecs.jpegls_encode(frame)),
    str(JPEG2000Lossless): lambda frame: bytes(
        imagecodecs.jpeg2k_encode(frame, level=0, codecformat="j2k", reversible=True)
    ),
    str(HTJ2KLossless): lambda frame: bytes(imagecodecs.htj2k_encode(frame, reversible=True)),
    str(JPEGLosslessSV1): lambda frame: bytes(imagecodecs.ljpeg_encode(frame, bitspersample=8 * frame.itemsize)),
    JPEG_XL: lambda frame: bytes(imagecodecs.jpegxl_encode(frame, lossless=True)),
    DEFLATED: lambda frame: deflate(frame.tobytes()),
    str(RLELossless): rle,
}


def jpeg(frame: NDArray[Any], quality: int = 95) -> bytes:
    """JPEG baseline, or extended with 12 bits for 16-bit frames."""
    bits = 12 if frame.dtype == np.uint16 else 8
    return bytes(imagecodecs.jpeg8_encode(frame, level=quality, bitspersample=bits))


def compressed(syntax: str, image: NDArray[Any], coded: list[bytes], **attributes: Any) -> FileDataset:
    """An instance with the header of ``image`` (frames first) and the encoded frames ``coded``."""
    ds = instance(image=image)
    set_pixels(ds, image)
    ds.NumberOfFrames = len(coded)
    ds.file_meta.TransferSyntaxUID = UID(syntax)
    ds.PixelData = encapsulate(coded)
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    for keyword, value in attributes.items():
        setattr(ds, keyword, value)
    return ds
