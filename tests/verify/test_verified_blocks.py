"""Masked blocks of JPEG: everything outside is exactly the original's, though decoders smooth colour over the edge of a block."""

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
from pydicom.uid import JPEG2000, UID, JPEGBaseline8Bit, JPEGExtended12Bit
from verify.handmade import Staged

from gateway.records import Box, Mask
from gateway.verify import blocks, checks

BOX = Box(16, 32, 48, 16)
MASKS = (Mask(BOX, (0,), ("name",)),)
HERE = slice(BOX.y, BOX.y + BOX.h), slice(BOX.x, BOX.x + BOX.w)


def scene(rows: int = 80, columns: int = 96) -> NDArray[np.uint8]:
    y, x = np.mgrid[0:rows, 0:columns]
    values = np.stack([np.sin(x / 7), np.cos(y / 5), np.sin((x + y) / 9)], axis=-1)
    return (values * 90 + 128).astype(np.uint8)


def masked(image: NDArray[Any]) -> NDArray[Any]:
    out = image.copy()
    out[HERE] = 0
    return out


def encoded(image: NDArray[Any], subsampling: str = "420") -> bytes:
    """Blocks are encoded one by one: those of equal pixels are equal."""
    bits = 12 if image.dtype == np.uint16 else 8
    return bytes(
        imagecodecs.jpeg8_encode(np.ascontiguousarray(image), level=90, subsampling=subsampling, bitspersample=bits)
    )


def stored(image: NDArray[Any], stream: bytes, syntax: UID = JPEGBaseline8Bit) -> FileDataset:
    ds = instance(image=image, LossyImageCompression="01")
    ds.file_meta.TransferSyntaxUID = syntax
    put(ds, stream)
    if image.ndim == 3:
        ds.PhotometricInterpretation = "YBR_FULL_422"
    return ds


def put(ds: FileDataset, stream: bytes) -> None:
    ds.PixelData = encapsulate([stream])
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True


@pytest.mark.parametrize("subsampling", ["444", "422", "420"])
def test_masked_blocks_pass(tmp_path: Path, subsampling: str) -> None:
    study, image = Staged(tmp_path), scene()
    after = encoded(masked(image), subsampling)
    study.add(stored(image, encoded(image, subsampling)), change=lambda ds: put(ds, after), masks=MASKS)
    assert study.verify() == ()


def test_twelve_bits_pass(tmp_path: Path) -> None:
    study, image = Staged(tmp_path), scene()[..., 0].astype(np.uint16) * 16
    original = stored(image, encoded(image), JPEGExtended12Bit)
    original.BitsStored, original.HighBit = 12, 11
    after = encoded(masked(image))
    study.add(original, change=lambda ds: put(ds, after), masks=MASKS)
    assert study.verify() == ()


@pytest.mark.parametrize("subsampling", ["444", "420"])
@pytest.mark.parametrize(
    ("place", "found"),
    [
        ((60, 80), checks.PIXEL_CHANGED),  # far away
        ((BOX.y + BOX.h, 20), checks.PIXEL_CHANGED),  # just below, where colour may differ
        ((BOX.y + 8, 40), checks.MASK_NOT_FLAT),
        ((BOX.y, BOX.x), ""),  # at the edge within, where colour may differ
    ],
)
def test_other_pixels_are_found(tmp_path: Path, subsampling: str, place: tuple[int, int], found: str) -> None:
    study, image = Staged(tmp_path), scene()
    other = masked(image)
    other[place[0] : place[0] + 2, place[1] : place[1] + 2] ^= 128
    after = encoded(other, subsampling)
    study.add(stored(image, encoded(image, subsampling)), change=lambda ds: put(ds, after), masks=MASKS)
    assert (found or (checks.PIXEL_CHANGED if subsampling == "420" else checks.MASK_NOT_FLAT)) in study.found()


def test_a_frame_without_masks_is_compared_exactly(tmp_path: Path) -> None:
    study, image = Staged(tmp_path), scene()
    other = image.copy()
    other[HERE] = 0
    after = encoded(other)
    study.add(stored(image, encoded(image)), change=lambda ds: put(ds, after))
    assert study.found() == {checks.PIXEL_CHANGED}


@pytest.mark.parametrize(("more", "found"), [(0, set()), (1, set()), (9, {checks.PIXEL_CHANGED})])
def test_a_lossy_frame_that_is_encoded_again_without_loss(tmp_path: Path, more: int, found: set[str]) -> None:
    study, image = Staged(tmp_path), scene()[..., 0]
    lossy = bytes(imagecodecs.jpeg2k_encode(np.ascontiguousarray(image), level=40, codecformat="j2k"))
    done = masked(imagecodecs.jpeg2k_decode(lossy))
    done[70, 70] += more if done[70, 70] < 128 else -more
    after = bytes(imagecodecs.jpeg2k_encode(done, level=0, codecformat="j2k", reversible=True))
    after = without_comment(after)
    original = stored(image, without_comment(lossy), JPEG2000)
    study.add(original, change=lambda ds: put(ds, after), masks=MASKS)
    assert study.found() == found


def without_comment(stream: bytes) -> bytes:
    at = stream.find(b"\xff\x64")
    return stream if at < 0 else stream[:at] + stream[at + 2 + int.from_bytes(stream[at + 2 : at + 4], "big") :]


def test_blocks_that_became_pixels_may_differ_by_rounding_only(tmp_path: Path) -> None:
    study, image = Staged(tmp_path), scene()
    stream = encoded(image)
    pixels = masked(imagecodecs.jpeg8_decode(stream))

    def native(ds: FileDataset) -> None:
        ds.file_meta.TransferSyntaxUID = UID("1.2.840.10008.1.2.1")
        set_pixels(ds, pixels)

    study.add(stored(image, stream), change=native, masks=MASKS)
    assert study.verify() == ()


def test_edge_lies_on_both_sides_and_not_at_the_border() -> None:
    inside = np.zeros((6, 7), bool)
    inside[:3, :4] = True
    edge = blocks.edge(inside)
    assert edge.sum() == 14
    assert not edge[0, 0]
    assert edge[3, 4]
    assert not blocks.edge(np.ones((4, 4), bool)).any()


def test_sampling_is_read_from_the_frame_header() -> None:
    assert blocks.subsampled(encoded(scene()))
    assert not blocks.subsampled(encoded(scene(), "444"))
    assert not blocks.subsampled(encoded(scene()[..., 0]))
    assert not blocks.subsampled(b"\xff\xd8\xff\xda\0\2\0\0")


def test_luminance_of_what_cannot_be_decoded_is_not_the_same() -> None:
    stream, inside = encoded(scene()), np.zeros((80, 96), bool)
    assert blocks.same_luminance(stream, stream, inside)
    assert not blocks.same_luminance(stream, stream[:100], inside)
    assert not blocks.same_luminance(encoded(scene()[..., 0]), stream, inside)
    assert not blocks.same_luminance(encoded(scene(40, 48)), stream, inside)
    inside[HERE] = True
    assert not blocks.same_luminance(stream, stream, inside)
    assert blocks.same_luminance(stream, encoded(masked(scene())), inside)
