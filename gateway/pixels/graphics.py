"""Graphic annotations of presentation states (PS3.3 C.10.5): what is drawn may be handwriting.

Under the Clean Graphics Option (PS3.15 E.3.3) the objects of each layer are drawn and read like a frame, and objects that make
identifying or unsure text go; their texts were cleaned by the tag step, and a text object without text goes as well. Without
the option the tag step has left no annotation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items

from gateway.pixels.reader import Line
from gateway.pixels.regions import shared
from gateway.pixels.texts import Texts
from gateway.records import Box, Change, Finding, Verdict

_PATH = "00700001"
_TEXTS, _DRAWN, _COMPOUND = "TextObjectSequence", "GraphicObjectSequence", "CompoundGraphicSequence"
_TAGS = {_TEXTS: "00700008", _DRAWN: "00700009", _COMPOUND: "00700209"}
_UNITS = {_DRAWN: "GraphicAnnotationUnits", _COMPOUND: "CompoundGraphicUnits"}
_TYPES = {_DRAWN: "GraphicType", _COMPOUND: "CompoundGraphicType"}
_STROKES = 4  # what identifies has two letters, and the simplest have four strokes: L and I, N
_LARGEST, _MARGIN = 1000, 24  # pixels of a drawing, and the blank border around it
_LETTER = 40  # pixels: the height of letters that is read best
_ALIKE = 1.3  # times: scales that differ by less show the same
_STROKE = 2  # pixels: how thick lines are drawn
_INK = 0.25  # of an object's ink, or of the ink in a box of text: what has as much of it in the box is part of the text
# Letters drawn rough, slanted or turned reach this product of score and detection; what is read into arrows, ellipses and
# outlines does not, or is one character (docs/decisions/034). What was detected so surely is text, read or not.
_TEXT, _DETECTED = 0.26, 0.65
_SURE_SCORE, _SURE_DETECTION = 0.9, 0.7  # what the reader says of letters at the size that it reads best
_PART = 0.6  # of a line's box: so much of it lies in the line of which it is a part
_ROUNDS = 3  # times that what remains is drawn and read again; if there is text still, the whole drawing goes
_Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Object:
    """A graphic object: the item that it is, where it stands, and the points of the lines that draw it, (points, 2)."""

    item: Dataset = field(repr=False)
    keyword: str
    points: _Points

    @property
    def height(self) -> float:
        """How high it is, in its units."""
        return float(np.ptp(self.points[:, 1]))


def clean_graphics(dataset: Dataset, texts: Texts) -> tuple[tuple[Finding, ...], list[Change]]:
    """Remove graphic objects that make identifying or unsure text, and what cannot be drawn, in place.

    Boxes of the findings are in pixels of the drawings that were read, which nobody stored; their frame is 0.
    """
    found: list[Finding] = []
    changes: list[Change] = []
    gone: set[int] = set()
    drawings: defaultdict[tuple[str, str], list[_Object]] = defaultdict(list)
    for annotation in dataset.get("GraphicAnnotationSequence") or ():
        for keyword, item in _items(annotation):
            points = _points(item, str(item.get(_TYPES[keyword], "")))
            if points is None:
                gone.add(id(item))
                changes.append(_change(keyword, "graphics that cannot be drawn"))
            else:
                place = str(annotation.get("GraphicLayer", "")), str(item.get(_UNITS[keyword], ""))
                drawings[place].append(_Object(item, keyword, points))
    for place in sorted(drawings):
        removed, findings = _written(drawings[place], texts)
        found += findings
        gone |= {id(made.item) for made in removed}
        rules = sorted({reason.rule for finding in findings for reason in finding.reasons})
        changes += [_change(made.keyword, rule) for made in removed for rule in rules]
    changes += _tidy(dataset, gone)
    return tuple(found), changes


def _change(keyword: str, rule: str) -> Change:
    return Change(f"{_PATH}/{_TAGS[keyword]}", "X", rule)


def _items(annotation: Dataset) -> Iterator[tuple[str, Dataset]]:
    for keyword in (_DRAWN, _COMPOUND):
        for item in annotation.get(keyword) or ():
            yield keyword, item


def _points(item: Dataset, kind: str) -> _Points | None:
    """The points of the lines that draw an object; None if its data are no pairs of numbers."""
    value: Any = item.get("GraphicData")
    numbers = np.atleast_1d(np.asarray([] if value is None else value, dtype=object))
    try:
        points = numbers.astype(np.float64).reshape(-1, 2)
    except (ValueError, TypeError):
        return None
    if not len(points) or not np.isfinite(points).all():
        return None
    if kind == "CIRCLE" and len(points) == 2:
        radius = float(np.hypot(*(points[1] - points[0])))
        return _ellipse(points[0], np.array([radius, 0.0]), np.array([0.0, radius]))
    if kind == "ELLIPSE" and len(points) == 4:
        return _ellipse(points[:2].mean(axis=0), (points[1] - points[0]) / 2, (points[3] - points[2]) / 2)
    return points


def _ellipse(centre: _Points, major: _Points, minor: _Points) -> _Points:
    angles = np.linspace(0, 2 * np.pi, 33)[:, None]
    return centre + np.cos(angles) * major + np.sin(angles) * minor


# --- draw and read ---------------------------------------------------------------------------------------------------
def _written(objects: Sequence[_Object], texts: Texts) -> tuple[list[_Object], list[Finding]]:
    """The objects that make text which identifies or is unsure, and what was found in all that was drawn."""
    left, removed, found = list(objects), list[_Object](), list[Finding]()
    for _ in range(_ROUNDS):
        if sum(len(made.points) - 1 for made in left) < _STROKES:
            return removed, found
        touched: set[int] = set()
        pictures = [_draw(left, scale, texts) for scale in _scales(left)]
        for picture in pictures:
            sure = [line for other in pictures if other is not picture for line in other.sure_at(picture.scale)]
            findings = texts.judged([line for line in picture.lines if not _part_of_a_line(line, sure)], 0)
            found += findings
            for finding in findings:
                if finding.verdict is not Verdict.TECHNICAL:
                    touched |= picture.objects_in(finding.box)
        if not touched:
            return removed, found
        removed += [made for number, made in enumerate(left) if number in touched]
        left = [made for number, made in enumerate(left) if number not in touched]
    return list(objects), found


@dataclass(frozen=True, slots=True)
class _Picture:
    """Objects drawn at one scale: the picture, the points of each object in it, and the lines of text that were read."""

    scale: float
    canvas: NDArray[np.uint8]
    drawn: tuple[NDArray[np.int32], ...]
    lines: tuple[Line, ...]

    def sure_at(self, scale: float) -> list[Line]:
        """The lines that were read for sure, with their boxes as they are in a picture of another scale."""
        by = scale / self.scale
        return [
            replace(line, box=_scaled(line.box, by))
            for line in self.lines
            if line.score >= _SURE_SCORE and line.detection >= _SURE_DETECTION
        ]

    def objects_in(self, box: Box) -> set[int]:
        """The objects that make the text in ``box``: with a good part of their ink in it, or of its ink; else all in it."""
        down, across = slice(max(0, box.y), box.y + box.h), slice(max(0, box.x), box.x + box.w)
        all_ink = np.count_nonzero(self.canvas[down, across])
        found, crossing = set(), set()
        for number, line in enumerate(self.drawn):
            (left, top), (right, bottom) = line.min(axis=0) - _STROKE, line.max(axis=0) + _STROKE
            if left >= across.stop or right < across.start or top >= down.stop or bottom < down.start:
                continue  # most of thousands of objects: drawing each takes a thousandth of a second
            alone = np.zeros_like(self.canvas)
            cv2.polylines(alone, [line], isClosed=False, color=255, thickness=_STROKE, lineType=cv2.LINE_8)
            inside = np.count_nonzero(alone[down, across])
            if inside:
                crossing.add(number)
            if inside > _INK * np.count_nonzero(alone) or inside > _INK * all_ink:
                found.add(number)
        return found or crossing


def _scaled(box: Box, by: float) -> Box:
    """A box in a picture that is ``by`` times as large, but for the border."""
    left, top = ((start - _MARGIN) * by + _MARGIN for start in (box.x, box.y))
    return Box(round(left), round(top), round(box.w * by), round(box.h * by))


def _part_of_a_line(line: Line, sure: Sequence[Line]) -> bool:
    """Whether another scale shows for sure what this one shows in part, or as strokes that look like letters."""
    area = line.box.w * line.box.h
    return any(
        shared(line.box, other.box) > _PART * area and other.score * other.detection > line.score * line.detection
        for other in sure
    )


def _scales(objects: Sequence[_Object]) -> list[float]:
    """The scales at which to draw: all of it in one picture, and such that objects have the height of letters."""
    points = np.concatenate([made.points for made in objects])
    extent = float(np.ptp(points, axis=0).max())
    if extent == 0:
        return []
    scales = [_LARGEST / extent]
    heights = [made.height for made in objects if made.height > 0]
    for height in np.percentile(heights, (25, 50, 75)) if heights else ():
        scale = min(_LETTER / float(height), 3 * _LARGEST / extent)
        if all(max(scale, other) > _ALIKE * min(scale, other) for other in scales):
            scales.append(scale)
    return scales


def _draw(objects: Sequence[_Object], scale: float, texts: Texts) -> _Picture:
    """Draw the objects white on black, and read what it shows."""
    points = np.concatenate([made.points for made in objects])
    first = points.min(axis=0)
    columns, rows = (np.ptp(points, axis=0) * scale).astype(int) + 2 * _MARGIN + 1
    drawn = tuple(np.rint((made.points - first) * scale + _MARGIN).astype(np.int32) for made in objects)
    canvas = np.zeros((int(rows), int(columns)), np.uint8)
    cv2.polylines(canvas, drawn, isClosed=False, color=255, thickness=_STROKE, lineType=cv2.LINE_8)
    lines = tuple(
        line for line in texts.lines(canvas) if line.score * line.detection >= _TEXT or line.detection >= _DETECTED
    )
    return _Picture(scale, canvas, drawn, lines)


# --- what remains ----------------------------------------------------------------------------------------------------
def _tidy(dataset: Dataset, gone: set[int]) -> list[Change]:
    """Take away the objects that go, texts without text, and what is empty then (type 1 and 1C of PS3.3 Table C.10-5)."""
    changes: list[Change] = []
    if "GraphicAnnotationSequence" not in dataset:
        return changes
    annotations = []
    for annotation in dataset.GraphicAnnotationSequence:
        for keyword in (_TEXTS, _DRAWN, _COMPOUND):
            before = annotation.get(keyword) or ()
            kept = [item for item in before if id(item) not in gone and _says_something(item, keyword)]
            if keyword == _TEXTS and len(kept) < len(before):
                changes.append(_change(keyword, "a text of which nothing remained"))
            if kept:
                setattr(annotation, keyword, Items(kept))
            elif keyword in annotation:
                delattr(annotation, keyword)
        if any(keyword in annotation for keyword in (_TEXTS, _DRAWN, _COMPOUND)):
            annotations.append(annotation)
    if annotations:
        dataset.GraphicAnnotationSequence = Items(annotations)
    else:
        del dataset.GraphicAnnotationSequence
    return changes


def _says_something(item: Dataset, keyword: str) -> bool:
    return keyword != _TEXTS or bool(str(item.get("UnformattedTextValue") or "").strip())
