"""The 8-bit views: window, rescale, polarity, palette, and the whole range for text that the window hides."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from builders import instance
from PIL import Image
from pixels.pictures import frames, smooth
from pydicom.dataset import Dataset, FileDataset

from gateway.errors import UnreadablePixels
from gateway.pixels.thumbnail import thumbnail
from gateway.pixels.view import views

RAMP = np.arange(4096, dtype=np.uint16).reshape(64, 64)


def shown(ds: FileDataset, number: int = 0) -> tuple[Any, ...]:
    return views(frames(ds)[number], ds)


def test_the_window_of_the_header_and_the_whole_range() -> None:
    window, hidden = shown(instance(image=RAMP))  # rescale -1024, window 40/400
    whole, beyond = hidden[..., 0], hidden[..., 1].ravel()
    assert window.dtype == np.uint8
    assert window.ravel()[1024 - 160 - 10] == 0
    assert 120 <= window.ravel()[1024 + 40] <= 135
    assert window.ravel()[1024 + 240 + 10] == 255
    assert (whole.min(), whole.max()) == (0, 255)
    assert np.all(np.diff(whole.ravel().astype(int)) >= 0)
    assert (beyond[0], beyond[1024 - 165], beyond[1024 + 40], beyond[1024 + 245], beyond[-1]) == (0, 126, 127, 128, 255)


def test_without_a_window_there_is_one_view() -> None:
    ds = instance(image=RAMP, WindowCenter=None, WindowWidth=None)
    assert len(shown(ds)) == 1
    ds.WindowCenter, ds.WindowWidth = "", ""
    assert len(shown(ds)) == 1


def test_the_same_view_is_not_shown_twice() -> None:
    assert len(shown(instance(image=RAMP, WindowCenter=1024, WindowWidth=4096))) == 1


def test_text_outside_the_window_is_seen_in_the_whole_range() -> None:
    image = np.full((64, 64), 1024 + 2000, np.uint16)
    image[20:30, 20:40] = 4095
    image[40:44, 3:50] = 1000
    window, whole = shown(instance(image=image))
    assert window[25, 30] == window[10, 10]
    assert int(whole[25, 30, 0]) - int(whole[10, 10, 0]) > 50
    assert int(whole[25, 30, 1]) - int(whole[10, 10, 1]) > 50


def test_text_near_the_clipping_value_is_seen_beyond_the_window() -> None:
    image = RAMP // 8  # -1024 to -513 HU: the window shows black
    image[20:30, 20:40] = 4000
    image[40:44, 3:50] = 4095
    image[22:26, 22:38] = 4095
    _, hidden = shown(instance(image=image))
    assert abs(int(hidden[24, 30, 0]) - int(hidden[28, 30, 0])) < 10
    assert int(hidden[24, 30, 1]) - int(hidden[28, 30, 1]) > 100


def test_without_a_window_outliers_do_not_hide_the_middle() -> None:
    image = RAMP.copy() // 8 + np.uint16(1000)
    image[:2] = 30000
    whole, hidden = shown(instance(image=image, WindowCenter=None, WindowWidth=None))
    assert np.ptp(whole[2:].astype(int)) < 10
    assert np.ptp(hidden[2:, :, 0].astype(int)) > 200


def test_monochrome1_is_inverted() -> None:
    dark = shown(instance(image=RAMP, PhotometricInterpretation="MONOCHROME1"))[-1]
    assert dark.ravel()[0] == 255
    assert dark.ravel()[-1] == 0


def test_outliers_leave_grey_levels_for_the_rest() -> None:
    image = smooth(64, 64, high=300)[0]
    image[0, 0] = 65535
    view = shown(instance(image=image, WindowCenter=None, WindowWidth=None))[0]
    assert view[0, 0] == 255
    assert np.ptp(view[1:].astype(int)) > 150


def test_enhanced_images_have_a_window_for_each_frame() -> None:
    ds = instance(
        image=np.stack([RAMP, RAMP]), WindowCenter=None, WindowWidth=None, RescaleSlope=None, RescaleIntercept=None
    )

    def group(centre: int) -> Dataset:
        item, voi = Dataset(), Dataset()
        voi.WindowCenter, voi.WindowWidth = centre, 100
        item.FrameVOILUTSequence = [voi]
        return item

    transform, shared = Dataset(), Dataset()
    transform.RescaleIntercept, transform.RescaleSlope, transform.RescaleType = -1000, 1, "HU"
    shared.PixelValueTransformationSequence = [transform]
    ds.SharedFunctionalGroupsSequence = [shared]
    ds.PerFrameFunctionalGroupsSequence = [group(0), group(2000)]
    first, second = shown(ds, 0)[0].ravel(), shown(ds, 1)[0].ravel()
    assert (first[900], first[1100]) == (0, 255)
    assert (second[2900], second[3100]) == (0, 255)


def test_a_window_that_cannot_be_applied_hides_nothing() -> None:
    ds = instance(image=RAMP, WindowWidth=-3)
    assert len(shown(ds)) == 1


def test_float_images_with_undefined_values() -> None:
    values = np.linspace(0, 1, 64, dtype="<f4").reshape(8, 8)
    values[0, 0], values[0, 1], values[0, 2] = np.nan, np.inf, -np.inf
    ds = instance(image=np.zeros((8, 8), np.uint8), BitsAllocated=32, WindowCenter=None, WindowWidth=None)
    for keyword in ("PixelData", "BitsStored", "HighBit", "PixelRepresentation"):
        delattr(ds, keyword)
    ds.FloatPixelData = values.tobytes()
    view = shown(ds)[0]
    assert view[0, :3].tolist() == [0, 0, 0]
    assert view[-1, -1] == 255
    ds.FloatPixelData = np.full((8, 8), np.nan, "<f4").tobytes()
    assert not shown(ds)[0].any()


def palette(entries: list[int], bits: int, depth: str) -> FileDataset:
    ds = instance(image=np.array([[0, 1], [2, 3]], np.uint8), PhotometricInterpretation="PALETTE COLOR")
    for name in ("Red", "Green", "Blue"):
        setattr(ds, f"{name}PaletteColorLookupTableDescriptor", [4, 0, bits])
        setattr(ds, f"{name}PaletteColorLookupTableData", np.array(entries, depth).tobytes())
    return ds


@pytest.mark.parametrize(
    ("entries", "bits", "depth"),
    [([0, 0x4000, 0x8000, 0xFF00], 16, "<u2"), ([0, 64, 128, 255], 8, "<u1"), ([0, 64, 128, 255], 16, "<u2")],
)
def test_palettes_of_8_and_16_bits(entries: list[int], bits: int, depth: str) -> None:
    view = shown(palette(entries, bits, depth))[0]
    assert view.shape == (2, 2, 3)
    assert view[..., 1].ravel().tolist() == [0, 64, 128, 255]


def test_values_that_a_palette_shows_alike_are_told_apart() -> None:
    alike = palette([10, 200, 200, 200], 8, "<u1")
    coloured, hidden = shown(alike)
    assert coloured[..., 0].ravel().tolist() == [10, 200, 200, 200]
    assert hidden.ravel().tolist() == [0, 0, 127, 255]
    beyond = palette([10, 200, 90, 30], 8, "<u1")
    for name in ("Red", "Green", "Blue"):
        setattr(beyond, f"{name}PaletteColorLookupTableDescriptor", [2, 0, 8])
        setattr(beyond, f"{name}PaletteColorLookupTableData", bytes((10, 200)))
    assert shown(beyond)[1].ravel().tolist() == [0, 0, 127, 255]
    assert len(shown(palette([0, 64, 128, 255], 8, "<u1"))) == 1


def test_wide_colour_is_brought_to_8_bits() -> None:
    image = np.stack([RAMP.astype(np.uint16) * 16] * 3, axis=-1)
    view = shown(instance(image=image))[0]
    assert (view.dtype, view.max()) == (np.uint8, 255)


def test_thumbnails_are_small_pngs_of_one_frame() -> None:
    ds = instance(image=np.stack([np.zeros((300, 600), np.uint8), np.full((300, 600), 9, np.uint8)]))
    ds.PixelData = ds.PixelData[:-300] + bytes(range(256)) + b"\0" * 44
    picture = Image.open(BytesIO(thumbnail(ds, 1)))
    assert (picture.format, picture.size) == ("PNG", (256, 128))
    colour = Image.open(BytesIO(thumbnail(instance(image=np.full((8, 9, 3), (255, 0, 0), np.uint8)), 0)))
    assert colour.size == (9, 8)
    assert colour.convert("RGB").getpixel((0, 0)) == (255, 0, 0)
    for none in (instance(PixelData=None), ds):
        with pytest.raises(UnreadablePixels):
            thumbnail(none, 5)
