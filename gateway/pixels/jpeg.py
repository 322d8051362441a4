"""What a JPEG or JPEG-LS frame needs to be decoded (ISO/IEC 10918-1 annex B, 14495-1 annex C), and nothing beside it.

Comments, application data and tables that no scan uses are dropped. A frame with anything else that is not understood (arithmetic
coding, hierarchies, mapping tables, segments of the wrong length, a component scanned twice) is not passed on.
"""

from __future__ import annotations

import re

_EOI, _SOS, _COM, _LSE, _SOF_LS = 0xD9, 0xDA, 0xFE, 0xF8, 0xF7
_DHT, _DQT, _DNL, _DRI = 0xC4, 0xDB, 0xDC, 0xDD
_SEQUENTIAL, _PROGRESSIVE, _LOSSLESS = (0xC0, 0xC1), 0xC2, 0xC3
_JFIF_LENGTH, _ADOBE_LENGTH, _TRANSFORM_LENGTH = 14, 12, 5
_PRESETS_LENGTH = 11
#: Markers that are no restart; a byte of ones is stuffed with a zero byte, of JPEG-LS with a zero bit. Fill bytes come before.
_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_MARKER_LS = re.compile(rb"\xff[\x80-\xcf\xd8-\xfe]")
Table = tuple[int, int]  # the marker, and which of its tables


def strip_jpeg(frame: bytes, *, ls: bool) -> bytes | None:
    """Return a frame without what no decoder needs; None if it is not understood. IndexError: it ends too early."""
    if frame[:2] != b"\xff\xd8":
        return None
    kept, at = _Kept(ls=ls), 2
    while True:
        while frame[at] == 0xFF and frame[at + 1] == 0xFF:  # fill bytes
            at += 1
        if frame[at] != 0xFF:
            return None
        marker = frame[at + 1]
        if marker == _EOI:
            return frame[:2] + kept.encoded() + frame[at : at + 2]
        end = at + 2 + int.from_bytes(frame[at + 2 : at + 4], "big")
        if end > len(frame):
            return None
        after = _end_of_scan(frame, end, ls=ls) if marker == _SOS else end
        if not kept.add(marker, frame[at + 4 : end], frame[end:after]):
            return None
        at = after


class _Kept:
    """The segments of one frame so far, and which of their tables its scans have used."""

    def __init__(self, *, ls: bool) -> None:
        self._ls = ls
        self._segments: list[tuple[int, list[int], bytes]] = []  # marker, numbers of its tables, entropy-coded data
        self._contents: list[bytes] = []
        self._used: set[int] = set()
        self._defined: dict[Table, int] = {}
        self._kind = 0
        self._lines = 0
        self._quantisation: dict[int, int] = {}  # by component
        self._scanned: set[tuple[int, ...]] = set()
        self._applications: set[int] = set()

    def encoded(self) -> bytes:
        """The segments with the tables that were used; those with none are left out."""
        out = bytearray()
        for marker, numbers, data in self._segments:
            body = b"".join(self._contents[number] for number in numbers if number in self._used)
            if body:
                out += bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body + data
        return bytes(out)

    def add(self, marker: int, body: bytes, data: bytes) -> bool:
        """Take a segment (and the entropy-coded data behind it) in; False if it is not understood."""
        if marker == _COM or 0xE0 <= marker <= 0xEF:
            return self._application(marker, body)
        if marker == _SOS:
            return self._scan(body) and self._append(marker, body, data)
        if marker in ((_SOF_LS,) if self._ls else (*_SEQUENTIAL, _PROGRESSIVE, _LOSSLESS)):
            return self._frame_header(marker, body) and self._append(marker, body)
        if marker == _DNL and len(body) == 2 and self._scanned and not self._lines:
            self._lines = int.from_bytes(body, "big")
            return self._append(marker, body)
        tables = _tables(marker, body, ls=self._ls)
        if not tables:
            return False
        numbers = range(len(self._contents), len(self._contents) + len(tables))
        self._defined.update(zip((table for table, _ in tables), numbers, strict=True))
        self._contents += [content for _, content in tables]
        self._segments.append((marker, list(numbers), b""))
        return True

    def _append(self, marker: int, body: bytes, data: bytes = b"") -> bool:
        self._used.add(len(self._contents))
        self._segments.append((marker, [len(self._contents)], data))
        self._contents.append(body)
        return True

    def _application(self, marker: int, body: bytes) -> bool:
        kept = _application_data(marker, body)
        if kept and marker not in self._applications:
            self._applications.add(marker)
            self._append(marker, kept)
        return True

    def _frame_header(self, marker: int, body: bytes) -> bool:
        if self._kind or len(body) != 6 + 3 * body[5]:
            return False
        self._kind, self._lines = marker, int.from_bytes(body[1:3], "big")
        self._quantisation = {body[at]: body[at + 2] for at in range(6, len(body), 3)}
        return True

    def _scan(self, body: bytes) -> bool:
        count = body[0]
        if not count or len(body) != 4 + 2 * count:
            return False
        start, bits = body[-3], body[-1]
        used: set[Table] = {(_DRI, 0), (_LSE, 1)}
        for component, selector in zip(body[1:-3:2], body[2:-3:2], strict=True):
            part = (component, start, bits) if self._kind == _PROGRESSIVE else (component,)
            if component not in self._quantisation or part in self._scanned:
                return False
            self._scanned.add(part)
            direct, alternating = (_DHT, selector >> 4), (_DHT, 0x10 | selector & 15)
            if self._kind == _LOSSLESS:
                used.add(direct)
            elif not self._ls:
                used.add((_DQT, self._quantisation[component]))
                used |= {direct, alternating} if self._kind in _SEQUENTIAL else {alternating if start else direct}
        self._used |= {self._defined[table] for table in used if table in self._defined}
        return True


def _tables(marker: int, body: bytes, *, ls: bool) -> list[tuple[Table, bytes]]:
    """The tables of a segment, each with its bytes; none if the segment is not filled by them exactly."""
    if marker == _DRI:
        return [((_DRI, 0), body)] if len(body) in ((2, 3, 4) if ls else (2,)) else []
    if marker == _LSE:
        return [((_LSE, 1), body)] if ls and len(body) == _PRESETS_LENGTH and body[0] == 1 else []
    if ls or marker not in (_DHT, _DQT):
        return []
    found, at = [], 0
    while at < len(body):
        size = _huffman_length(body[at:]) if marker == _DHT else 65 + 64 * (body[at] >> 4)
        table = body[at] if marker == _DHT else body[at] & 15
        if not size or at + size > len(body) or body[at] >> 4 > 1 or body[at] & 15 > 3:
            return []
        found.append(((marker, table), body[at : at + size]))
        at += size
    return found


def _huffman_length(table: bytes) -> int:
    """The length of the first table; 0 if it is no code: too many words for its lengths, a symbol twice, or an odd category."""
    counts = table[1:17]
    symbols = table[17 : 17 + sum(counts)]
    room = sum(count << (16 - length) for length, count in enumerate(counts, 1))
    odd = table[0] < 0x10 and any(symbol > 16 for symbol in symbols)
    return 0 if odd or room > 1 << 16 or len(set(symbols)) < sum(counts) or not symbols else 17 + len(symbols)


def _end_of_scan(frame: bytes, at: int, *, ls: bool) -> int:
    """The position of the marker that ends the entropy-coded data."""
    found = (_MARKER_LS if ls else _MARKER).search(frame, at)
    if found is None:
        raise IndexError
    return found.start()


def _application_data(marker: int, body: bytes) -> bytes:
    """Keep what decoders need to choose the colour space, without thumbnails and trailing bytes; drop the rest."""
    if marker == 0xE0 and body[:5] == b"JFIF\0":
        return body[: _JFIF_LENGTH - 2] + b"\0\0"  # the last two bytes are the size of a thumbnail
    if marker == 0xEE and body[:5] == b"Adobe":
        return body[:_ADOBE_LENGTH]
    if marker == 0xE8 and body[:4] == b"mrfx":  # the colour transform of JPEG-LS encoders
        return body[:_TRANSFORM_LENGTH]
    return b""
