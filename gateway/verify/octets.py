"""Searches the bytes of a written file for original identifiers, whatever element, encoding or gap they stand in."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath
from typing import Final

from gateway.records import Problem
from gateway.verify import checks
from gateway.verify.identifiers import Secrets
from gateway.verify.layout import Layout, Malformed, refused, scan
from gateway.verify.needles import Needle, needles
from gateway.verify.section import Data

_PREFIX: Final = 6
_PIECE: Final = 1 << 24  # bytes that are searched at a time
#: VRs whose bytes are numbers: text may turn up in them by chance.
_NUMBERS: Final = frozenset({"OW", "OF", "OD", "OL", "OV", "US", "SS", "UL", "SL", "UV", "SV", "FL", "FD"})
#: Longer byte values (volumes in private elements) hold short words by chance, as pixels do.
_BULK: Final = 65536
#: Pixels and encapsulated documents, whose pictures are compressed.
_OPAQUE: Final = ("7FE0", "00420011")
_META: Final = frozenset(f"{tag:08X}" for tag in (0x20000, 0x20001, 0x20002, 0x20003, 0x20010, 0x20012, 0x20013))


class Search:
    """All needles of a study, indexed by their first bytes. Immutable once built."""

    def __init__(self, secrets: Secrets) -> None:
        index: defaultdict[bytes, list[Needle]] = defaultdict(list)
        for needle in needles(secrets):
            index[needle.literal[:_PREFIX]].append(needle)
        self._index = dict(index)
        # What stands on both sides of a number is looked at as well.
        self._longest = 2 + max((len(needle.literal) for found in index.values() for needle in found), default=0)

    def hits(self, data: Data) -> Iterator[tuple[int, Needle]]:
        """Yield offset and needle of every hit in ``data``, of which one piece is searched after the other."""
        for at in range(0, len(data), _PIECE):
            start = max(0, at - self._longest)
            for offset, needle in self._hits(data[start : at + _PIECE + self._longest]):
                if at <= start + offset < at + _PIECE:
                    yield start + offset, needle

    def _hits(self, data: bytes) -> Iterator[tuple[int, Needle]]:
        low = data.lower()
        for prefix, candidates in self._index.items():
            offset = low.find(prefix)
            while offset >= 0:
                for needle in candidates:
                    if low.startswith(needle.literal, offset) and _alone(low, offset, needle):
                        yield offset, needle
                offset = low.find(prefix, offset + 1)


def _alone(low: bytes, offset: int, needle: Needle) -> bool:
    if not needle.number:
        return True
    end = offset + len(needle.literal)
    return low[max(0, offset - 1) : offset].strip(b"0123456789.") == low[max(0, offset - 1) : offset] and not (
        low[end : end + 1].isdigit() or (low[end : end + 1] == b"." and low[end + 1 : end + 2].isdigit())
    )


def check(index: int, data: Data, search: Search) -> tuple[tuple[Problem, ...], Layout | None]:
    """Check the structure of a written file and search it. The layout is ``None`` if the bytes are not regular."""
    problems = [Problem(checks.PREAMBLE, index, "preamble")] if data[:128].strip(b"\0") else []
    try:
        layout = scan(data)
    except Malformed as fault:
        return (*problems, Problem(checks.LAYOUT, index, fault.place), *_found(index, data, None, search)), None
    if refused(layout.syntax):
        problems.append(Problem(checks.ENCODING, index, "00020010"))
        return tuple(problems), None
    problems.extend(
        Problem(checks.FILE_META, index, span.path)
        for span in layout.spans
        if span.path.startswith("0002") and span.path not in _META
    )
    return (*problems, *_found(index, data, layout, search)), layout


def check_names(folder: Path, written: Sequence[str], search: Search) -> Iterator[Problem]:
    """Search the folder and file names that will be seen in the research zone."""
    for index, path in enumerate(written):
        inside = PurePath(path)
        name = str(inside.relative_to(folder)) if inside.is_relative_to(folder) else inside.name
        if any(True for _ in search.hits(name.encode())):
            yield Problem(checks.FILE_NAME, index, "path")


def _found(index: int, data: Data, layout: Layout | None, search: Search) -> list[Problem]:
    spans = layout.spans if layout else ()
    starts = [span.start for span in spans]
    places: set[str] = set()
    for offset, needle in search.hits(data):
        at = bisect_right(starts, offset) - 1
        span = spans[at] if at >= 0 and offset < spans[at].stop else None
        opaque = span is not None and (
            span.vr in _NUMBERS or span.path.startswith(_OPAQUE) or (span.vr == "OB" and span.stop - span.start > _BULK)
        )
        if span is None or not opaque or needle.telling(span.stop - span.start):
            places.add(span.path if span else "outside the elements")
    return [Problem(checks.IDENTIFIER_IN_BYTES, index, place) for place in sorted(places)]
