"""Reads a data set as a flat run of elements with decoded text, tolerant of values that their VR does not allow."""

from __future__ import annotations

import io
import logging
import struct
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final

import pydicom
from pydicom.charset import convert_encodings, decode_bytes
from pydicom.datadict import dictionary_VR, keyword_for_tag
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset, FileDataset
from pydicom.errors import InvalidDicomError
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.uid import DeflatedExplicitVRLittleEndian

from gateway.verify.section import LARGE, take_pixels

# pydicom's warnings and log lines quote the values they complain about; those can be PHI.
warnings.filterwarnings("ignore", module="pydicom")
logging.getLogger("pydicom").setLevel(logging.CRITICAL + 1)

#: What the parser raises for bytes that are not what they claim to be.
UNREADABLE: Final = (
    InvalidDicomError,
    EOFError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    NotImplementedError,
    OverflowError,
    struct.error,
    zlib.error,
)
FREE_TEXT: Final = frozenset(
    {
        "SH", "LO", "ST", "LT", "UC", "UT", "UR", "PN", "AE",
    }
)  # fmt: skip
TEXT: Final = FREE_TEXT | {"AS", "CS", "DA", "DS", "DT", "IS", "TM", "UI"}
_SINGLE: Final = frozenset({"ST", "LT", "UT", "UR"})
_DELIMITERS: Final = frozenset(b"\\^=\r\n\t\f")
#: Designators of coding schemes that a standards body maintains (PS3.16 Section 8): local ones start with 99.
_STANDARD_SCHEMES: Final = frozenset(
    {
        "DCM", "SCT", "SRT", "SNM3", "LN", "UCUM", "FMA", "RADLEX", "RXNORM", "NCIT", "UMLS", "MSH", "NDC",
        "MDC", "I9", "I9C", "I10", "I10P", "I11", "ICDO3", "IBSI", "NEU", "ITIS_TSN", "PUBCHEM_CID", "BARI",
        "BI", "C4", "CD2", "HPC", "UNS", "ISO3166_1", "RFC3066", "RFC5646", "ACR", "MA", "CADSR",
    }
)  # fmt: skip
_CODE_KEYWORDS: Final = frozenset(
    {
        "CodeValue", "LongCodeValue", "URNCodeValue", "CodeMeaning", "CodingSchemeDesignator",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Element:
    """One element at any depth.

    ``path`` is its place, tags joined by ``/`` without item numbers; ``parents`` are the keywords of the sequences
    around it; ``values`` is the decoded text of a text VR (empty otherwise); ``coded`` tells that it is part of a code
    of a standard scheme.
    """

    path: str
    tag: int
    vr: str
    keyword: str
    parents: tuple[str, ...]
    values: tuple[str, ...] = field(repr=False)
    coded: bool


def read(stream: BinaryIO) -> FileDataset:
    """Parse a part-10 file or a bare data set; of a large one the pixel data stay in it. Raises one of ``UNREADABLE``."""
    large = stream.seek(0, io.SEEK_END) > LARGE
    stream.seek(0)
    ds = pydicom.dcmread(stream, force=True, stop_before_pixels=large)
    if large and ds.file_meta.get("TransferSyntaxUID") == DeflatedExplicitVRLittleEndian:
        stream.seek(0)
        ds = pydicom.dcmread(stream, force=True)
    elif large:
        take_pixels(ds, stream)
    if not ds:
        raise EOFError
    return ds


def walk(
    ds: Dataset, path: str = "", parents: tuple[str, ...] = (), charset: tuple[str, ...] = ("latin-1",)
) -> Iterator[Element]:
    """Yield the elements of ``ds`` in order, those of sequences after the sequence itself (depth first)."""
    charset = _charset(ds, charset)
    standard = _standard_scheme(ds)
    for tag in sorted(ds.keys()):
        element = ds.get_item(tag)
        here = f"{path}{tag:08X}"
        keyword = keyword_for_tag(tag)
        vr = _vr(element)
        items = _items(ds, tag) if vr == "SQ" or (vr == "UN" and not isinstance(element.value, bytes)) else ()
        values = _text(element, vr, charset) if vr in TEXT else ()
        yield Element(here, int(tag), vr, keyword, parents, values, standard and keyword in _CODE_KEYWORDS)
        for item in items:
            yield from walk(item, f"{here}/", (*parents, keyword), charset)


def _vr(element: DataElement | RawDataElement) -> str:
    if element.VR and (element.VR != "UN" or element.tag.is_private):
        return str(element.VR)
    try:
        return dictionary_VR(element.tag)
    except KeyError:
        return "UN"


def _items(ds: Dataset, tag: int) -> tuple[Dataset, ...]:
    """The items of a sequence; an original whose sequence cannot be parsed is unreadable (the error goes up)."""
    value = ds[tag].value
    return tuple(value) if isinstance(value, Sequence) else ()


def _text(element: DataElement | RawDataElement, vr: str, charset: tuple[str, ...]) -> tuple[str, ...]:
    value = element.value
    if isinstance(value, bytes):
        likely, *others = (_parts(text, vr) for text in _readings(value, charset))
        return (*likely, *(part for other in others for part in other if part not in likely))
    parts = value if isinstance(value, MultiValue | list) else ["" if value is None else value]
    return _parts("\\".join(str(part) for part in parts), vr)


def _readings(value: bytes, charset: tuple[str, ...]) -> Iterator[str]:
    """Text as it is declared and, where its bytes say otherwise, as UTF-8 or, for want of anything better, as Latin-1."""
    declared = decode_bytes(value, list(charset), set(_DELIMITERS))
    lost = "\ufffd" in declared
    if not lost:
        yield declared
    if lost or not value.isascii():
        try:
            yield value.decode("utf-8")
        except UnicodeDecodeError:
            if lost:
                yield value.decode("latin-1")


def _parts(text: str, vr: str) -> tuple[str, ...]:
    text = text.rstrip("\0 ")
    if not text:
        return ()
    return (text,) if vr in _SINGLE else tuple(part.strip(" \0") for part in text.split("\\"))


def _charset(ds: Dataset, inherited: tuple[str, ...]) -> tuple[str, ...]:
    element = ds.get_item(0x00080005) if 0x00080005 in ds else None
    if element is None:
        return inherited
    names = _text(element, "CS", ("latin-1",))
    return tuple(convert_encodings(list(names)))


def _standard_scheme(ds: Dataset) -> bool:
    if 0x00080102 not in ds:
        return False
    element = ds.get_item(0x00080102)
    return bool(_STANDARD_SCHEMES.intersection(v.upper() for v in _text(element, "SH", ("latin-1",))))
