"""A second, small parser of the written bytes (PS3.5 Section 7, PS3.10 Section 7.1).

It says where every value lies, and refuses bytes that belong to no value: nothing can hide between elements, behind the
last one, in a second element of the same tag, or in padding.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from pydicom.datadict import dictionary_VR

from gateway.verify.section import Data

IMPLICIT: Final = "1.2.840.10008.1.2"
_REFUSED: Final = frozenset({"1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95"})
_LONG: Final = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})
_UNDEFINED: Final = 0xFFFFFFFF
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_PIXEL_DATA: Final = 0x7FE00010


class Malformed(ValueError):
    """The bytes are not a regular DICOM file; ``place`` is a tag path or a byte region's name."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


@dataclass(frozen=True, slots=True)
class Span:
    """The bytes ``start`` to ``stop`` (exclusive) hold the value of the element at ``path``, or a fragment of it."""

    path: str
    vr: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the values of a written file lie. ``syntax`` is its Transfer Syntax UID."""

    syntax: str
    spans: tuple[Span, ...]


def refused(syntax: str) -> bool:
    """Whether written files may not have this transfer syntax: big endian, deflated, or pixels kept elsewhere."""
    return syntax in _REFUSED


def scan(data: Data) -> Layout:
    """Find every value of a part-10 file.

    Raises:
        Malformed: a byte belongs to no value.
    """
    if data[128:132] != b"DICM":
        raise Malformed("preamble")
    meta: list[Span] = []
    offset = 132
    while data[offset : offset + 2] == b"\x02\x00":
        found, offset = _element(data, offset, len(data), "", implicit=False)
        meta.extend(found)
    syntax = next((data[s.start : s.stop].rstrip(b"\0 ").decode("latin-1") for s in meta if s.path == "00020010"), "")
    if not syntax:
        raise Malformed("00020010")
    if refused(syntax):
        return Layout(syntax, tuple(meta))
    spans, end = _dataset(data, offset, len(data), "", implicit=syntax == IMPLICIT)
    if end != len(data):
        raise Malformed("end of file")
    return Layout(syntax, (*meta, *spans))


def _dataset(data: Data, offset: int, stop: int, path: str, *, implicit: bool) -> tuple[list[Span], int]:
    """Read elements up to ``stop`` or an item delimiter (which is not consumed)."""
    spans: list[Span] = []
    last = -1
    while offset < stop:
        tag = _tag(data, offset, path)
        if tag == _ITEM_END:
            break
        if tag <= last:
            raise Malformed(f"{path}{tag:08X}")
        last = tag
        found, offset = _element(data, offset, stop, path, implicit=implicit)
        spans.extend(found)
    return spans, offset


def _element(data: Data, offset: int, stop: int, path: str, *, implicit: bool) -> tuple[list[Span], int]:
    tag = _tag(data, offset, path)
    here = f"{path}{tag:08X}"
    vr, start, length = _header(data, offset, tag, here, implicit=implicit)
    if length == _UNDEFINED and tag == _PIXEL_DATA and not path:
        return _fragments(data, start, stop, here)
    if vr == "SQ" or (
        vr == "UN" and length == _UNDEFINED
    ):  # UN of undefined length is an implicit sequence (PS3.5 6.2.2)
        return _sequence(data, start, length, stop, here, implicit=implicit or vr == "UN")
    if start + length > stop:
        raise Malformed(here)
    return [Span(here, vr, start, start + length)], start + length


def _header(data: Data, offset: int, tag: int, here: str, *, implicit: bool) -> tuple[str, int, int]:
    """The VR, the offset of the value and its length."""
    try:
        if implicit:
            return _implied(tag), offset + 8, int(struct.unpack("<I", data[offset + 4 : offset + 8])[0])
        vr = data[offset + 4 : offset + 6]
        if vr in _LONG:
            return vr.decode(), offset + 12, int(struct.unpack("<I", data[offset + 8 : offset + 12])[0])
        if not (vr.isalpha() and vr.isupper()):
            raise Malformed(here)
        return vr.decode(), offset + 8, int(struct.unpack("<H", data[offset + 6 : offset + 8])[0])
    except struct.error:
        raise Malformed(here) from None


def _sequence(data: Data, offset: int, length: int, stop: int, here: str, *, implicit: bool) -> tuple[list[Span], int]:
    open_ended = length == _UNDEFINED
    end = stop if open_ended else offset + length
    spans: list[Span] = []
    if end > stop:
        raise Malformed(here)
    while offset < end:
        tag, size = _delimiter(data, offset, here)
        offset += 8
        if tag == _SEQUENCE_END and open_ended and size == 0:
            return spans, offset
        item_end = end if size == _UNDEFINED else offset + size
        if tag != _ITEM or item_end > end:
            raise Malformed(here)
        found, offset = _dataset(data, offset, item_end, f"{here}/", implicit=implicit)
        spans.extend(found)
        if size == _UNDEFINED:
            if _delimiter(data, offset, here) != (_ITEM_END, 0):
                raise Malformed(here)
            offset += 8
        elif offset != item_end:
            raise Malformed(here)
    if open_ended:
        raise Malformed(here)
    return spans, offset


def _fragments(data: Data, offset: int, stop: int, here: str) -> tuple[list[Span], int]:
    """Encapsulated pixel data (PS3.5 A.4): the offset table and the fragments."""
    spans: list[Span] = []
    while offset < stop:
        tag, size = _delimiter(data, offset, here)
        offset += 8
        if tag == _SEQUENCE_END and size == 0:
            return spans, offset
        if tag != _ITEM or offset + size > stop:
            raise Malformed(here)
        spans.append(Span(here, "OB", offset, offset + size))
        offset += size
    raise Malformed(here)


def _tag(data: Data, offset: int, here: str) -> int:
    if offset + 8 > len(data):
        raise Malformed(here or "end of file")
    group, element = struct.unpack("<HH", data[offset : offset + 4])
    return int(group) << 16 | int(element)


def _delimiter(data: Data, offset: int, here: str) -> tuple[int, int]:
    """The tag and length of an item or delimiter."""
    return _tag(data, offset, here), int(struct.unpack("<I", data[offset + 4 : offset + 8])[0])


def _implied(tag: int) -> str:
    """The VR that implicit encoding leaves out; where the dictionary offers several, the first."""
    try:
        return dictionary_VR(tag).split(" or ")[0]
    except KeyError:
        return "UN"
