"""PDF documents written by hand: pages of text operators or pictures, and whatever else a PDF can hide."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Text = tuple[float, float, float, str]  # left and base line in points from the lower left, size in points, text


class Pdf:
    """A PDF that grows; ``bytes()`` gives the file."""

    def __init__(self) -> None:
        self.objects: list[bytes] = [
            b"",
            b"",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        ]
        self.pages: list[int] = []
        self.catalog = b""
        self.trailer = b""

    def add(self, content: bytes) -> int:
        """Add an object; return its number."""
        self.objects.append(content)
        return len(self.objects)

    def stream(self, data: bytes, head: bytes = b"") -> int:
        """Add a stream, compressed."""
        packed = zlib.compress(data)
        return self.add(b"<< %b/Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (head, len(packed), packed))

    def page(
        self,
        *texts: Text,
        size: tuple[int, int] = (595, 842),
        rotate: int = 0,
        content: bytes = b"",
        resources: bytes = b"",
        extra: bytes = b"",
    ) -> int:
        """Add a page with lines of text, and operators of its own."""
        shown = b"".join(b"BT /F1 %g Tf %g %g Td (%b) Tj ET\n" % (s, x, y, _escaped(text)) for x, y, s, text in texts)
        stream = self.stream(shown + content)
        number = self.add(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Rotate %d /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> %b >> %b >>" % (*size, rotate, stream, resources, extra)
        )
        self.pages.append(number)
        return number

    def scan(self, image: NDArray[np.uint8], size: tuple[int, int] = (595, 842), layer: Sequence[Text] = ()) -> int:
        """Add a page that is one grey picture, with an invisible text layer, as scanners make them."""
        rows, columns = image.shape
        picture = self.stream(
            image.tobytes(),
            b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace /DeviceGray "
            % (columns, rows),
        )
        hidden = b"".join(b"BT 3 Tr /F1 %g Tf %g %g Td (%b) Tj ET\n" % (s, x, y, _escaped(t)) for x, y, s, t in layer)
        return self.page(
            size=size,
            content=b"q %d 0 0 %d 0 0 cm /I Do Q\n" % size + hidden,
            resources=b"/XObject << /I %d 0 R >>" % picture,
        )

    def __bytes__(self) -> bytes:
        self.objects[0] = b"<< /Type /Catalog /Pages 2 0 R %b >>" % self.catalog
        kids = b" ".join(b"%d 0 R" % number for number in self.pages)
        self.objects[1] = b"<< /Type /Pages /Count %d /Kids [%b] >>" % (len(self.pages), kids)
        data, places = b"%PDF-1.7\n", []
        for number, content in enumerate(self.objects, 1):
            places.append(len(data))
            data += b"%d 0 obj\n%b\nendobj\n" % (number, content)
        start = len(data)
        data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1) + b"".join(
            b"%010d 00000 n \n" % at for at in places
        )
        return data + b"trailer\n<< /Size %d /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF\n" % (
            len(places) + 1,
            self.trailer,
            start,
        )


def _escaped(text: str) -> bytes:
    return text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def report(*lines: str, size: float = 11) -> Pdf:
    """A page with lines of text from its top down."""
    pdf = Pdf()
    pdf.page(*((60, 780 - 2 * size * number, size, line) for number, line in enumerate(lines)))
    return pdf


def paper(*lines: str, height: float = 1.0) -> NDArray[np.uint8]:
    """A scanned page of 150 dpi with lines of text."""
    image = np.full((1754, 1240), 245, np.uint8)
    for number, line in enumerate(lines):
        cv2.putText(
            image, line, (120, 150 + round(70 * height) * number), cv2.FONT_HERSHEY_SIMPLEX, height, 20, 2, cv2.LINE_AA
        )
    return image
