"""What a file is, told from its bytes: names and extensions prove nothing."""

from __future__ import annotations

import struct
from enum import Enum

from pydicom.datadict import dictionary_has_tag

PREFIX_AT = 128  # PS3.10 section 7.1: 128 bytes of preamble, then "DICM"
HEAD = 4096  # bytes that are enough to tell

_DICOM_ROOT = b"1.2.840.10008."
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
# gzip, bzip2, xz, 7-Zip, RAR, zstandard, compress; tar is told by its own mark at byte 257.
_OTHER_MAGIC = (
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\0",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\x28\xb5\x2f\xfd",
    b"\x1f\x9d",
)


class Kind(Enum):
    """What the first bytes of a file say it is."""

    EMPTY = "empty"
    DICOM = "dicom"
    ZIP = "zip"
    ARCHIVE = "archive"
    DAMAGED = "damaged"
    OTHER = "other"


def kind(head: bytes) -> Kind:
    """Tell what a file is from its first ``HEAD`` bytes (fewer only if the file is shorter).

    DICOM is part 10 with its prefix, or a data set (with or without file meta) that stands at the start of the file.
    A file that is none of this but binary, and names a DICOM UID where a header would, is damaged DICOM: it must not
    vanish among the files that are none of our business.
    """
    if not head:
        return Kind.EMPTY
    if head[PREFIX_AT : PREFIX_AT + 4] == b"DICM" or data_set_encoding(head) is not None:
        return Kind.DICOM
    if head.startswith(_ZIP_MAGIC):
        return Kind.ZIP
    if head.startswith(_OTHER_MAGIC) or head[257:262] == b"ustar":
        return Kind.ARCHIVE
    return Kind.DAMAGED if b"\0" in head and _DICOM_ROOT in head else Kind.OTHER


def data_set_encoding(head: bytes) -> tuple[bool, bool] | None:
    """Return (implicit VR, little endian) of the data set that ``head`` starts with, or None if it is not one.

    Asked of a file that does not say: the first two elements must be known, stand in ascending order and have lengths
    that make sense. Implicit VR big endian does not exist (PS3.5 annex A).
    """
    for implicit, little in ((False, True), (False, False), (True, True)):
        first = _element(head, 0, implicit=implicit, little=little)
        if first is None:
            continue
        tag, end = first
        if end == len(head):
            return implicit, little
        second = _element(head, end, implicit=implicit, little=little) if end + 8 <= len(head) else None
        if (second is not None and second[0] > tag) or len(head) == HEAD < end + 8:
            return implicit, little
    return None


def has_explicit_vr(head: bytes) -> bool:
    """Whether the element at the start of ``head`` states its VR."""
    return len(head) >= 6 and head[4:6].isalpha() and head[4:6].isupper()


def _element(head: bytes, at: int, *, implicit: bool, little: bool) -> tuple[int, int] | None:
    """Tag and end of a plausible element at ``at``: its tag is in the dictionary, its VR (if any) is two capitals."""
    if at + 8 > len(head):
        return None
    order = "<" if little else ">"
    group, number = struct.unpack_from(f"{order}HH", head, at)
    tag = group << 16 | number
    if group % 2 or not (number == 0 or dictionary_has_tag(tag)):
        return None
    if implicit:
        (length,) = struct.unpack_from(f"{order}L", head, at + 4)
        start = at + 8
    elif not has_explicit_vr(head[at:]):
        return None
    elif head[at + 4 : at + 6] in (b"OB", b"OW", b"SQ", b"UN", b"UT"):
        if at + 12 > len(head):
            return None
        (length,) = struct.unpack_from(f"{order}L", head, at + 8)
        start = at + 12
    else:
        (length,) = struct.unpack_from(f"{order}H", head, at + 6)
        start = at + 8
    return None if length % 2 or length > HEAD else (tag, start + length)
