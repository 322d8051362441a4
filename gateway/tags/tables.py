"""What lookup tables and colour profiles carry beside their numbers: spare bytes and texts, which no viewer shows."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

ICC_PROFILE = 0x00282000
# Lookup table data and its descriptor: number of entries, first value, bits per entry (PS3.3 C.7.6.3.1.5, C.11.1.1).
_DESCRIPTORS = {
    0x00281201: 0x00281101,
    0x00281202: 0x00281102,
    0x00281203: 0x00281103,
    0x00281204: 0x00281104,
    0x00283006: 0x00283002,
}
# Tag types of ICC.1 (section 10) that hold numbers only. Texts become blank, what is neither is emptied.
_NUMBERS = frozenset({
    b"XYZ ", b"curv", b"para", b"mft1", b"mft2", b"mAB ", b"mBA ", b"mpet", b"sf32", b"uf32", b"ui16", b"ui32", b"sig ",
    b"chrm", b"view", b"meas", b"cicp", b"clro",
})  # fmt: skip
_HEADER, _ENTRY = 128, 12


def excess(values: Mapping[int, bytes]) -> Iterator[tuple[int, int]]:
    """Yield the lookup tables (by tag) that are longer than their descriptors say, with the length they should have.

    ``values`` holds the little endian bytes of a data set's elements. Entries of 8 bits may be stored in words, too.
    """
    for tag, descriptor in _DESCRIPTORS.items():
        data, described = values.get(tag, b""), values.get(descriptor, b"")
        if not data or len(described) < 6:
            continue
        entries, _, bits = struct.unpack_from("<HHH", described)
        words = 2 * (entries or 65536)
        length = words if bits > 8 or len(data) >= words else words // 2 + words // 2 % 2
        if len(data) > length:
            yield tag, length


def plain_profile(data: bytes) -> bytes | None:
    """Return an ICC profile without its texts and what lies between its tags; None if it is not built as one (ICC.1 7)."""
    if len(data) < _HEADER + 4 or data[36:40] != b"acsp":
        return None
    size, count = _number(data, 0), _number(data, _HEADER)
    table = _HEADER + 4 + _ENTRY * count
    if not table <= size <= len(data):
        return None
    plain = bytearray(size + size % 2)
    plain[:table] = data[:table]
    plain[84:_HEADER] = bytes(_HEADER - 84)  # the profile's own checksum, no longer true, and reserved bytes
    for entry in range(_HEADER + 4, table, _ENTRY):
        start, length = _number(data, entry + 4), _number(data, entry + 8)
        if length < 8 or not table <= start <= start + length <= size:
            return None
        plain[start : start + length] = _plain_tag(data[start : start + length])
    return bytes(plain)


def _plain_tag(tag: bytes) -> bytes:
    """The same tag with its numbers, with blanks for its text, or empty; as long as it was (ICC.1 10)."""
    kind, empty = tag[:4], tag[:4] + bytes(len(tag) - 4)
    if kind in _NUMBERS:
        return tag
    if kind == b"text":
        return kind + bytes(4) + b" " * (len(tag) - 9) + b"\0" if len(tag) > 8 else empty
    if kind == b"desc" and 0 < _number(tag, 8) <= len(tag) - 12:  # ASCII, then Unicode and script code: none
        ascii_text = b" " * (_number(tag, 8) - 1) + b"\0"
        return (kind + bytes(4) + tag[8:12] + ascii_text).ljust(len(tag), b"\0")
    if kind == b"mluc" and len(tag) >= 28:  # one record in no language: a blank
        return (kind + bytes(4) + struct.pack(">II4sII", 1, 12, b"enUS", 2, 28) + b"\0 ").ljust(len(tag), b"\0")[
            : len(tag)
        ]
    return empty


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")
