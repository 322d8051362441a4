"""Writes masks into the stored pixels: native data in place, compressed data decoded and stored natively."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian, JPEGBaseline8Bit, JPEGExtended12Bit

from gateway.pixels.frames import read_frames
from gateway.pixels.layout import Layout
from gateway.pixels.native import Samples, packed, rewrite
from gateway.pixels.view import apply_palette
from gateway.records import Box, Mask
from gateway.stored import parts, store

_ALWAYS_LOSSY = (JPEGBaseline8Bit, JPEGExtended12Bit)
_BYTE = 8  # frames of one bit a pixel that always end with a whole byte


@dataclass(frozen=True, slots=True)
class Extremes:
    """The lowest and highest stored value that occurs in an instance."""

    low: float
    high: float

    @classmethod
    def of(cls, pixels: NDArray[Any]) -> Extremes:
        """The extremes of one frame; undefined and infinite values do not count."""
        finite = pixels[np.isfinite(pixels)] if pixels.dtype.kind == "f" else pixels
        return cls(float(finite.min()), float(finite.max())) if finite.size else cls(0.0, 0.0)

    def joined(self, other: Extremes) -> Extremes:
        """The extremes of both."""
        return Extremes(min(self.low, other.low), max(self.high, other.high))


def background(dataset: Dataset, photometric: str, extremes: Extremes) -> tuple[float, ...]:
    """The stored value(s) of one masked pixel: what is displayed darkest.

    For grey images that is the lowest value which occurs anywhere in the instance (the highest where the display is
    inverted): it is legal whatever the sign, the depth or the padding value, and Smallest and Largest Image Pixel Value
    stay right. For a palette it is the index of the darkest entry, for colour it is black.
    """
    if photometric == "PALETTE COLOR":
        return (_darkest_entry(dataset),)
    if photometric == "RGB":
        return (0, 0, 0)
    if photometric.startswith("YBR"):
        return (16 if photometric.startswith("YBR_PARTIAL") else 0, 128, 128)
    inverted = photometric == "MONOCHROME1"
    if dataset.get("PresentationLUTShape") == "INVERSE":
        inverted = True
    slope = dataset.get("RescaleSlope")
    if slope is not None and float(slope) < 0:
        inverted = not inverted
    return (extremes.high if inverted else extremes.low,)


def _darkest_entry(dataset: Dataset) -> float:
    """Of the entries of the palette, the index of the one with the least light (PS3.3 C.7.6.3.1.5)."""
    count, first, _ = dataset.RedPaletteColorLookupTableDescriptor
    entries = np.arange(first, first + (count or 65536))
    entries = entries[entries < 1 << int(dataset.BitsStored)]
    colours = apply_palette(entries.astype(np.uint16)[None], dataset)[0].astype(np.int64)
    return float(entries[int(colours.sum(axis=1).argmin())])


def write_native(dataset: Dataset, layout: Layout, masks: Sequence[Mask], fill: tuple[float, ...]) -> tuple[Mask, ...]:
    """Overwrite the masked pixels of native data; every other stored bit stays as it is. Return the masks as written."""
    written = tuple(replace(mask, box=_in_pairs(mask.box)) if layout.subsampled else mask for mask in masks)
    by_frame = _boxes(written)

    def masked(first: int, samples: Samples) -> Samples:
        for number, frame in enumerate(samples, first):
            for box in by_frame.get(number, ()):
                _fill(frame, layout, box, fill)
        return samples

    rewrite(dataset, layout, masked)
    return written


def _in_pairs(box: Box) -> Box:
    """The box with the neighbours that share a colour with its pixels."""
    left, right = box.x // 2 * 2, -(-(box.x + box.w) // 2) * 2
    return Box(left, box.y, right - left, box.h)


def _boxes(masks: Sequence[Mask]) -> dict[int, list[Box]]:
    """The boxes to be masked, by frame."""
    found = defaultdict[int, list[Box]](list)
    for mask in masks:
        for number in mask.frames:
            found[number].append(mask.box)
    return found


def _fill(frame: Samples, layout: Layout, box: Box, fill: tuple[float, ...]) -> None:
    """Fill a box of one frame, given as its samples in the order in which they are stored."""
    shift = layout.high_bit + 1 - layout.stored if layout.keyword == "PixelData" and layout.allocated > 1 else 0
    values = [value if frame.dtype.kind == "f" else int(value) << shift for value in fill]
    down, across = slice(box.y, box.y + box.h), slice(box.x, box.x + box.w)
    if layout.subsampled:  # Y1 Y2 Cb Cr: a pair of pixels is masked together
        pairs = frame.reshape(layout.rows, layout.columns // 2, 4)
        pairs[down, box.x // 2 : (box.x + box.w) // 2] = [values[0], values[0], values[1], values[2]]
    elif layout.samples == 1:
        frame.reshape(layout.rows, layout.columns)[down, across] = values[0]
    elif layout.planar:
        frame.reshape(3, layout.rows, layout.columns)[:, down, across] = np.array(values, frame.dtype)[:, None, None]
    else:
        frame.reshape(layout.rows, layout.columns, 3)[down, across] = values


def write_decoded(dataset: Dataset, layout: Layout, masks: Sequence[Mask], fill: tuple[float, ...]) -> None:
    """Replace encapsulated pixel data by its decoded frames, masked, in Explicit VR Little Endian (PS3.5 A.2)."""
    decoded = _Decoded(dataset, layout, _boxes(masks), fill)
    value = store(decoded.parts())
    if len(value) % 2:
        value = store(chain(parts(value), (b"\0",)))
    _native_header(dataset, layout, decoded.photometric)
    dataset.PixelData = value
    dataset["PixelData"].VR = "OB" if layout.allocated <= 8 else "OW"
    dataset["PixelData"].is_undefined_length = False


@dataclass(slots=True)
class _Decoded:
    """The frames of encapsulated pixel data, decoded and masked one by one; ``photometric`` is that of the last one."""

    dataset: Dataset = field(repr=False)
    layout: Layout
    boxes: dict[int, list[Box]]
    fill: tuple[float, ...]
    photometric: str = ""

    def parts(self) -> Iterator[bytes]:
        """The bytes of the frames; those of one bit a pixel are packed without a gap between them."""
        bits: list[Samples] = []
        for frame in read_frames(self.dataset, self.layout):
            self.photometric = frame.photometric
            pixels = np.array(frame.pixels, self.layout.dtype.newbyteorder("<"))
            for box in self.boxes.get(frame.number, ()):
                pixels[box.y : box.y + box.h, box.x : box.x + box.w] = (
                    self.fill if self.layout.samples > 1 else self.fill[0]
                )
            if self.layout.allocated > 1:
                yield pixels.tobytes()
                continue
            bits.append(pixels.ravel())
            if len(bits) == _BYTE:
                yield packed(np.concatenate(bits), self.layout)
                bits = []
        if bits:
            yield packed(np.concatenate(bits), self.layout)


def _native_header(dataset: Dataset, layout: Layout, photometric: str) -> None:
    """Make the header say what native pixels are; that they once were compressed with loss stays on record."""
    if layout.transfer_syntax in _ALWAYS_LOSSY and "LossyImageCompression" not in dataset:
        dataset.LossyImageCompression = "01"
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.PhotometricInterpretation = photometric
    dataset.SamplesPerPixel = layout.samples
    dataset.HighBit = layout.stored - 1  # decoded samples lie in the lowest bits
    if layout.samples > 1:
        dataset.PlanarConfiguration = 0
    for keyword in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths"):
        if keyword in dataset:
            delattr(dataset, keyword)
