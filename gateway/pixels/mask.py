"""Writes masks into the stored pixels: native data in place, compressed data decoded and stored natively."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian, JPEGBaseline8Bit, JPEGExtended12Bit

from gateway.pixels.frames import read_frames, swapped_bytes
from gateway.pixels.layout import Layout
from gateway.pixels.view import apply_palette
from gateway.records import Mask

_ALWAYS_LOSSY = (JPEGBaseline8Bit, JPEGExtended12Bit)


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


def write_native(dataset: Dataset, layout: Layout, masks: Sequence[Mask], fill: tuple[float, ...]) -> None:
    """Overwrite the masked pixels of native data in place; every other stored bit stays as it is."""
    element = dataset[layout.keyword]
    data = np.frombuffer(bytearray(element.value), np.uint8)
    swapped = swapped_bytes(dataset, layout)
    if swapped:
        data = data[: len(data) // 2 * 2].reshape(-1, 2)[:, ::-1].copy().ravel()
    if layout.allocated == 1:
        _fill_bits(data, layout, masks, int(fill[0]))
    else:
        samples = layout.frame_bits // layout.allocated * layout.frames
        _fill_samples(data[: samples * layout.dtype.itemsize].view(layout.dtype), layout, masks, fill)
    if swapped:
        data = data.reshape(-1, 2)[:, ::-1].ravel()
    element.value = data.tobytes()


def _fill_bits(data: NDArray[np.uint8], layout: Layout, masks: Sequence[Mask], fill: int) -> None:
    bits = np.unpackbits(data, bitorder="little")
    frames = bits[: layout.frames * layout.frame_bits].reshape(layout.frames, layout.rows, layout.columns)
    for mask in masks:
        box = mask.box
        frames[list(mask.frames), box.y : box.y + box.h, box.x : box.x + box.w] = fill
    data[:] = np.packbits(bits, bitorder="little")


def _fill_samples(flat: NDArray[Any], layout: Layout, masks: Sequence[Mask], fill: tuple[float, ...]) -> None:
    shift = layout.high_bit + 1 - layout.stored if layout.keyword == "PixelData" else 0
    values = [value if flat.dtype.kind == "f" else int(value) << shift for value in fill]
    for mask in masks:
        box = mask.box
        down, across = slice(box.y, box.y + box.h), slice(box.x, box.x + box.w)
        for number in mask.frames:
            if layout.subsampled:  # Y1 Y2 Cb Cr: a pair of pixels is masked together
                pairs = flat.reshape(layout.frames, layout.rows, layout.columns // 2, 4)[number]
                pairs[down, box.x // 2 : (box.x + box.w + 1) // 2] = [values[0], values[0], values[1], values[2]]
            elif layout.samples == 1:
                flat.reshape(layout.frames, layout.rows, layout.columns)[number, down, across] = values[0]
            elif layout.planar:
                planes = flat.reshape(layout.frames, 3, layout.rows, layout.columns)[number]
                planes[:, down, across] = np.array(values, flat.dtype)[:, None, None]
            else:
                flat.reshape(layout.frames, layout.rows, layout.columns, 3)[number, down, across] = values


def write_decoded(dataset: Dataset, layout: Layout, masks: Sequence[Mask], fill: tuple[float, ...]) -> None:
    """Replace encapsulated pixel data by its decoded frames, masked, in Explicit VR Little Endian (PS3.5 A.2)."""
    data, bits = bytearray(), []
    photometric = layout.photometric
    for frame in read_frames(dataset, layout):
        pixels = np.array(frame.pixels, layout.dtype.newbyteorder("<"))
        for mask in masks:
            if frame.number in mask.frames:
                box = mask.box
                pixels[box.y : box.y + box.h, box.x : box.x + box.w] = fill if layout.samples > 1 else fill[0]
        photometric = frame.photometric
        if layout.allocated == 1:
            bits.append(pixels.ravel())
        else:
            data += pixels.tobytes()
    if bits:
        data += np.packbits(np.concatenate(bits), bitorder="little").tobytes()
    _native_header(dataset, layout, photometric)
    dataset.PixelData = bytes(data) + b"\0" * (len(data) % 2)
    dataset["PixelData"].VR = "OB" if layout.allocated <= 8 else "OW"
    dataset["PixelData"].is_undefined_length = False


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
