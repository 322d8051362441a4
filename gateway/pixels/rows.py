"""What stands beside a masked text, on its row or below its label, and may be its rest; and where masks end between rows."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from gateway.judge.firm import FIRM
from gateway.pixels.reader import Line
from gateway.pixels.scales import scales
from gateway.records import Box, Finding, Verdict

_SAME_ROW = 0.5  # of the lower one's height: how much two texts on one row overlap
_READ = 0.9  # recognition's score of a text that surely stands where it was read
_SAME_SIZE = 2.0  # times: characters of one text differ less in height
_NEXT = 2.0  # heights: texts closer than this belong together
_BLANK = 0.6  # heights: the blank between two words of a text is narrower
_COLUMN = 12.0  # heights: how far from its label a value stands in a table of labels and values
_TABLE = 40.0  # heights: how far, where labels and values stand in columns
_BELOW = 1.5  # heights: how far below its label a value stands
_APART = 1.2  # heights between two rows of one column
_ALIGNED = 1.0  # heights by which their ends may differ
SIDES = frozenset({"L", "R"})  # no language abbreviates a sex or a unit of age so
_MARKS = frozenset(":#.=")  # behind a label
_LABELS = frozenset({"person.label", "person.title"})  # the judge's rules for words that announce a person


def companions(found: Sequence[tuple[Line, Finding]], sides: AbstractSet[int] = frozenset()) -> frozenset[int]:
    """The positions in ``found`` of technical texts that have to be masked because of what stands beside them.

    ``sides`` are the positions of letters of orientation.
    """
    technical = [i for i, (_, finding) in enumerate(found) if finding.verdict is Verdict.TECHNICAL]
    masked = [(line, finding) for line, finding in found if finding.verdict is not Verdict.TECHNICAL]
    lines = [line for line, _ in found]
    graded = scales(lines)
    scraps = {
        i
        for i in technical
        if i not in graded
        and any(_is_rest(found[i][0], line, finding.verdict, side=i in sides) for line, finding in masked)
    }
    labels = [line for line, finding in masked if _is_label(line, finding)]
    values = {value for line in labels for value in (_value(line, lines, labels), _below(line, found)) if value >= 0}
    return frozenset(scraps | (values & set(technical)))


def bridged(found: Sequence[tuple[Line, Finding]]) -> tuple[Finding, ...]:
    """All findings, where a masked one reaches to the next masked one on its row if that is near.

    What detection lost between two parts of one text is masked with them.
    """
    masked = [(line, finding) for line, finding in found if finding.verdict is not Verdict.TECHNICAL]
    return tuple(
        finding if finding.verdict is Verdict.TECHNICAL else replace(finding, box=_reaching(line, finding.box, masked))
        for line, finding in found
    )


def _reaching(line: Line, box: Box, masked: Sequence[tuple[Line, Finding]]) -> Box:
    end = line.box.x + line.box.w
    near = [
        other.box.x - end
        for other, _ in masked
        if other is not line and on_one_row(other, line) and 0 < other.box.x - end <= _NEXT * line.height
    ]
    return replace(box, w=max(box.w, end + min(near, default=0) - box.x))


def _is_rest(scrap: Line, masked: Line, verdict: Verdict, *, side: bool) -> bool:
    """Whether a scrap may be the rest of a masked text.

    Beside identifying text that is one character anywhere on its row (a sex, an age's unit) or up to three next to it (a
    short name, an age), beside unsure text one character next to it. The letter of a ``side`` must be no farther than a blank.
    """
    length, phi = characters(scrap), verdict is Verdict.PHI
    if length > (3 if phi else 1) or not on_one_row(scrap, masked):
        return False
    gap = max(scrap.box.x, masked.box.x) - min(scrap.box.x + scrap.box.w, masked.box.x + masked.box.w)
    if phi and length <= 1 and not side and scrap.text.strip() not in SIDES:
        return True
    return gap <= (_BLANK if side else _NEXT) * max(scrap.height, masked.height)


def _is_label(line: Line, finding: Finding) -> bool:
    """Whether a text is a label alone, whose value stands in a box of its own: not ``MRN5486910`` nor ``ID:617401``."""
    text = line.text.strip()
    if not any(reason.rule in _LABELS for reason in finding.reasons) or any(char.isdigit() for char in text):
        return False
    return text[-1:] in _MARKS or (len(text.split()) == 1 and not _MARKS.intersection(text))


def _value(label: Line, lines: Sequence[Line], labels: Sequence[Line]) -> int:
    """The position of the nearest text to the right of a label; -1 if there is none near enough.

    In a table of labels and values it may stand farther off: where values of other labels begin, too.
    """
    end = label.box.x + label.box.w
    gaps = [
        (line.box.x - end, i)
        for i, line in enumerate(lines)
        if line.box.x >= end - label.height and line is not label and on_one_row(line, label)
    ]
    gap, position = min(gaps, default=(0, -1))
    if position < 0 or gap <= _COLUMN * label.height:
        return position
    return position if gap <= _TABLE * label.height and _begin_alike(lines[position], label, lines, labels) else -1


def _begin_alike(value: Line, label: Line, lines: Sequence[Line], labels: Sequence[Line]) -> bool:
    """Whether another label stands in the column of one, and a text on its row where the value of this one begins."""
    return any(
        other is not label
        and abs(other.box.x - label.box.x) <= label.height
        and any(on_one_row(line, other) and abs(line.box.x - value.box.x) <= label.height for line in lines)
        for other in labels
    )


def _below(label: Line, found: Sequence[tuple[Line, Finding]]) -> int:
    """The position of the value that stands below its label, as on forms; -1 if something stands behind the label instead."""
    end, foot = label.box.x + label.box.w, label.box.y + label.box.h
    under = []
    for i, (line, _) in enumerate(found):
        if line is label:
            continue
        if on_one_row(line, label) and -label.height <= line.box.x - end <= _COLUMN * label.height:
            return -1
        if line.box.x < end and line.box.x + line.box.w > label.box.x and line.box.y >= foot - 0.5 * label.height:
            under.append((line.box.y - foot, i))
    gap, position = min(under, default=(0, -1))
    return position if gap <= _BELOW * label.height and not _is_measured(*found[position]) else -1


def _is_measured(line: Line, finding: Finding) -> bool:
    """Whether a text is a firmly technical one with a figure: no name of a patient, even if it is a word."""
    return any(reason.rule == FIRM for reason in finding.reasons) and any(char.isdigit() for char in line.text)


def on_one_row(one: Line, other: Line) -> bool:
    """Whether two texts of about one size stand on one row."""
    rows = min(one.box.y + one.box.h, other.box.y + other.box.h) - max(one.box.y, other.box.y)
    alike = 1 / _SAME_SIZE <= one.height / max(1.0, other.height) <= _SAME_SIZE
    return alike and rows >= _SAME_ROW * min(one.box.h, other.box.h)


def in_column(line: Line, other: Line) -> bool:
    """Whether a short text stands right above or below another, as rows of one column do."""
    height = max(line.height, other.height, 1.0)
    gap = max(line.box.y, other.box.y) - min(line.box.y + line.box.h, other.box.y + other.box.h)
    alike = 0.5 <= line.height / max(1.0, other.height) <= 2
    if not alike or gap > _APART * height or gap < -0.5 * height or on_one_row(line, other):
        return False
    starts = abs(line.box.x - other.box.x)
    ends = abs(line.box.x + line.box.w - other.box.x - other.box.w)
    middles = abs(line.box.x + line.box.w / 2 - other.box.x - other.box.w / 2)
    return min(starts, ends, middles) <= _ALIGNED * height


def parted(found: Sequence[tuple[Line, Finding]]) -> list[tuple[Line, Finding]]:
    """All findings, where a masked one ends halfway to a technical text above or below it.

    Where ink has no blank rows around it, on anatomy and on noise, boxes are higher than their texts and reach into the next row.
    """
    stay = [
        line
        for line, finding in found
        if finding.verdict is Verdict.TECHNICAL and line.score >= _READ and characters(line) > 1
    ]
    return [
        (line, finding)
        if finding.verdict is Verdict.TECHNICAL
        else (line, replace(finding, box=_parted(line, finding.box, stay)))
        for line, finding in found
    ]


def _parted(line: Line, box: Box, stay: Sequence[Line]) -> Box:
    top, foot = box.y, box.y + box.h
    if (top, box.h) != (line.box.y, line.box.h):  # it reaches over several rows
        return box
    for other in stay:
        if not _in_next_row(line, other):
            continue
        own, its = line.box.y + line.box.h / 2, other.box.y + other.box.h / 2
        border = round(own + (its - own) * line.box.h / (line.box.h + other.box.h))
        top, foot = (top, min(foot, border)) if its > own else (max(top, border), foot)
    return replace(box, y=top, h=foot - top)


def _in_next_row(line: Line, other: Line) -> bool:
    """Whether two level texts of about one size lie above each other, and their boxes overlap by less than half."""
    alike = 1 / _SAME_SIZE <= other.height / max(1.0, line.height) <= _SAME_SIZE
    level = line.box.h <= _SAME_SIZE * line.height and other.box.h <= _SAME_SIZE * other.height
    across = min(line.box.x + line.box.w, other.box.x + other.box.w) > max(line.box.x, other.box.x)
    rows = min(line.box.y + line.box.h, other.box.y + other.box.h) - max(line.box.y, other.box.y)
    return alike and level and across and 0 < rows < _SAME_ROW * min(line.box.h, other.box.h)


def characters(line: Line) -> int:
    """How many letters and digits a line has."""
    return sum(character.isalnum() for character in line.text)
