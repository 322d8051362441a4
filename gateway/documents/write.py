"""Writes a PDF that consists of pictures and nothing else: no text, fonts, metadata, identifiers, dates, links or scripts.

The same pictures always give the same bytes. Written by ISO 32000-1: 7.5 (file structure), 8.9.5 (image XObjects).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Picture = tuple[tuple[float, float], NDArray[np.uint8]]


def write_pdf(pictures: Iterable[Picture]) -> bytes:
    """Return a PDF with one page for each picture: its size in points, and (rows, columns, 3) RGB; taken one at a time."""
    catalog, tree, first = 1, 2, 3
    objects: dict[int, bytes] = {}
    kids = []
    for number, (points, picture) in enumerate(pictures):
        page = first + 3 * number
        kids.append(b"%d 0 R" % page)
        width, height = (_number(size) for size in points)
        objects[page] = (
            b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %b %b] /Contents %d 0 R"
            b" /Resources << /XObject << /P %d 0 R >> >> >>" % (tree, width, height, page + 1, page + 2)
        )
        objects[page + 1] = _stream(b"", b"q %b 0 0 %b 0 0 cm /P Do Q" % (width, height))
        objects[page + 2] = _image(picture)
    objects[catalog] = b"<< /Type /Catalog /Pages %d 0 R >>" % tree
    objects[tree] = b"<< /Type /Pages /Count %d /Kids [%b] >>" % (len(kids), b" ".join(kids))
    return _file(objects)


def _image(picture: NDArray[np.uint8]) -> bytes:
    rows, columns = picture.shape[:2]
    grey = (picture == picture[..., :1]).all()
    head = (
        b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace %b /Filter /FlateDecode "
        % (
            columns,
            rows,
            b"/DeviceGray" if grey else b"/DeviceRGB",
        )
    )
    samples = picture[..., 0] if grey else picture
    return _stream(head, zlib.compress(np.ascontiguousarray(samples).tobytes(), 6))


def _stream(head: bytes, data: bytes) -> bytes:
    return b"<< %b/Length %d >>\nstream\n%b\nendstream" % (head, len(data), data)


def _number(value: float) -> bytes:
    return f"{value:.2f}".encode("ascii")


def _file(objects: dict[int, bytes]) -> bytes:
    parts = [b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"]  # the four bytes say that the file is binary
    size, places = len(parts[0]), []
    for number in sorted(objects):
        places.append(size)
        parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, objects[number]))
        size += len(parts[-1])
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table))
    parts.append(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, size))
    return b"".join(parts)
