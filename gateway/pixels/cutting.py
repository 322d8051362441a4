"""Cuts identifying lines at their gaps, where the judge says that only a part of the words has to go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gateway.judge.firm import FIRM
from gateway.pixels.reader import Gap, Line
from gateway.records import Box, Finding, Reason, Verdict

_SURE = 0.9  # recognition's score: what is read less surely goes whole
_MARGIN = 0.25  # of the characters' height, half a character: how far a mask reaches into a gap
_KEPT = (Reason("technical.beside_identifying", 1.0), Reason(FIRM, 1.0))


def cut(line: Line, finding: Finding, part: tuple[int, int] | None) -> tuple[tuple[Line, Finding], ...]:
    """The line and its finding; or the ``part`` of it that goes and, each by itself, the words before and behind that stay.

    ``part`` is the place ``text[start:end]`` as the judge gave it. Where no gap
    stands right beside it, the next one farther out counts; a line without one stays whole.
    """
    whole = ((line, finding),)
    if part is None or part == (0, len(line.text)) or line.score < _SURE or line.others:
        return whole
    start, end = part
    before, behind = line.text[:start].rstrip(), line.text[end:]
    left = max((gap for gap in line.gaps if gap.at <= len(before)), key=_at, default=None) if before else None
    right = min((gap for gap in line.gaps if gap.at >= end), key=_at, default=None) if behind.strip() else None
    if (before and left is None) or (behind.strip() and right is None):
        return whole
    return tuple(_parts(line, finding, left, right))


def _at(gap: Gap) -> int:
    return gap.at


def _parts(line: Line, finding: Finding, left: Gap | None, right: Gap | None) -> Iterator[tuple[Line, Finding]]:
    first = left.end - _into(line, left) if left else 0
    last = right.start + _into(line, right) if right else line.box.w
    text = line.text[left.at if left else 0 : right.at if right else len(line.text)].strip()
    goes = _between(line, first, last, text)
    yield goes, replace(finding, box=goes.box)
    for stays in (
        *((_between(line, 0, left.start, line.text[: left.at]),) if left else ()),
        *((_between(line, right.end, line.box.w, line.text[right.at :].strip()),) if right else ()),
    ):
        yield stays, Finding(finding.frame, stays.box, Verdict.TECHNICAL, _KEPT)


def _into(line: Line, gap: Gap) -> int:
    """How far a mask reaches into a gap: half a character, and no farther than its middle."""
    return min(max(1, round(_MARGIN * line.height)), (gap.end - gap.start) // 2)


def _between(line: Line, first: int, last: int, text: str) -> Line:
    box = Box(line.box.x + first, line.box.y, last - first, line.box.h)
    return replace(line, box=box, text=text, gaps=())
