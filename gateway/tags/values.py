"""Reads the values of elements, raw or not, from any byte order and character set, and writes them as UTF-8, little endian.

Works on bytes, so that what needs no change is written as it was read. ``sources.read_dataset`` has proved by then that every
element can be decoded, those that will go included; what was read otherwise may still be raw.
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Sequence
from typing import Any, cast

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import writers
from pydicom.tag import BaseTag
from pydicom.valuerep import VR
from pydicom.values import convert_SQ

from gateway.tags import charsets, standard

Element = DataElement | RawDataElement
CHARSET = 0x00080005
UTF8 = [charsets.UTF8]
UNDEFINED_LENGTH = 0xFFFFFFFF
# Bytes per value; byte order matters to these VRs only (PS3.5 7.3).
SIZES = {
    "US": 2,
    "SS": 2,
    "OW": 2,
    "AT": 2,
    "UL": 4,
    "SL": 4,
    "FL": 4,
    "OF": 4,
    "OL": 4,
    "FD": 8,
    "OD": 8,
    "SV": 8,
    "UV": 8,
    "OV": 8,
}
NUMBERS = frozenset({"US", "SS", "UL", "SL", "FL", "FD", "SV", "UV", "AT"})
BINARY = frozenset({"OB", "OW", "OF", "OL", "OD", "OV"})
STRINGS = frozenset(
    {"AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UI", "UR", "UT"}
)
SINGLE = frozenset({"LT", "ST", "UT", "UR"})
# Characters at most (PS3.5 6.2), for VRs that no other check holds to their form.
LONGEST = {"AE": 16, "LO": 64, "LT": 10240, "PN": 64, "SH": 16, "ST": 1024}
ITEM = (b"\xfe\xff\x00\xe0", b"\xff\xfe\xe0\x00")
_FORMATTED = frozenset({"LT", "ST", "UT"})
_AMBIGUOUS = {
    "US or SS": ("US", "SS"),
    "US or SS or OW": ("US", "SS"),
    "US or OW": ("OW", "OW"),
    "OB or OW": ("OW", "OW"),
}


class Unreadable(ValueError):
    """A value that does not parse as its VR asks. Holds no value."""


def encodings_of(dataset: Dataset, inherited: Sequence[str]) -> list[str]:
    """Return the Python encodings of a data set's Specific Character Set, or the inherited ones where it has none."""
    if CHARSET not in dataset:
        return list(inherited)
    element = dataset.get_item(CHARSET)
    try:
        terms = split(content(element, "CS"), "CS", ["ascii"])
    except Unreadable:
        terms = []
    return charsets.python_encodings(terms) if terms else list(inherited)


def vr_on_disk(element: Element, dictionary_vr: str, *, signed: bool) -> str:
    """Return the VR by which the bytes are to be read: what the file says, else the data dictionary's.

    Raises:
        Unreadable: the file says something that the attribute can never be.
    """
    choice = dictionary_vr
    if dictionary_vr in _AMBIGUOUS:
        choice = _AMBIGUOUS[dictionary_vr][signed]
    said = element.VR
    if said is None or said == dictionary_vr or said in {"UN", "  ", ""} or " or " in said:
        return choice
    families = (NUMBERS, BINARY | ({"US", "SS"} if "O" in dictionary_vr else set()), STRINGS)
    if any(said in family and choice in family for family in families):
        return choice if choice in STRINGS else str(said)
    raise Unreadable


def content(element: Element, vr: str, *, swapped: bool = False, size: int | None = None) -> bytes:
    """Return the value's bytes, little endian, text in the data set's encodings (UTF-8 if the element is decoded already).

    ``swapped``: the file it was read from is big endian, which a decoded element does not know. ``size``: bytes per value,
    where that is not the VR's.

    Raises:
        Unreadable: the value cannot be written as its VR asks.
    """
    if isinstance(element, RawDataElement):
        data = element.value or b""
        return data if element.is_little_endian else swap(data, size or SIZES.get(vr, 1))
    if element.is_empty:
        return b""
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, False
    write: Any  # pydicom types its writers as one union, though each VR has its own
    write, parameter = writers[VR(vr)]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pydicom's warnings name values
            if vr in {"LO", "LT", "PN", "SH", "ST", "UC", "UT"}:
                write(buffer, DataElement(element.tag, vr, element.value, already_converted=True), UTF8)
            elif parameter is not None:
                write(buffer, element, parameter)
            else:
                write(buffer, element)
    except (ValueError, TypeError, AttributeError, OverflowError, OSError, struct.error):
        raise Unreadable from None
    data = buffer.getvalue()
    return swap(data, size or SIZES.get(vr, 1)) if swapped and vr in BINARY else data


def encodings_in(element: Element, encodings: Sequence[str]) -> Sequence[str]:
    """Return the encodings of the bytes that ``content`` returns: the data set's, or UTF-8 if pydicom has decoded the element."""
    return encodings if isinstance(element, RawDataElement) else UTF8


def swap(data: bytes, size: int) -> bytes:
    """Reverse the bytes of each value of ``size`` bytes; what is left over at the end is dropped."""
    if size == 1:
        return data
    whole = bytearray(data[: len(data) - len(data) % size])
    swapped = bytearray(len(whole))
    for byte in range(size):
        swapped[byte::size] = whole[size - 1 - byte :: size]
    return bytes(swapped)


def split(data: bytes, vr: str, encodings: Sequence[str]) -> list[str]:
    """Decode a string value and split it into its values, without padding.

    What follows a NUL is no part of a value (it is padding or rubbish); other control characters become spaces. No byte is
    left out because it cannot be decoded (``gateway.tags.charsets``).
    """
    plain = data.isascii() and b"\x1b" not in data
    return _parted(data.decode("ascii") if plain else charsets.decode(data, encodings, name=vr == "PN"), vr)


def readings(data: bytes, vr: str, encodings: Sequence[str]) -> list[list[str]]:
    """Return the values of a string, once for each way in which it can be decoded, the likeliest first."""
    return [_parted(text, vr) for text in charsets.readings(data, encodings, name=vr == "PN")]


def _parted(text: str, vr: str) -> list[str]:
    if not text.isprintable() or "\ufffd" in text:
        text = _printable(text, vr)
    return [text.rstrip(" ")] if vr in SINGLE else [part.strip(" ") for part in text.split("\\")]


def _printable(text: str, vr: str) -> str:
    kept = "\n\r\t\f" if vr in _FORMATTED else ""
    text = text.split("\0", 1)[0].replace("\ufffd", "")
    return "".join(char if char.isprintable() or char in kept else " " for char in text)


def join(values: Sequence[str], vr: str) -> bytes:
    """Encode values as UTF-8, each no longer than its VR allows, padded to even length."""
    longest = LONGEST.get(vr)
    if longest is not None:
        joint = "=" if vr == "PN" else "\0"  # the length of a name is that of each component group (PS3.5 6.2)
        values = [joint.join(part[:longest].rstrip(" ") for part in value.split(joint)) for value in values]
    data = "\\".join(values).encode("utf-8", "ignore")
    return data + (b"\0" if vr == "UI" else b" ") * (len(data) % 2)


def raw(tag: int, vr: str, data: bytes, *, implicit: bool, undefined: bool = False) -> RawDataElement:
    """Return an element as pydicom would have read it from a little endian file."""
    length = UNDEFINED_LENGTH if undefined else len(data)
    return RawDataElement(BaseTag(tag), vr, length, data, 0, implicit, True)  # noqa: FBT003  # pydicom's tuple


def plain(element: Element) -> Element:
    """Return an element of unknown VR as its bytes, to be read by the VR that is known from elsewhere.

    Unknown values are little endian, sequences in them implicit (PS3.5 6.2.2 note 2).
    """
    if isinstance(element, DataElement) and element.VR == "UN" and isinstance(element.value, bytes):
        return raw(element.tag, "UN", element.value, implicit=False)
    return element


def items(element: Element, encodings: list[str]) -> list[Dataset]:
    """Return the items of a sequence, also of one that is encoded as UN (PS3.5 6.2.2 note 2).

    Raises:
        Unreadable: the value is no sequence.
    """
    if isinstance(element, DataElement):
        if element.VR != "SQ":
            raise Unreadable
        return list(cast("Sequence[Dataset]", element.value))
    data = element.value or b""
    if data and not data.startswith(ITEM):
        raise Unreadable
    attempts = [(bool(element.is_implicit_VR), bool(element.is_little_endian))]
    if element.VR == "UN":
        attempts.insert(0, (True, True))
    for implicit, little in attempts:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = list(convert_SQ(data, implicit, little, encodings, 0))
        except (ValueError, KeyError, EOFError, OSError, NotImplementedError, AttributeError, TypeError, struct.error):
            continue
        if element.VR != "UN" or _plausible(found):
            return found
    raise Unreadable


def _plausible(found: Sequence[Dataset]) -> bool:
    """Whether items were read in the right encoding: in the wrong one, unknown tags and impossible lengths come out."""
    elements = [element for item in found for element in item.elements()]
    return all(
        (standard.attribute(element.tag) or element.tag.is_private)
        and (isinstance(element, DataElement) or element.length == len(element.value or b""))
        for element in elements
    )
