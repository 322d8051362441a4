"""What a JPEG 2000 or HTJ2K frame needs to be decoded (ISO/IEC 15444-1 annex A, 15444-15), and nothing beside it.

Comments, lists of packet lengths, places of components and names of profiles are dropped. A frame with anything else that is not
understood (progression changes, packet headers kept apart, segments of the wrong length, lists that do not fit) is not passed on.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

_SOT, _SOD, _CAP, _SIZ, _COD, _COC, _TLM = 0xFF90, 0xFF93, 0xFF50, 0xFF51, 0xFF52, 0xFF53, 0xFF55
_QCD, _QCC, _RGN = 0xFF5C, 0xFF5D, 0xFF5E
#: Comment, packet lengths (PLM, PLT), component registration, profile (PRF, CPF): decoders can do without them.
_DROPPED = {0xFF64, 0xFF57, 0xFF58, 0xFF63, 0xFF56, 0xFF59}
_JP2 = b"\0\0\0\x0cjP  "
Segments = list[tuple[int, bytes]]  # marker and what stands behind its length


@dataclass(frozen=True, slots=True)
class _Part:
    tile: int
    length: int


def strip_jpeg_2000(frame: bytes) -> bytes | None:
    """Return a frame without what no decoder needs; None if it is not understood. IndexError: it ends too early."""
    if frame[:8] == _JP2:
        frame = _inside_jp2(frame)
    found = _header(frame, 2, _SOT) if frame[:2] == b"\xff\x4f" else None
    if found is None or not _is_main(found[0]):
        return None
    main, at = found
    out, parts = bytearray(frame[:2] + _written(main)), list[_Part]()
    numbers: Counter[int] = Counter()
    while frame[at : at + 2] == b"\xff\x90":
        length = int.from_bytes(frame[at + 6 : at + 10], "big")
        end = at + length if length else frame.rfind(b"\xff\xd9")
        found = _header(frame, at + 12, _SOD)
        tile = int.from_bytes(frame[at + 4 : at + 6], "big")
        if found is None or end > len(frame) or found[1] > end or frame[at + 2 : at + 4] != b"\0\x0a":
            return None
        kept, data = found
        number = numbers[tile]
        if frame[at + 10] != number or (kept and number) or not _is_tile(kept, main):
            return None
        body = _written(kept) + frame[data:end]
        numbers[tile] += 1
        parts.append(_Part(tile, 12 + len(body)))
        said = (12 + len(body) if length else 0).to_bytes(4, "big")
        out += frame[at : at + 6] + said + frame[at + 10 : at + 12] + body
        at = end
    if frame[at : at + 2] != b"\xff\xd9" or not _lists(main, parts):
        return None
    return bytes(out + b"\xff\xd9")


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


def _header(frame: bytes, at: int, last: int) -> tuple[Segments, int] | None:
    """The marker segments from ``at`` to marker ``last`` without those to drop, and where that stands; None if one runs out."""
    found: Segments = []
    while (marker := int.from_bytes(frame[at : at + 2], "big")) != last:
        end = at + 2 + int.from_bytes(frame[at + 2 : at + 4], "big")
        if end > len(frame) or end <= at + 3:
            return None
        if marker not in _DROPPED:
            found.append((marker, frame[at + 4 : end]))
        at = end
    return found, at


def _written(segments: Segments) -> bytes:
    return b"".join(marker.to_bytes(2, "big") + (len(body) + 2).to_bytes(2, "big") + body for marker, body in segments)


def _is_main(segments: Segments) -> bool:
    """Whether a main header begins with the size of the image and describes the coding of its components once."""
    if not segments or segments[0][0] != _SIZ:
        return False
    size = segments[0][1]
    if len(size) != 36 + 3 * int.from_bytes(size[34:36], "big"):
        return False
    others = [(marker, body) for marker, body in segments[1:] if marker not in {_CAP, _TLM}]
    capabilities = [body for marker, body in segments if marker == _CAP]
    return len(capabilities) <= 1 and all(map(_is_capability, capabilities)) and _is_tile(others, segments)


def _is_tile(segments: Segments, main: Segments) -> bool:
    """Whether segments describe the coding of components of the image, each once and with as many numbers as it has levels."""
    count = int.from_bytes(main[0][1][34:36], "big")
    wide = 1 if count < 257 else 2
    starts = {_COD: 1, _COC: wide + 1}
    levels = max(
        (
            body[starts[marker] + (4 if marker == _COD else 0)]
            for marker, body in (*main, *segments)
            if marker in starts
        ),
        default=0,
    )
    seen = set()
    for marker, body in segments:
        of_all = marker in (_COD, _QCD)
        component = -1 if of_all else int.from_bytes(body[:wide], "big")
        if (
            (marker, component) in seen
            or component >= count
            or not _fits(marker, body[0 if of_all else wide :], levels)
        ):
            return False
        seen.add((marker, component))
    return True


def _fits(marker: int, body: bytes, levels: int) -> bool:
    """Whether a segment (without its component) is as long as what it announces (15444-1 A.6)."""
    if marker in (_COD, _COC):
        fixed = 10 if marker == _COD else 6
        own = body[fixed - 5]
        return len(body) == fixed + (own + 1 if body[0] & 1 else 0)
    if marker in (_QCD, _QCC):
        bands = 3 * levels + 1
        return len(body) - 1 in {0: range(1, bands + 1), 1: (2,), 2: range(2, 2 * bands + 1, 2)}.get(body[0] & 31, ())
    return marker == _RGN and len(body) == 2


def _is_capability(body: bytes) -> bool:
    return len(body) == 4 + 2 * int.from_bytes(body[:4], "big").bit_count()


def _lists(main: Segments, parts: list[_Part]) -> bool:
    """Whether the lists of tile-part lengths, if there are any, are those of the parts (15444-1 A.7.1)."""
    listed: list[_Part] = []
    for body in (body for marker, body in main if marker == _TLM):
        wide, long = body[1] >> 4 & 3, 4 if body[1] & 0x40 else 2
        if (len(body) - 2) % (wide + long):
            return False
        for at in range(2, len(body), wide + long):
            tile = int.from_bytes(body[at : at + wide], "big") if wide else len(listed)
            listed.append(_Part(tile, int.from_bytes(body[at + wide : at + wide + long], "big")))
    return not any(marker == _TLM for marker, _ in main) or listed == parts
