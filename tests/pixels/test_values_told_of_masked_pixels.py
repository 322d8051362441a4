"""What the header tells of the values of pixels is true after a mask, or gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from builders import instance, write
from pixels.pictures import compressed, line, mask, rle
from pydicom import dcmread
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import RLELossless

WHERE = line(11, 5, 30, 13)


def picture(*, low: int = 0) -> np.ndarray[Any, np.dtype[np.uint16]]:
    """A ramp from ``low`` to ``low`` + 59, with bright writing where the mask will be."""
    image = np.tile(np.arange(60, dtype=np.uint16) + low, (40, 1))
    image[7:15, 13:37:3] = 2000
    return image


def told(ds: FileDataset, smallest: int, largest: int) -> FileDataset:
    ds.SmallestImagePixelValue, ds.LargestImagePixelValue = smallest, largest
    return ds


def after(ds: FileDataset, path: Path) -> FileDataset:
    return dcmread(write(ds, path / "masked.dcm"))


def rules(ds: FileDataset) -> set[tuple[str, str]]:
    """Place and action of the changes that masking made for the sake of the header."""
    return {(one.path, one.action) for one in mask(ds, WHERE).changes if "masked" in one.rule}


@pytest.mark.parametrize("encoded", [False, True])
def test_the_largest_value_was_under_the_mask(encoded: bool, tmp_path: Path) -> None:  # noqa: FBT001  # a column of the table
    image = picture(low=3)
    ds = compressed(RLELossless, image[None], [rle(image)]) if encoded else instance(image=image)
    assert rules(told(ds, 3, 2000)) == {("00280107", "D")}
    written = after(ds, tmp_path)
    assert (written.SmallestImagePixelValue, written.LargestImagePixelValue) == (3, 62)
    assert (written.pixel_array.min(), written.pixel_array.max()) == (3, 62)


def test_values_that_stay_true_stay(tmp_path: Path) -> None:
    image = picture()
    image[30, 30] = 2000
    ds = told(instance(image=image), 0, 2000)
    assert rules(ds) == set()
    assert after(ds, tmp_path).LargestImagePixelValue == 2000


def test_signed_values_are_told_as_signed(tmp_path: Path) -> None:
    image = picture()
    ds = instance(image=image, PixelRepresentation=1)
    ds.PixelData = (image.astype("<i2") - 1000).tobytes()
    ds.add_new(0x00280106, "US", 1)
    assert rules(ds) == {("00280106", "D")}
    written = after(ds, tmp_path)
    assert (written.SmallestImagePixelValue, written["SmallestImagePixelValue"].VR) == (-1000, "SS")


def test_what_cannot_be_told_goes(tmp_path: Path) -> None:
    item = Dataset()
    item.HistogramNumberOfBins = 1
    colour = np.stack([picture().clip(0, 255)] * 3, axis=-1).astype(np.uint8)
    ds = told(instance(image=colour, HistogramSequence=[item]), 0, 255)
    ds.SmallestPixelValueInSeries, ds.LargestPixelValueInSeries = 0, 4000
    assert rules(ds) == {(f"0028010{number}", "X") for number in (6, 7, 8, 9)} | {("00603000", "X")}
    assert not {"SmallestImagePixelValue", "LargestPixelValueInSeries", "HistogramSequence"} & set(
        after(ds, tmp_path).dir()
    )


def test_values_of_more_bits_than_the_attribute_has_go() -> None:
    image = picture().astype(np.uint32) + 70000
    ds = instance(image=picture(), BitsAllocated=32, BitsStored=32, HighBit=31)
    ds.PixelData = image.tobytes()
    assert rules(told(ds, 1, 2)) == {("00280106", "X"), ("00280107", "X")}


def test_nothing_is_told_anew_without_a_mask() -> None:
    ds = told(instance(image=picture()), 5, 6)
    assert not [one for one in mask(ds, line(11, 5, 30, 13, "MI 1.1")).changes if "masked" in one.rule]
    assert ds.LargestImagePixelValue == 6
