"""A mask changes the pixels of its box, in every encoding, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from builders import instance
from pixels.pictures import frames, line, mask, smooth
from pydicom.dataset import FileDataset
from pydicom.uid import (
    ExplicitVRBigEndian,
)

from gateway.errors import UnreadablePixels
from gateway.pixels.regions import union
from gateway.records import Box, Verdict

WHERE = line(11, 5, 30, 13)
IMAGE = smooth(40, 60, 2, high=3000)


def inside(shape: tuple[int, ...], box: Box) -> Any:
    area = np.zeros(shape[:2], bool)
    area[box.y : box.y + box.h, box.x : box.x + box.w] = True
    return area


def bits(ds: FileDataset) -> Any:
    keyword = next(k for k in ("PixelData", "FloatPixelData") if k in ds)
    return np.unpackbits(np.frombuffer(ds[keyword].value, np.uint8))


def grey(**attributes: Any) -> FileDataset:
    return instance(image=IMAGE, **attributes)


def signed() -> FileDataset:
    ds = instance(image=IMAGE, PixelRepresentation=1, PixelPaddingValue=-2000)
    ds.PixelData = (IMAGE.astype("<i2") - 1500).tobytes()
    return ds


def shifted() -> FileDataset:
    ds = instance(image=IMAGE, BitsStored=12, HighBit=15)
    ds.PixelData = (IMAGE << 4).astype("<u2").tobytes()
    return ds


def big_endian() -> FileDataset:
    ds = instance(image=IMAGE)
    ds.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    ds.PixelData = IMAGE.astype(">u2").tobytes()
    return ds


def swapped() -> FileDataset:
    small = IMAGE.astype(np.uint8)
    ds = instance(image=small)
    ds.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    ds.PixelData = small.reshape(-1, 2)[:, ::-1].tobytes()
    ds["PixelData"].VR = "OW"
    return ds


def planes() -> FileDataset:
    image = np.stack([IMAGE[0]] * 3, axis=-1).astype(np.uint8)
    ds = instance(image=image, PlanarConfiguration=1)
    ds.PixelData = image.transpose(2, 0, 1).tobytes()
    return ds


def colour() -> FileDataset:
    return instance(image=np.stack([IMAGE] * 3, axis=-1).astype(np.uint8))


def one_bit() -> FileDataset:
    image = (IMAGE[:, :39, :59] > 1500).astype(np.uint8)
    ds = instance(image=image, BitsAllocated=1, BitsStored=1, HighBit=0)
    data = np.packbits(image, bitorder="little").tobytes()
    ds.PixelData = data + b"\0" * (len(data) % 2)
    return ds


def floats() -> FileDataset:
    ds = instance(image=np.zeros((40, 60), np.uint8), BitsAllocated=32)
    for keyword in ("PixelData", "BitsStored", "HighBit", "PixelRepresentation"):
        delattr(ds, keyword)
    values = IMAGE[0].astype("<f4")
    values[0, 0] = np.nan
    ds.FloatPixelData = values.tobytes()
    return ds


def palette(first: int = 0) -> FileDataset:
    ds = instance(image=IMAGE.astype(np.uint8), PhotometricInterpretation="PALETTE COLOR")
    entries = np.linspace(60000, 500, 256).astype("<u2")
    entries[77] = 3
    for name in ("Red", "Green", "Blue"):
        setattr(ds, f"{name}PaletteColorLookupTableDescriptor", [256, first, 16])
        setattr(ds, f"{name}PaletteColorLookupTableData", entries.tobytes())
    return ds


NATIVE: dict[str, tuple[Callable[[], FileDataset], Any]] = {
    "grey": (grey, IMAGE.min()),
    "inverted": (lambda: grey(PhotometricInterpretation="MONOCHROME1"), IMAGE.max()),
    "presentation inverse": (lambda: grey(PresentationLUTShape="INVERSE"), IMAGE.max()),
    "falling slope": (lambda: grey(RescaleSlope=-1), IMAGE.max()),
    "signed": (signed, int(IMAGE.min()) - 1500),
    "shifted": (shifted, IMAGE.min()),
    "big endian": (big_endian, IMAGE.min()),
    "swapped bytes": (swapped, IMAGE.astype(np.uint8).min()),
    "planes": (planes, 0),
    "colour": (colour, 0),
    "one bit": (one_bit, 0),
    "floating point": (floats, np.nanmin(IMAGE[0].astype("f4").ravel()[1:])),
    "palette": (palette, 77),
}


@pytest.mark.parametrize("kind", NATIVE)
def test_native_pixels_outside_the_box_keep_every_bit(kind: str) -> None:
    make, fill = NATIVE[kind]
    ds, before = make(), make()
    syntax = ds.file_meta.TransferSyntaxUID
    result = mask(ds, WHERE)
    assert {found.box for found in result.masks} == {union([found.box for found in result.findings])}
    box = result.masks[0].box
    assert ds.file_meta.TransferSyntaxUID == syntax
    assert len(bits(ds)) == len(bits(before))
    for new, old in zip(frames(ds), frames(before), strict=True):
        area = inside(new.pixels.shape, box)
        assert (new.pixels[area] == fill).all()
        assert np.array_equal(new.pixels[~area], old.pixels[~area], equal_nan=new.pixels.dtype.kind == "f")
    assert ds.BurnedInAnnotation == "NO"


@pytest.mark.parametrize("kind", NATIVE)
def test_the_share_of_changed_bits_is_that_of_the_box(kind: str) -> None:
    make, _ = NATIVE[kind]
    ds, before = make(), make()
    box = mask(ds, WHERE).masks[0].box
    found = frames(ds)[0].pixels.shape
    assert (bits(ds) != bits(before)).mean() <= box.w * box.h / (found[0] * found[1])


def test_subsampled_colour_is_masked_in_whole_pairs() -> None:
    ds = instance(image=np.zeros((40, 60, 3), np.uint8), PhotometricInterpretation="YBR_FULL_422")
    pairs = np.random.default_rng(2).integers(1, 255, (40, 30, 4), np.uint8)
    ds.PixelData = pairs.tobytes()
    result = mask(ds, line(12, 5, 29, 13))
    box, found = result.masks[0].box, result.findings[0].box
    assert (box.x % 2, box.w % 2) == (0, 0)  # as it was written
    assert (box.x, box.w) in {(found.x - left, found.w + left + right) for left in (0, 1) for right in (0, 1)}
    after = np.frombuffer(ds.PixelData, np.uint8).reshape(40, 30, 4)
    area = np.zeros((40, 30), bool)
    area[box.y : box.y + box.h, box.x // 2 : (box.x + box.w) // 2] = True
    assert (after[area] == (0, 0, 128, 128)).all()
    assert np.array_equal(after[~area], pairs[~area])


@pytest.mark.parametrize(("photometric", "black"), [("YBR_FULL", (0, 128, 128)), ("YBR_PARTIAL_422", (16, 128, 128))])
def test_black_in_colour_differences(photometric: str, black: tuple[int, ...]) -> None:
    ds = instance(
        image=np.random.default_rng(2).integers(20, 200, (40, 60, 3), np.uint8), PhotometricInterpretation=photometric
    )
    mask(ds, WHERE)
    assert tuple(frames(ds)[0].pixels[10, 20]) == black


def test_a_palette_in_big_endian_words_shows_the_same_and_masks_the_same() -> None:
    little, big = palette(), palette()
    big.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    for name in ("Red", "Green", "Blue"):
        keyword = f"{name}PaletteColorLookupTableData"
        setattr(big, keyword, np.frombuffer(getattr(big, keyword), "<u2").astype(">u2").tobytes())
    big["PixelData"].VR = "OB"
    mask(little, WHERE)
    mask(big, WHERE)
    assert little.PixelData == big.PixelData


def test_technical_text_and_blank_frames_change_nothing() -> None:
    ds, before = grey(), grey()
    result = mask(ds, line(11, 5, 30, 13, "MI 1.1"))
    assert result.masks == ()
    assert {finding.verdict for finding in result.findings} == {Verdict.TECHNICAL}
    assert ds.PixelData == before.PixelData
    blank = instance(image=np.full((3, 40, 60), 7, np.uint8))
    result = mask(blank, WHERE)
    assert (result.frames_read, result.findings, result.masks) == (3, (), ())


@pytest.mark.parametrize("shape", [(5, 400), (10, 10)])
def test_frames_too_small_for_text_are_not_read(shape: tuple[int, int]) -> None:
    ds = instance(image=np.random.default_rng(0).integers(0, 255, shape, np.uint8))
    assert mask(ds, line(0, 0, 9, 5)).findings == ()


def test_an_instance_without_pixels_is_left_alone() -> None:
    ds = instance(PixelData=None)
    before = ds.to_json()
    result = mask(ds, WHERE)
    assert (result.frames_read, result.changes) == (0, ())
    assert ds.to_json() == before


def test_changes_name_rules_and_no_text() -> None:
    ds = grey(BurnedInAnnotation="YES")
    result = mask(ds, WHERE)
    assert [(change.path, change.rule) for change in result.changes] == [
        ("7FE00010", "own value"),
        ("7FE00010", "pixels.phi"),
        ("00280301", "the pixels were cleaned"),
    ]
    assert "OKONKWO" not in repr(result)
    assert mask(ds, line(11, 30, 9, 8, "MI 1.1")).changes == ()


def test_equal_input_gives_equal_bytes() -> None:
    one, other = colour(), colour()
    assert mask(one, WHERE) == mask(other, WHERE)
    assert one.PixelData == other.PixelData


def test_a_palette_that_is_missing_is_unreadable() -> None:
    ds = instance(image=IMAGE.astype(np.uint8), PhotometricInterpretation="PALETTE COLOR")
    with pytest.raises(UnreadablePixels, match="palette"):
        mask(ds, WHERE)


def test_a_number_of_frames_that_is_no_number_is_made_legal() -> None:
    ds = grey()
    ds.add_new(0x00280008, "LO", "1A")
    assert ("00280008", "number of frames told by the pixel data") in [(c.path, c.rule) for c in mask(ds).changes]
    assert ds.NumberOfFrames == 2
