"""Only what a decoder needs may stand in a compressed frame: each other segment, and each unused table, is reported."""

from __future__ import annotations

import cv2
import imagecodecs
import jpeg_ls  # type: ignore[import-untyped]  # it has no types
import numpy as np
import pytest

from gateway.verify.codestreams import carries_text

SMOOTH = np.add.outer(np.arange(32), np.arange(32)).astype(np.uint8)
JPEG = cv2.imencode(".jpg", SMOOTH)[1].tobytes()
LOSSLESS = bytes(imagecodecs.ljpeg_encode(SMOOTH))
LS = bytes(jpeg_ls.encode_array(SMOOTH.astype(np.uint16) * 16))
TEXT = b"OKONKWO^ADAEZE^M OK-4471902 19610417"
ADOBE = b"Adobe\0\x64\0\0\0\0\x01"


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body


def after_start(stream: bytes, *segments: bytes) -> bytes:
    return stream[:2] + b"".join(segments) + stream[2:]


def before_scan(stream: bytes, *segments: bytes) -> bytes:
    at = stream.index(b"\xff\xda")
    return stream[:at] + b"".join(segments) + stream[at:]


def at_end(stream: bytes, *segments: bytes) -> bytes:
    at = stream.rindex(b"\xff\xd9")
    return stream[:at] + b"".join(segments) + stream[at:]


def bare() -> bytes:
    """A JPEG 2000 codestream without the comment that its encoder writes."""
    stream = bytes(imagecodecs.jpeg2k_encode(SMOOTH, codecformat="j2k", reversible=True))
    at = stream.find(b"\xff\x64")
    return stream if at < 0 else stream[:at] + stream[at + 2 + int.from_bytes(stream[at + 2 : at + 4], "big") :]


J2K = bare()


def in_main(marker: int, body: bytes) -> bytes:
    at = J2K.index(b"\xff\x90")
    return J2K[:at] + segment(marker, body) + J2K[at:]


def in_tile(marker: int, body: bytes) -> bytes:
    at = J2K.index(b"\xff\x90")
    added = segment(marker, body)
    part = (int.from_bytes(J2K[at + 6 : at + 10], "big") + len(added)).to_bytes(4, "big")
    return J2K[: at + 6] + part + J2K[at + 10 : at + 12] + added + J2K[at + 12 :]


def listed(length: int) -> bytes:
    return in_main(0x55, b"\0\x40" + length.to_bytes(4, "big"))


PART = int.from_bytes(J2K[J2K.index(b"\xff\x90") + 6 :][:4], "big")
TABLE = b"\x03" + TEXT.ljust(64)
CODE = b"\x13" + bytes((0, 3, *[0] * 14)) + b"abc"
HEADER = JPEG[JPEG.index(b"\xff\xc0") + 4 :][:9]


@pytest.mark.parametrize(
    "stream",
    [
        JPEG,
        LOSSLESS,
        LS,
        J2K,
        after_start(JPEG, segment(0xEE, ADOBE)),
        before_scan(JPEG, segment(0xDD, b"\0\0")),
        at_end(JPEG, segment(0xDC, b"\0\x20")),
        before_scan(LS, segment(0xF8, b"\x01" + bytes(10))),
        listed(PART),
        in_tile(0x5E, b"\0\0\0"),
    ],
)
def test_what_a_decoder_needs_is_no_text(stream: bytes) -> None:
    assert not carries_text(stream)


@pytest.mark.parametrize(
    "stream",
    [
        after_start(JPEG, segment(0xDB, TABLE)),
        at_end(JPEG, segment(0xDB, TABLE)),
        before_scan(JPEG, segment(0xC4, CODE)),
        before_scan(JPEG, segment(0xDB, b"\0" + TEXT.ljust(64)), segment(0xDB, b"\0" + TEXT.ljust(64))),
        before_scan(JPEG, segment(0xDB, (b"\0" + TEXT.ljust(64)) * 2)),
        before_scan(JPEG, segment(0xDB, b"\0" + TEXT)),
        before_scan(JPEG, segment(0xC4, CODE + TEXT[:4])),
        before_scan(LOSSLESS, segment(0xDB, b"\0" + TEXT.ljust(64))),
        before_scan(LOSSLESS, segment(0xC4, b"\x10" + CODE[1:])),
        before_scan(LS, segment(0xF8, b"\x02" + TEXT)),
        before_scan(LS, segment(0xC4, CODE)),
        before_scan(JPEG, segment(0xDD, b"ADAEZE")),
        before_scan(JPEG, segment(0xCC, TEXT)),
        before_scan(JPEG, segment(0xC0, HEADER)),
        before_scan(JPEG, segment(0xDC, TEXT)),
        after_start(JPEG, segment(0xDC, b"OK")),
        after_start(JPEG, segment(0xC0, TEXT)),
        after_start(JPEG, segment(0xC0, b"OK")),
        after_start(JPEG, segment(0xDA, TEXT)),
        after_start(JPEG, segment(0xDA, b"")),
        after_start(JPEG, segment(0xEE, ADOBE), segment(0xEE, ADOBE)),
        after_start(JPEG, segment(0xEE, ADOBE + TEXT)),
        after_start(JPEG, segment(0xEE, TEXT[:5])),
        in_main(0x58, TEXT),
        in_tile(0x58, b"\0" + TEXT),
        in_main(0x57, TEXT),
        in_main(0x63, TEXT),
        in_main(0x60, TEXT),
        in_tile(0x61, TEXT),
        in_main(0x51, TEXT),
        in_main(0x51, bytes(34) + b"\0\x01" + TEXT),
        in_main(0x5E, TEXT),
        in_main(0x52, TEXT * 2),
        in_main(0x55, b"OK"),
        listed(PART + 1),
        in_main(0x55, b"\0\x50" + TEXT),
    ],
)
def test_what_no_decoder_needs_is_reported(stream: bytes) -> None:
    assert carries_text(stream)
