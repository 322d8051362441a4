"""Numbers that are figures of a scale: they stand in one row or column and grow evenly, and say nothing of a person."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.pixels.letters import is_series
from gateway.pixels.reader import Line

_FIGURES = 3  # in one row or column
_DIGITS = 3  # of a figure; a whole number of four may be a number of somebody


def scales(lines: Sequence[Line]) -> frozenset[int]:
    """The positions of the figures of scales."""
    figures = [i for i, line in enumerate(lines) if _is_figure(line.text)]
    return frozenset(
        i for i in figures if any(_graded(i, figures, lines, upright=upright) for upright in (True, False))
    )


def is_decimal(text: str) -> bool:
    """Whether a text is a number with a decimal point, as measurements are."""
    whole, point, rest = text.strip().lstrip("+-").replace(",", ".").partition(".")
    return bool(point) and whole.isdigit() and rest.isdigit()


def _is_figure(text: str) -> bool:
    whole = text.strip().lstrip("+-")
    return is_decimal(text) or (whole.isdigit() and len(whole) <= _DIGITS)


def _graded(i: int, figures: Sequence[int], lines: Sequence[Line], *, upright: bool) -> bool:
    """Whether a figure stands in a column (``upright``) or row of figures that grow evenly, alike in size."""
    here = lines[i]
    size = max(here.height, 1.0)
    marks: dict[float, str] = {}  # one for a place, however often it was read
    for j in figures:
        along, across = _centre(lines[j], upright=upright)
        if abs(across - _centre(here, upright=upright)[1]) <= size and 0.5 <= lines[j].height / size <= 2:
            marks.setdefault(along, lines[j].text.strip())
    return len(set(marks.values())) >= _FIGURES and is_series(sorted(marks.items()))


def _centre(line: Line, *, upright: bool) -> tuple[float, float]:
    """The centre of a line along a column or row, and across it."""
    x, y = line.box.x + line.box.w / 2, line.box.y + line.box.h / 2
    return (y, x) if upright else (x, y)
