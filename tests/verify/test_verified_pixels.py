"""Pixels outside the masks are the original's, masks are flat, and nothing that identifies can be read."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import imagecodecs
import jpeg_ls  # type: ignore[import-untyped]  # it has no types
import numpy as np
import pytest
import rapidocr
from builders import instance, pixels, set_pixels
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.dataset import Dataset, FileDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    UID,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLSLossless,
    RLELossless,
)
from verify.handmade import Says, Silent, Staged, clean

from gateway.errors import ModelError
from gateway.records import Box, Mask
from gateway.verify import Reader, checks
from gateway.verify.codestreams import carries_text
from gateway.verify.frames import Frames, syntax
from gateway.verify.reader import eight_bit, prove

BOX = Box(4, 5, 20, 10)
DEFLATED_FRAME = UID("1.2.840.10008.1.2.8.1")
SMOOTH = np.add.outer(np.arange(32), np.arange(32)).astype(np.uint8)


def compress(ds: FileDataset, streams: list[bytes], syntax: UID, **attributes: Any) -> FileDataset:
    ds.PixelData = encapsulate(streams)
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    ds.file_meta.TransferSyntaxUID = syntax
    for keyword, value in attributes.items():
        setattr(ds, keyword, value)
    return ds


def colour() -> NDArray[np.uint8]:
    y, x = np.mgrid[0:32, 0:40]
    return np.stack([y * 5, x * 4, (x + y) * 2], axis=-1).astype(np.uint8)


def masked(image: NDArray[Any], value: int = 0) -> NDArray[Any]:
    out = image.copy()
    out[..., BOX.y : BOX.y + BOX.h, BOX.x : BOX.x + BOX.w] = value
    return out


def test_masked_instance_passes(tmp_path: Path) -> None:
    study = Staged(tmp_path)
    study.add(
        instance(),
        change=lambda ds: set_pixels(ds, masked(pixels(seed=1))),
        masks=(Mask(BOX, (0,), ("name",)),),
    )
    assert study.verify() == ()


def test_pixels_changed_outside_the_mask_are_found(tmp_path: Path) -> None:
    study = Staged(tmp_path)
    image = masked(pixels(seed=1))
    image[40, 40] += 1
    study.add(instance(), change=lambda ds: set_pixels(ds, image), masks=(Mask(BOX, (0,), ("name",)),))
    assert study.found() == {checks.PIXEL_CHANGED}


def test_mask_that_is_not_flat_is_found(tmp_path: Path) -> None:
    study = Staged(tmp_path)
    image = masked(pixels(seed=1))
    image[BOX.y, BOX.x] = 1
    study.add(instance(), change=lambda ds: set_pixels(ds, image), masks=(Mask(BOX, (0,), ("name",)),))
    assert study.found() == {checks.MASK_NOT_FLAT}


def test_mask_of_one_frame_does_not_excuse_another(tmp_path: Path) -> None:
    cine = np.stack([pixels(seed=seed) for seed in range(3)])
    done = cine.copy()
    done[1] = masked(cine[1])
    for frames, found in (((1,), set()), ((0,), {checks.MASK_NOT_FLAT, checks.PIXEL_CHANGED})):
        study = Staged(tmp_path / str(frames[0]))
        original = instance(image=cine)
        study.add(original, change=lambda ds: set_pixels(ds, done), masks=(Mask(BOX, frames, ("name",)),))
        assert study.found() == found


def test_mask_beyond_the_frame_is_cut(tmp_path: Path) -> None:
    study = Staged(tmp_path)
    study.add(instance(), masks=(Mask(Box(900, 900, 5, 5), (0,), ("name",)),))
    assert study.verify() == ()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda ds: setattr(ds, "Rows", 32), {checks.PIXEL_SHAPE}),
        (lambda ds: setattr(ds, "BitsStored", 12), {checks.PIXEL_SHAPE}),
        (lambda ds: setattr(ds, "PixelData", ds.PixelData + b"Jo"), {checks.PIXEL_LENGTH}),
        (lambda ds: setattr(ds, "PixelData", ds.PixelData[:-2]), {checks.PIXEL_LENGTH, checks.PIXEL_UNREADABLE}),
        (lambda ds: delattr(ds, "Rows"), {checks.PIXEL_UNREADABLE}),
        (lambda ds: delattr(ds, "PixelData"), {checks.PIXEL_UNREADABLE, checks.MARKS}),
    ],
)
def test_other_pixel_data_is_found(tmp_path: Path, change: Callable[[FileDataset], None], found: set[str]) -> None:
    study = Staged(tmp_path)
    study.add(instance(), change=change)
    assert study.found() == found


def test_bits_outside_the_stored_ones_may_be_cleared(tmp_path: Path) -> None:
    study = Staged(tmp_path)
    plain = pixels(seed=1)
    original = instance(image=(plain | 0x8000).astype(np.uint16), BitsStored=12, HighBit=11)
    study.add(original, change=lambda ds: setattr(ds, "PixelData", plain.tobytes()))
    assert study.verify() == ()


def test_big_endian_original_is_compared_by_value(tmp_path: Path) -> None:
    plain = pixels(seed=1)
    study = Staged(tmp_path)
    original = instance()
    study.add(original)
    swapped = Dataset()
    swapped.update(original)
    swapped.file_meta = original.file_meta
    swapped.PixelData = plain.byteswap().tobytes()
    swapped.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    swapped.save_as(study.pairs[0].original.path, enforce_file_format=True)
    assert study.verify() == ()


def test_planes_may_become_pixels(tmp_path: Path) -> None:
    study = Staged(tmp_path)
    original = instance(image=colour())
    original.PixelData = colour().transpose(2, 0, 1).tobytes()
    original.PlanarConfiguration = 1

    def interleave(ds: FileDataset) -> None:
        ds.PixelData, ds.PlanarConfiguration = colour().tobytes(), 0

    study.add(original, change=interleave)
    assert study.verify() == ()


def test_colour_that_was_decoded_passes_and_one_that_was_changed_does_not(tmp_path: Path) -> None:
    jpeg = cv2.imencode(".jpg", cv2.cvtColor(colour(), cv2.COLOR_RGB2BGR))[1].tobytes()
    original = compress(instance(image=colour()), [jpeg], JPEGBaseline8Bit, PhotometricInterpretation="YBR_FULL_422")
    decoded = Frames(original).decode(0).copy()
    for shift, found in ((0, set()), (2, set()), (30, {checks.PIXEL_CHANGED})):
        study = Staged(tmp_path / str(shift))
        study.add(original)

        def write(ds: FileDataset, shift: int = shift) -> None:
            image = masked(decoded.transpose(2, 0, 1)).transpose(1, 2, 0)
            image[20:, 30:] = np.minimum(image[20:, 30:], 200) + shift if shift else image[20:, 30:]
            set_pixels(ds, np.ascontiguousarray(image))

        written = clean(original)
        written.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        study.pairs.clear()
        study.add(original, written, change=write, masks=(Mask(BOX, (0,), ("name",)),))
        assert study.found() == found


def one_bit(frames: NDArray[np.uint8]) -> FileDataset:
    ds = instance(image=np.zeros(frames.shape, np.uint8))
    ds.BitsAllocated = ds.BitsStored = 1
    ds.HighBit = 0
    packed = np.packbits(frames.ravel(), bitorder="little").tobytes()
    ds.PixelData = packed + b"\0" * (len(packed) % 2)
    return ds


def test_frames_of_one_bit_that_do_not_end_on_a_byte(tmp_path: Path) -> None:
    frames = (np.indices((3, 13, 13)).sum(axis=0) % 3 == 0).astype(np.uint8)
    study = Staged(tmp_path)
    study.add(one_bit(frames))
    assert study.verify() == ()
    last = np.packbits(frames[2].ravel(), bitorder="little").tobytes()
    assert (Frames(one_bit(frames)).decode(2)[..., 0] == frames[2]).all()
    ds = compress(one_bit(frames[2:3]), [deflate(last)], DEFLATED_FRAME)
    assert (Frames(ds).decode(0)[..., 0] == frames[2]).all()


def deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def test_run_lengths_of_one_bit_frames() -> None:
    frame = np.zeros((16, 16), np.uint8)
    frame[:4] = 1
    packed = np.packbits(frame.ravel(), bitorder="little").tobytes()
    assert packed[8:] == b"\0" * 24
    body = bytes([3]) + packed[:4] + b"\x80" + bytes([256 - 3]) + packed[4:5] + bytes([256 - 23]) + b"\0"
    ds = compress(one_bit(frame[None]), [struct.pack("<16I", 1, 64, *[0] * 14) + body], RLELossless)
    assert (Frames(ds).decode(0)[..., 0] == frame).all()


def test_codings_that_pydicom_leaves_out(tmp_path: Path) -> None:
    twelve = (pixels(32, 32) % 4096).astype(np.uint16)
    extended = bytes(imagecodecs.jpeg8_encode(twelve, bitspersample=12))
    study = Staged(tmp_path)
    study.add(compress(instance(image=twelve, BitsStored=12, HighBit=11), [extended], JPEGExtended12Bit))
    deflated = instance(number=2, image=twelve)
    study.add(compress(deflated, [deflate(twelve.tobytes())], JPEGBaseline8Bit))
    for path in (study.pairs[1].original.path, study.pairs[1].written):  # pydicom knows no name for this syntax yet
        data = Path(path).read_bytes().replace(JPEGBaseline8Bit.encode(), DEFLATED_FRAME.encode() + b"\0")
        Path(path).write_bytes(data)
    floats = instance(number=3)
    del floats.PixelData
    for keyword in ("BitsStored", "HighBit", "PixelRepresentation"):
        delattr(floats, keyword)
    floats.BitsAllocated = 32
    values = pixels().astype(np.float32)
    values[0, 0] = np.nan
    floats.FloatPixelData = values.tobytes()
    study.add(floats, change=lambda ds: setattr(ds, "BurnedInAnnotation", "NO"))
    double = instance(number=4)
    del double.PixelData
    double.BitsAllocated = 64
    double.DoubleFloatPixelData = pixels().astype(np.float64).tobytes()
    study.add(double, change=lambda ds: setattr(ds, "BurnedInAnnotation", "NO"))
    assert study.verify() == ()


def test_palette_and_monochrome_1_are_read_as_people_see_them(tmp_path: Path) -> None:
    study = Staged(tmp_path)
    palette = instance(image=SMOOTH, PhotometricInterpretation="PALETTE COLOR")
    for name in ("Red", "Green", "Blue"):
        setattr(palette, f"{name}PaletteColorLookupTableDescriptor", [256, 0, 8])
        setattr(palette, f"{name}PaletteColorLookupTableData", bytes(range(256)))
    study.add(palette)
    study.add(instance(number=2, image=SMOOTH, PhotometricInterpretation="MONOCHROME1"))
    study.add(instance(number=3, image=SMOOTH))
    reader = Says(())
    assert study.verify(reader) == ()
    looked_up, turned, plain = reader.images
    assert looked_up.shape == (32, 32, 3)
    assert turned[0, 0] == 255
    assert plain[0, 0] == 0
    broken = clean(palette)
    del broken.RedPaletteColorLookupTableData
    study.pairs.clear()
    study.add(palette, broken)
    assert checks.PIXEL_UNREADABLE in study.found()


def test_text_in_values_that_a_palette_shows_alike_is_read(tmp_path: Path) -> None:
    """Entries 2k and 2k + 1 are equal: a person sees the shades, the stored values hold the name as well."""
    ground = np.add.outer(np.arange(120), np.arange(420)).astype(np.uint8) & 0xFE
    letters = cv2.putText(np.zeros(ground.shape, np.uint8), "OKONKWO ADAEZE", (20, 60), 0, 1.0, 1, 2)
    palette = instance(image=ground | np.asarray(letters, np.uint8), PhotometricInterpretation="PALETTE COLOR")
    for name in ("Red", "Green", "Blue"):
        setattr(palette, f"{name}PaletteColorLookupTableDescriptor", [256, 0, 8])
        setattr(palette, f"{name}PaletteColorLookupTableData", bytes(entry & 0xFE for entry in range(256)))
    study = Staged(tmp_path)
    study.add(palette)
    found = study.verify(Reader.load())
    assert [problem.check for problem in found] == [checks.IDENTIFIER_IN_PIXELS]


@pytest.mark.parametrize(
    ("lines", "leak"),
    [
        (("O", "K", "O", "N", "K", "W", "O"), True),
        (("0", "W", "K", "0N", "K", "0"), True),  # turned, and with slips
        (("O K O N", "K W O", "Gain 72"), True),
        (("R", "L", "Gain 72", "A", "P"), False),
        (("0", "5", "10", "15", "20"), False),
        (("O", "K"), False),
    ],
)
def test_letters_that_were_read_one_by_one_are_joined(tmp_path: Path, lines: tuple[str, ...], leak: bool) -> None:  # noqa: FBT001  # a column of the table
    study = Staged(tmp_path)
    study.add(instance())
    assert study.found(Says(lines)) == ({checks.IDENTIFIER_IN_PIXELS} if leak else set())


def test_a_name_in_the_cells_of_a_form_is_read(tmp_path: Path) -> None:
    form = np.zeros((120, 340), np.uint8)
    for number, letter in enumerate("OKONKWO"):
        cv2.rectangle(form, (20 + 42 * number, 30), (58 + 42 * number, 74), 120)
        cv2.putText(form, letter, (28 + 42 * number, 64), 0, 1.0, 255, 2)
    study = Staged(tmp_path)
    study.add(instance(image=form))
    assert study.found(Reader.load()) == {checks.IDENTIFIER_IN_PIXELS}


def test_each_distinct_frame_is_read_once_and_flat_or_tiny_ones_never(tmp_path: Path) -> None:
    study = Staged(tmp_path)
    study.add(instance(image=np.stack([pixels(seed=1)] * 5)))
    study.add(instance(number=2, image=np.zeros((40, 40), np.uint8)))
    study.add(instance(number=3, image=SMOOTH[:8]))
    reader = Says(())
    assert study.verify(reader) == ()
    assert len(reader.images) == 1


def test_frames_between_are_read_where_something_was_masked(tmp_path: Path) -> None:
    cine = np.stack([pixels(seed=1)] * 9)
    cine[np.arange(9), 50, np.arange(9) * 5] = 0
    study = Staged(tmp_path)
    done = cine.copy()
    done[[2, 6]] = masked(cine[[2, 6]])
    study.add(instance(image=cine), change=lambda ds: set_pixels(ds, done), masks=(Mask(BOX, (2, 6), ("name",)),))
    reader = Says(())
    assert study.verify(reader) == ()
    assert len(reader.images) == 8  # 0, 4 and 8; 2 and 6, and the frames after them; the brightest of all


class Bright:
    """A reader that reads a name where anything is as bright as a text."""

    def lines(self, image: NDArray[np.uint8]) -> tuple[str, ...]:
        return ("OKONKWO ADAEZE",) if (image[40:44, 10:50] > 200).all() else ()


@pytest.mark.parametrize("frame", [1, 70, 98])
def test_text_on_any_frame_of_a_cine_shines_through(tmp_path: Path, frame: int) -> None:
    cine = np.stack([pixels(seed=n) // 8 for n in range(100)])
    study = Staged(tmp_path)
    study.add(instance(image=cine))
    assert study.verify(Bright()) == ()
    cine[frame, 40:44, 10:50] = 1000
    study.add(instance(number=2, image=cine))
    assert study.found(Bright()) == {checks.IDENTIFIER_IN_PIXELS}


def test_frames_of_a_cine_that_are_not_there_are_told_once_each(tmp_path: Path) -> None:
    study = Staged(tmp_path)
    cine = np.stack([pixels(seed=n) for n in range(10)])
    study.add(instance(image=cine), change=lambda ds: setattr(ds, "PixelData", ds.PixelData[: 9 * cine[0].nbytes]))
    assert study.found() == {checks.PIXEL_LENGTH, checks.PIXEL_UNREADABLE}


def test_frame_that_cannot_be_decoded_is_a_problem(tmp_path: Path) -> None:
    study = Staged(tmp_path)
    original = compress(instance(image=SMOOTH), [b"\xff\xd8 no picture \xff\xd9"], JPEGBaseline8Bit)
    study.add(original)
    assert checks.PIXEL_UNREADABLE in study.found()
    study.pairs.clear()
    study.add(original, compress(clean(original), [b"\xff\xd8 nor this  \xff\xd9"], JPEGBaseline8Bit))
    assert checks.PIXEL_UNREADABLE in study.found()


def test_frame_too_many_is_found(tmp_path: Path) -> None:
    jpeg = cv2.imencode(".jpg", SMOOTH)[1].tobytes()
    study = Staged(tmp_path)
    original = compress(instance(image=SMOOTH), [jpeg], JPEGBaseline8Bit)
    study.add(original)
    assert study.verify() == ()
    original = compress(instance(image=np.stack([SMOOTH, SMOOTH])), [jpeg], JPEGBaseline8Bit)
    study.pairs.clear()
    study.add(original)
    assert study.found() == {checks.PIXEL_LENGTH, checks.PIXEL_UNREADABLE}


J2K = bytes(imagecodecs.jpeg2k_encode(SMOOTH, codecformat="j2k", reversible=True))
LS = bytes(jpeg_ls.encode_array(SMOOTH))
JPEG = cv2.imencode(".jpg", SMOOTH)[1].tobytes()
PROGRESSIVE = cv2.imencode(".jpg", SMOOTH, [cv2.IMWRITE_JPEG_PROGRESSIVE, 1, cv2.IMWRITE_JPEG_RST_INTERVAL, 2])[
    1
].tobytes()
COMMENT = b"\xff\xfe\x00\x06Jane"
APP = b"\xff\xe5\x00\x06Jane"


def bare(stream: bytes) -> bytes:
    """A JPEG 2000 codestream without the comment that its encoder writes."""
    at = stream.find(b"\xff\x64")
    return stream if at < 0 else stream[:at] + stream[at + 2 + int.from_bytes(stream[at + 2 : at + 4], "big") :]


def in_tile(stream: bytes) -> bytes:
    """The codestream with a comment in the header of its (only) tile part."""
    plain = bare(stream)
    sot = plain.index(b"\xff\x90")
    sod = plain.index(b"\xff\x93", sot)
    part = int.from_bytes(plain[sot + 6 : sot + 10], "big")
    comment = b"\xff\x64\x00\x08\x00\x01Jane"
    size = (part + len(comment)).to_bytes(4, "big")
    return plain[: sot + 6] + size + plain[sot + 10 : sod] + comment + plain[sod:]


def open_tile(stream: bytes) -> bytes:
    """The codestream whose last tile part says that it goes on to the end."""
    plain = bare(stream)
    sot = plain.index(b"\xff\x90")
    return plain[: sot + 6] + b"\0\0\0\0" + plain[sot + 10 :]


@pytest.mark.parametrize(
    ("stream", "carries"),
    [
        (JPEG, False),
        (JPEG + b"\0", False),
        (PROGRESSIVE, False),
        (LS, False),
        (bare(J2K), False),
        (open_tile(J2K), False),
        (open_tile(J2K)[:-2], False),
        (bare(J2K)[:-2], False),
        (JPEG[:2] + b"\xff" + JPEG[2:], False),
        (JPEG[:2] + COMMENT + JPEG[2:], True),
        (JPEG[:2] + APP + JPEG[2:], True),
        (JPEG + b"Jane", True),
        (JPEG[:2] + b"Jane" + JPEG[2:], True),
        (LS[:2] + COMMENT + LS[2:], True),
        (J2K[:2] + b"\xff\x64\x00\x08\x00\x01Jane" + J2K[2:], True),
        (in_tile(J2K), True),
        (bare(J2K) + b"Jane", True),
        (bare(J2K)[:2] + b"Jane" + bare(J2K)[2:], True),
        (JPEG[: JPEG.index(b"\xff\xda") + 40], False),
        (b"RLE or anything else", False),
    ],
)
def test_text_beside_the_picture(stream: bytes, carries: bool) -> None:  # noqa: FBT001  # a column of the table
    assert carries_text(stream) is carries


def test_compressed_frames_that_pass_through_are_compared(tmp_path: Path) -> None:
    study = Staged(tmp_path)
    for number, (stream, coding) in enumerate(
        ((JPEG, JPEGBaseline8Bit), (LS, JPEGLSLossless), (J2K, JPEG2000Lossless)), 1
    ):
        original = compress(instance(number=number, image=SMOOTH), [stream], coding)
        study.add(original, compress(clean(original), [bare(stream) if stream is J2K else stream], coding))
    assert study.verify() == ()


def test_text_reader_reads_what_the_cleaners_missed(tmp_path: Path) -> None:
    picture = cv2.putText(pixels(240, 420).astype(np.uint8), "OKONKWO ADAEZE", (20, 60), 0, 1.0, 255, 2)
    study = Staged(tmp_path)
    study.add(instance(image=picture))
    study.add(instance(number=2, image=cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB)))
    study.add(
        instance(number=3, image=cv2.putText(pixels(240, 420).astype(np.uint8), "Gain 72", (20, 60), 0, 1, 255, 2))
    )
    found = study.verify(Reader.load())
    assert [(problem.check, problem.instance, problem.place) for problem in found] == [
        (checks.IDENTIFIER_IN_PIXELS, 0, "frame 1"),
        (checks.IDENTIFIER_IN_PIXELS, 1, "frame 1"),
    ]


def test_missing_networks_stop_the_start(tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        Reader.load(tmp_path)


def test_small_text_in_a_large_frame_is_read() -> None:
    large = np.full((1200, 1100), 40, np.uint8)
    for place in ((30, 340), (900, 1150)):
        cv2.putText(large, "OKONKWO", place, 0, 0.6, 255, 1)
    assert "".join(Reader.load().lines(large)).count("OKONKWO") == 2


def test_text_that_stands_on_its_head_is_read() -> None:
    frame = cv2.putText(np.full((200, 500), 40, np.uint8), "LQ-0093318", (30, 100), 0, 1, 255, 2)
    assert any("0093318" in line for line in Reader.load().lines(np.ascontiguousarray(frame[::-1, ::-1])))


def test_networks_that_cannot_read_stop_the_start(tmp_path: Path) -> None:
    for part in ("det", "rec"):
        source = Path(rapidocr.__file__).parent / "models" / "PP-OCRv6_det_small.onnx"
        (tmp_path / f"PP-OCRv6_{part}_small.onnx").symlink_to(source)
    with pytest.raises(ModelError):
        Reader.load(tmp_path)


def test_reader_that_reads_nothing_is_not_trusted() -> None:
    with pytest.raises(ModelError):
        prove(Silent())


def test_eight_bit_view_saturates_the_brightest() -> None:
    frame = np.zeros((64, 64, 1), np.int16)
    frame[:32] = 100
    frame[0, 0] = 3000
    view = eight_bit(frame)
    assert view.shape == (64, 64)
    assert (view[1, 1], view[0, 0], view[63, 63]) == (255, 255, 0)
    lonely = np.zeros((64, 64, 1), np.float32)
    lonely[3, 3] = 7
    assert eight_bit(lonely)[3, 3] == 255
    assert not eight_bit(np.full((4, 4, 3), 9, np.uint8)).any()


def test_odd_headers_are_read_as_pydicom_reads_them(tmp_path: Path) -> None:
    ybr = instance(image=colour(), PhotometricInterpretation="YBR_FULL")
    assert Frames(ybr).decode(0).shape == (32, 40, 3)
    study = Staged(tmp_path)
    loose = dcmread(study.add(instance(image=SMOOTH)))
    del loose.file_meta
    for encoding, name in (
        ((True, True), "1.2.840.10008.1.2"),
        ((False, True), ExplicitVRLittleEndian),
        ((False, False), ExplicitVRBigEndian),
    ):
        loose.set_original_encoding(*encoding)
        assert syntax(loose) == name


def test_number_of_frames_that_is_none_counts_as_one(tmp_path: Path) -> None:
    study = Staged(tmp_path)
    study.add(instance(image=SMOOTH, NumberOfFrames="1"), change=lambda ds: delattr(ds, "NumberOfFrames"))
    original = Path(study.pairs[0].original.path)
    original.write_bytes(original.read_bytes().replace(b"(\0\x08\0IS\2\x001 ", b"(\0\x08\0IS\2\x001A"))
    assert b"1A" in original.read_bytes()
    assert study.verify() == ()


def test_one_bit_frames_in_a_coding_that_is_not_for_them() -> None:
    ds = compress(one_bit(np.zeros((1, 16, 16), np.uint8)), [J2K], JPEG2000Lossless)
    with pytest.raises(ValueError, match="decoded"):
        Frames(ds).decode(0)


def test_instance_without_pixels_has_none_to_check(tmp_path: Path) -> None:
    study = Staged(tmp_path)
    original = instance()
    del original.PixelData
    study.add(original)
    assert study.verify(Silent()) == ()
