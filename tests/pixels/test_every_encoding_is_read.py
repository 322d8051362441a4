"""Every encoding gives the same frames; what is damaged, short or unknown raises."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from builders import instance, set_pixels
from pixels.pictures import DEFLATED, GREY_ENCODERS, compressed, deflate, frames, jpeg, packbits, rle, rle_frame, smooth
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import (
    MPEG2MPML,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    RLELossless,
)

from gateway.errors import UnreadablePixels, UnsupportedPixels
from gateway.pixels.codecs import supported
from gateway.pixels.frames import rgb
from gateway.pixels.layout import layout

EIGHT = smooth(count=3).astype(np.uint8)
TWELVE = smooth(count=2, high=4000)


@pytest.mark.parametrize("syntax", GREY_ENCODERS)
@pytest.mark.parametrize("image", [EIGHT, TWELVE], ids=["8 bits", "16 bits"])
def test_lossless_encodings_give_back_every_frame(syntax: str, image: Any) -> None:
    ds = compressed(syntax, image, [GREY_ENCODERS[syntax](frame) for frame in image])
    assert supported(syntax)
    found = frames(ds)
    assert [frame.number for frame in found] == list(range(len(image)))
    for frame, expected in zip(found, image, strict=True):
        assert np.array_equal(frame.pixels, expected)


@pytest.mark.parametrize(
    "syntax", ["1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.110", RLELossless]
)
def test_colour_is_given_back(syntax: str) -> None:
    image = np.stack((EIGHT[0], EIGHT[1], EIGHT[2]), axis=-1)
    found = frames(compressed(syntax, image[None], [GREY_ENCODERS[syntax](image)]))
    assert found[0].photometric == "RGB"
    assert np.array_equal(found[0].pixels, image)


def test_jpeg_of_8_and_12_bits_is_close() -> None:
    twelve = compressed(JPEGExtended12Bit, TWELVE, [jpeg(frame) for frame in TWELVE], BitsStored=12, HighBit=11)
    eight = compressed(JPEGBaseline8Bit, EIGHT, [jpeg(frame) for frame in EIGHT])
    for ds, image in ((twelve, TWELVE), (eight, EIGHT)):
        for frame, expected in zip(frames(ds), image, strict=True):
            assert np.abs(frame.pixels.astype(int) - expected).max() < 8


def test_subsampled_jpeg_colour_becomes_rgb() -> None:
    flat = np.full((32, 32, 3), (200, 30, 60), np.uint8)
    ds = compressed(JPEGBaseline8Bit, flat[None], [jpeg(flat)], PhotometricInterpretation="YBR_FULL_422")
    frame = frames(ds)[0]
    assert frame.photometric == "RGB"
    assert np.abs(frame.pixels.astype(int) - flat).max() < 6


def test_native_colour_differences_become_rgb_by_the_standard() -> None:
    ybr = np.zeros((4, 4, 3), np.uint8)
    ybr[...] = (76, 85, 255)  # red
    ds = instance(image=ybr, PhotometricInterpretation="YBR_FULL")
    assert np.abs(rgb(frames(ds)[0]).pixels.astype(int) - (254, 0, 0)).max() <= 1
    ybr[...] = (81, 90, 240)  # red with the headroom of YBR_PARTIAL
    ds = instance(image=ybr, PhotometricInterpretation="YBR_PARTIAL_422")
    ds.PixelData = bytes((81, 81, 90, 240)) * 8
    assert np.abs(rgb(frames(ds)[0]).pixels.astype(int) - (255, 0, 0)).max() <= 2


def test_native_subsampled_pairs_share_their_colour() -> None:
    ds = instance(image=np.zeros((1, 4, 3), np.uint8), PhotometricInterpretation="YBR_FULL_422")
    ds.PixelData = bytes((10, 20, 100, 200, 30, 40, 110, 210))
    assert frames(ds)[0].pixels.tolist() == [[[10, 100, 200], [20, 100, 200], [30, 110, 210], [40, 110, 210]]]
    ds.Columns = 5
    with pytest.raises(UnreadablePixels, match="even number"):
        layout(ds)


def test_deep_colour_differences_are_not_guessed() -> None:
    ds = instance(image=np.zeros((4, 4, 3), np.uint16), PhotometricInterpretation="YBR_FULL")
    with pytest.raises(UnsupportedPixels):
        rgb(frames(ds)[0])


def test_planes_are_put_together() -> None:
    image = np.stack((EIGHT[0], EIGHT[1], EIGHT[2]), axis=-1)
    ds = instance(image=image, PlanarConfiguration=1)
    ds.PixelData = image.transpose(2, 0, 1).tobytes()
    assert np.array_equal(frames(ds)[0].pixels, image)


def big_endian(ds: FileDataset, data: bytes, vr: str) -> FileDataset:
    ds.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    ds.PixelData = data
    ds["PixelData"].VR = vr
    return ds


def test_big_endian_words_and_swapped_bytes() -> None:
    wide = big_endian(instance(image=TWELVE), TWELVE.astype(">u2").tobytes(), "OW")
    assert all(np.array_equal(frame.pixels, expected) for frame, expected in zip(frames(wide), TWELVE, strict=True))
    odd = np.arange(3 * 5 * 5, dtype=np.uint8).reshape(3, 5, 5)  # frames of 25 bytes start in the middle of a word
    data = np.append(odd.ravel(), np.uint8(0)).reshape(-1, 2)[:, ::-1].tobytes()
    ds = big_endian(instance(image=odd), data, "OW")
    assert all(np.array_equal(frame.pixels, expected) for frame, expected in zip(frames(ds), odd, strict=True))
    ds = big_endian(instance(image=odd), odd.tobytes() + b"\0", "OB")
    assert all(np.array_equal(frame.pixels, expected) for frame, expected in zip(frames(ds), odd, strict=True))


def test_deflated_data_sets_are_native() -> None:
    ds = instance(image=TWELVE)
    ds.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    assert np.array_equal(frames(ds)[1].pixels, TWELVE[1])


def one_bit(shape: tuple[int, int, int]) -> tuple[FileDataset, Any]:
    bits = (np.random.default_rng(1).random(shape) < 0.3).astype(np.uint8)
    bits[:, :3] = 0  # long runs
    ds = instance(image=bits, BitsAllocated=1, BitsStored=1, HighBit=0)
    return ds, bits


def test_one_bit_frames_follow_each_other_without_padding() -> None:
    ds, bits = one_bit((3, 9, 11))
    ds.PixelData = np.packbits(bits, bitorder="little").tobytes()
    assert all(np.array_equal(frame.pixels, expected) for frame, expected in zip(frames(ds), bits, strict=True))


@pytest.mark.parametrize("syntax", [DEFLATED, str(RLELossless)])
def test_compressed_one_bit_frames_start_anew(syntax: str) -> None:
    _, bits = one_bit((3, 19, 51))
    packed = [np.packbits(frame.ravel(), bitorder="little").tobytes() for frame in bits]
    coded = [deflate(data) if syntax == DEFLATED else rle_frame([packbits(data)]) for data in packed]
    ds = compressed(syntax, bits, coded, BitsAllocated=1, BitsStored=1, HighBit=0)
    assert all(np.array_equal(frame.pixels, expected) for frame, expected in zip(frames(ds), bits, strict=True))


def test_runs_of_one_bit_rle_may_hold_a_no_operation() -> None:
    ds = compressed(
        RLELossless,
        np.ones((1, 4, 8), np.uint8),
        [rle_frame([b"\x80\xfd\xff\x80"])],
        BitsAllocated=1,
        BitsStored=1,
        HighBit=0,
    )
    assert frames(ds)[0].pixels.all()
    ds = compressed(
        RLELossless,
        np.ones((1, 4, 8), np.uint8),
        [rle_frame([b"\xfd\xff"] * 2)],
        BitsAllocated=1,
        BitsStored=1,
        HighBit=0,
    )
    with pytest.raises(UnreadablePixels):
        frames(ds)


@pytest.mark.parametrize(
    ("keyword", "kind", "bits"), [("FloatPixelData", "<f4", 32), ("DoubleFloatPixelData", "<f8", 64)]
)
def test_floating_point_pixels(keyword: str, kind: str, bits: int) -> None:
    values = np.linspace(-3, 9, 64, dtype=kind).reshape(8, 8)
    ds = floats(keyword, values, bits)
    assert np.array_equal(frames(ds)[0].pixels, values)


def floats(keyword: str, values: Any, bits: int) -> FileDataset:
    ds = instance(image=np.zeros(values.shape, np.uint8), BitsAllocated=bits)
    for extra in ("PixelData", "BitsStored", "HighBit", "PixelRepresentation"):
        delattr(ds, extra)
    setattr(ds, keyword, values.tobytes())
    return ds


def test_signed_bits_and_high_bits() -> None:
    signed = np.array([[-2048, -1, 0, 2047]], np.int16)
    ds = instance(image=np.zeros((1, 4), np.uint16), BitsStored=12, HighBit=11, PixelRepresentation=1)
    ds.PixelData = (signed & 0x0FFF).astype("<i2").tobytes()  # the sign is not extended
    assert frames(ds)[0].pixels.tolist() == signed.tolist()
    ds.HighBit = 15
    ds.PixelData = (signed << 4).astype("<i2").tobytes()
    assert frames(ds)[0].pixels.tolist() == signed.tolist()


def test_a_number_of_frames_that_is_no_number_is_told_by_native_data() -> None:
    ds = instance(image=EIGHT)
    ds.add_new(0x00280008, "LO", "three")
    assert len(frames(ds)) == 3
    ds.PixelData = ds.PixelData[:-2]
    with pytest.raises(UnreadablePixels, match="Number of Frames"):
        layout(ds)


def test_empty_pixel_data_without_an_image_is_no_image() -> None:
    ds = Dataset()
    ds.file_meta = instance().file_meta
    assert layout(ds) is None
    ds.PixelData = b""
    assert layout(ds) is None


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"Rows": None}, UnreadablePixels),
        ({"Columns": 0}, UnreadablePixels),
        ({"BitsStored": 17}, UnreadablePixels),
        ({"HighBit": 16}, UnreadablePixels),
        ({"BitsAllocated": 12, "BitsStored": 12, "HighBit": 11}, UnsupportedPixels),
        ({"PhotometricInterpretation": "CMYK"}, UnsupportedPixels),
        ({"SamplesPerPixel": 4}, UnsupportedPixels),
        ({"FloatPixelData": b"\0" * 8}, UnreadablePixels),
    ],
)
def test_headers_that_contradict_themselves(change: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        layout(instance(image=TWELVE, **change))


def test_unknown_and_video_transfer_syntaxes_are_unsupported() -> None:
    ds = compressed("1.2.3.4", EIGHT, [b"\0" * 10])
    with pytest.raises(UnsupportedPixels):
        layout(ds)
    ds = compressed(MPEG2MPML, EIGHT[:1], [b"\0" * 10])
    with pytest.raises(UnsupportedPixels):
        frames(ds)


def test_short_native_data() -> None:
    ds = instance(image=TWELVE)
    ds.PixelData = ds.PixelData[:-2]
    with pytest.raises(UnreadablePixels, match="announces"):
        frames(ds)


@pytest.mark.parametrize("syntax", GREY_ENCODERS)
def test_damaged_frames_raise_without_noise(syntax: str, capfd: pytest.CaptureFixture[str]) -> None:
    good = GREY_ENCODERS[syntax](EIGHT[0])
    ds = compressed(syntax, EIGHT[:2], [good, good[:20] + b"\x13\x37" * 20])
    with pytest.raises(UnreadablePixels, match="Frame 2"):
        frames(ds)
    captured = capfd.readouterr()
    assert captured.err == ""
    assert captured.out == ""


def test_missing_frames_and_broken_encapsulation() -> None:
    good = rle(EIGHT[0])
    ds = compressed(RLELossless, EIGHT[:1], [good])
    ds.NumberOfFrames = 3
    with pytest.raises(UnreadablePixels):
        frames(ds)
    ds = compressed(JPEG2000Lossless, EIGHT[:1], [good])
    ds.PixelData = b"not encapsulated"
    with pytest.raises(UnreadablePixels, match="encapsulation"):
        frames(ds)


def test_wrong_size_inside_a_frame_is_refused() -> None:
    ds = compressed(str(JPEGBaseline8Bit), EIGHT[:1], [jpeg(EIGHT[0][:32])])
    with pytest.raises(UnreadablePixels):
        frames(ds)
    ds = instance(image=EIGHT)
    set_pixels(ds, EIGHT)
    assert len(frames(ds)) == 3


@pytest.mark.parametrize("planar", [0, 1])
def test_deflated_colour(planar: int) -> None:
    image = np.stack((EIGHT[0], EIGHT[1], EIGHT[2]), axis=-1)
    data = image.transpose(2, 0, 1).tobytes() if planar else image.tobytes()
    ds = compressed(DEFLATED, image[None], [deflate(data)], PlanarConfiguration=planar)
    assert np.array_equal(frames(ds)[0].pixels, image)
    ds = compressed(DEFLATED, image[None], [deflate(data[:-9])], PlanarConfiguration=planar)
    with pytest.raises(UnreadablePixels):
        frames(ds)
