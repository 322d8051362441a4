"""Looks into compressed frames for places where text can ride along: comments, tables that no scan uses, bytes after the end.

Only what a decoder needs may stand in them, in segments that are as long as what they hold.
"""

from __future__ import annotations

import struct
from typing import Final

_SOI, _SOC, _EOI = b"\xff\xd8", b"\xff\x4f", b"\xff\xd9"
_SOS, _SOT, _SOD = 0xDA, 0x90, 0x93
#: The application data that choose the colour space, and their longest form.
_ALLOWED_APP: Final = {0xE0: (b"JFIF\0", 14), 0xEE: (b"Adobe", 12), 0xE8: (b"mrfx", 5)}
_FRAMES: Final = (0xC0, 0xC1, 0xC2, 0xC3, 0xF7)
_LOSSLESS: Final = 0xC3
_HUFFMAN, _QUANTISATION, _LINES, _RESTARTS, _PRESETS = 0xC4, 0xDB, 0xDC, 0xDD, 0xF8
_SIZE, _TILE_LENGTHS, _COMPONENTS = 0x51, 0x55, 3
#: The segments without which JPEG 2000 is not decoded, and the most bytes that 32 levels of one component need.
_LONGEST: Final = {0x50: 70, 0x52: 45, 0x53: 43, 0x5C: 197, 0x5D: 199, 0x5E: 6}


def carries_text(stream: bytes) -> bool:
    """Whether a JPEG, JPEG-LS or JPEG 2000 frame holds anything but the picture. Other codings: ``False``."""
    if stream[:2] == _SOI:
        return _jpeg(stream)
    if stream[:2] == _SOC:
        return _jpeg_2000(stream)
    return False


def _jpeg(stream: bytes) -> bool:
    at, frame, seen = 2, b"", set[int]()
    idle: set[tuple[int, int]] = set()  # tables that no scan has used since they were defined
    while at + 2 <= len(stream) and stream[at] == 0xFF:
        marker = stream[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        if marker == _EOI[1]:
            return bool(idle) or bool(stream[at + 2 :].strip(b"\0\xff"))
        length = int.from_bytes(stream[at + 2 : at + 4], "big")
        body = stream[at + 4 : at + 2 + length]
        at += 2 + length
        if marker == _SOS and body and len(body) == 4 + 2 * body[0]:
            idle -= _used(frame, body)
            # Entropy-coded data never hold a marker; another scan's header may follow.
            at = _next_marker(stream, at)
        elif marker not in seen and _once(marker, body, known=bool(frame)):
            seen.add(marker)
            frame = bytes((marker,)) + body if marker in _FRAMES else frame
        else:
            tables = _tables(marker, body)
            if not tables or idle & tables:
                return True
            idle |= tables
    return at < len(stream)


def _once(marker: int, body: bytes, *, known: bool) -> bool:
    """Whether a segment is one of those that may stand once, in its right form; ``known``: there is a frame header."""
    if marker in _FRAMES:
        return not known and len(body) > 5 and len(body) == 6 + 3 * body[5]
    if marker == _LINES:
        return known and len(body) == 2
    start, longest = _ALLOWED_APP.get(marker, (b"", -1))
    return body.startswith(start) and len(body) <= longest


def _tables(marker: int, body: bytes) -> set[tuple[int, int]]:
    """The tables that a segment defines; none if it may not be there or they do not fill it."""
    if (marker == _RESTARTS and 2 <= len(body) <= 4) or (marker == _PRESETS and len(body) == 11 and body[0] == 1):
        return {(marker, 0)}
    if marker not in (_HUFFMAN, _QUANTISATION):
        return set()
    found: set[tuple[int, int]] = set()
    at = 0
    while at < len(body):
        table = (marker, body[at] if marker == _HUFFMAN else body[at] & 15)
        if table in found:
            return set()
        found.add(table)
        at += 65 + 64 * (body[at] >> 4) if marker == _QUANTISATION else 17 + sum(body[at + 1 : at + 17])
    return found if at == len(body) else set()


def _used(frame: bytes, scan: bytes) -> set[tuple[int, int]]:
    """The tables that a scan of a frame (marker and header) can use."""
    used = {(_RESTARTS, 0)}
    if frame[:1] == b"\xf7":
        return used | {(_PRESETS, 0)}
    quantisation = dict(zip(frame[7::3], frame[9::3], strict=True))
    for component, selector in zip(scan[1:-3:2], scan[2:-3:2], strict=True):
        used.add((_HUFFMAN, selector >> 4))
        if frame[:1] != bytes((_LOSSLESS,)):
            used |= {(_HUFFMAN, 0x10 | selector & 15), (_QUANTISATION, quantisation.get(component, -1))}
    return used


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
    lengths: list[int] = []
    listed: list[int] = []
    while at + 4 <= len(stream):
        mark, marker = stream[at], stream[at + 1]
        if stream[at : at + 2] == _EOI:
            break
        if mark != 0xFF:
            return True
        if marker == _SOD:
            at = tile if tile > at else len(stream)
            continue
        (length,) = struct.unpack_from(">H", stream, at + 2)
        body = stream[at + 4 : at + 2 + length]
        if marker == _SOT:
            (part,) = struct.unpack_from(">I", stream, at + 6)
            end = stream.rfind(_EOI)
            tile = at + part if part else (end if end > at else len(stream))
            lengths.append(tile - at)
        elif marker == _TILE_LENGTHS and len(body) > 2:
            listed += _listed(body)
        elif marker == _SIZE and len(body) >= 36:
            if len(body) != 36 + _COMPONENTS * int.from_bytes(body[34:36], "big"):
                return True
        elif length > _LONGEST.get(marker, 0):
            return True
        at += 2 + length
    return bool(stream[at:].removeprefix(_EOI).strip(b"\0\xff")) or bool(listed and listed != lengths)


def _listed(body: bytes) -> list[int]:
    """The lengths that a list of tile parts holds; what does not fill it is a length that no part has."""
    wide, long = body[1] >> 4 & 3, 4 if body[1] & 0x40 else 2
    rest = body[2:]
    return [int.from_bytes(rest[at + wide : at + wide + long], "big") for at in range(0, len(rest), wide + long)]
