"""Compares the dates of a study with the originals': removed, or all moved by one number of days."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from gateway.records import Problem
from gateway.verify import checks
from gateway.verify.elements import Element
from gateway.verify.identifiers import VERSION_DATES, calendar_day

#: Days that stand for no day; an original that holds one may equal the dummy that was written.
_PLACEHOLDERS: Final = frozenset({date(1, 1, 1), date(1900, 1, 1), date(1970, 1, 1), date(2000, 1, 1)})
_DUMMY: Final = date(1900, 1, 1)
_BIRTH_DATE: Final = "00100030"
#: Calibration, manufacture and installation of a device, which PS3.15 E.3.8 retains with its identity.
DEVICE_DATES: Final = frozenset(
    {"0014407E", "00181200", "00181202", "00181203", "00181204", "00181205", "0018700C", "300C0127"}
)

Values = dict[str, tuple[str, ...]]


def values(elements: Iterable[Element]) -> Values:
    """The dates of an instance by path, in order."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for element in elements:
        if element.vr in {"DA", "DT"} and element.keyword not in VERSION_DATES:
            found[element.path].extend(value for value in element.values if value)
    return {path: tuple(texts) for path, texts in found.items()}


def check(
    pairs: Sequence[tuple[Values, Values]], longitudinal: str, options: frozenset[str] = frozenset()
) -> Iterator[Problem]:
    """Compare the dates of all (original, written) instances of a study. ``UNMODIFIED`` dates are not looked at.

    Where dates are ``REMOVED``, those of a device may stay if ``options`` (CID 7050 keywords) retain its identity.
    """
    if longitudinal == "UNMODIFIED":
        return
    free = DEVICE_DATES if longitudinal == "REMOVED" and "RetainDeviceIdentityOption" in options else frozenset[str]()
    shift = _shift(pairs) if longitudinal == "MODIFIED" else None
    for index, (original, written) in enumerate(pairs):
        for path, texts in written.items():
            if path[-8:] in free:
                continue
            fault = _fault(original.get(path, ()), texts, shift, _days(original.get(_BIRTH_DATE, ())))
            if fault:
                yield Problem(fault, index, path)


def _days(texts: Iterable[str]) -> set[date]:
    return {day for text in texts if (day := calendar_day(text))}


def _fault(original: tuple[str, ...], written: tuple[str, ...], shift: timedelta | None, born: set[date]) -> str:
    """What is wrong with the written values of an element; a copy of the birth date may have become a dummy."""
    days = _days(original)
    for text in written:
        day = calendar_day(text)
        if day == _DUMMY and days and days <= born:
            continue
        if text in original if day is None else not shift and day in days - _PLACEHOLDERS:
            return checks.DATE_UNCHANGED
        if shift and day and days and day not in {d + shift for d in days if _reachable(d, shift)}:
            return checks.DATE_INTERVAL
    return ""


def _shift(pairs: Sequence[tuple[Values, Values]]) -> timedelta:
    """The move that most dates made; zero if there are none."""
    moves: Counter[timedelta] = Counter()
    for original, written in pairs:
        for path, texts in written.items():
            before = original.get(path, ())
            if len(before) == len(texts):
                for old, new in zip(map(calendar_day, before), map(calendar_day, texts), strict=True):
                    if old and new and new != _DUMMY:
                        moves[new - old] += 1
    return min(moves, key=lambda move: (-moves[move], move), default=timedelta())


def _reachable(day: date, shift: timedelta) -> bool:
    return 1 <= day.toordinal() + shift.days <= date.max.toordinal()
