"""What an encoded frame carries besides the image: comments, application data, bytes after its end.

``strip`` gives the frame without them, or None where it cannot be told what the bytes are; the frame is then stored decoded.
"""

from __future__ import annotations

from pydicom.uid import JPEG2000TransferSyntaxes, JPEGLSTransferSyntaxes, JPEGTransferSyntaxes, RLELossless

from gateway.pixels.layout import Layout


def strip(frame: bytes, layout: Layout) -> bytes | None:
    """Return ``frame`` with nothing but the image in it, not padded to even length; None if it is not understood."""
    syntax = layout.transfer_syntax
    try:
        if syntax in JPEGTransferSyntaxes or syntax in JPEGLSTransferSyntaxes:
            return _jpeg(frame, ls=syntax in JPEGLSTransferSyntaxes)
        if syntax in JPEG2000TransferSyntaxes:
            return _jpeg_2000(frame)
        if syntax == RLELossless:
            return _rle(frame, layout)
    except IndexError:  # the structure runs past the end of the frame
        return None
    return None


# --- JPEG (ISO/IEC 10918-1 annex B) and JPEG-LS (ISO/IEC 14495-1 annex C) -----------------------------------------
_SOI, _EOI, _SOS, _COM, _LSE, _SOF_LS = 0xD8, 0xD9, 0xDA, 0xFE, 0xF8, 0xF7
_TABLES = {*range(0xC0, 0xD0), 0xDB, 0xDC, 0xDD, 0xDE, 0xDF, _SOF_LS, _LSE}
_JFIF_LENGTH, _ADOBE_LENGTH, _TRANSFORM_LENGTH = 14, 12, 5


def _jpeg(frame: bytes, *, ls: bool) -> bytes | None:
    if frame[:2] != b"\xff\xd8":
        return None
    out, at = bytearray(frame[:2]), 2
    while True:
        while frame[at] == 0xFF and frame[at + 1] == 0xFF:  # fill bytes
            at += 1
        if frame[at] != 0xFF:
            return None
        marker = frame[at + 1]
        if marker == _EOI:
            return bytes(out + frame[at : at + 2])
        end = at + 2 + int.from_bytes(frame[at + 2 : at + 4], "big")
        if end > len(frame):
            return None
        if marker == _SOS:
            end = _end_of_scan(frame, end, ls=ls)
            out += frame[at:end]
        else:
            kept = _segment(marker, frame[at:end])
            if kept is None:
                return None
            out += kept
        at = end


def _segment(marker: int, segment: bytes) -> bytes | None:
    """A marker segment as it may stay; None if the marker is not known."""
    if marker in _TABLES:
        return segment
    if 0xE0 <= marker <= 0xEF:
        return _application_data(marker, segment[4:])
    return b"" if marker == _COM else None


def _end_of_scan(frame: bytes, at: int, *, ls: bool) -> int:
    """The position of the marker that ends the entropy-coded data."""
    while (at := frame.find(b"\xff", at)) >= 0:
        following = frame[at + 1]
        stuffed = following < 0x80 if ls else following == 0
        if not stuffed and not 0xD0 <= following <= 0xD7 and following != 0xFF:
            return at
        at += 1 if following == 0xFF else 2
    raise IndexError


def _application_data(marker: int, body: bytes) -> bytes:
    """Keep what decoders need to choose the colour space, without thumbnails and trailing bytes; drop the rest."""
    if marker == 0xE0 and body[:5] == b"JFIF\0":
        body = body[: _JFIF_LENGTH - 2] + b"\0\0"  # the last two bytes are the size of a thumbnail
    elif marker == 0xEE and body[:5] == b"Adobe":
        body = body[:_ADOBE_LENGTH]
    elif marker == 0xE8 and body[:4] == b"mrfx":  # the colour transform of JPEG-LS encoders
        body = body[:_TRANSFORM_LENGTH]
    else:
        return b""
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body


# --- JPEG 2000 and HTJ2K (ISO/IEC 15444-1 annex A, 15444-15) --------------------------------------------------------
_SOT, _SOD, _COM_2000, _TLM = 0xFF90, 0xFF93, 0xFF64, 0xFF55
_KNOWN_2000 = {
    0xFF50, 0xFF51, 0xFF52, 0xFF53, _TLM, 0xFF56, 0xFF57, 0xFF58, 0xFF59, 0xFF5C, 0xFF5D, 0xFF5E, 0xFF5F, 0xFF60, 0xFF61, 0xFF63,
}  # fmt: skip
_JP2 = b"\0\0\0\x0cjP  "


def _jpeg_2000(frame: bytes) -> bytes | None:
    if frame[:8] == _JP2:
        frame = _inside_jp2(frame)
    if frame[:2] != b"\xff\x4f":
        return None
    head, at = _header(frame, 2, _SOT)
    if head is None:
        return None
    out = bytearray(frame[:2] + head)
    lengths_are_listed = _has(head, _TLM)
    while frame[at : at + 2] == b"\xff\x90":
        length = int.from_bytes(frame[at + 6 : at + 10], "big")
        end = at + length if length else frame.rindex(b"\xff\xd9")
        body, data = _header(frame, at + 12, _SOD)
        if body is None or end > len(frame) or data > end:
            return None
        shorter = data - at - 12 - len(body)
        if shorter and lengths_are_listed:
            return None
        out += frame[at : at + 6] + (max(0, length - shorter)).to_bytes(4, "big") + frame[at + 10 : at + 12]
        out += body + frame[data:end]
        at = end
    return bytes(out + b"\xff\xd9") if frame[at : at + 2] == b"\xff\xd9" else None


def _inside_jp2(frame: bytes) -> bytes:
    """The contiguous codestream of a JP2 file, which should not have been wrapped (PS3.5 A.4.4)."""
    at = 0
    while at + 8 <= len(frame):
        length, kind = int.from_bytes(frame[at : at + 4], "big"), frame[at + 4 : at + 8]
        start = at + (16 if length == 1 else 8)
        if length == 1:
            length = int.from_bytes(frame[at + 8 : at + 16], "big")
        end = at + length if length else len(frame)
        if kind == b"jp2c":
            return frame[start:end]
        if end <= at:
            break
        at = end
    return b""


def _header(frame: bytes, at: int, last: int) -> tuple[bytes | None, int]:
    """The marker segments from ``at`` to marker ``last`` without comments (None if one is unknown), and where it stands."""
    out = bytearray()
    while (marker := int.from_bytes(frame[at : at + 2], "big")) != last:
        end = at + 2 + int.from_bytes(frame[at + 2 : at + 4], "big")
        if (marker not in _KNOWN_2000 and marker != _COM_2000) or end > len(frame) or end <= at + 3:
            return None, at
        if marker != _COM_2000:
            out += frame[at:end]
        at = end
    return bytes(out), at


def _has(segments: bytes, wanted: int) -> bool:
    at = 0
    while at < len(segments):
        if int.from_bytes(segments[at : at + 2], "big") == wanted:
            return True
        at += 2 + int.from_bytes(segments[at + 2 : at + 4], "big")
    return False


# --- RLE (PS3.5 annex G) -------------------------------------------
def _rle(frame: bytes, layout: Layout) -> bytes | None:
    """The frame if its segments fill it exactly; RLE has no place for anything else."""
    header = [int.from_bytes(frame[i : i + 4], "little") for i in range(0, 64, 4)]
    count, offsets = header[0], header[1:]
    expected = layout.samples * (-(-layout.allocated // 8))
    if count != expected or offsets[0] != 64 or any(offsets[count:]):
        return None
    length = (
        -(-layout.rows * layout.columns * layout.allocated // 8)
        if layout.allocated == 1
        else layout.rows * layout.columns
    )
    end = 64
    for start, following in zip(offsets[:count], [*offsets[1:count], len(frame)], strict=True):
        if start not in (end, end + end % 2) or frame[end:start].strip(b"\0"):
            return None
        end = _end_of_runs(frame, start, length)
        if end > following:
            return None
    return frame[:end]


def _end_of_runs(frame: bytes, at: int, length: int) -> int:
    done = 0
    while done < length:
        control = frame[at]
        done += control + 1 if control < 128 else (257 - control) % 129
        at += control + 2 if control < 128 else 1 + (control > 128)
    return at
