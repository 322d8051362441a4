"""Encodes one frame without loss, for the transfer syntaxes that have an encoder here.

Lossy syntaxes whose coding has a lossless mode (JPEG 2000, HTJ2K, JPEG-LS) take such frames as well: a frame that was encoded
with loss is decoded once and keeps its pixels from then on (PS3.5 A.4.3, A.4.4). JPEG XL and deflated frames are left
out: few readers know them, and pydicom does not write them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom.pixels.encoders.base import get_encoder
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    JPEG2000Lossless,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from gateway.pixels.codecs import DAMAGED, ENCAPSULATED_NATIVE, quiet
from gateway.pixels.layout import Layout

#: Encodes the samples of a frame as ``codecs.decode`` gives them raw; ``source`` is the frame that they came from.
Encode = Callable[[NDArray[Any], Layout, bytes], bytes]
#: The colour transforms within JPEG 2000 (PS3.3 C.7.6.3.1.2); decoders undo them, so the samples of such frames are RGB.
TRANSFORMED = ("YBR_ICT", "YBR_RCT")
_COARSEST = 64  # HTJ2K with RPCL options: no side of the lowest resolution is longer (PS3.5 10.17)


def encode(pixels: NDArray[Any], layout: Layout, source: bytes) -> bytes | None:
    """Encode a frame in its own transfer syntax without loss; None if that cannot be done.

    ``pixels`` are (rows, columns) or (rows, columns, 3), samples as encoded but RGB for JPEG 2000's own transforms.
    """
    encoder = _ENCODERS.get(layout.transfer_syntax)
    if encoder is None or layout.high_bit != layout.stored - 1:
        return None
    with quiet():
        try:
            return encoder(pixels, layout, source)
        except DAMAGED:
            return None


def _pydicom(syntax: str, plugin: str, pixels: NDArray[Any], layout: Layout, source: bytes) -> bytes:
    """One of pydicom's plug-ins, always the same: the bytes must not depend on what else is installed."""
    del source
    photometric = "YBR_RCT" if layout.photometric == "YBR_ICT" else layout.photometric
    kind = f"<{'i' if layout.signed else 'u'}{layout.allocated // 8}"
    return get_encoder(syntax).encode(
        np.ascontiguousarray(pixels, kind),
        validate=False,  # it refuses samples of 32 bits; what comes out is decoded and compared in any case
        encoding_plugin=plugin,
        rows=layout.rows,
        columns=layout.columns,
        samples_per_pixel=layout.samples,
        number_of_frames=1,
        bits_allocated=layout.allocated,
        bits_stored=layout.stored,
        pixel_representation=int(layout.signed),
        photometric_interpretation=photometric,
        pixel_keyword="PixelData",
        planar_configuration=0,
    )


def _jpeg_lossless(pixels: NDArray[Any], layout: Layout, source: bytes) -> bytes:
    """Process 14, first-order prediction, which both of its transfer syntaxes allow; the precision is the source's."""
    bits = source[source.index(b"\xff\xc3") + 4]
    width = 1 if bits <= 8 else 2
    samples = (pixels.astype(np.int64) & ((1 << bits) - 1)).astype(f"u{width}")
    space = "RGB" if layout.samples == 3 else None  # as they are: no transform is applied
    encoded = imagecodecs.jpeg8_encode(
        samples, lossless=True, predictor=1, bitspersample=bits, colorspace=space, outcolorspace=space
    )
    return bytes(encoded)


def _htj2k(pixels: NDArray[Any], layout: Layout, source: bytes, *, rpcl: bool = False) -> bytes:
    del source
    options: dict[str, Any] = {"rgb": layout.photometric in TRANSFORMED} if layout.samples == 3 else {}
    if rpcl:
        longest, levels = max(layout.rows, layout.columns), 1
        while longest > _COARSEST << levels:
            levels += 1
        options |= {"tlm": True, "resolutions": levels + 1}
    kind = np.dtype(f"{'i' if layout.signed else 'u'}{layout.allocated // 8}")
    return bytes(imagecodecs.htj2k_encode(np.ascontiguousarray(pixels, kind), reversible=True, **options))


def _native(pixels: NDArray[Any], layout: Layout, source: bytes) -> bytes:
    del source
    if layout.allocated == 1:
        return np.packbits(pixels, bitorder="little").tobytes()
    samples = pixels.transpose(2, 0, 1) if layout.planar else pixels
    return np.ascontiguousarray(samples, layout.dtype).tobytes()


_ENCODERS: dict[str, Encode] = {
    str(RLELossless): partial(_pydicom, RLELossless, "pylibjpeg"),
    str(JPEGLSLossless): partial(_pydicom, JPEGLSLossless, "pyjpegls"),
    str(JPEGLSNearLossless): partial(_pydicom, JPEGLSLossless, "pyjpegls"),
    str(JPEG2000Lossless): partial(_pydicom, JPEG2000Lossless, "pylibjpeg"),
    str(JPEG2000): partial(_pydicom, JPEG2000Lossless, "pylibjpeg"),
    str(JPEGLossless): _jpeg_lossless,
    str(JPEGLosslessSV1): _jpeg_lossless,
    str(HTJ2KLossless): _htj2k,
    str(HTJ2KLosslessRPCL): partial(_htj2k, rpcl=True),
    str(HTJ2K): _htj2k,
    ENCAPSULATED_NATIVE: _native,
}
