"""JPEG frames for tests: by libjpeg-turbo, by Pillow, by hand."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pixels.pictures import compressed, frames
from pydicom.dataset import FileDataset
from pydicom.uid import JPEGBaseline8Bit, JPEGExtended12Bit

from gateway.pixels.encoded import write_encoded
from gateway.pixels.frames import encoded_frames
from gateway.pixels.layout import layout
from gateway.pixels.mask import Extremes
from gateway.records import Box, Change, Mask

BOX = Box(21, 19, 40, 9)


def noisy(rows: int = 91, columns: int = 131, seed: int = 0) -> NDArray[np.uint8]:
    """A coloured scene with sharp edges and noise: (rows, columns, 3)."""
    y, x = np.mgrid[0:rows, 0:columns]
    scene = np.stack([np.sin(x / 7), np.cos(y / 5), np.sin((x + y) / 9)], axis=-1) * 90 + 128
    scene += np.random.default_rng(seed).normal(0, 12, scene.shape)
    scene[20:26, 24:60] = (250, 250, 20)
    clipped: NDArray[np.uint8] = np.clip(scene, 0, 255).astype(np.uint8)
    return clipped


def turbo(image: NDArray[Any], **options: Any) -> bytes:
    bits = 12 if image.dtype == np.uint16 else 8
    return bytes(imagecodecs.jpeg8_encode(np.ascontiguousarray(image), level=90, bitspersample=bits, **options))


def pillow(image: NDArray[np.uint8], **options: Any) -> bytes:
    out = io.BytesIO()
    Image.fromarray(image).save(out, "JPEG", quality=90, **options)
    return out.getvalue()


def masked(ds: FileDataset, *masks: Mask) -> tuple[tuple[Mask, ...], tuple[Change, ...]]:
    found = layout(ds)
    assert found is not None
    read = frames(ds)
    extremes = Extremes(min(float(f.pixels.min()) for f in read), max(float(f.pixels.max()) for f in read))
    return write_encoded(ds, found, masks or (Mask(BOX, (0,), ("name",)),), read[0].photometric, extremes)


def jpeg(image: NDArray[Any], *coded: bytes, **attributes: Any) -> FileDataset:
    """An instance of JPEG frames (``image``: the first of them)."""
    syntax = JPEGExtended12Bit if image.dtype == np.uint16 else JPEGBaseline8Bit
    if image.ndim == 3:
        attributes = {"PhotometricInterpretation": "YBR_FULL_422"} | attributes
    if image.dtype == np.uint16:
        attributes = {"BitsStored": 12, "HighBit": 11} | attributes
    return compressed(syntax, image[None], list(coded), LossyImageCompression="01", **attributes)


def stream(ds: FileDataset, number: int = 0) -> bytes:
    found = layout(ds)
    assert found is not None
    return list(encoded_frames(ds, found))[number]


def inside(shape: Sequence[int], box: Box) -> NDArray[np.bool_]:
    area = np.zeros(shape[:2], bool)
    area[box.y : box.y + box.h, box.x : box.x + box.w] = True
    return area


def grown(area: NDArray[np.bool_], by: int = 1) -> NDArray[np.bool_]:
    """``area`` and all pixels within ``by`` of it; less than it where ``by`` is negative."""
    if by < 0:
        return ~grown(~area, -by)
    rows, columns = area.shape
    wide = np.pad(area, by)
    shifts = [(y, x) for y in range(2 * by + 1) for x in range(2 * by + 1)]
    return np.asarray(np.logical_or.reduce([wide[y : y + rows, x : x + columns] for y, x in shifts]))


def with_sampling(coded: bytes, factors: int) -> bytes:
    """A frame with other sampling factors of its only component, which mean nothing there."""
    at = coded.index(b"\xff\xc0") + 11
    return coded[:at] + bytes([factors]) + coded[at + 1 :]


def scans(image: NDArray[np.uint8], across: int, down: int) -> bytes:
    """A JPEG of one scan a component, of flat blocks: the chroma has fewer samples by the factors."""
    rows, columns = image.shape[:2]
    frame = bytearray(b"\xff\xd8\xff\xdb\x00\x43\x00" + b"\x08" * 64)
    frame += b"\xff\xc0\x00\x11\x08" + rows.to_bytes(2, "big") + columns.to_bytes(2, "big") + b"\x03"
    frame += bytes((1, across << 4 | down, 0, 2, 0x11, 0, 3, 0x11, 0))
    lengths = [0, 0, 0, 12, *[0] * 12]
    frame += b"\xff\xc4\x00\x1f\x00" + bytes(lengths) + bytes(range(12))  # every category has 4 bits
    frame += b"\xff\xc4\x00\x14\x10" + bytes([1, *[0] * 15]) + b"\x00"  # the end of a block: one bit
    for number, (wide, high) in enumerate([(1, 1), (across, down), (across, down)]):
        plane = image[..., number]
        last, bits = 0, ""
        for y in range(math.ceil(math.ceil(rows / high) / 8)):
            for x in range(math.ceil(math.ceil(columns / wide) / 8)):
                value = int(plane[min(y * 8 * high, rows - 1), min(x * 8 * wide, columns - 1)]) - 128
                difference, last = value - last, value
                size = abs(difference).bit_length()
                number_bits = difference if difference >= 0 else difference + (1 << size) - 1
                bits += f"{size:04b}" + (f"{number_bits:0{size}b}" if size else "") + "0"
        bits += "1" * (-len(bits) % 8)
        data = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\x00")
        frame += b"\xff\xda\x00\x08\x01" + bytes((number + 1, 0)) + b"\x00\x3f\x00" + data
    return bytes(frame + b"\xff\xd9")
