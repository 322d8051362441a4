"""How the stored pixels of an instance lie in memory, as its header says (PS3.3 C.7.6.3)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import UID, ExplicitVRBigEndian

from gateway.errors import UnreadablePixels, UnsupportedPixels

KEYWORDS: Final = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
DEFLATED_FRAMES: Final = "1.2.840.10008.1.2.8.1"  # Deflated Image Frame Compression, PS3.5 A.4.13
JPEG_XL: Final = ("1.2.840.10008.1.2.4.110", "1.2.840.10008.1.2.4.111", "1.2.840.10008.1.2.4.112")  # PS3.5 A.4.12
COLOUR: Final = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_422", "YBR_ICT", "YBR_RCT", "YBR_PARTIAL_420")
#: Pixels of one frame, which is whole in memory some ten times over. Mammograms have 30 million, scanned film 60 million.
LARGEST_FRAME: Final = 1 << 27
GREY: Final = ("MONOCHROME1", "MONOCHROME2", "PALETTE COLOR")


@dataclass(frozen=True, slots=True)
class Layout:
    """The Image Pixel attributes of one instance, checked. ``planar`` is Planar Configuration = 1."""

    keyword: str
    transfer_syntax: str
    encapsulated: bool
    frames: int
    rows: int
    columns: int
    samples: int
    photometric: str
    allocated: int
    stored: int
    high_bit: int
    signed: bool
    planar: bool

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of one stored sample; 1-bit samples are unpacked to bytes."""
        if self.keyword != "PixelData":
            kind = "f4" if self.keyword == "FloatPixelData" else "f8"
        elif self.allocated == 1:
            kind = "u1"
        else:
            kind = f"{'i' if self.signed else 'u'}{self.allocated // 8}"
        return np.dtype(kind).newbyteorder(">" if self.transfer_syntax == ExplicitVRBigEndian else "<")

    @property
    def subsampled(self) -> bool:
        """Whether two neighbouring pixels share their colour in native data (PS3.3 C.7.6.3.1.2, YBR_FULL_422)."""
        return self.samples == 3 and not self.encapsulated and self.photometric in ("YBR_FULL_422", "YBR_PARTIAL_422")

    @property
    def frame_bits(self) -> int:
        """Bits of one native frame; 1-bit frames follow each other without padding (PS3.5 8.1.1)."""
        samples = self.rows * self.columns * self.samples
        return (samples // 3 * 2 if self.subsampled else samples) * self.allocated

    @property
    def native_length(self) -> int:
        """Bytes of all frames in native encoding, without padding to even length."""
        return math.ceil(self.frame_bits * self.frames / 8)


def layout(dataset: Dataset) -> Layout | None:
    """Read the layout of ``dataset``; None if it has no pixel data.

    Raises:
        UnreadablePixels: the header contradicts itself.
        UnsupportedPixels: it describes what no decoder knows.
    """
    present = [keyword for keyword in KEYWORDS if keyword in dataset]
    if not present:
        return None
    if len(present) > 1:
        raise UnreadablePixels("More than one of Pixel Data, Float Pixel Data and Double Float Pixel Data is present.")
    keyword = present[0]
    if not dataset[keyword].value and "Rows" not in dataset:
        return None  # an empty element in an object that is not an image
    syntax = UID(str(dataset.file_meta.get("TransferSyntaxUID") or ""))
    default = {"FloatPixelData": 32, "DoubleFloatPixelData": 64}.get(keyword)
    allocated = _number(dataset, "BitsAllocated", default)
    stored = _number(dataset, "BitsStored", allocated) if default is None else allocated
    samples = _number(dataset, "SamplesPerPixel", 1)
    found = Layout(
        keyword=keyword,
        transfer_syntax=str(syntax),
        encapsulated=_encapsulated(syntax),
        frames=1,
        rows=_number(dataset, "Rows"),
        columns=_number(dataset, "Columns"),
        samples=samples,
        photometric=_photometric(dataset, samples),
        allocated=allocated,
        stored=stored,
        high_bit=_number(dataset, "HighBit", stored - 1, least=0) if default is None else allocated - 1,
        signed=default is None and _number(dataset, "PixelRepresentation", 0, least=0) == 1,
        planar=samples > 1 and _number(dataset, "PlanarConfiguration", 0, least=0) == 1,
    )
    _check(found)
    return _with_frames(dataset, found)


def _encapsulated(syntax: UID) -> bool:
    if syntax in (DEFLATED_FRAMES, *JPEG_XL):
        return True
    if not syntax.is_transfer_syntax:
        raise UnsupportedPixels("The transfer syntax is not known.")
    return syntax.is_encapsulated


def _photometric(dataset: Dataset, samples: int) -> str:
    value = str(dataset.get("PhotometricInterpretation") or "").strip().upper()
    if value not in (GREY if samples == 1 else COLOUR) or samples not in (1, 3):
        raise UnsupportedPixels("The Photometric Interpretation is not one that the gateway can display.")
    return value


def _check(found: Layout) -> None:
    if found.rows * found.columns > LARGEST_FRAME:
        raise UnsupportedPixels(f"A frame has more than {LARGEST_FRAME // 1_000_000} million pixels.")
    if found.allocated != 1 and (found.allocated % 8 or found.allocated not in (8, 16, 32, 64)):
        raise UnsupportedPixels("Bits Allocated is not 1, 8, 16, 32 or 64.")
    if found.subsampled and found.columns % 2:
        raise UnreadablePixels("Subsampled colour needs an even number of columns.")
    if not 1 <= found.stored <= found.allocated or not found.stored - 1 <= found.high_bit < found.allocated:
        raise UnreadablePixels("Bits Allocated, Bits Stored and High Bit contradict each other.")


def frames_in_header(dataset: Dataset) -> int | None:
    """Number of Frames, 1 where it is missing or zero; None if its value is no number."""
    try:
        return max(1, int(dataset.get("NumberOfFrames") or 1))
    except (ValueError, TypeError):
        return None


def _with_frames(dataset: Dataset, found: Layout) -> Layout:
    """Take Number of Frames; where it is not a number, native data tell it by their length."""
    frames = frames_in_header(dataset)
    if frames is not None:
        return replace(found, frames=frames)
    count, rest = divmod(len(dataset[found.keyword].value) * 8, found.frame_bits)
    if found.encapsulated or not count or rest:
        raise UnreadablePixels("Number of Frames is not a number.")
    return replace(found, frames=count)


def _number(dataset: Dataset, keyword: str, default: int | None = None, least: int = 1) -> int:
    value = dataset.get(keyword)
    if value is None and default is not None:
        return default
    if not isinstance(value, int) or value < least:
        raise UnreadablePixels(f"{keyword} is missing or is no legal number.")
    return int(value)
