"""Proves that an encapsulated document is what it says, and nothing but a placeholder or the pictures of its pages.

A PDF is held to a grammar that leaves no room: a catalog, pages, one picture for each, and no string, font, annotation, script,
attachment or metadata. Then every page is read as a frame is.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from gateway.records import Problem
from gateway.verify import checks
from gateway.verify.facts import Facts
from gateway.verify.pixels import Texts
from gateway.verify.pixeltext import PixelText, spelled

_PLACE: Final = "00420011"
_CLASSES: Final = "1.2.840.10008.5.1.4.1.1.104."
#: MIME types by the last part of the SOP Class (PS3.3 C.24.2), in lower case.
_TYPES: Final = {
    "1": "application/pdf",
    "2": "text/xml",
    "3": "model/stl",
    "4": "model/obj",
    "5": "model/mtl",
}
#: A placeholder has no room for what it stands for (bytes).
_PLACEHOLDER: Final = 16_384
_STREAM: Final = re.compile(rb"/Length (\d+) >>\nstream\n")
_NAMES: Final = frozenset(
    b"Type Catalog Pages Count Kids Page Parent MediaBox Contents Resources XObject P Subtype Image Width Height"
    b" BitsPerComponent ColorSpace DeviceGray DeviceRGB Filter FlateDecode Length Size Root".split()
)
_FRAME: Final = re.compile(  # possessive: a long run of numbers is not tried in all ways of parting it
    rb"%PDF-1\.\d\n%[\x80-\xff]{4}\n"
    rb"(?:<<|>>|\[|\]|/[A-Za-z]++|[0-9.]++|R|obj|endobj|xref|n|f|trailer|startxref|\s++)*+%%EOF\n"
)
_DRAWING: Final = re.compile(rb"q [0-9.]+ 0 0 [0-9.]+ 0 0 cm /P Do Q")
_PICTURE: Final = re.compile(
    rb"<< /Type /XObject /Subtype /Image /Width (\d+) /Height (\d+)"
    rb" /BitsPerComponent 8 /ColorSpace /Device(Gray|RGB) /Filter /FlateDecode "
)
_LARGEST: Final = 2**27  # bytes of one picture
_ELEMENTS: Final = frozenset(
    {
        "ClinicalDocument", "typeId", "id", "code", "effectiveTime", "confidentialityCode", "recordTarget", "patientRole",
        "author", "time", "assignedAuthor", "custodian", "assignedCustodian", "representedCustodianOrganization",
        "component", "nonXMLBody", "text",
    }
)  # fmt: skip
_ATTRIBUTES: Final = frozenset({"xmlns", "root", "extension", "nullFlavor", "code", "codeSystem"})
_NUMBER: Final = r"-?\d+(?:\.\d+)?"
_LINES: Final = {
    "model/obj": re.compile(rf"(?:v(?: {_NUMBER}){{3}}\n|f(?: \d+){{3}}\n)+"),
    "model/mtl": re.compile(rf"newmtl removed\n(?:K[ads](?: {_NUMBER}){{3}}\n)*"),
}


def check(
    index: int, original: Dataset, written: Dataset, facts: Facts, words: PixelText, texts: Texts
) -> Iterator[Problem]:
    """Check the document of one written instance (``facts.documents``: replace or clean)."""
    if "EncapsulatedDocument" not in written:
        if "EncapsulatedDocument" in original:
            yield Problem(checks.DOCUMENT, index, _PLACE)
        return
    kind = _kind(original)
    data = bytes(written["EncapsulatedDocument"].value or b"")
    length = written.get("EncapsulatedDocumentLength")
    if str(written.get("MIMETypeOfEncapsulatedDocument", "")).lower() != kind or length not in (
        len(data),
        len(data) - 1,
    ):
        yield Problem(checks.DOCUMENT, index, _PLACE)
        return
    data, padding = data[:length], data[length:]
    cleaned = facts.documents == "clean" and kind == "application/pdf"
    if padding.strip(b"\0") or (len(data) > _PLACEHOLDER and not cleaned):
        yield Problem(checks.DOCUMENT, index, _PLACE)
    elif kind == "application/pdf":
        before = bytes(original["EncapsulatedDocument"].value) if cleaned else data
        yield from _check_pdf(index, data, before, words, texts)
    elif not _is_placeholder(kind, data, words):
        yield Problem(checks.DOCUMENT, index, _PLACE)


def _check_pdf(index: int, data: bytes, before: bytes, words: PixelText, texts: Texts) -> Iterator[Problem]:
    """Check a PDF whose pages have the sizes of those of ``before``, and read its pictures."""
    pictures = _pictures(data)
    sizes = _sizes(data)
    if not pictures or len(pictures) != len(sizes):
        yield Problem(checks.DOCUMENT, index, _PLACE)
        return
    if sizes != _sizes(before):
        yield Problem(checks.DOCUMENT_PAGES, index, _PLACE)
    for number, picture in enumerate(pictures):
        lines = texts.lines(picture)
        if any(words.identifies(line) for line in (*lines, *spelled(lines))):
            yield Problem(checks.IDENTIFIER_IN_PIXELS, index, f"page {number}")


def _kind(original: Dataset) -> str:
    sop_class = str(original.get("SOPClassUID", ""))
    said = str(original.get("MIMETypeOfEncapsulatedDocument", "")).strip().lower()
    return _TYPES.get(sop_class.removeprefix(_CLASSES), said) if sop_class.startswith(_CLASSES) else said


def _pictures(data: bytes) -> list[NDArray[np.uint8]]:
    """The pictures of a PDF that holds nothing but pictures of pages, by its bytes; none if it holds anything else."""
    parts, pictures, drawn, at = [], [], 0, 0
    while found := _STREAM.search(data, at):
        head, start, end = data[at : found.start()], found.end(), found.end() + int(found[1])
        if not data.startswith(b"\nendstream\n", end):
            return []
        if _DRAWING.fullmatch(data, start, end):
            drawn += 1
        elif (picture := _picture(head, data[start:end])) is not None:
            pictures.append(picture)
        else:
            return []
        parts.append(head + b"/Length >>\n")
        at = end + len(b"\nendstream\n")
    frame = b"".join([*parts, data[at:]])
    named = frozenset(re.findall(rb"/([A-Za-z]+)", frame))
    return pictures if _FRAME.fullmatch(frame) and named <= _NAMES and drawn == len(pictures) else []


def _picture(head: bytes, stream: bytes) -> NDArray[np.uint8] | None:
    """The picture in a stream, if it is one, whole and without a byte more."""
    said = _PICTURE.fullmatch(head, max(head.rfind(b"<<"), 0))
    if said is None:
        return None
    rows, columns, samples = int(said[2]), int(said[1]), 1 if said[3] == b"Gray" else 3
    size = rows * columns * samples
    unpacked = zlib.decompressobj()
    try:
        values = unpacked.decompress(stream, min(size, _LARGEST) + 1)
    except zlib.error:
        return None
    if len(values) != size or not unpacked.eof or unpacked.unused_data:
        return None
    return np.frombuffer(values, np.uint8).reshape((rows, columns) if samples == 1 else (rows, columns, 3))


def _is_placeholder(kind: str, data: bytes, words: PixelText) -> bool:
    if kind == "text/xml":
        return _is_plain_cda(data, words)
    if kind == "model/stl":
        count = struct.unpack("<I", data[80:84])[0] if len(data) >= 84 else -1
        return not data[:80].strip(b"\0") and len(data) == 84 + 50 * count
    lines = _LINES.get(kind)
    return lines is not None and lines.fullmatch(data.decode("latin-1")) is not None


def _is_plain_cda(data: bytes, words: PixelText) -> bool:
    """Whether a CDA document names nobody: it has only the elements of an empty header, and a text."""
    said: list[str] = []
    seen: set[str] = set()
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def element(name: str, attributes: dict[str, str]) -> None:
        seen.update({name} - _ELEMENTS, set(attributes) - _ATTRIBUTES)
        said.extend(attributes.values())

    def other(*_: object) -> None:
        seen.add("other")

    parser.StartElementHandler = element
    parser.CharacterDataHandler = said.append
    parser.CommentHandler = parser.ProcessingInstructionHandler = parser.StartDoctypeDeclHandler = other
    try:
        parser.Parse(data, True)  # noqa: FBT003  # expat takes it by position: the last part
    except expat.ExpatError:
        return False
    return not seen and not any(words.identifies(text) for text in said)


def _sizes(data: bytes) -> list[tuple[int, int]]:
    """Width and height of each page in points; none where the PDF cannot be opened."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return []
    sizes = [document.get_page_size(number) for number in range(len(document))]
    return [(round(width), round(height)) for width, height in sizes]
