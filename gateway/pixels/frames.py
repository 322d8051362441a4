"""The frames of an instance, one at a time: as they are stored, and as a person would see them."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames
from pydicom.uid import ExplicitVRBigEndian

from gateway.errors import UnreadablePixels, UnsupportedPixels
from gateway.pixels.codecs import decode
from gateway.pixels.layout import Layout
from gateway.stored import Stored, Value, open_value

_DELIMITER = 8  # bytes


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded frame, numbered from 0.

    ``pixels`` holds the stored values as (rows, columns) or (rows, columns, 3), without the bits outside Bits Stored.
    ``photometric`` says what they mean, which for compressed colour is RGB and not what the header says.
    """

    number: int
    pixels: NDArray[Any]
    photometric: str


def read_frames(dataset: Dataset, layout: Layout) -> Iterator[Frame]:
    """Yield the frames one after the other; only one is held in memory.

    Raises:
        UnreadablePixels: a frame cannot be decoded, or there are fewer than Number of Frames says.
        UnsupportedPixels: no decoder knows the transfer syntax.
    """
    if layout.encapsulated:
        yield from _encapsulated(dataset, layout)
    else:
        yield from _native(dataset, layout)


def encoded_frames(dataset: Dataset, layout: Layout) -> Iterator[bytes]:
    """Yield the encoded frames of encapsulated Pixel Data (PS3.5 A.4), fragments joined.

    Where there are as many fragments as frames each is a frame, whatever the offset tables say.
    """
    count = sum(1 for _ in fragments(dataset.PixelData)) - 2
    if count == layout.frames:
        yield from (part for _, part in islice(fragments(dataset.PixelData), 1, count + 1))
        return
    offsets = None
    if "ExtendedOffsetTable" in dataset and "ExtendedOffsetTableLengths" in dataset:
        offsets = (dataset.ExtendedOffsetTable, dataset.ExtendedOffsetTableLengths)
    try:
        yield from generate_frames(
            open_value(dataset.PixelData), number_of_frames=layout.frames, extended_offsets=offsets
        )
    except (ValueError, EOFError, OSError, IndexError, TypeError, struct.error):
        raise UnreadablePixels("The encapsulation of the pixel data is damaged.") from None


def fragments(value: Value) -> Iterator[tuple[int, bytes]]:
    """Yield the items of encapsulated pixel data, the offset table first, each with its position; then what follows them.

    What follows is yielded with position -1; it is empty, or the delimiter that some writers leave in.

    Raises:
        UnreadablePixels: an item is longer than what is there.
    """
    at = 0
    while value[at : at + 4] == b"\xfe\xff\x00\xe0":
        length = int.from_bytes(value[at + 4 : at + 8], "little")
        if at + 8 + length > len(value):
            raise UnreadablePixels("A fragment of the pixel data is longer than what is there.")
        yield at, value[at + 8 : at + 8 + length]
        at += 8 + length
    yield -1, value[at : at + _DELIMITER + 1]


def _encapsulated(dataset: Dataset, layout: Layout) -> Iterator[Frame]:
    count = 0
    for number, encoded in enumerate(encoded_frames(dataset, layout)):
        if number == layout.frames:  # more frames than the header says: not shown by any viewer, trimmed later
            return
        try:
            pixels, photometric = decode(encoded, layout)
        except UnreadablePixels:
            raise UnreadablePixels(f"Frame {number + 1} cannot be decoded.") from None
        count += 1
        yield rgb(Frame(number, pixels, photometric))
    if count < layout.frames:
        raise UnreadablePixels(f"The header announces {layout.frames} frames; {count} are there.")


def _native(dataset: Dataset, layout: Layout) -> Iterator[Frame]:
    value: Value = dataset[layout.keyword].value
    data = value if isinstance(value, Stored) else memoryview(value)
    if len(data) < layout.native_length:
        raise UnreadablePixels(
            f"The header announces {layout.native_length} bytes of pixel data; {len(data)} are there."
        )
    swapped = swapped_bytes(dataset, layout)
    for number in range(layout.frames):
        yield Frame(number, _native_frame(data, layout, number, swapped=swapped), layout.photometric)


def swapped_bytes(dataset: Dataset, layout: Layout) -> bool:
    """Whether 8-bit samples lie pairwise swapped in 16-bit words: OW in big endian (PS3.5 8.1.2)."""
    big = layout.transfer_syntax == ExplicitVRBigEndian
    return big and layout.allocated <= 8 and str(dataset[layout.keyword].VR) == "OW"


def _native_frame(data: memoryview | Stored, layout: Layout, number: int, *, swapped: bool) -> NDArray[Any]:
    first, last = number * layout.frame_bits, (number + 1) * layout.frame_bits
    start, end = first // 8, math.ceil(last / 8)
    if swapped:
        even = np.frombuffer(data[start - start % 2 : end + end % 2], np.uint8)
        words = np.append(even, np.zeros(len(even) % 2, np.uint8)).reshape(-1, 2)[:, ::-1].ravel()
        flat: NDArray[Any] = words[start % 2 : start % 2 + end - start]
    else:
        flat = np.frombuffer(data[start:end], np.uint8)
    if layout.allocated == 1:
        flat = np.unpackbits(flat, bitorder="little")[first % 8 : first % 8 + layout.frame_bits]
    else:
        flat = flat.view(layout.dtype) if flat.flags.c_contiguous else np.ascontiguousarray(flat).view(layout.dtype)
    return significant(shaped(flat, layout), layout)


def shaped(flat: NDArray[Any], layout: Layout) -> NDArray[Any]:
    """Bring the samples of one native frame into (rows, columns) or (rows, columns, 3)."""
    if layout.samples == 1:
        return flat.reshape(layout.rows, layout.columns)
    if layout.subsampled:  # Y1 Y2 Cb Cr for each pair of pixels, PS3.3 C.7.6.3.1.2
        pairs = flat.reshape(layout.rows, layout.columns // 2, 4)
        full = np.empty((layout.rows, layout.columns, 3), flat.dtype)
        full[:, 0::2, 0], full[:, 1::2, 0] = pairs[..., 0], pairs[..., 1]
        full[..., 1] = np.repeat(pairs[..., 2], 2, axis=1)
        full[..., 2] = np.repeat(pairs[..., 3], 2, axis=1)
        return full
    if layout.planar:
        return flat.reshape(3, layout.rows, layout.columns).transpose(1, 2, 0)
    return flat.reshape(layout.rows, layout.columns, 3)


def significant(pixels: NDArray[Any], layout: Layout) -> NDArray[Any]:
    """Drop the bits outside Bits Stored and extend the sign (PS3.5 8.1.1)."""
    if layout.keyword != "PixelData" or layout.stored == layout.allocated:
        return pixels
    plain = pixels.astype(pixels.dtype.newbyteorder("="))
    plain = plain << (layout.allocated - 1 - layout.high_bit)
    return plain >> (layout.allocated - layout.stored)


def rgb(frame: Frame) -> Frame:
    """Convert YBR to RGB by the equations of PS3.3 C.7.6.3.1.2; other frames are returned as they are."""
    if not frame.photometric.startswith("YBR"):
        return frame
    if frame.pixels.dtype != np.uint8:
        raise UnsupportedPixels("YBR colour of more than 8 bits cannot be displayed.")
    partial = frame.photometric.startswith("YBR_PARTIAL")
    y, cb, cr = (frame.pixels[..., i].astype(np.float32) for i in range(3))
    if partial:  # luminance 16..235, colour differences 16..240
        y, cb, cr = (y - 16) * (255 / 219), (cb - 128) * (255 / 224), (cr - 128) * (255 / 224)
    else:
        cb, cr = cb - 128, cr - 128
    full = np.stack((y + 1.402 * cr, y - 0.344136 * cb - 0.714136 * cr, y + 1.772 * cb), axis=-1)
    return replace(frame, pixels=np.clip(np.rint(full), 0, 255).astype(np.uint8), photometric="RGB")
