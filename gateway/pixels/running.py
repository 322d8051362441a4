"""Reads the text of frames that follow each other: the first whole, of the others what comparison cannot prove."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from gateway.pixels.cine import alike
from gateway.pixels.compare import Compared
from gateway.pixels.reader import Line
from gateway.pixels.regions import counts, is_text, shared, union
from gateway.pixels.texts import Texts
from gateway.records import Box

_MARGIN = 24  # pixels around what is new: characters higher than this have ink enough to be found by themselves
_MOST = 0.5  # of a frame: where more than this is new, the whole is read
_EDGE = 6  # pixels around a line that is read again: it may be found a little larger than before
_CONFUSED = str.maketrans("oqdil|!zsbg", "00011112586", " .:,")  # how recognition flickers from frame to frame


class Running:
    """The text of one view of an instance's frames, in their order. ``whole`` tells that the last frame was read whole."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._lines: tuple[Line, ...] = ()
        self._compared: Compared | None = None
        self._read: NDArray[np.uint8] = np.zeros((0, 0), np.uint8)  # each pixel as it was when it was read last
        self.whole = False

    def lines(self, view: NDArray[np.uint8]) -> tuple[Line, ...]:
        """The lines of text in ``view``, read now or proven to stand there still."""
        self.whole = self._compared is None or view.shape != self._read.shape
        if self._compared is None or self.whole:
            return self._begin(view)
        news = [*self._compared.news(view), *self._changed(view)]
        if not news:
            return self._lines
        parts = self._parts(news)
        while (found := self._read_parts(view, parts)) is None:
            parts = self._parts(parts)
        self._learn(view, parts, found)
        return self._lines

    def _begin(self, view: NDArray[np.uint8]) -> tuple[Line, ...]:
        lines = self._texts.lines(view)
        self._compared, self._read = Compared(view), view.copy()
        self._lines = self._counting(lines)
        return lines

    def _counting(self, lines: Sequence[Line]) -> tuple[Line, ...]:
        """The lines that the policy judges."""
        return tuple(line for line in lines if counts(line, self._texts.policy))

    def _changed(self, view: NDArray[np.uint8]) -> list[Box]:
        """The known lines that stand on a moving picture and are no longer written there as they were."""
        assert self._compared is not None  # noqa: S101  # for the type checker: ``lines`` has begun
        moving = (line for line in self._lines if is_text(line) and self._compared.moves(line.box))
        return [line.box for line in moving if not self._stands(view, line)]

    def _stands(self, view: NDArray[np.uint8], line: Line) -> bool:
        """Whether each piece of a line, as long as it is high, shows what it showed when it was read."""
        box = slice(line.box.y, line.box.y + line.box.h), slice(line.box.x, line.box.x + line.box.w)
        if np.array_equal(self._read[box], view[box]):
            return True
        side = max(1, min(line.box.w, line.box.h))
        pieces = product(_spans(line.box.y, line.box.h, side), _spans(line.box.x, line.box.w, side))
        return all(alike(*(image[piece] for image in (self._read, view))) for piece in pieces)

    def _parts(self, boxes: Sequence[Box]) -> list[Box]:
        """Boxes with a margin, each known line whole or not at all in one of them; joined where they overlap."""
        rows, columns = self._read.shape[:2]
        todo, parts = [_grown(box, rows, columns) for box in boxes], list[Box]()
        while todo:
            part = todo.pop()
            touched = [_grown(line.box, rows, columns, _EDGE) for line in self._lines if shared(line.box, part)]
            overlapping = [other for other in parts if shared(other, part)]
            around = union([part, *touched, *overlapping])
            if around == part:
                parts.append(part)
            else:
                parts = [other for other in parts if other not in overlapping]
                todo.append(around)
        if sum(part.w * part.h for part in parts) > _MOST * rows * columns:
            return [Box(0, 0, columns, rows)]
        return sorted(parts)

    def _read_parts(self, view: NDArray[np.uint8], parts: Sequence[Box]) -> list[Line] | None:
        """The lines in the parts; None if one of them may go on outside."""
        found = []
        rows, columns = view.shape[:2]
        for part in parts:
            image = np.ascontiguousarray(view[part.y : part.y + part.h, part.x : part.x + part.w])
            for line in self._texts.lines(image):
                box = replace(line.box, x=line.box.x + part.x, y=line.box.y + part.y)
                if is_text(line) and _cut(box, part, rows, columns):
                    return None
                found.append(replace(line, box=box))
        return found

    def _learn(self, view: NDArray[np.uint8], parts: Sequence[Box], found: Sequence[Line]) -> None:
        assert self._compared is not None  # noqa: S101  # for the type checker: ``lines`` has begun
        lines = [line for line in found if is_text(line)]
        new = [line.box for line in lines if not any(_same(line, known) for known in self._lines)]
        self._compared.learn(view, parts, new)
        for part in parts:
            down, across = slice(part.y, part.y + part.h), slice(part.x, part.x + part.w)
            self._read[down, across] = view[down, across]
        self.whole = parts[0] == Box(0, 0, view.shape[1], view.shape[0])
        kept = [line for line in self._lines if not any(shared(line.box, part) for part in parts)]
        self._lines = (*kept, *self._counting(found))


def _spans(start: int, length: int, side: int) -> list[slice]:
    """Pieces of one size, of ``side`` pixels at most: a sliver at the end would hold nothing but noise."""
    count = -(-length // side)
    return [slice(start + i * length // count, start + (i + 1) * length // count) for i in range(count)]


def _grown(box: Box, rows: int, columns: int, by: int = _MARGIN) -> Box:
    left, top = max(0, box.x - by), max(0, box.y - by)
    return Box(left, top, min(columns, box.x + box.w + by) - left, min(rows, box.y + box.h + by) - top)


def _cut(box: Box, part: Box, rows: int, columns: int) -> bool:
    """Whether a line reaches the side of the part in which it was found, where the frame goes on."""
    return (
        (box.x <= part.x > 0)
        or (box.y <= part.y > 0)
        or (box.x + box.w >= part.x + part.w < columns)
        or (box.y + box.h >= part.y + part.h < rows)
    )


def _same(line: Line, known: Line) -> bool:
    one, other = (each.text.casefold().translate(_CONFUSED) for each in (line, known))
    return one == other and shared(line.box, known.box) * 2 > line.box.w * line.box.h
