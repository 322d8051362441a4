"""Finds pixel data in a file that is too large to be read into memory, and leaves them there."""

from __future__ import annotations

import struct
from typing import Any

from pydicom.dataelem import RawDataElement
from pydicom.tag import BaseTag

from gateway.errors import UnreadableFile
from gateway.stored import LARGE, Stored

_UNDEFINED = 0xFFFFFFFF
_LONG_VRS = (b"OB", b"OW", b"OF", b"OD", b"OL", b"OV", b"UN")
_ITEM, _END = 0xFFFEE000, 0xFFFEE0DD
_MOST = 1 << 22  # fragments of one element: a frame of so few bytes that more would fit into it does not exist


def stored_pixels(data: Stored, at: int, *, implicit: bool, little: bool) -> tuple[RawDataElement, int]:
    """The element of pixel data that begins at ``at`` of a file, and where the next one begins.

    A value that is shorter than its length says is returned as it is: to judge that is the pixel step's task.

    Raises:
        UnreadableFile: it is no element that may hold pixels, or its fragments end in the middle.
    """
    order = "<" if little else ">"
    head = data[at : at + 12]
    try:
        group, number = struct.unpack_from(f"{order}HH", head)
        vr = None if implicit else head[4:6]
        (length,) = struct.unpack_from(f"{order}L", head, 4 if implicit else 8)
    except struct.error:
        raise UnreadableFile("The file ends in the middle of an element.") from None
    if vr is not None and vr not in _LONG_VRS:
        raise UnreadableFile("Pixel data have a VR that cannot hold them.")
    start = at + (8 if implicit else 12)
    stop = min(start + length, len(data)) if length != _UNDEFINED else _end_of_fragments(data, start)
    value: Any = data.section(start, stop - start) if stop - start > LARGE else data[start:stop]
    tag, told = BaseTag(group << 16 | number), vr.decode() if vr else None
    element = RawDataElement(tag, told, length, value, start, implicit, little)
    return element, stop + (8 if length == _UNDEFINED else 0)


def _end_of_fragments(data: Stored, start: int) -> int:
    """Where the delimiter behind the fragments stands (PS3.5 A.4)."""
    at = start
    for _ in range(_MOST):
        head = data[at : at + 8]
        if len(head) < 8:
            break
        group, number, length = struct.unpack("<HHL", head)
        tag = group << 16 | number
        if tag == _END:
            return at
        if tag != _ITEM or at + 8 + length > len(data):
            break
        at += 8 + length
    raise UnreadableFile("The fragments of the pixel data are damaged, cut short or beyond number.")
