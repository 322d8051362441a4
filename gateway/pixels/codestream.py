"""What an encoded frame carries besides the image: comments, application data, unused tables, bytes after its end.

``strip`` gives the frame without them, or None where it cannot be told what the bytes are; the frame is then stored decoded.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from pydicom.uid import JPEG2000TransferSyntaxes, JPEGLSTransferSyntaxes, JPEGTransferSyntaxes, RLELossless

from gateway.errors import UnreadablePixels
from gateway.pixels.announced import follow_runs
from gateway.pixels.codecs import WORDS, decode
from gateway.pixels.jpeg import strip_jpeg
from gateway.pixels.jpeg_2000 import strip_jpeg_2000
from gateway.pixels.layout import Layout

_LOSSLESS = (0xC3, 0xF7)  # frame headers of lossless JPEG and JPEG-LS
_FRAMES = (0xC0, 0xC1, 0xC2, *_LOSSLESS)

#: What is recorded of an instance in which a frame carried more than the image.
BESIDE = "data beside the image in compressed frames"


def strip(frame: bytes, layout: Layout) -> bytes | None:
    """Return ``frame`` with nothing but the image in it, not padded to even length; None if it is not understood."""
    syntax = layout.transfer_syntax
    try:
        if syntax in JPEGTransferSyntaxes or syntax in JPEGLSTransferSyntaxes:
            return strip_jpeg(frame, ls=syntax in JPEGLSTransferSyntaxes)
        if syntax in JPEG2000TransferSyntaxes:
            return strip_jpeg_2000(frame)
        if syntax == RLELossless:
            return _rle(frame, layout)
    except IndexError:  # the structure runs past the end of the frame
        return None
    return None


def strip_proven(frame: bytes, layout: Layout) -> bytes | None:
    """As ``strip``; None as well if the pixels are not the same afterwards, or if there are bits outside Bits Stored.

    What was a mere tail cannot have changed the pixels.
    """
    stripped = strip(frame, layout)
    if stripped is None:
        return None
    try:
        same = frame.startswith(stripped) or np.array_equal(decode(frame, layout)[0], decode(stripped, layout)[0])
        return stripped if same and not _spare_bits(stripped, layout) else None
    except UnreadablePixels:
        return None


def _spare_bits(frame: bytes, layout: Layout) -> bool:
    """Whether samples hold anything outside Bits Stored: overlays lay there once, and no viewer shows it (PS3.5 8.1.1)."""
    words = layout.transfer_syntax in WORDS
    bits = layout.allocated if words else _precision(frame, layout)
    if layout.allocated == 1 or bits <= layout.stored:
        return False
    whole = decode(frame, replace(layout, stored=bits, high_bit=bits - 1), raw=True)[0]
    low = layout.high_bit + 1 - layout.stored if words else 0
    used = ((1 << layout.stored) - 1) << low
    if not (whole.view(f"u{whole.itemsize}") & ~np.uint64(used)).any():
        return False
    extended = decode(frame, layout, raw=True)[0] << low
    return not (layout.signed and np.array_equal(whole, extended))


def _precision(frame: bytes, layout: Layout) -> int:
    """Bits of a sample in a lossless or JPEG 2000 codestream; 0 for what is lossy by nature."""
    if layout.transfer_syntax in JPEG2000TransferSyntaxes:
        return (frame[42] & 0x7F) + 1
    at = 2
    while frame[at + 1] not in _FRAMES:
        at += 2 + int.from_bytes(frame[at + 2 : at + 4], "big")
    return frame[at + 4] if frame[at + 1] in _LOSSLESS else 0


def carried(frame: bytes, stripped: bytes) -> bool:
    """Whether ``frame`` held more than what was left of it and padding."""
    return not frame.startswith(stripped) or bool(frame[len(stripped) :].strip(b"\0\xff"))


# --- RLE (PS3.5 annex G) -------------------------------------------
def _rle(frame: bytes, layout: Layout) -> bytes | None:
    """The frame if its segments fill it exactly; RLE has no place for anything else."""
    header = [int.from_bytes(frame[i : i + 4], "little") for i in range(0, 64, 4)]
    count, offsets = header[0], header[1:]
    expected = layout.samples * (-(-layout.allocated // 8))
    if count != expected or offsets[0] != 64 or any(offsets[count:]):
        return None
    length = (
        -(-layout.rows * layout.columns * layout.allocated // 8)
        if layout.allocated == 1
        else layout.rows * layout.columns
    )
    end = 64
    for start, following in zip(offsets[:count], [*offsets[1:count], len(frame)], strict=True):
        if start not in (end, end + end % 2) or frame[end:start].strip(b"\0"):
            return None
        made, end = follow_runs(frame, start, length)
        if made != length or end > following:  # more than the frame has room for is not shown, but passed on
            return None
    return frame[:end]
