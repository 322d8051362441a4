"""Numbers that are figures of a scale: they stand in one row or column and grow evenly, and say nothing of a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np

from gateway.pixels.letters import is_series
from gateway.pixels.reader import Line

_FIGURES = 3  # in one row or column
_DIGITS = 3  # of a figure; a whole number of four may be a number of somebody


def scales(lines: Sequence[Line]) -> frozenset[int]:
    """The positions of the figures of scales."""
    figures = [i for i, line in enumerate(lines) if _is_figure(line.text)]
    graded = (_graded(figures, lines, upright=upright) for upright in (True, False))
    return frozenset(chain.from_iterable(graded))


def is_decimal(text: str) -> bool:
    """Whether a text is a number with a decimal point, as measurements are."""
    whole, point, rest = text.strip().lstrip("+-").replace(",", ".").partition(".")
    return bool(point) and whole.isdigit() and rest.isdigit()


def _is_figure(text: str) -> bool:
    whole = text.strip().lstrip("+-")
    return is_decimal(text) or (whole.isdigit() and len(whole) <= _DIGITS)


def _graded(figures: Sequence[int], lines: Sequence[Line], *, upright: bool) -> Iterator[int]:
    """The figures that stand in a column (``upright``) or row of figures that grow evenly, alike in size."""
    texts = [lines[i].text.strip() for i in figures]
    heights = np.array([lines[i].height for i in figures])
    centres = np.array([_centre(lines[i], upright=upright) for i in figures]).reshape(-1, 2)
    known: dict[tuple[tuple[float, str], ...], bool] = {}  # of a page full of figures many stand in the same row
    for number, i in enumerate(figures):
        size = max(lines[i].height, 1.0)
        alike = (heights / size >= 0.5) & (heights / size <= 2)
        marks: dict[float, str] = {}  # one for a place, however often it was read
        for j in np.flatnonzero(alike & (np.abs(centres[:, 1] - centres[number, 1]) <= size)):
            marks.setdefault(float(centres[j, 0]), texts[j])
        row = tuple(sorted(marks.items()))
        if row not in known:
            known[row] = len(set(marks.values())) >= _FIGURES and is_series(row)
        if known[row]:
            yield i


def _centre(line: Line, *, upright: bool) -> tuple[float, float]:
    """The centre of a line along a column or row, and across it."""
    x, y = line.box.x + line.box.w / 2, line.box.y + line.box.h / 2
    return (y, x) if upright else (x, y)
