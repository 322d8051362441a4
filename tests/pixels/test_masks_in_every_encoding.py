"""A mask in compressed frames: only frames under it are written anew, without loss, in their own transfer syntax."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from builders import write
from numpy.typing import NDArray
from pixels.pictures import DEFLATED, JPEG_XL, compressed, deflate, frames, packbits, rle, rle_frame, smooth
from pydicom import dcmread
from pydicom.dataset import FileDataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.pixels.decoders.base import get_decoder
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    JPEG2000Lossless,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    JPEGLSTransferSyntaxes,
    RLELossless,
)
from verify.handmade import Staged

from gateway.errors import UnreadablePixels
from gateway.pixels.codestream import strip
from gateway.pixels.encoded import write_encoded
from gateway.pixels.frames import encoded_frames
from gateway.pixels.layout import layout
from gateway.pixels.mask import Extremes
from gateway.records import Box, Change, Mask

UNCOMPRESSED = "1.2.840.10008.1.2.1.98"
BOX = Box(13, 9, 30, 11)
AREA = np.zeros((39, 61), bool)
AREA[BOX.y : BOX.y + BOX.h, BOX.x : BOX.x + BOX.w] = True

#: A decoder that is not the one with which the writer proves its work, where there is another.
OTHER = {
    RLELossless: "pydicom",
    JPEG2000Lossless: "gdcm",
    JPEG2000: "gdcm",
    JPEGLossless: "gdcm",
    JPEGLosslessSV1: "gdcm",
    HTJ2KLossless: "pylibjpeg",
    HTJ2KLosslessRPCL: "pylibjpeg",
    HTJ2K: "pylibjpeg",
}


def lossless_jpeg(frame: NDArray[Any], bits: int = 0) -> bytes:
    space = "RGB" if frame.ndim == 3 else None
    return bytes(
        imagecodecs.jpeg8_encode(
            frame,
            lossless=True,
            predictor=4,
            bitspersample=bits or 8 * frame.itemsize,
            colorspace=space,
            outcolorspace=space,
        )
    )


def openjpeg(frame: NDArray[Any], *, mct: bool = False, level: int = 0) -> bytes:
    return bytes(imagecodecs.jpeg2k_encode(frame, level=level, codecformat="j2k", reversible=level == 0, mct=mct))


ENCODERS: dict[str, Callable[[NDArray[Any]], bytes]] = {
    str(RLELossless): rle,
    str(JPEGLSLossless): lambda frame: bytes(imagecodecs.jpegls_encode(frame)),
    str(JPEGLSNearLossless): lambda frame: bytes(imagecodecs.jpegls_encode(frame, level=2)),
    str(JPEG2000Lossless): openjpeg,
    str(JPEG2000): lambda frame: openjpeg(frame, level=45),
    str(JPEGLossless): lossless_jpeg,
    str(JPEGLosslessSV1): lambda frame: (
        bytes(imagecodecs.jpeg8_encode(frame, lossless=True, predictor=1, bitspersample=8 * frame.itemsize))
        if frame.ndim == 2
        else lossless_jpeg(frame)
    ),
    str(HTJ2KLossless): lambda frame: bytes(imagecodecs.htj2k_encode(frame, reversible=True)),
    str(HTJ2KLosslessRPCL): lambda frame: bytes(imagecodecs.htj2k_encode(frame, reversible=True, tlm=True)),
    str(HTJ2K): lambda frame: bytes(imagecodecs.htj2k_encode(frame, reversible=True)),
    UNCOMPRESSED: lambda frame: frame.tobytes(),
}
UNKNOWN: dict[str, Callable[[NDArray[Any]], bytes]] = {  # to pydicom, as a transfer syntax to write
    JPEG_XL: lambda frame: bytes(imagecodecs.jpegxl_encode(frame, lossless=True)),
    DEFLATED: lambda frame: deflate(frame.tobytes()),
}
LOSSY = (str(JPEGLSNearLossless), str(JPEG2000))


def grey(bits: int, *, signed: bool = False) -> NDArray[Any]:
    """Three frames of 39 x 61; signed samples around zero."""
    values = smooth(39, 61, 3, high=(1 << bits) - 1).astype(np.int64) - ((1 << bits - 1) if signed else 0)
    return values.astype(f"{'i' if signed else 'u'}{1 if bits == 8 else 2}")


def colour() -> NDArray[np.uint8]:
    plane = grey(8)
    return np.stack([plane, plane[:, ::-1], plane[:, :, ::-1]], axis=-1)


def unsigned(image: NDArray[Any]) -> NDArray[Any]:
    return image.view(f"u{image.itemsize}")


def masked(ds: FileDataset, *frames_masked: int, box: Box = BOX) -> tuple[tuple[Mask, ...], tuple[Change, ...]]:
    """Write one mask into some frames of ``ds``."""
    found = layout(ds)
    assert found is not None
    read = frames(ds)
    extremes = Extremes(min(float(f.pixels.min()) for f in read), max(float(f.pixels.max()) for f in read))
    return write_encoded(ds, found, [Mask(box, frames_masked, ("name",))], read[0].photometric, extremes)


def streams(ds: FileDataset) -> list[bytes]:
    found = layout(ds)
    assert found is not None
    return list(encoded_frames(ds, found))


def stripped(ds: FileDataset) -> list[bytes]:
    found = layout(ds)
    assert found is not None
    return [strip(frame, found) or frame for frame in encoded_frames(ds, found)]


def read_back(path: Path) -> list[NDArray[Any]]:
    """The samples as they are stored, by another decoder than the one that proved them."""
    ds = dcmread(path)
    syntax = ds.file_meta.TransferSyntaxUID
    if syntax in JPEGLSTransferSyntaxes:  # which know no sign
        spare, kind = ds.BitsAllocated - ds.BitsStored, f"{'ui'[ds.PixelRepresentation]}{ds.BitsAllocated // 8}"
        return [imagecodecs.jpegls_decode(frame).view(kind) << spare >> spare for frame in streams(ds)]
    if syntax not in OTHER:
        return [frame.pixels for frame in frames(ds)]
    decoder = get_decoder(syntax)
    return [frame for frame, _ in decoder.iter_array(ds, raw=True, decoding_plugin=OTHER[syntax])]


def check(before: FileDataset, ds: FileDataset, path: Path, image: NDArray[Any], fill: Any) -> None:
    """Only frame 1 has changed, only under the mask, and the encapsulation is true."""
    assert ds.file_meta.TransferSyntaxUID == before.file_meta.TransferSyntaxUID
    after = read_back(write(ds, path))
    assert (after[1][AREA] == fill).all()
    assert np.array_equal(after[1][~AREA], image[1][~AREA])
    assert np.array_equal(after[0], image[0])
    assert np.array_equal(after[2], image[2])
    assert len(list(generate_frames(ds.PixelData, number_of_frames=3))) == 3  # by the Basic Offset Table
    if strip(streams(before)[0], layout(before)) is not None:  # type: ignore[arg-type]  # it has pixels
        assert [frame.rstrip(b"\0") for frame in streams(ds)][::2] == [
            frame.rstrip(b"\0") for frame in stripped(before)
        ][::2]


@pytest.mark.parametrize("syntax", [syntax for syntax in ENCODERS if syntax not in LOSSY])
@pytest.mark.parametrize(("bits", "signed"), [(8, False), (12, False), (16, False), (12, True), (16, True)])
def test_grey_keeps_every_pixel_outside(syntax: str, bits: int, signed: bool, tmp_path: Path) -> None:  # noqa: FBT001  # a column of the table
    image = grey(bits, signed=signed)
    own = syntax in (HTJ2KLossless, HTJ2KLosslessRPCL, HTJ2K, JPEG2000Lossless)  # codings that know the sign
    plain = image if own else unsigned(image)

    def make() -> FileDataset:
        return compressed(
            syntax, unsigned(image), [ENCODERS[syntax](frame) for frame in plain],
            BitsStored=bits, HighBit=bits - 1, PixelRepresentation=int(signed),
        )  # fmt: skip

    ds = make()
    written, changes = masked(ds, 1)
    assert written == (Mask(BOX, (1,), ("name",)),)
    assert {change.rule for change in changes} <= {"data beside the image in compressed frames"}  # encoders sign
    check(make(), ds, tmp_path / "masked.dcm", image, image.min())
    assert (ds.BitsStored, ds.HighBit, ds.PixelRepresentation) == (bits, bits - 1, int(signed))


COLOUR: dict[str, tuple[str, str, dict[str, Any], Any]] = {
    "RLE": (str(RLELossless), "RGB", {}, 0),
    "RLE YBR": (str(RLELossless), "YBR_FULL", {}, (0, 128, 128)),
    "RLE planes": (str(RLELossless), "RGB", {"PlanarConfiguration": 1}, 0),
    "JPEG-LS": (str(JPEGLSLossless), "RGB", {}, 0),
    "JPEG-LS YBR": (str(JPEGLSLossless), "YBR_FULL", {}, (0, 128, 128)),
    "JPEG lossless": (str(JPEGLosslessSV1), "RGB", {}, 0),
    "JPEG lossless YBR": (str(JPEGLossless), "YBR_FULL", {}, (0, 128, 128)),
    "JPEG 2000": (str(JPEG2000Lossless), "RGB", {}, 0),
    "JPEG 2000 YBR": (str(JPEG2000Lossless), "YBR_FULL", {}, (0, 128, 128)),
    "HTJ2K": (str(HTJ2KLossless), "RGB", {}, 0),
    "uncompressed": (UNCOMPRESSED, "RGB", {}, 0),
}


@pytest.mark.parametrize("kind", COLOUR)
def test_colour_keeps_every_sample_outside(kind: str, tmp_path: Path) -> None:
    syntax, photometric, attributes, fill = COLOUR[kind]
    image = colour()

    def make() -> FileDataset:
        coded = [ENCODERS[syntax](frame) for frame in image]
        return compressed(syntax, image, coded, PhotometricInterpretation=photometric, **attributes)

    ds = make()
    masked(ds, 1)
    check(make(), ds, tmp_path / "masked.dcm", image, fill)
    assert ds.PhotometricInterpretation == photometric


def test_planes_stay_planes(tmp_path: Path) -> None:
    image = colour()
    ds = compressed(UNCOMPRESSED, image, [frame.transpose(2, 0, 1).tobytes() for frame in image], PlanarConfiguration=1)
    masked(ds, 1)
    after = frames(dcmread(write(ds, tmp_path / "masked.dcm")))
    assert ds.PlanarConfiguration == 1
    assert (after[1].pixels[AREA] == 0).all()
    assert np.array_equal(after[1].pixels[~AREA], image[1][~AREA])
    assert np.array_equal(after[2].pixels, image[2])


@pytest.mark.parametrize("syntax", [JPEG2000Lossless, HTJ2KLossless])
def test_the_reversible_colour_transform_stays(syntax: str, tmp_path: Path) -> None:
    image = colour()
    encode = ENCODERS[syntax] if syntax == HTJ2KLossless else lambda frame: openjpeg(frame, mct=True)
    ds = compressed(syntax, image, [encode(frame) for frame in image], PhotometricInterpretation="YBR_RCT")
    masked(ds, 1)
    after = read_back(write(ds, tmp_path / "masked.dcm"))
    assert (ds.PhotometricInterpretation, ds.file_meta.TransferSyntaxUID) == ("YBR_RCT", syntax)
    assert (after[1][AREA] == 0).all()
    assert np.array_equal(after[1][~AREA], image[1][~AREA])


@pytest.mark.parametrize("syntax", LOSSY)
def test_a_lossy_frame_keeps_what_it_shows(syntax: str, tmp_path: Path) -> None:
    image = grey(8)
    lossy = {"LossyImageCompression": "01", "LossyImageCompressionRatio": "7.5"}
    ds = compressed(syntax, image, [ENCODERS[syntax](frame) for frame in image], **lossy)
    before = [frame.pixels for frame in frames(ds)]
    kept = stripped(ds)
    assert not np.array_equal(before[1], image[1])  # there was a loss
    masked(ds, 1)
    after = read_back(write(ds, tmp_path / "masked.dcm"))
    assert np.array_equal(after[1][~AREA], before[1][~AREA])
    assert (after[1][AREA] == after[1][AREA][0]).all()
    assert [frame.rstrip(b"\0") for frame in streams(ds)][::2] == [frame.rstrip(b"\0") for frame in kept][::2]
    assert (ds.LossyImageCompression, ds.LossyImageCompressionRatio) == ("01", 7.5)


@pytest.mark.parametrize(("frame", "photometric"), [((0, 1, 2), "YBR_RCT"), ((1,), "YBR_ICT")])
def test_the_irreversible_transform_is_named_while_a_frame_has_it(frame: tuple[int, ...], photometric: str) -> None:
    image = colour()
    coded = [openjpeg(one, mct=True, level=45) for one in image]
    ds = compressed(JPEG2000, image, coded, PhotometricInterpretation="YBR_ICT")
    before = [one.pixels for one in frames(ds)]
    masked(ds, *frame)
    assert ds.PhotometricInterpretation == photometric
    for number, after in enumerate(frames(ds)):
        assert np.array_equal(after.pixels[~AREA], before[number][~AREA])
        assert (after.pixels[AREA] == 0).all() == (number in frame)


def test_samples_of_32_bits(tmp_path: Path) -> None:
    image = grey(16).astype(np.uint32) * 65_537
    ds = compressed(str(RLELossless), image, [rle(frame) for frame in image])
    masked(ds, 1)
    after = read_back(write(ds, tmp_path / "masked.dcm"))
    assert (after[1][AREA] == image.min()).all()
    assert np.array_equal(after[1][~AREA], image[1][~AREA])


def test_a_palette_is_masked_by_its_darkest_entry(tmp_path: Path) -> None:
    image = grey(8)
    ds = compressed(str(RLELossless), image, [rle(frame) for frame in image], PhotometricInterpretation="PALETTE COLOR")
    entries = np.linspace(60000, 500, 256).astype("<u2")
    entries[77] = 3
    for name in ("Red", "Green", "Blue"):
        setattr(ds, f"{name}PaletteColorLookupTableDescriptor", [256, 0, 16])
        setattr(ds, f"{name}PaletteColorLookupTableData", entries.tobytes())
    masked(ds, 1)
    after = read_back(write(ds, tmp_path / "masked.dcm"))
    assert (after[1][AREA] == 77).all()
    assert np.array_equal(after[1][~AREA], image[1][~AREA])


def test_bits_are_packed_again() -> None:
    image = (grey(8) > 127).astype(np.uint8)
    coded = [np.packbits(frame.ravel(), bitorder="little").tobytes() for frame in image]
    ds = compressed(UNCOMPRESSED, image, coded, BitsAllocated=1, BitsStored=1, HighBit=0)
    masked(ds, 1)
    after = frames(ds)
    assert not after[1].pixels[AREA].any()
    assert np.array_equal(after[1].pixels[~AREA], image[1][~AREA])
    assert np.array_equal(after[2].pixels, image[2])


@pytest.mark.parametrize("syntax", UNKNOWN)
@pytest.mark.parametrize("colours", [1, 3])
def test_syntaxes_that_few_know_are_stored_natively(syntax: str, colours: int, tmp_path: Path) -> None:
    image = grey(16) if colours == 1 else colour()
    ds = compressed(syntax, image, [UNKNOWN[syntax](frame) for frame in image])
    _, changes = masked(ds, 1)
    after = dcmread(write(ds, tmp_path / "masked.dcm"))
    assert after.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
    assert [change.rule for change in changes] == ["masked frames stored without compression"]
    assert np.array_equal(after.pixel_array[1][~AREA], image[1][~AREA])
    assert (after.pixel_array[1][AREA] == image.min()).all()
    assert np.array_equal(after.pixel_array[2], image[2])


def test_run_lengths_of_bits_are_stored_natively(tmp_path: Path) -> None:
    image = (grey(8) > 127).astype(np.uint8)
    packed = [packbits(np.packbits(frame.ravel(), bitorder="little").tobytes()) for frame in image]
    coded = [rle_frame([one + b"\0" * (len(one) % 2)]) for one in packed]
    ds = compressed(str(RLELossless), image, coded, BitsAllocated=1, BitsStored=1, HighBit=0)
    _, changes = masked(ds, 1)
    after = dcmread(write(ds, tmp_path / "masked.dcm"))
    assert after.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
    assert [change.rule for change in changes] == ["masked frames stored without compression"]
    assert np.array_equal(after.pixel_array[1][~AREA], image[1][~AREA])
    assert not after.pixel_array[1][AREA].any()


def test_several_fragments_a_frame_and_no_offset_table() -> None:
    image = grey(8)
    coded = [ENCODERS[JPEG2000Lossless](frame) for frame in image]
    ds = compressed(JPEG2000Lossless, image, coded)
    ds.PixelData = encapsulate(coded, fragments_per_frame=3, has_bot=False)
    ds["PixelData"].VR = "OB"
    ds.ExtendedOffsetTable, ds.ExtendedOffsetTableLengths = b"\1" * 24, b"\2" * 24
    del ds.ExtendedOffsetTable
    masked(ds, 1)
    after = frames(ds)
    assert np.array_equal(after[1].pixels[~AREA], image[1][~AREA])
    assert np.array_equal(after[2].pixels, image[2])
    assert "ExtendedOffsetTableLengths" not in ds
    assert len(list(generate_frames(ds.PixelData, number_of_frames=3))) == 3


def test_frames_beyond_the_last_and_missing_ones() -> None:
    image = grey(8)
    coded = [rle(frame) for frame in image]
    ds = compressed(str(RLELossless), image, coded, NumberOfFrames=2)
    masked(ds, 1)
    assert len(streams(ds)) == 2
    short = compressed(str(RLELossless), image, coded)
    found = layout(short)
    assert found is not None
    short.PixelData = encapsulate(coded[:2])
    with pytest.raises(UnreadablePixels, match="2 are there"):
        write_encoded(short, found, [], "MONOCHROME2", Extremes(0, 255))


@pytest.mark.parametrize("box", [Box(50, 30, 500, 500), Box(0, 0, 61, 39), Box(500, 500, 5, 5), Box(60, 38, 1, 1)])
def test_a_mask_beyond_the_frame_is_cut(box: Box) -> None:
    image = grey(8)
    ds = compressed(str(RLELossless), image, [rle(frame) for frame in image])
    written, _ = masked(ds, 1, box=box)
    area = np.zeros((39, 61), bool)
    area[box.y : box.y + box.h, box.x : box.x + box.w] = True
    assert written[0].box.w * written[0].box.h == area.sum()
    after = frames(ds)[1].pixels
    assert (after[area] == image.min()).all()
    assert np.array_equal(after[~area], image[1][~area])


def test_equal_input_gives_equal_bytes() -> None:
    image = grey(12)
    for syntax, encode in ENCODERS.items():
        one, other = (
            compressed(syntax, image, [encode(frame) for frame in image], BitsStored=12, HighBit=11) for _ in range(2)
        )
        masked(one, 0, 2)
        masked(other, 0, 2)
        assert one.PixelData == other.PixelData


@pytest.mark.parametrize("syntax", ENCODERS)
def test_the_verifier_agrees(syntax: str, tmp_path: Path) -> None:
    study, image = Staged(tmp_path), grey(8)
    ds = compressed(syntax, image, [ENCODERS[syntax](frame) for frame in image])
    if syntax in LOSSY:
        ds.LossyImageCompression = "01"

    def change(copy: FileDataset) -> None:
        masked(copy, 1)

    study.add(ds, change=change, masks=(Mask(BOX, (1,), ("name",)),))
    assert study.verify() == ()
