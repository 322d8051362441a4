"""Decodes stored frames for the verifier. Everything it cannot decode is a ``ValueError``."""

from __future__ import annotations

import struct
import zlib
from typing import Final

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, generate_fragments, generate_frames
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.processing import apply_color_lut
from pydicom.uid import UID, ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from gateway.verify import section
from gateway.verify.section import Data

_JPEG_EXTENDED: Final = "1.2.840.10008.1.2.4.51"
_DEFLATED_FRAME: Final = "1.2.840.10008.1.2.8.1"
_UNCOMPRESSED: Final = "1.2.840.10008.1.2.1.98"  # encapsulated all the same
_JPEG_XL: Final = frozenset(f"1.2.840.10008.1.2.4.{number}" for number in (110, 111, 112))
_NATIVE: Final = frozenset(f"1.2.840.10008.1.2{end}" for end in ("", ".1", ".2", ".1.99"))
_RLE: Final = "1.2.840.10008.1.2.5"
_WORDS: Final = frozenset({_RLE, _DEFLATED_FRAME, _UNCOMPRESSED})  # samples lie where High Bit says
_LOSSY: Final = frozenset(f"1.2.840.10008.1.2.4.{number}" for number in (50, 51, 81, 91, 93, 111, 112, 203))
_FAULTS: Final = (
    ValueError, RuntimeError, TypeError, AttributeError, KeyError, IndexError, NotImplementedError, StopIteration,
    OverflowError, MemoryError, struct.error, zlib.error,
)  # fmt: skip
PIXELS: Final = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")


class Frames:
    """The frames of one instance, decoded one at a time.

    ``count`` is the number of frames that the header names.

    Raises:
        ValueError: the header does not describe pixels; every method that decodes raises it of a frame it cannot decode.
    """

    def __init__(self, ds: Dataset) -> None:
        try:
            self._ds = ds
            self.syntax = str(syntax(ds))
            self.keyword = next(name for name in PIXELS if name in ds)
            self.count = _count(ds)
            self.shape = (int(ds.Rows), int(ds.Columns), int(ds.get("SamplesPerPixel", 1)))
            self.bits = int(ds.get("BitsAllocated", 64 if self.keyword.startswith("Double") else 32))
            self.stored = int(ds.get("BitsStored", self.bits))
            self.high = int(ds.get("HighBit", self.stored - 1))
            self.signed = int(ds.get("PixelRepresentation", 0))
            self.photometric = str(ds.get("PhotometricInterpretation", "MONOCHROME2"))
            self.native = self.syntax in _NATIVE
            self._data: Data = ds[self.keyword].value
            self._streams = () if self.native else _streams(self._data, self.count)
        except _FAULTS:
            raise ValueError("the header does not describe the pixels") from None

    @property
    def lossy(self) -> bool:
        """Whether decoders may differ in the last bits."""
        return self.syntax in _LOSSY

    @property
    def size(self) -> int:
        """The bytes of the pixel data element's value."""
        return len(self._data)

    def stream(self, index: int) -> bytes:
        """The encoded bytes of one frame of encapsulated pixel data."""
        return self._streams[index][:] if index < len(self._streams) else b""

    @property
    def extra_streams(self) -> bool:
        """Whether encapsulated pixel data hold more or fewer frames than the header names."""
        return len(self._streams) != self.count

    def length(self) -> int:
        """The bytes that native pixel data must have (PS3.5 8.1.1), padded to an even number."""
        size = -(-self._frame_bits() * self.count // 8)
        return size + size % 2

    def _frame_bits(self) -> int:
        """The bits of one native frame."""
        rows, columns, samples = self.shape
        per_pixel = 2 if self.photometric in {"YBR_FULL_422", "YBR_PARTIAL_422"} and self.native else samples
        return rows * columns * per_pixel * self.bits

    def _native(self, index: int) -> bytes:
        """The bytes that hold one frame of native pixel data."""
        first, last = index * self._frame_bits(), (index + 1) * self._frame_bits()
        return self._data[first // 8 : -(-last // 8)]

    def decode(self, index: int) -> NDArray[np.generic]:
        """One frame as (rows, columns, samples), colour as RGB, palette indices as stored."""
        try:
            frame = self._special(index)
            if frame is None:
                decoder = get_decoder(UID(self.syntax))
                frame, _ = decoder.as_array(self._alone(index), index=0, raw=False)
            return np.asarray(frame).reshape(self.shape)
        except _FAULTS:
            raise ValueError("the frame cannot be decoded") from None

    def visible(self, index: int) -> NDArray[np.generic]:
        """One frame as a person sees it: palette colours looked up, MONOCHROME1 turned round."""
        frame = self.decode(index)
        if self.photometric == "PALETTE COLOR":
            try:
                return np.asarray(apply_color_lut(frame[..., 0], self._ds))
            except _FAULTS:
                raise ValueError("the palette cannot be read") from None
        if self.photometric == "MONOCHROME1":
            return np.asarray(frame.max() - frame)
        return frame

    def values(self, index: int) -> NDArray[np.generic]:
        """One frame with the bits outside Bits Stored cleared, for comparison."""
        frame = self.decode(index)
        if frame.dtype.kind == "f" or self.bits == 1:
            return frame
        unsigned = frame.view(f"u{frame.dtype.itemsize}")
        low = self.high + 1 - self.stored if self.native or self.syntax in _WORDS else 0
        return np.asarray((unsigned >> max(0, low)) & ((1 << self.stored) - 1))

    def _alone(self, index: int) -> Dataset:
        """An instance of one frame, so that no offset table is asked where the frame lies."""
        if not self.native and index >= len(self._streams):
            raise IndexError
        alone = Dataset()
        alone.file_meta = FileMetaDataset()
        alone.file_meta.TransferSyntaxUID = UID(self.syntax)
        alone.update({element.tag: element for element in self._ds.group_dataset(0x0028)})
        alone.NumberOfFrames = 1
        if self.syntax == _RLE:  # whole words, of which the decoder would cut the upper bits
            alone.BitsStored, alone.HighBit = self.bits, self.bits - 1
        alone.PixelData = self._native(index) if self.native else encapsulate([self.stream(index)])
        alone["PixelData"].VR = self._ds["PixelData"].VR if self.native else "OB"
        return alone

    def _special(self, index: int) -> NDArray[np.generic] | None:
        """Frames that pydicom's decoders leave out, and those that need no decoder: their samples lie as the header says."""
        if self.keyword != "PixelData":
            kind = "f8" if self.bits == 64 else "f4"
            rows, columns, _ = self.shape
            return np.frombuffer(self._native(index), f"<{kind}", rows * columns)
        if self.bits == 1:
            return self._one_bit(index)
        if self.syntax == _JPEG_EXTENDED and self.stored > 8:
            return np.asarray(imagecodecs.jpeg8_decode(self.stream(index)))
        if self.syntax in _JPEG_XL:
            return np.asarray(imagecodecs.jpegxl_decode(self.stream(index))).astype(f"u{self.bits // 8}")
        return self._uncompressed(index)

    def _uncompressed(self, index: int) -> NDArray[np.generic] | None:
        """A frame whose samples lie as the header says; None if they do not, or if they share their colour."""
        if self.native and not self.photometric.startswith("YBR"):
            return self._plain(self._native(index))
        if self.syntax == _DEFLATED_FRAME:
            return self._plain(zlib.decompress(self.stream(index), -15))
        return self._plain(self.stream(index)) if self.syntax == _UNCOMPRESSED else None

    def _plain(self, data: bytes) -> NDArray[np.generic]:
        rows, columns, samples = self.shape
        size = rows * columns * samples
        order = ">" if self.syntax == ExplicitVRBigEndian else "<"
        kind = f"{order}{'i' if self.signed else 'u'}{self.bits // 8}"
        flat = np.frombuffer(data, kind, size)
        planes = samples > 1 and int(self._ds.get("PlanarConfiguration", 0)) == 1
        frame = flat.reshape(samples, rows, columns).transpose(1, 2, 0) if planes else flat
        return np.ascontiguousarray(frame).astype(kind.replace(">", "<"))

    def _one_bit(self, index: int) -> NDArray[np.generic] | None:
        rows, columns, samples = self.shape
        size = rows * columns * samples
        if self.native:
            rest = index * size % 8
            packed = np.frombuffer(self._native(index), np.uint8)
            return np.unpackbits(packed, bitorder="little")[rest : rest + size]
        if self.syntax == _DEFLATED_FRAME:
            packed = np.frombuffer(zlib.decompress(self.stream(index), -15), np.uint8)
        elif self.syntax == _UNCOMPRESSED:
            packed = np.frombuffer(self.stream(index), np.uint8)
        elif self.syntax == _RLE:
            packed = np.frombuffer(_unpack(self.stream(index)), np.uint8)
        else:
            return None
        return np.unpackbits(packed, bitorder="little")[:size]


def _streams(data: Data, count: int) -> tuple[Data, ...]:
    """The encoded frames: as many fragments as frames are one each, whatever the offset table says (PS3.5 A.4)."""
    parts = tuple(generate_fragments(data))[1:] if isinstance(data, bytes) else tuple(section.fragments(data))[1:]
    return parts if len(parts) == count else tuple(generate_frames(data[:], number_of_frames=count))


def _count(ds: Dataset) -> int:
    """Number of Frames; an illegal one counts as one frame, as the pixel data's length then has to show."""
    try:
        return int(ds.get("NumberOfFrames") or 1)
    except ValueError:
        return 1


def syntax(ds: Dataset) -> UID:
    """The transfer syntax in file meta, or what the parser found where there is none."""
    named = ds.file_meta.get("TransferSyntaxUID") if hasattr(ds, "file_meta") else None
    if named:
        return UID(named)
    implicit, little = ds.original_encoding
    if implicit:
        return ImplicitVRLittleEndian
    return ExplicitVRLittleEndian if little else ExplicitVRBigEndian


def _unpack(stream: bytes) -> bytes:
    """The first segment of an RLE frame (PS3.5 Annex G): bits of one-bit frames are packed into one segment."""
    start, stop = struct.unpack_from("<II", stream, 4)
    data = stream[start : stop or len(stream)]
    out = bytearray()
    at = 0
    while at + 1 < len(data):
        count = data[at]
        if count < 128:
            out += data[at + 1 : at + 2 + count]
            at += count + 2
        elif count > 128:
            out += data[at + 1 : at + 2] * (257 - count)
            at += 2
        else:
            at += 1
    return bytes(out)
