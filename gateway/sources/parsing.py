"""Parses the bytes of DICOM files into data sets, strictly: what cannot be read to its end raises.

pydicom alone would go on with half a data set and say so in its log.
"""

from __future__ import annotations

import contextlib
import io
import logging
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator

import pydicom.config
from pydicom.charset import convert_encodings
from pydicom.datadict import dictionary_has_tag, dictionary_VR
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.errors import BytesLengthException
from pydicom.filereader import data_element_generator
from pydicom.tag import BaseTag
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)
from pydicom.valuerep import AMBIGUOUS_VR, BYTES_VR, VR

from gateway.errors import NestedTooDeep, UnreadableFile
from gateway.sources import archives
from gateway.sources.pixels import stored_pixels
from gateway.sources.sniff import HEAD, PREFIX_AT, data_set_encoding, has_explicit_vr
from gateway.stored import Stored, Value, open_value, parts, store

Elements = dict[BaseTag, RawDataElement | DataElement]

# pydicom's warnings and log lines print the values they complain about, and those can be PHI. Odd values are no reason
# to refuse a file here: the rules of the profile decide about each element. A number of the wrong length becomes UN.
warnings.filterwarnings("ignore", module="pydicom")
logging.getLogger("pydicom").setLevel(logging.CRITICAL + 1)
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
pydicom.config.convert_wrong_length_to_UN = True

_DEEPEST = 100  # levels of sequences that are followed; real reports nest to 12, Python's stack allows about 180
_STUDY = BaseTag(0x0020000D)
_SYNTAX = BaseTag(0x00020010)
PIXEL_TAGS = frozenset({0x7FE00008, 0x7FE00009, 0x7FE00010})
_NATIVE = (ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian)
UNCOMPRESSED = (*_NATIVE, DeflatedExplicitVRLittleEndian)
_VRS = frozenset(VR)
_INFLATED = 1 << 20  # bytes that are inflated at a time
# Text stays bytes: its character set may be declared wrongly, and decoding is for those who know what to do then.
_TEXT = frozenset({VR.LO, VR.LT, VR.PN, VR.SH, VR.ST, VR.UC, VR.UT})
_BYTES = BYTES_VR | AMBIGUOUS_VR
# What pydicom raises on malformed bytes; the messages may quote them.
ERRORS = (
    EOFError,
    OSError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    NotImplementedError,
    RecursionError,
    MemoryError,  # one value that is too large; the rest of the batch goes on
    struct.error,
    zlib.error,
    BytesLengthException,
)


def decode(data: Value) -> FileDataset:
    """Read the bytes of a DICOM file to their end and decode every element, at every depth, but text.

    A value that is not what its VR says becomes bytes of unknown VR. Large pixel data stay where ``data`` are stored.

    Raises:
        UnreadableFile: as ``parse``, or a sequence cannot be parsed.
    """
    dataset = parse(data)
    try:
        _decode(dataset)
    except RecursionError:
        raise _too_deep() from None
    except ERRORS:
        raise UnreadableFile("An element cannot be decoded.") from None
    return dataset


def parse(data: Value, *, header_only: bool = False) -> FileDataset:
    """Split the bytes of a DICOM file into elements, only file meta decoded yet; with ``header_only`` up to the pixel data.

    Raises:
        UnreadableFile: the bytes are no DICOM file or end in the middle of an element, or sequences nest too deep.
    """
    preamble, start = _preamble(data)
    try:
        meta_elements, start = _elements(data, start, implicit=False, little=True, stop=lambda tag: tag >> 16 != 2)
        meta = FileMetaDataset(meta_elements)
        _decode(meta)
        declared = UID(str(meta.get("TransferSyntaxUID", "")))
        if declared == DeflatedExplicitVRLittleEndian:
            data, start = _inflate(data, start), 0
        implicit, little = _encoding(data[start : start + HEAD], declared)
        stop = PIXEL_TAGS.__contains__ if header_only or isinstance(data, Stored) else None
        elements, end = _elements(data, start, implicit=implicit, little=little, stop=stop)
        while isinstance(data, Stored) and not header_only and _starts(data, end, PIXEL_TAGS, little=little):
            pixels, end = stored_pixels(data, end, implicit=implicit, little=little)
            rest, end = _elements(data, end, implicit=implicit, little=little, stop=stop)
            elements |= {pixels.tag: pixels} | rest
        if not declared or declared in _NATIVE:
            meta.TransferSyntaxUID = _native_syntax(implicit=implicit, little=little)
        dataset = FileDataset(io.BytesIO(), Dataset(elements), preamble, meta)
        dataset.set_original_encoding(implicit, little, convert_encodings(dataset.get("SpecificCharacterSet")))
    except RecursionError:
        raise _too_deep() from None
    except ERRORS:
        raise UnreadableFile("The file is not built as DICOM, or is cut short.") from None
    return dataset


def study_uid_at_least(data: bytes) -> str | None:
    """The Study Instance UID of a file that ``parse`` refuses, if it can be made out: the study is not whole without it."""
    try:
        _, start = _preamble(data)
        meta, start = _elements(data, start, implicit=False, little=True, stop=lambda tag: tag >> 16 != 2)
        declared = _declared(meta)
        if declared == DeflatedExplicitVRLittleEndian:
            data, start = inflate_at_least(data[start:]), 0
        implicit, little = _encoding(data[start : start + HEAD], declared)
        stream = io.BytesIO(data)
        stream.seek(start)
        for element in data_element_generator(stream, implicit, little, lambda tag, _vr, _length: tag > _STUDY):
            if element.tag == _STUDY and isinstance(element.value, bytes):
                return element.value.decode("ascii").strip(" \0") or None
    except (UnreadableFile, *ERRORS):
        return None
    return None


def inflate_at_least(data: bytes) -> bytes:
    """What a damaged stream of deflated bytes still yields, at most ``archives.SALVAGED`` bytes."""
    inflater, parts, size = zlib.decompressobj(-zlib.MAX_WBITS), [], 0
    with contextlib.suppress(zlib.error, MemoryError):
        for at in range(0, len(data), 64):  # an error loses what the part it comes in would have yielded
            parts.append(inflater.decompress(data[at : at + 64], archives.SALVAGED - size))
            size += len(parts[-1])
            if size >= archives.SALVAGED:
                break
    return b"".join(parts)


def _declared(meta: Elements) -> UID:
    """The Transfer Syntax UID of file meta that is not decoded."""
    value = meta[_SYNTAX].value if _SYNTAX in meta else None
    return UID(value.decode("ascii").strip(" \0") if isinstance(value, bytes) else "")


def _preamble(data: Value) -> tuple[bytes | None, int]:
    """The preamble, if there is one, and where the file meta starts (PS3.10 section 7.1)."""
    if data[PREFIX_AT : PREFIX_AT + 4] == b"DICM":
        return data[:PREFIX_AT], PREFIX_AT + 4
    return None, 0


def _inflate(data: Value, start: int) -> Value:
    """Undo the deflate of PS3.5 section A.5 from ``start`` on, within the bounds that hold for archives."""
    try:
        return store(_inflated(data, start))
    except zlib.error:
        raise UnreadableFile("The deflated data set is damaged.") from None


def _inflated(data: Value, start: int) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    room = max(archives.FREE_BYTES, archives.MAX_RATIO * (len(data) - start))
    for part in parts(data, start):
        packed = part
        while packed and not inflater.eof and room > 0:
            plain = inflater.decompress(packed, _INFLATED)
            packed, room = inflater.unconsumed_tail, room - len(plain)
            yield plain
    while not inflater.eof and room > 0 and (plain := inflater.decompress(b"", _INFLATED)):
        room -= len(plain)
        yield plain
    if not inflater.eof or room < 0:
        raise UnreadableFile("The deflated data set is cut short or expands beyond reason.")


def _encoding(head: bytes, declared: UID) -> tuple[bool, bool]:
    """(implicit VR, little endian) of the data set. The bytes win over a transfer syntax that contradicts them."""
    if not declared:
        return data_set_encoding(head) or (not has_explicit_vr(head), True)
    return not has_explicit_vr(head) if head else False, declared != ExplicitVRBigEndian


def _native_syntax(*, implicit: bool, little: bool) -> UID:
    if not little:
        return ExplicitVRBigEndian
    return ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian


def _elements(
    data: Value, start: int, *, implicit: bool, little: bool, stop: Callable[[int], bool] | None
) -> tuple[Elements, int]:
    """Split a data set into its top-level elements by tag; return them and where reading stopped."""
    stream = open_value(data)
    stream.seek(start)
    stop_when = None if stop is None else lambda tag, _vr, _length: stop(tag)
    elements: Elements = {}
    end = start
    zeros = (
        None  # where the zeros at the end of the file begin; sought once, as a hole of zeros holds many such elements
    )
    for element in data_element_generator(stream, implicit, little, stop_when):
        if element.tag == 0:
            zeros = _end_of_content(data) if zeros is None else zeros
            if end >= zeros:
                return elements, end  # the file was filled up with zeros
        if element.tag not in PIXEL_TAGS:
            _check_complete(element)
        elements[element.tag] = element
        end = stream.tell()
    rest = data[end : end + 8]
    stopped = stop is not None and len(rest) == 8 and stop(_tag(rest, little=little))
    if not stopped and any(part.strip(b"\0") for part in parts(data, end)):
        raise UnreadableFile("The file ends in the middle of an element.")
    return elements, end


def _end_of_content(data: Value) -> int:
    """Where the zeros at the end begin."""
    at = end = 0
    for part in parts(data):
        content = part.rstrip(b"\0")
        end = at + len(content) if content else end
        at += len(part)
    return end


def _starts(data: Value, at: int, tags: frozenset[int], *, little: bool) -> bool:
    """Whether an element of one of the tags begins at ``at``."""
    head = data[at : at + 8]
    return len(head) == 8 and _tag(head, little=little) in tags


def _tag(data: bytes, *, little: bool) -> int:
    group, number = struct.unpack_from("<HH" if little else ">HH", data)
    return int(group << 16 | number)


def _check_complete(element: RawDataElement | DataElement) -> None:
    """A value shorter than its length says was cut; one of undefined length was read to its delimiter or has raised."""
    if (
        isinstance(element, RawDataElement)
        and element.length != 0xFFFFFFFF
        and len(element.value or b"") != element.length
    ):
        raise UnreadableFile("The file ends in the middle of an element.")


def _too_deep() -> NestedTooDeep:
    return NestedTooDeep(f"Sequences are nested too deep; at most {_DEEPEST} levels are followed.")


def _decode(dataset: Dataset, depth: int = 0) -> None:
    """Decode every element in place but text; ``depth`` is how many sequences the data set stands in."""
    if depth > _DEEPEST:
        raise _too_deep()
    for tag in list(dataset.keys()):
        raw = dataset.get_item(tag)
        if isinstance(raw, RawDataElement):
            raw = dataset[tag] = _checked(raw, whole=bool(depth) or tag not in PIXEL_TAGS)
            if raw.VR in _TEXT:
                continue
        element = _decoded(dataset, tag, raw)
        if element.VR == VR.SQ:
            for item in element.value:
                _decode(item, depth + 1)
        elif isinstance(element.value, bytes) and element.VR not in _BYTES:
            element.VR = VR.UN  # pydicom leaves the bytes of a number of the wrong length under the number's VR
        elif element.VR in _TEXT and isinstance(raw, RawDataElement):
            dataset[tag] = raw._replace(VR=element.VR)


def _checked(raw: RawDataElement, *, whole: bool) -> RawDataElement:
    """Return an element after a look at what pydicom would pass over in silence."""
    if whole:
        _check_complete(raw)
    if raw.VR is not None and raw.VR not in _VRS:
        return raw._replace(VR=VR.UN)  # an unknown VR says nothing: let the rules treat it so
    item = b"\xfe\xff\x00\xe0" if raw.is_little_endian else b"\xff\xfe\xe0\x00"
    if raw.VR == VR.SQ and raw.value and not raw.value.startswith(item):
        if not raw.tag.is_private:
            raise UnreadableFile("A sequence does not consist of items.")
        return raw._replace(VR=VR.OB)
    return raw


def _decoded(dataset: Dataset, tag: BaseTag, raw: RawDataElement | DataElement) -> DataElement:
    """Return an element decoded; one whose value is not what its VR says becomes bytes of unknown VR, for the rules to judge."""
    try:
        return dataset[tag]
    except ERRORS:
        if not isinstance(raw, RawDataElement) or _is_sequence(raw):
            raise
        made = dataset[tag] = DataElement(tag, VR.UN, raw.value, already_converted=True)
        return made


def _is_sequence(raw: RawDataElement) -> bool:
    """Whether an element has to be a sequence; a private one that is none is bytes that nobody can read."""
    if raw.tag.is_private:
        return False
    known = raw.VR is None or raw.VR == VR.UN
    return (dictionary_VR(raw.tag) if known and dictionary_has_tag(raw.tag) else raw.VR) == VR.SQ
