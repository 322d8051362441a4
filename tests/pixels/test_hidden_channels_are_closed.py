"""What no viewer shows leaves with no instance: unused bits, trailing bytes, comments, thumbnails, offset tables."""

from __future__ import annotations

from typing import Any

import cv2
import imagecodecs
import numpy as np
import pytest
from builders import instance
from pixels.pictures import DEFLATED, GREY_ENCODERS, JPEG_XL, compressed, deflate, frames, jpeg, mask, rle, smooth
from pydicom.dataset import FileDataset
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.uid import (
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    RLELossless,
)

from gateway.pixels.codestream import strip
from gateway.pixels.layout import layout

SECRET = b"OKONKWO^ADAEZE"
IMAGE = smooth(40, 60, 2).astype(np.uint8)
J2K, HTJ2K, LS, RLE, JPEG = (
    str(uid) for uid in (JPEG2000Lossless, HTJ2KLossless, JPEGLSLossless, RLELossless, JPEGBaseline8Bit)
)
CODED = {syntax: [bytes(GREY_ENCODERS[syntax](frame)) for frame in IMAGE] for syntax in (J2K, HTJ2K, LS, RLE)} | {
    JPEG: [jpeg(frame) for frame in IMAGE]
}


def closed(ds: FileDataset) -> list[str]:
    """Clean without any text; the rules of what was changed in the pixel data."""
    before = [frame.pixels.copy() for frame in frames(ds)]
    result = mask(ds)
    after = [frame.pixels for frame in frames(ds)]
    assert all(np.array_equal(new, old) for new, old in zip(after, before, strict=True))
    assert SECRET not in ds.PixelData
    return [change.rule for change in result.changes if change.path == "7FE00010"]


@pytest.mark.parametrize("syntax", CODED)
def test_clean_frames_pass_through_untouched(syntax: str) -> None:
    ds = compressed(syntax, IMAGE, CODED[syntax])
    before = ds.PixelData
    ds.BurnedInAnnotation = "NO"
    rules = closed(ds)
    if rules:  # an encoder that signs its work
        assert rules == ["data beside the image in compressed frames"]
        before = ds.PixelData
        assert closed(ds) == []
    assert ds.PixelData == before
    assert ds.file_meta.TransferSyntaxUID == syntax


def test_native_data_is_trimmed() -> None:
    ds = instance(image=IMAGE)
    ds.PixelData += SECRET
    assert closed(ds) == ["bytes after the last frame"]
    assert len(ds.PixelData) == IMAGE.size
    odd = instance(image=IMAGE[0, :39, :59])
    odd.PixelData = odd.PixelData[:-1] + b"\x41"
    assert closed(odd) == ["bytes after the last frame"]
    assert odd.PixelData[-1] == 0
    bits = instance(image=np.ones((3, 3), np.uint8), BitsAllocated=1, BitsStored=1, HighBit=0, PixelData=b"\xff\xff")
    assert closed(bits) == ["bytes after the last frame"]
    assert bits.PixelData == b"\xff\x01"


def test_swapped_native_data_is_trimmed() -> None:
    ds = instance(image=np.array([[1, 2, 3]], np.uint8))
    ds.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    ds.PixelData = b"\x02\x01\x41\x03"
    ds["PixelData"].VR = "OW"
    assert closed(ds) == ["bytes after the last frame"]
    assert ds.PixelData == b"\x02\x01\x00\x03"
    even = instance(image=np.array([[1, 2]], np.uint8))
    even.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    even.PixelData = b"\x02\x01" + SECRET
    even["PixelData"].VR = "OW"
    closed(even)
    assert even.PixelData == b"\x02\x01"


@pytest.mark.parametrize(
    ("stored", "high", "signed", "dirty", "expected"),
    [
        (12, 11, 0, [0xF123, 0x0FFF], [0x0123, 0x0FFF]),
        (12, 11, 1, [0x5FFF, 0x0123], [0xFFFF, 0x0123]),
        (12, 15, 0, [0x123F, 0xFFF0], [0x1230, 0xFFF0]),
        (12, 11, 1, [0xFFFF, 0x0123], None),  # the sign is extended
        (12, 11, 1, [0x0FFF, 0x0123], None),  # the sign is not extended: nothing is hidden there either
        (12, 11, 0, [0x0FFF, 0x0123], None),
    ],
)
def test_unused_bits(stored: int, high: int, signed: int, dirty: list[int], expected: list[int] | None) -> None:
    ds = instance(image=np.array([dirty], np.uint16), BitsStored=stored, HighBit=high, PixelRepresentation=signed)
    rules = closed(ds)
    assert rules == ([] if expected is None else ["bits outside Bits Stored"])
    assert np.frombuffer(ds.PixelData, "<u2").tolist() == (expected or dirty)


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body


def test_jpeg_comments_application_data_and_tails() -> None:
    thumbnail = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\x02\x02" + SECRET[:12])
    for insert in (
        segment(0xFE, SECRET),
        segment(0xE1, b"Exif\0\0" + SECRET),
        thumbnail,
        b"\xff\xff" + segment(0xEC, SECRET),
    ):
        coded = [frame[:2] + insert + frame[2:] for frame in CODED[JPEG]]
        ds = compressed(JPEG, IMAGE, coded)
        assert closed(ds) == ["data beside the image in compressed frames"]
        assert ds.file_meta.TransferSyntaxUID == JPEG
    ds = compressed(JPEG, IMAGE, [frame + SECRET for frame in CODED[JPEG]])
    assert closed(ds) == ["data beside the image in compressed frames"]


def test_jpeg_markers_that_say_how_to_decode_stay() -> None:
    colour = np.stack([IMAGE[0]] * 3, axis=-1)
    adobe = segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01" + SECRET)
    frame = jpeg(colour)
    coded = frame[:2] + adobe + frame[2:]
    ds = compressed(JPEG, colour[None], [coded], PhotometricInterpretation="YBR_FULL_422")
    assert closed(ds) == ["data beside the image in compressed frames"]
    assert b"Adobe" in ds.PixelData
    transform = segment(0xE8, b"mrfx\0")
    found = layout(compressed(LS, IMAGE, CODED[LS]))
    assert found is not None
    coded = CODED[LS][0][:2] + transform + CODED[LS][0][2:]
    assert b"mrfx" in (strip(coded, found) or b"")


def test_jpeg_ls_comments() -> None:
    ds = compressed(LS, IMAGE, [frame[:2] + segment(0xFE, SECRET) + frame[2:] for frame in CODED[LS]])
    assert closed(ds) == ["data beside the image in compressed frames"]


def comment() -> bytes:
    return b"\xff\x64" + (len(SECRET) + 4).to_bytes(2, "big") + b"\0\x01" + SECRET


@pytest.mark.parametrize("syntax", [J2K, HTJ2K])
def test_jpeg_2000_comments_in_both_headers(syntax: str) -> None:
    coded = []
    for frame in CODED[syntax]:
        start = frame.index(b"\xff\x90")
        data = frame.index(b"\xff\x93", start)
        length = int.from_bytes(frame[start + 6 : start + 10], "big")
        longer = (
            frame[: start + 6]
            + (length + len(comment()) if length else 0).to_bytes(4, "big")
            + frame[start + 10 : data]
        )
        changed = longer[:start] + comment() + longer[start:] + comment() + frame[data:]
        coded.append(changed + SECRET)
    ds = compressed(syntax, IMAGE, coded)
    rules = closed(ds)
    listed = b"\xff\x55" in CODED[syntax][0]
    assert rules == ["encoding that could not be checked" if listed else "data beside the image in compressed frames"]


def test_a_jp2_file_around_the_codestream_is_taken_off() -> None:
    def box(kind: bytes, body: bytes, *, wide: bool = False) -> bytes:
        if wide:
            return (1).to_bytes(4, "big") + kind + (len(body) + 16).to_bytes(8, "big") + body
        return (len(body) + 8).to_bytes(4, "big") + kind + body

    coded = []
    for number, frame in enumerate(CODED[J2K]):
        head = box(b"jP  ", b"\r\n\x87\n") + box(b"ftyp", b"jp2 \0\0\0\0jp2 ")
        size = (40).to_bytes(4, "big") + (60).to_bytes(4, "big") + b"\0\x01\x07\x07\0\0"
        colour = box(b"colr", b"\x01\0\0" + (17).to_bytes(4, "big"))
        head += box(b"jp2h", box(b"ihdr", size) + colour) + box(b"xml ", SECRET)
        coded.append(head + box(b"jp2c", frame, wide=number == 1))
    ds = compressed(J2K, IMAGE, coded)
    assert closed(ds) == ["data beside the image in compressed frames"]
    found = layout(ds)
    assert found is not None
    assert strip(b"\0\0\0\x0cjP  \r\n\x87\n", found) is None


def test_rle_with_room_between_its_segments_is_stored_decoded() -> None:
    frame = rle(IMAGE[0])
    shifted = frame[:4] + (64 + len(SECRET)).to_bytes(4, "little") + frame[8:64] + SECRET + frame[64:]
    ds = compressed(RLE, IMAGE[:1], [shifted])
    assert closed(ds) == ["encoding that could not be checked"]
    assert ds.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
    ds = compressed(RLE, IMAGE[:1], [frame + SECRET])
    assert closed(ds) == ["data beside the image in compressed frames"]
    wide = smooth(40, 60, 1, high=4000)
    ds = compressed(RLE, wide, [rle(wide[0])])
    assert closed(ds) == []


@pytest.mark.parametrize("syntax", [DEFLATED, JPEG_XL])
def test_encodings_that_other_readers_do_not_know_are_stored_decoded(syntax: str) -> None:
    ds = compressed(syntax, IMAGE, [GREY_ENCODERS[syntax](frame) for frame in IMAGE])
    assert closed(ds) == ["encoding that could not be checked"]
    assert ds.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian


def test_deflated_data_after_the_image() -> None:
    ds = compressed(DEFLATED, IMAGE[:1], [deflate(IMAGE[0].tobytes() + SECRET)])
    closed(ds)


def test_frames_after_the_last_one_are_dropped() -> None:
    ds = compressed(RLE, IMAGE, CODED[RLE])
    ds.PixelData = encapsulate([*CODED[RLE], SECRET])
    assert "frames after the last frame" in closed(ds)


@pytest.mark.parametrize("damage", ["table", "odd table", "tail", "frame count"])
def test_stray_bytes_in_the_encapsulation(damage: str) -> None:
    ds = compressed(RLE, IMAGE, CODED[RLE])
    value = bytearray(ds.PixelData)
    if damage == "table":
        value[12:16] = (len(CODED[RLE][0]) + 6).to_bytes(4, "little")
        ds.NumberOfFrames = 1
        ds.PixelData = bytes(encapsulate(CODED[RLE][:1]))[:8] + b"KNWO" + bytes(encapsulate(CODED[RLE][:1]))[12:]
    elif damage == "odd table":
        ds.PixelData = b"\xfe\xff\x00\xe0\x06\0\0\0OKONKW" + bytes(encapsulate(CODED[RLE][:1], has_bot=False))[8:]
        ds.NumberOfFrames = 1
    elif damage == "tail":
        ds.PixelData = bytes(value) + b"\xfe\xff\xdd\xe0\0\0\0\0" + SECRET
    else:
        ds.PixelData = encapsulate(CODED[RLE][:1])
        ds.NumberOfFrames = 1
        ds.ExtendedOffsetTable, ds.ExtendedOffsetTableLengths = SECRET + b"\0\0", b"\0" * 16
    assert closed(ds) == ["stray bytes in the encapsulation"]
    assert b"KNWO" not in ds.PixelData
    assert "ExtendedOffsetTable" not in ds


def test_true_extended_offsets_stay() -> None:
    ds = compressed(RLE, IMAGE, CODED[RLE])
    ds.PixelData, ds.ExtendedOffsetTable, ds.ExtendedOffsetTableLengths = encapsulate_extended(CODED[RLE])
    before = ds.PixelData
    assert closed(ds) == []
    assert ds.PixelData == before
    ds.ExtendedOffsetTableLengths = ds.ExtendedOffsetTableLengths[:8]
    assert closed(ds) == ["stray bytes in the encapsulation"]


def test_frames_in_several_fragments_pass() -> None:
    ds = compressed(JPEG, IMAGE, CODED[JPEG])
    ds.PixelData = encapsulate(CODED[JPEG], fragments_per_frame=3)
    assert closed(ds) == []


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"\xff\xd8\x13\x37",
        b"\xff\xd8" + segment(0x02, b"unknown marker"),
        b"\xff\xd8\xff\xdb\xff\xff\0",
        CODED[JPEG][0][:-2],
        CODED[JPEG][0][:60],
    ],
)
def test_jpeg_that_is_not_understood_is_not_passed_on(damaged: bytes) -> None:
    found = layout(compressed(JPEG, IMAGE, CODED[JPEG]))
    assert found is not None
    assert strip(damaged, found) is None


def inserted(syntax: str, before: bytes, *segments: bytes) -> bytes:
    """A frame with segments before the first (the end marker: last) marker ``before``."""
    frame = CODED[syntax][0]
    at = frame.rindex(before) if before == b"\xff\xd9" else frame.index(before)
    return frame[:at] + b"".join(segments) + frame[at:]


def stripped(syntax: str, frame: bytes) -> bytes | None:
    found = layout(compressed(syntax, IMAGE, CODED[syntax]))
    assert found is not None
    return strip(frame, found)


TABLE = SECRET.ljust(64)
CODE = b"\x13" + bytes((0, 3, *[0] * 14)) + b"abc"
ADOBE = segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01")
SCAN, SIZE, TILE, END = b"\xff\xda", b"\xff\xc0", b"\xff\x90", b"\xff\xd9"


@pytest.mark.parametrize(
    ("syntax", "coded"),
    [
        (JPEG, inserted(JPEG, SCAN, segment(0xDB, b"\x03" + TABLE))),
        (JPEG, inserted(JPEG, SCAN, segment(0xDB, b"\x13" + TABLE * 2))),
        (JPEG, inserted(JPEG, b"\xff\xdb", segment(0xDB, b"\0" + TABLE))),  # defined again before it is used
        (JPEG, inserted(JPEG, END, segment(0xDB, b"\0" + TABLE))),  # too late to be used
        (JPEG, inserted(JPEG, SCAN, segment(0xC4, CODE))),
        (JPEG, inserted(JPEG, END, segment(0xDD, b"OK"))),
        (LS, inserted(LS, END, segment(0xF8, b"\x01" + SECRET[:10]))),
        (J2K, inserted(J2K, TILE, segment(0x57, SECRET))),
        (J2K, inserted(J2K, TILE, segment(0x63, SECRET[:4]))),
        (J2K, inserted(J2K, TILE, segment(0x56, SECRET))),
    ],
)
def test_tables_and_lists_that_nobody_needs_are_dropped(syntax: str, coded: bytes) -> None:
    assert stripped(syntax, coded) == stripped(syntax, CODED[syntax][0])
    ds = compressed(syntax, IMAGE[:1], [coded])
    assert closed(ds) == ["data beside the image in compressed frames"]
    assert ds.file_meta.TransferSyntaxUID == syntax


def test_a_table_leaves_its_neighbour_in_the_same_segment() -> None:
    frame = CODED[JPEG][0]
    at = frame.index(b"\xff\xdb")
    both = segment(0xDB, frame[at + 4 : at + 69] + b"\x03" + TABLE)
    assert stripped(JPEG, frame[:at] + both + frame[at + 69 :]) == stripped(JPEG, frame)


def test_a_lossless_frame_has_no_quantisation() -> None:
    frame = bytes(imagecodecs.ljpeg_encode(IMAGE[0]))
    at = frame.index(SCAN)
    assert stripped(JPEG, frame[:at] + segment(0xDB, b"\0" + TABLE) + frame[at:]) == stripped(JPEG, frame) == frame


def test_packet_lengths_in_a_tile_are_dropped() -> None:
    frame = CODED[J2K][0]
    start = frame.index(TILE)
    added = segment(0x58, b"\0" + SECRET)
    length = int.from_bytes(frame[start + 6 : start + 10], "big") + len(added)
    coded = (
        frame[: start + 6] + length.to_bytes(4, "big") + frame[start + 10 : start + 12] + added + frame[start + 12 :]
    )
    assert stripped(J2K, coded) == stripped(J2K, frame)
    assert closed(compressed(J2K, IMAGE[:1], [coded])) == ["data beside the image in compressed frames"]


def test_what_a_decoder_needs_stays() -> None:
    ls = stripped(LS, CODED[LS][0]) or b""
    for coded in (
        inserted(JPEG, SCAN, segment(0xDD, b"\0\0")),
        ls.replace(SCAN, segment(0xF8, b"\x01" + bytes(10)) + SCAN, 1),
        CODED[JPEG][0][:2] + ADOBE + CODED[JPEG][0][2:],
    ):
        syntax = LS if b"\xff\xf7" in coded else JPEG
        assert stripped(syntax, coded) == coded
    frame = CODED[JPEG][0]
    at = frame.index(SIZE) + 5
    without = frame[:at] + b"\0\0" + frame[at + 2 :]
    with_lines = without[:-2] + segment(0xDC, frame[at : at + 2]) + END
    assert stripped(JPEG, with_lines) == with_lines
    plain = stripped(J2K, CODED[J2K][0]) or b""
    start = plain.index(TILE)
    listing = b"\xff\x55\0\x09\0\x50\0" + plain[start + 6 : start + 10]
    assert stripped(J2K, plain[:start] + listing + plain[start:]) == plain[:start] + listing + plain[start:]


def test_every_scan_of_a_progressive_frame_stays() -> None:
    colour = np.stack([IMAGE[0], IMAGE[1], IMAGE[0]], axis=-1)
    for image in (IMAGE[0], colour):
        frame = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])[1].tobytes()
        assert stripped(JPEG, frame) == frame
        at = frame.rindex(SCAN)
        assert stripped(JPEG, frame[:-2] + frame[at:]) is None  # the last scan twice


@pytest.mark.parametrize(
    ("syntax", "coded"),
    [
        (JPEG, inserted(JPEG, SCAN, segment(0xDB, b"\x03" + SECRET))),
        (JPEG, inserted(JPEG, SCAN, segment(0xDB, b"\x03" + TABLE + SECRET))),
        (JPEG, inserted(JPEG, SCAN, segment(0xDB, b"\x04" + TABLE))),
        (JPEG, inserted(JPEG, SCAN, segment(0xC4, CODE + SECRET))),
        (JPEG, inserted(JPEG, SCAN, segment(0xC4, b"\x13" + bytes((0, 3, *[0] * 14)) + b"aba"))),
        (JPEG, inserted(JPEG, SCAN, segment(0xC4, b"\x03" + CODE[1:]))),
        (JPEG, inserted(JPEG, SCAN, segment(0xC4, b"\x13" + bytes((3, *[0] * 15)) + b"abc"))),
        (JPEG, inserted(JPEG, SCAN, segment(0xC4, b"\x13" + bytes(16)))),
        (JPEG, inserted(JPEG, SCAN, segment(0xDB, b""))),
        (JPEG, inserted(JPEG, SCAN, segment(0xDD, SECRET))),
        (JPEG, inserted(JPEG, SCAN, segment(0xCC, SECRET))),
        (JPEG, inserted(JPEG, SCAN, segment(0xDC, SECRET[:2]))),
        (JPEG, inserted(JPEG, END, segment(0xDC, SECRET[:2]))),
        (JPEG, inserted(JPEG, SCAN, segment(0xC0, SECRET))),
        (JPEG, inserted(JPEG, SIZE, segment(0xC0, SECRET))),
        (JPEG, inserted(JPEG, SCAN, segment(0xDA, SECRET))),
        (JPEG, inserted(JPEG, SCAN, segment(0xDA, b"\0" + SECRET[:3]))),
        (JPEG, inserted(JPEG, SIZE, segment(0xDA, b"\x01\x01\0\0\x3f\0"))),
        (LS, inserted(LS, SCAN, segment(0xC4, CODE))),
        (LS, inserted(LS, SCAN, segment(0xF8, b"\x02" + SECRET[:10]))),
        (LS, inserted(LS, SCAN, segment(0xF8, b"\x01" + SECRET))),
        (J2K, inserted(J2K, TILE, segment(0x60, SECRET))),
        (J2K, inserted(J2K, TILE, segment(0x5F, SECRET))),
        (J2K, inserted(J2K, TILE, segment(0x5E, b"\0\0" + SECRET))),
        (J2K, inserted(J2K, TILE, segment(0x5E, b"\x4f\0\0"))),  # a component that is not there
        (J2K, inserted(J2K, TILE, segment(0x5E, b"\0\0\0"), segment(0x5E, b"\0\0\0"))),
        (J2K, inserted(J2K, TILE, segment(0x5D, b"\0\0" + SECRET * 2))),  # more bands than there are
        (J2K, inserted(J2K, TILE, segment(0x53, b"\0" + SECRET))),
        (J2K, inserted(J2K, TILE, segment(0x50, SECRET))),
        (J2K, inserted(J2K, TILE, segment(0x51, SECRET))),
        (J2K, inserted(J2K, TILE, segment(0x55, b"\0\x40" + SECRET[:12]))),
        (J2K, inserted(J2K, TILE, segment(0x55, b"\0\x40" + SECRET[:11]))),
        (J2K, inserted(J2K, b"\xff\x51", segment(0x5E, b"\0\0\0"))),
        (J2K, CODED[J2K][0][:2] + segment(0x51, SECRET * 3) + CODED[J2K][0][2:]),
        (J2K, inserted(J2K, END, b"\xff\x90\0\x0a\0\0\0\0\0\x0e\0\0\xff\x93")),  # the first part of a tile again
    ],
)
def test_tables_that_are_no_tables_are_not_passed_on(syntax: str, coded: bytes) -> None:
    assert stripped(syntax, CODED[syntax][0]) is not None
    assert stripped(syntax, coded) is None


def jpeg_2000_faults() -> list[bytes]:
    frame = CODED[J2K][0]
    start = frame.index(b"\xff\x90")
    unknown = frame[:start] + b"\xff\x30\0\x04\0\0" + frame[start:]
    endless = frame[:start] + b"\xff\x64\xff\xff" + frame[start:]
    cut = frame[: start + 6] + b"\x7f\xff\xff\xff" + frame[start + 10 :]
    tile = frame[: start + 12] + b"\xff\x30\0\x04\0\0" + frame[start + 12 :]
    return [b"", b"\xff\x4f", unknown, endless, cut, tile, frame[:-2]]


@pytest.mark.parametrize("damaged", jpeg_2000_faults())
def test_jpeg_2000_that_is_not_understood_is_not_passed_on(damaged: bytes) -> None:
    found = layout(compressed(J2K, IMAGE, CODED[J2K]))
    assert found is not None
    assert strip(damaged, found) is None


def test_a_comment_in_a_tile_whose_length_is_listed_elsewhere_is_not_cut_out() -> None:
    frame = CODED[J2K][0]
    start = frame.index(b"\xff\x90")
    data = frame.index(b"\xff\x93", start)
    length = int.from_bytes(frame[start + 6 : start + 10], "big") + len(comment())
    listing = b"\xff\x55\0\x08\0\x40" + length.to_bytes(4, "big")
    changed = frame[:start] + listing + frame[start : start + 6] + length.to_bytes(4, "big")
    changed += frame[start + 10 : data] + comment() + frame[data:]
    ds = compressed(J2K, IMAGE[:1], [changed])
    assert closed(ds) == ["encoding that could not be checked"]


@pytest.mark.parametrize("changed", [b"\x03", b"\x01\0\0\0\x20"])
def test_rle_that_is_not_understood_is_not_passed_on(changed: Any) -> None:
    found = layout(compressed(RLE, IMAGE, CODED[RLE]))
    assert found is not None
    frame = CODED[RLE][0]
    assert strip(changed + frame[len(changed) :], found) is None
    assert strip(frame[:100], found) is None
