"""What an encoded frame announces, read before any decoder believes it: a few bytes may ask for gigabytes.

The size in a codestream has to be that of the header (PS3.5 8.2: Rows and Columns say the same as the codestream); what expands
has to end where the frame does.
"""

from __future__ import annotations

import struct

from pydicom.uid import JPEG2000TransferSyntaxes, JPEGLSTransferSyntaxes, JPEGTransferSyntaxes, RLELossless

from gateway.errors import UnreadablePixels
from gateway.pixels.layout import JPEG_XL, Layout

_SIZED = frozenset({*JPEGTransferSyntaxes, *JPEGLSTransferSyntaxes, *JPEG2000TransferSyntaxes, *JPEG_XL})
_SOI = b"\xff\xd8"
_NO_FRAMES = (0xC4, 0xC8, 0xCC)  # markers between those of frame headers that are none (ISO/IEC 10918-1 table B.1)
_SOC_SIZ, _BARE_JXL, _JXL_BOX = b"\xff\x4f\xff\x51", b"\xff\x0a", b"jxlc"
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))  # ISO/IEC 18181-1 table D.2
_FREE = 512 << 20  # bytes that a frame in RLE may expand to in the worst case without being looked through
_MOST_PER_RUN = 64  # two bytes make 128 at most (PS3.5 G.3.2)


def require_announced(frame: bytes, layout: Layout) -> None:
    """Check that a frame announces the size that the header says.

    Raises:
        UnreadablePixels: it announces another one, or none where its transfer syntax has one, or expands to more.
    """
    if layout.transfer_syntax in _SIZED:
        try:
            found = _size(frame)
        except (IndexError, struct.error):
            found = None
        if found != (layout.rows, layout.columns) or not _has_components(frame, layout.samples):
            raise UnreadablePixels("A compressed frame announces another size than the header.")
    if layout.transfer_syntax == RLELossless and not _fits(frame, layout):
        raise UnreadablePixels("A compressed frame expands to more than the header says.")


def _size(frame: bytes) -> tuple[int, int] | None:
    """Rows and columns by what the frame is, not by what it is called: some decoders take one coding for another."""
    if frame.startswith(_SOI):
        return _jpeg(frame)
    return _jpeg_2000(frame) or _jpeg_xl(frame)


def _jpeg(frame: bytes) -> tuple[int, int] | None:
    """Rows and columns in the frame header (ISO/IEC 10918-1 B.2.2, 14495-1 C.2.2)."""
    at = 2
    while frame[at] == 0xFF:
        marker = frame[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
        elif marker == 0xF7 or (0xC0 <= marker <= 0xCF and marker not in _NO_FRAMES):
            rows, columns = struct.unpack_from(">HH", frame, at + 5)
            return rows, columns
        else:
            at += 2 + int.from_bytes(frame[at + 2 : at + 4], "big")
    return None


def _jpeg_2000(frame: bytes) -> tuple[int, int] | None:
    """Rows and columns in the marker segment SIZ (ISO/IEC 15444-1 A.5.1); some writers put the codestream into a JP2 file."""
    at = frame.find(_SOC_SIZ)
    if at < 0:
        return None
    right, bottom, left, top = struct.unpack_from(">4L", frame, at + 8)
    return bottom - top, right - left


def _has_components(frame: bytes, samples: int) -> bool:
    """Whether JPEG 2000 announces as many components as the header: each is whole in memory. True of other codings."""
    at = -1 if frame.startswith(_SOI) else frame.find(_SOC_SIZ)
    return at < 0 or int.from_bytes(frame[at + 40 : at + 42], "big") == samples


def _jpeg_xl(frame: bytes) -> tuple[int, int] | None:
    """Rows and columns in the size header (ISO/IEC 18181-1 D.2), of a bare codestream or one in a box."""
    at = 0 if frame.startswith(_BARE_JXL) else frame.find(_JXL_BOX) + len(_JXL_BOX)
    if frame[at : at + 2] != _BARE_JXL:
        return None
    bits = _Bits(frame[at + 2 : at + 18])
    small = bits.take(1)
    rows = (bits.take(5) + 1) * 8 if small else bits.number()
    ratio = bits.take(3)
    if ratio:
        across, down = _RATIOS[ratio - 1]
        return rows, rows * across // down
    return rows, (bits.take(5) + 1) * 8 if small else bits.number()


class _Bits:
    """Bits, the lowest first."""

    def __init__(self, data: bytes) -> None:
        self._rest = int.from_bytes(data, "little")

    def take(self, count: int) -> int:
        value = self._rest & ((1 << count) - 1)
        self._rest >>= count
        return value

    def number(self) -> int:
        """One of four widths."""
        return 1 + self.take((9, 13, 18, 30)[self.take(2)])


def _fits(frame: bytes, layout: Layout) -> bool:
    """Whether RLE does not expand to more than the frame, which decoders find out too late (PS3.5 annex G)."""
    whole = -(-layout.frame_bits // 8)
    if len(frame) * _MOST_PER_RUN <= _FREE + 4 * whole:
        return True
    most = 2 * whole + 64
    return follow_runs(frame, 64, most + 1)[0] <= most


def follow_runs(frame: bytes, at: int, length: int) -> tuple[int, int]:
    """Follow runs of RLE from ``at`` until they make ``length`` bytes or the frame ends (PS3.5 G.3.2).

    Returns how many bytes they make, and where the last run ends, which may lie beyond the frame.
    """
    done = 0
    while done < length and at < len(frame):
        control = frame[at]
        done += control + 1 if control < 128 else (257 - control) % 129
        at += control + 2 if control < 128 else 1 + (control > 128)
    return done, at
