"""Encodings that pydicom's decoders leave out are compared all the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from builders import instance, set_pixels
from numpy.typing import NDArray
from pydicom.dataset import FileDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian, HTJ2KLossless, RLELossless
from verify.handmade import Staged

from gateway.records import Box, Mask
from gateway.verify import checks
from gateway.verify.frames import Frames

UNCOMPRESSED = UID("1.2.840.10008.1.2.1.98")
JPEG_XL = UID("1.2.840.10008.1.2.4.110")
BOX = Box(4, 5, 20, 10)
MASKS = (Mask(BOX, (0,), ("name",)),)


def picture(colours: int = 1) -> NDArray[Any]:
    y, x = np.mgrid[0:32, 0:40]
    grey = (y * 5 + x).astype(np.uint8)
    return grey if colours == 1 else np.stack([grey, grey[::-1], grey[:, ::-1]], axis=-1)


def masked(image: NDArray[Any]) -> NDArray[Any]:
    out = image.copy()
    out[BOX.y : BOX.y + BOX.h, BOX.x : BOX.x + BOX.w] = 0
    return out


def put(ds: FileDataset, stream: bytes, syntax: UID) -> None:
    ds.PixelData = encapsulate([stream])
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    ds.file_meta.TransferSyntaxUID = syntax


@pytest.mark.parametrize("planes", [False, True])
@pytest.mark.parametrize(("more", "found"), [(0, set()), (1, {checks.PIXEL_CHANGED})])
def test_uncompressed_frames_in_fragments(tmp_path: Path, planes: bool, more: int, found: set[str]) -> None:  # noqa: FBT001  # a column of the table
    def stored(image: NDArray[Any]) -> bytes:
        return (image.transpose(2, 0, 1) if planes else image).tobytes()

    study, image = Staged(tmp_path), picture(3)
    original = instance(image=image, PlanarConfiguration=int(planes))
    put(original, stored(image), UNCOMPRESSED)
    after = masked(image)
    after[20, 30, 1] += more
    study.add(original, change=lambda ds: put(ds, stored(after), UNCOMPRESSED), masks=MASKS)
    assert study.found() == found


@pytest.mark.parametrize(("more", "found"), [(0, set()), (1, {checks.PIXEL_CHANGED})])
def test_uncompressed_bits_in_fragments(tmp_path: Path, more: int, found: set[str]) -> None:
    study, image = Staged(tmp_path), (picture() > 99).astype(np.uint8)
    original = instance(image=image, BitsAllocated=1, BitsStored=1, HighBit=0)
    put(original, np.packbits(image, bitorder="little").tobytes(), UNCOMPRESSED)
    after = masked(image)
    after[20, 30] ^= more
    data = np.packbits(after, bitorder="little").tobytes()
    study.add(original, change=lambda ds: put(ds, data, UNCOMPRESSED), masks=MASKS)
    assert study.found() == found


@pytest.mark.parametrize(("more", "found"), [(0, set()), (1, {checks.PIXEL_CHANGED})])
@pytest.mark.parametrize("colours", [1, 3])
def test_jpeg_xl_that_became_pixels(tmp_path: Path, colours: int, more: int, found: set[str]) -> None:
    study, image = Staged(tmp_path), picture(colours)
    original = instance(image=image)
    put(original, bytes(imagecodecs.jpegxl_encode(image, lossless=True)), HTJ2KLossless)
    after = masked(image)
    after[20, 30] += more

    def native(ds: FileDataset) -> None:
        ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        set_pixels(ds, after)

    study.add(original, change=native, masks=MASKS)
    path = Path(study.pairs[0].original.path)  # pydicom knows no name for this syntax yet
    path.write_bytes(path.read_bytes().replace(HTJ2KLossless.encode(), JPEG_XL.encode()))
    assert study.found() == found


@pytest.mark.parametrize(("more", "found"), [(0, set()), (1, {checks.PIXEL_CHANGED})])
def test_words_lie_where_the_high_bit_says(tmp_path: Path, more: int, found: set[str]) -> None:
    study, image = Staged(tmp_path), picture().astype(np.uint16) * 16
    original = instance(image=image << 4)
    original.compress(RLELossless, generate_instance_uid=False)
    original.BitsStored, original.HighBit = 12, 15
    image[20, 30] += more

    def native(ds: FileDataset) -> None:
        ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        set_pixels(ds, image)
        ds.BitsStored, ds.HighBit = 12, 11

    study.add(original, change=native)
    assert study.found() == found


def test_a_frame_in_a_coding_that_nobody_decodes() -> None:
    ds = instance(image=picture())
    put(ds, b"\0" * 10, UID("1.2.840.10008.1.2.4.100"))
    with pytest.raises(ValueError, match="decoded"):
        Frames(ds).values(0)
