"""Looks into compressed frames for places where text can ride along: comments, application data, bytes after the end."""

from __future__ import annotations

import struct
from typing import Final

_SOI, _SOC, _EOI = b"\xff\xd8", b"\xff\x4f", b"\xff\xd9"
_SOS, _SOT, _SOD = 0xDA, 0x90, 0x93
_ALLOWED_APP: Final = ((0xE0, b"JFIF\0"), (0xEE, b"Adobe"), (0xE8, b"mrfx"))
_J2K_COMMENT: Final = 0x64


def carries_text(stream: bytes) -> bool:
    """Whether a JPEG, JPEG-LS or JPEG 2000 frame holds anything but the picture. Other codings: ``False``."""
    if stream[:2] == _SOI:
        return _jpeg(stream)
    if stream[:2] == _SOC:
        return _jpeg_2000(stream)
    return False


def _jpeg(stream: bytes) -> bool:
    at = 2
    while at + 4 <= len(stream) and stream[at] == 0xFF:
        marker = stream[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        (length,) = struct.unpack_from(">H", stream, at + 2)
        if marker == 0xFE or (0xE0 <= marker <= 0xEF and not _allowed(marker, stream[at + 4 : at + 9])):
            return True
        at += 2 + length
        if marker == _SOS:
            # Entropy-coded data never hold a marker; another scan's header may follow.
            at = _next_marker(stream, at)
            if stream[at : at + 2] == _EOI:
                return bool(stream[at + 2 :].strip(b"\0\xff"))
    return at < len(stream)


def _allowed(marker: int, start: bytes) -> bool:
    return any(marker == allowed and start.startswith(mark) for allowed, mark in _ALLOWED_APP)


def _next_marker(stream: bytes, at: int) -> int:
    """The offset of the next marker that is neither a stuffed byte nor a restart."""
    while (at := stream.find(b"\xff", at)) >= 0 and at + 1 < len(stream):
        code = stream[at + 1]
        if code >= 0xC0 and not 0xD0 <= code <= 0xD7 and code != 0xFF:
            return at
        at += 1
    return len(stream)


def _jpeg_2000(stream: bytes) -> bool:
    at, tile = 2, -1
    while at + 4 <= len(stream):
        mark, marker = stream[at], stream[at + 1]
        if stream[at : at + 2] == _EOI:
            return bool(stream[at + 2 :].strip(b"\0\xff"))
        if mark != 0xFF or marker == _J2K_COMMENT:
            return True
        if marker == _SOD:
            at = tile if tile > at else len(stream)
            continue
        (length,) = struct.unpack_from(">H", stream, at + 2)
        if marker == _SOT:
            (part,) = struct.unpack_from(">I", stream, at + 6)
            end = stream.rfind(_EOI)
            tile = at + part if part else (end if end > at else len(stream))
        at += 2 + length
    return bool(stream[at:].strip(b"\0\xff\xd9"))
