"""Bits outside Bits Stored, where overlays once lay, do not travel in compressed frames either."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from builders import write
from numpy.typing import NDArray
from pixels.pictures import GREY_ENCODERS, compressed, frames, line, mask, rle, smooth
from pydicom import dcmread
from pydicom.dataset import FileDataset
from pydicom.uid import JPEG2000Lossless, JPEGLosslessSV1, JPEGLSLossless, RLELossless
from verify.handmade import Staged

from gateway.pixels.layout import layout
from gateway.pixels.mask import write_decoded

SYNTAXES = [str(RLELossless), str(JPEG2000Lossless), str(JPEGLosslessSV1), str(JPEGLSLossless)]
IMAGE = smooth(40, 60, 2, high=4000)


def stored(syntax: str, image: NDArray[Any], **attributes: Any) -> FileDataset:
    words = image.view(np.uint16)
    return compressed(
        syntax,
        words,
        [GREY_ENCODERS[syntax](frame) for frame in words],
        **{"BitsStored": 12, "HighBit": 11} | attributes,
    )


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("masked", [False, True])
def test_a_name_in_the_spare_bits_is_gone(syntax: str, masked: bool, tmp_path: Path) -> None:  # noqa: FBT001  # a column of the table
    hidden = IMAGE.copy()
    hidden[1, 30:36, 20:50] |= 0x8000  # far from the mask
    ds = stored(syntax, hidden)
    box = [one.box for one in mask(ds, *([line(11, 5, 30, 13)] if masked else [])).masks]
    after = dcmread(write(ds, tmp_path / "clean.dcm"))
    whole = layout_of_words(after)
    assert whole.max() < 4096
    outside = np.ones((40, 60), bool)
    for one in box:
        outside[one.y : one.y + one.h, one.x : one.x + one.w] = False
    assert np.array_equal(whole[:, outside], IMAGE[:, outside])


def layout_of_words(ds: FileDataset) -> NDArray[Any]:
    """All bits of all frames."""
    ds.BitsStored, ds.HighBit = 16, 15
    return np.array([frame.pixels for frame in frames(ds)])


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("high", ["sign", "zeros"])
def test_signs_are_no_spare_bits(syntax: str, high: str) -> None:
    values = (IMAGE.astype(np.int16) - 2000).astype("<i2")
    words = values if high == "sign" else (values & 0x0FFF).astype("<i2")
    ds = stored(syntax, words, PixelRepresentation=1)
    mask(ds)
    assert ds.file_meta.TransferSyntaxUID == syntax
    assert np.array_equal(frames(ds)[1].pixels, values[1])


def test_words_lie_where_the_high_bit_says() -> None:
    words = IMAGE << 4
    ds = compressed(str(RLELossless), words, [rle(frame) for frame in words], BitsStored=12, HighBit=15)
    assert np.array_equal(frames(ds)[0].pixels, IMAGE[0])
    found = layout(ds)
    assert found is not None
    write_decoded(ds, found, (), (0,))
    assert (ds.BitsStored, ds.HighBit) == (12, 11)
    assert np.array_equal(frames(ds)[0].pixels, IMAGE[0])


def test_the_verifier_reads_words_where_the_high_bit_says(tmp_path: Path) -> None:
    words = IMAGE << 4
    ds = compressed(str(RLELossless), words, [rle(frame) for frame in words], BitsStored=12, HighBit=15)

    def native(copy: FileDataset) -> None:
        found = layout(copy)
        assert found is not None
        write_decoded(copy, found, (), (0,))

    study = Staged(tmp_path)
    study.add(ds, change=native)
    assert study.verify() == ()
