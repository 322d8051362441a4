"""Draws the pages of a PDF, in a process of its own: ``python -m gateway.documents.draw < PDF``.

A PDF is a program, and some are made to exhaust whoever runs it. So it is drawn where time and memory are limited, and where
a crash ends nothing else. JavaScript is not run: pypdfium2's PDFium is built without it.

Each page leaves as one line of JSON (``page``) and the bytes of its picture; a document that is refused as one line
``{"refused": reason}``.
"""

from __future__ import annotations

import json
import math
import resource
import sys
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

DPI = 200  # 6 pt text, the smallest on forms, is 17 pixels high: the reader reads it (docs/decisions/033)
MOST_PAGES = 200
MOST_PIXELS = 32 * 2**20  # of one page at 200 dpi: more than DIN A2
MOST_CHARACTERS = 200_000  # of one page's text layer: a page of small print has 10,000
SECONDS = 15  # of processor time for one page
SECONDS_ALL = 300  # and for the document; a page of a scan takes 0.1
MEMORY = 3 * 2**30  # bytes of address space
_APART = 1.0  # times the height of a character: a wider gap parts two texts, as in a table

_BREAKS = "\r\n\f"

Text = tuple[str, list[list[int]]]


class Refused(Exception):
    """The document is not drawn; the message says why, without anything of the document."""


def main() -> None:
    """Read a PDF from standard input and write its pages to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for kind in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):  # nothing of the document ever lies in a file
        resource.setrlimit(kind, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_ALL, SECONDS_ALL))
    _allow()
    out = sys.stdout.buffer
    try:
        for head, pixels in draw(sys.stdin.buffer.read()):
            out.write(json.dumps(head).encode() + b"\n" + pixels)
            out.flush()
            _allow()
    except Refused as refused:
        out.write(json.dumps({"refused": str(refused)}).encode() + b"\n")


def _allow() -> None:
    """Allow processor time for another page; the system ends a process that takes more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (min(math.ceil(used.ru_utime + used.ru_stime) + SECONDS, hard), hard))


def draw(data: bytes) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Yield each page: its head (count, size in points and pixels, texts of its text layer) and its RGB bytes."""
    document = _opened(data)
    count = len(document)
    if not 0 < count <= MOST_PAGES:
        raise Refused(f"it has {count} pages; documents of 1 to {MOST_PAGES} pages are drawn")
    if document.get_formtype() == pdfium.FORMTYPE_XFA_FULL:
        raise Refused("it is an XFA form, whose pages only say that they cannot be shown")
    if document.get_formtype():
        document.init_forms()  # what is written into a form is drawn with it
    for number in range(count):
        try:
            yield _page(document, number, count)
        except pypdfium2.PdfiumError:
            raise Refused(f"its page {number + 1} cannot be drawn") from None


def _opened(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            raise Refused("it is protected by a password") from None
        raise Refused("it is damaged or no PDF") from None


def _page(document: pypdfium2.PdfDocument, number: int, count: int) -> tuple[dict[str, Any], bytes]:
    width, height = document.get_page_size(number)
    scale = DPI / 72
    if not 0 < width * height * scale * scale <= MOST_PIXELS or min(width, height) < 1:
        raise Refused(f"its page {number + 1} is larger than DIN A2, or has no size")
    page = document.get_page(number)
    bitmap = page.render(scale=scale, rev_byteorder=True, force_bitmap_format=pdfium.FPDFBitmap_BGR)
    row = bitmap.width * 3
    pixels = bytes(bitmap.buffer)
    if bitmap.stride != row:
        pixels = b"".join(pixels[at : at + row] for at in range(0, len(pixels), bitmap.stride))
    head = {
        "pages": count,
        "points": [width, height],
        "pixels": [bitmap.width, bitmap.height],
        "texts": list(_texts(page, bitmap, number)),
    }
    bitmap.close()
    page.close()
    return head, pixels


def _texts(page: pypdfium2.PdfPage, bitmap: pypdfium2.PdfBitmap, number: int) -> Iterator[Text]:
    """The text layer, in pieces that stand together, each character with its box; what lies off the page is not drawn either."""
    layer, place = page.get_textpage(), bitmap.get_posconv(page)
    length = layer.count_chars()
    if length > MOST_CHARACTERS:
        raise Refused(f"its page {number + 1} holds more text than a page can show")
    piece: Text = ("", [])
    for at in range(length):
        character = chr(pdfium.FPDFText_GetUnicode(layer, at))
        box = _box(layer.get_charbox(at, loose=True), place)
        ends = character in _BREAKS or not _meets(box, bitmap)
        if ends or (not character.isspace() and _apart(piece, box)):
            if piece[0].strip():
                yield piece
            piece = ("", [])
        if not ends:
            piece = (piece[0] + character, [*piece[1], box])
    if piece[0].strip():
        yield piece


def _box(corners: tuple[float, float, float, float], place: pypdfium2.PdfPosConv) -> list[int]:
    """Left, top, width and height in pixels of a box that PDFium gives as left, bottom, right and top in points."""
    left, bottom, right, top = corners
    (x0, y0), (x1, y1) = place.to_bitmap(left, bottom), place.to_bitmap(right, top)
    return [min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0)]


def _meets(box: list[int], bitmap: pypdfium2.PdfBitmap) -> bool:
    """Whether some of a box lies on the page; that of a space may be empty."""
    x, y, width, height = box
    return x + width >= 0 and y + height >= 0 and x < bitmap.width and y < bitmap.height


def _apart(piece: Text, box: list[int]) -> bool:
    """Whether a character stands so far from the last one that is seen that another text begins."""
    shown = [known for character, known in zip(*piece, strict=True) if not character.isspace()]
    if not shown:
        return False
    last, limit = shown[-1], _APART * max(box[2], box[3], shown[-1][2], shown[-1][3])
    return any(
        max(box[way], last[way]) - min(box[way] + box[way + 2], last[way] + last[way + 2]) > limit for way in (0, 1)
    )


if __name__ == "__main__":
    main()
