"""Decodes one encoded frame: decoders of our own where pydicom has none, then pydicom's, one after the other."""

from __future__ import annotations

import contextlib
import logging
import os
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, cast

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom.encaps import encapsulate
from pydicom.pixels.decoders.base import DecodeOptions, get_decoder
from pydicom.uid import JPEGBaseline8Bit, JPEGExtended12Bit, RLELossless

from gateway.errors import UnreadablePixels, UnsupportedPixels
from gateway.pixels.announced import require_announced
from gateway.pixels.bounded import bounded
from gateway.pixels.layout import DEFLATED_FRAMES, JPEG_XL, Layout

Decode = Callable[[bytes, Layout], tuple[NDArray[Any], str]]

ENCAPSULATED_NATIVE = "1.2.840.10008.1.2.1.98"  # Encapsulated Uncompressed Explicit VR Little Endian, PS3.5 A.4.11

#: Codings of whole words, whose samples lie where High Bit says; the others keep them in the lowest bits.
WORDS = (str(RLELossless), DEFLATED_FRAMES, ENCAPSULATED_NATIVE)

#: What decoders and encoders raise. They come from C libraries and pydicom's plug-ins; their messages may quote data.
DAMAGED = (
    RuntimeError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    OSError,
    EOFError,
    struct.error,
    zlib.error,
    MemoryError,
)


def decode(frame: bytes, layout: Layout, *, raw: bool = False) -> tuple[NDArray[Any], str]:
    """Decode one frame to (rows, columns) or (rows, columns, 3), with the photometric interpretation it then has.

    YBR_* becomes RGB; ``raw`` leaves the samples as they were encoded (colour transforms of JPEG 2000 are undone nevertheless).

    Raises:
        UnsupportedPixels: no decoder knows the transfer syntax.
        UnreadablePixels: all decoders fail, or the frame announces another size than the header.
    """
    words = layout.transfer_syntax in WORDS and layout.allocated > 1
    coded = replace(layout, stored=layout.allocated, high_bit=layout.allocated - 1) if words else layout
    decoders = [*_OWN.get(layout.transfer_syntax, ()), *_pydicom(layout.transfer_syntax, raw=raw)]
    if not decoders:
        raise UnsupportedPixels("No installed decoder reads this transfer syntax.")
    require_announced(frame, layout)
    shape = (layout.rows, layout.columns) + ((layout.samples,) if layout.samples > 1 else ())
    with quiet(), bounded(layout):
        for decoder in decoders:
            try:
                pixels, photometric = decoder(frame, coded)
            except DAMAGED:
                continue
            if pixels.shape == shape:
                return _significant(pixels, layout, layout.high_bit if words else layout.stored - 1), photometric
    raise UnreadablePixels("No decoder could read the frame.")


def _significant(pixels: NDArray[Any], layout: Layout, high: int) -> NDArray[Any]:
    """Drop the bits outside Bits Stored, the highest of which is ``high``, and extend the sign (PS3.5 8.1.1)."""
    spare = layout.allocated - layout.stored
    if not spare or layout.allocated == 1 or pixels.dtype.itemsize * 8 != layout.allocated:
        return pixels
    plain = pixels.astype(pixels.dtype.newbyteorder("="))
    return plain << (layout.allocated - 1 - high) >> spare


def supported(syntax: str) -> bool:
    """Whether an installed decoder reads this transfer syntax (a UID)."""
    return bool(_OWN.get(syntax) or _pydicom(syntax))


def _pydicom(syntax: str, *, raw: bool = False) -> list[Decode]:
    """Each of pydicom's plug-ins for the transfer syntax as one decoder."""
    try:
        decoder = get_decoder(syntax)
    except NotImplementedError:
        return []

    def use(plugin: str) -> Decode:
        def run(frame: bytes, layout: Layout) -> tuple[NDArray[Any], str]:
            options = cast("dict[str, Any]", _options(layout))
            pixels, properties = decoder.as_array(
                encapsulate([frame]), index=0, raw=raw, decoding_plugin=plugin, **options
            )
            return pixels, str(properties["photometric_interpretation"])

        return run

    return [use(plugin) for plugin in decoder.available_plugins]


def _options(layout: Layout) -> DecodeOptions:
    return {
        "rows": layout.rows,
        "columns": layout.columns,
        "samples_per_pixel": layout.samples,
        "number_of_frames": 1,
        "bits_allocated": layout.allocated,
        "bits_stored": layout.stored,
        "pixel_representation": int(layout.signed),
        "photometric_interpretation": layout.photometric,
        "planar_configuration": int(layout.planar),
        "pixel_keyword": layout.keyword,
    }


def _jpeg_8_bit(frame: bytes, layout: Layout) -> tuple[NDArray[Any], str]:
    """JPEG of 8 bits by libjpeg-turbo, four to ten times as fast as pydicom's; it would fill up a frame that has no end."""
    if not frame.rstrip(b"\0").endswith(b"\xff\xd9") or layout.stored > 8 or layout.signed:
        raise ValueError("left to the other decoders")
    if layout.samples == 1:
        return imagecodecs.jpeg8_decode(frame), layout.photometric
    if not layout.photometric.startswith("YBR"):
        raise ValueError("what a header calls RGB may be anything")
    return imagecodecs.jpeg8_decode(frame, outcolorspace="RGB"), "RGB"


def _jpeg_12_bit(frame: bytes, layout: Layout) -> tuple[NDArray[Any], str]:
    """JPEG Extended, which pydicom's plug-ins refuse above 8 bits (PS3.5 8.2.1, process 4)."""
    if layout.samples != 1:
        raise ValueError("colour is left to the other decoders")
    return imagecodecs.jpeg8_decode(frame).astype(layout.dtype), layout.photometric


def _jpeg_xl(frame: bytes, layout: Layout) -> tuple[NDArray[Any], str]:
    """JPEG XL, always decoded to RGB or grey (PS3.5 8.2.18)."""
    photometric = "RGB" if layout.samples == 3 else layout.photometric
    return imagecodecs.jpegxl_decode(frame).astype(layout.dtype), photometric


def _deflated(frame: bytes, layout: Layout) -> tuple[NDArray[Any], str]:
    """One raw deflate stream a frame (PS3.5 8.2.16); bit-packed samples start anew with each frame."""
    return _native(zlib.decompressobj(-zlib.MAX_WBITS).decompress(frame, -(-layout.frame_bits // 8)), layout)


def _native(data: bytes, layout: Layout) -> tuple[NDArray[Any], str]:
    samples = layout.rows * layout.columns * layout.samples
    if layout.allocated == 1:
        flat: NDArray[Any] = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
    else:
        flat = np.frombuffer(data[: len(data) // layout.dtype.itemsize * layout.dtype.itemsize], layout.dtype)
    if len(flat) < samples:
        raise ValueError("too short")
    flat = flat[:samples]
    if layout.samples == 1:
        return flat.reshape(layout.rows, layout.columns), layout.photometric
    if layout.planar:
        return flat.reshape(layout.samples, layout.rows, layout.columns).transpose(1, 2, 0), layout.photometric
    return flat.reshape(layout.rows, layout.columns, layout.samples), layout.photometric


def _rle_1_bit(frame: bytes, layout: Layout) -> tuple[NDArray[Any], str]:
    """RLE of bit-packed frames: one segment of packed bytes (PS3.5 G.2 with 8.1.1)."""
    if layout.allocated != 1 or layout.samples != 1:
        raise ValueError("bytes are left to the other decoders")
    segments, first = int.from_bytes(frame[:4], "little"), int.from_bytes(frame[4:8], "little")
    if segments != 1 or first < 64:
        raise ValueError("not one segment")
    return _native(_unpack_runs(frame[first:], -(-layout.rows * layout.columns // 8)), layout)


def _unpack_runs(data: bytes, length: int) -> bytes:
    """PackBits (PS3.5 G.3.2)."""
    out, at = bytearray(), 0
    while len(out) < length:
        control = data[at]
        if control < 128:
            out += data[at + 1 : at + 2 + control]
            at += control + 2
        else:
            if control > 128:
                out += data[at + 1 : at + 2] * (257 - control)
            at += 2 if control > 128 else 1
    return bytes(out[:length])


_OWN: dict[str, tuple[Decode, ...]] = {
    str(JPEGBaseline8Bit): (_jpeg_8_bit,),
    str(JPEGExtended12Bit): (_jpeg_8_bit, _jpeg_12_bit),
    DEFLATED_FRAMES: (_deflated,),
    ENCAPSULATED_NATIVE: (_native,),
    str(RLELossless): (_rle_1_bit,),
} | dict.fromkeys(JPEG_XL, (_jpeg_xl,))


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep the libraries' own complaints off the terminal: what a decoder cannot read is raised as our error."""
    logger = logging.getLogger("pydicom")
    was = logger.disabled
    logger.disabled = True
    try:
        with warnings.catch_warnings(), _no_stderr():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.disabled = was


@contextlib.contextmanager
def _no_stderr() -> Iterator[None]:
    """C libraries print to file descriptor 2 whatever Python does: point it elsewhere while they work."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
