"""A part of a file that reads like bytes: what is large is looked at piece by piece, never whole."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import BinaryIO, Final

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset
from pydicom.tag import BaseTag

_TAGS: Final = (0x7FE00008, 0x7FE00009, 0x7FE00010)
_ITEM, _END = b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0"
_UNDEFINED: Final = 0xFFFFFFFF
#: Values beyond this stay in their file (bytes).
LARGE: Final = 64 << 20


class Section:
    """``length`` bytes of a file from ``start`` on. The file stays open as long as the section is in use."""

    def __init__(self, stream: BinaryIO, start: int, length: int) -> None:
        self._stream, self._start, self._length = stream, start, length

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, part: slice) -> bytes:
        start, stop, _ = part.indices(self._length)
        self._stream.seek(self._start + start)
        return self._stream.read(max(0, stop - start))

    def part(self, start: int, stop: int) -> Section:
        """A part of this part."""
        return Section(self._stream, self._start + start, stop - start)


Data = bytes | Section


def whole(stream: BinaryIO) -> Data:
    """All bytes of a file: in memory, or as a section of it."""
    size = stream.seek(0, io.SEEK_END)
    if size > LARGE:
        return Section(stream, 0, size)
    stream.seek(0)
    return stream.read()


def fragments(data: Section) -> Iterator[Section]:
    """The items of encapsulated pixel data, the offset table first (PS3.5 A.4).

    Raises:
        ValueError: what follows an item is none.
    """
    at = 0
    while at < len(data):
        head = data[at : at + 8]
        if len(head) < 8 or head[:4] not in (_ITEM, _END):
            raise ValueError("the fragments are damaged")
        if head[:4] == _END:
            return
        length = int.from_bytes(head[4:], "little")
        yield data.part(at + 8, at + 8 + length)
        at += 8 + length


def take_pixels(ds: Dataset, stream: BinaryIO) -> None:
    """Add what a file holds from its pixel data on to ``ds``, which was read up to them: large values as sections of the file.

    Raises:
        ValueError: a value ends in the middle.
    """
    implicit, little = ds.original_encoding
    while (found := _pixels(stream, implicit=bool(implicit), order="<" if little else ">")) is not None:
        tag, vr, value = found
        ds[tag] = DataElement(tag, vr, value, already_converted=True)
        rest = read_dataset(stream, bool(implicit), bool(little), stop_when=lambda tag, _vr, _length: tag in _TAGS)
        ds.update({element.tag: element for element in rest})


def _pixels(stream: BinaryIO, *, implicit: bool, order: str) -> tuple[BaseTag, str, Data] | None:
    """Tag, VR and value of the pixel data that begin here; None if what begins here is anything else."""
    head = stream.read(8 if implicit else 12)
    group, number = struct.unpack_from(f"{order}HH", head.ljust(4, b"\0"))
    tag = BaseTag(group << 16 | number)
    if len(head) < (8 if implicit else 12) or tag not in _TAGS:
        return None
    (length,) = struct.unpack_from(f"{order}L", head, len(head) - 4)
    start = stream.tell()
    rest = Section(stream, start, stream.seek(0, io.SEEK_END) - start)
    undefined = length == _UNDEFINED
    if undefined:
        length = sum(len(part) + 8 for part in fragments(rest))
    if length > len(rest):
        raise ValueError("the pixel data end in the middle")
    value: Data = rest.part(0, length) if length > LARGE else rest[:length]
    stream.seek(start + length + (8 if undefined else 0))
    return tag, "OW" if implicit else head[4:6].decode("latin-1"), value
