"""Dates and times of day (DA, TM, DT of PS3.5 6.2): repaired to legal form, shifted by whole days, or found illegal.

Every function returns None for a value that is not legal and cannot be repaired; the caller then empties, replaces or
removes it. Partial date-times keep their precision, offsets from UTC and times of day stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

_DA = re.compile(r"(\d{4})(?:(\d{2})(\d{2})|\.(\d{2})\.(\d{2})|-(\d{2})-(\d{2})|/(\d{2})/(\d{2}))")
_TM = re.compile(r"([01]\d|2[0-3])(?::?([0-5]\d)(?::?([0-5]\d|60)(?:\.(\d{1,6})\d*)?)?)?")
_DT = re.compile(
    r"(\d{4})(\d{2})?(\d{2})?(?:([01]\d|2[0-3])([0-5]\d)?([0-5]\d|60)?(\.\d{1,6})?)?([+-](?:0\d|1[0-4])[0-5]\d)?"
)
_OFFSET = re.compile(r"([+-])(0\d|1[0-4]):?([0-5]\d)")


def shift_date(text: str, days: int) -> str | None:
    """Shift a DA value, or both ends of a range."""
    return _each_end(text, lambda end: _date(end, days))


def legal_time(text: str) -> str | None:
    """Return a TM value in legal form (``10:15:30`` is repaired), or a range of two."""
    return _each_end(text, _time)


def shift_datetime(text: str, days: int) -> str | None:
    """Shift a DT value, or both ends of a range. ``2023`` and ``202303`` are shifted from their first day and cut again."""
    return _each_end(text, lambda end: _datetime(end, days))


def day_of(text: str) -> str:
    """Return the day (``YYYYMMDD``) of a DA or DT value, empty if it names none."""
    day = shift_date(text, 0) or shift_datetime(text, 0) or ""
    return day[:8] if len(day) >= 8 and "-" not in day[:8] else ""


def legal_offset(text: str) -> str | None:
    """Return a Timezone Offset From UTC (``+0100``, PS3.3 C.12.1.1.8) in legal form (``+01:00`` is repaired)."""
    match = _OFFSET.fullmatch(text)
    return None if match is None else "".join(match.groups())


def _each_end(text: str, change: Callable[[str], str | None]) -> str | None:
    """Change a value, or, if it is none, both ends of a range of two (``20230101-20230131``, PS3.4 C.2.2.2.5)."""
    whole = change(text)
    if whole is not None or text.count("-") != 1:
        return whole
    first, last = (change(end.strip()) for end in text.split("-"))
    return None if first is None or last is None else f"{first}-{last}"


def _date(text: str, days: int) -> str | None:
    match = _DA.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups() if part is not None)
    moved = _moved(year, month, day, days)
    return None if moved is None else f"{moved.year:04d}{moved.month:02d}{moved.day:02d}"


def _time(text: str) -> str | None:
    match = _TM.fullmatch(text)
    if match is None:
        return None
    hour, minute, second, fraction = match.groups()
    return hour + (minute or "") + (second or "") + (f".{fraction}" if fraction else "")


def _datetime(text: str, days: int) -> str | None:
    match = _DT.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    if (hour and not day) or (second and not minute) or (fraction and not second):
        return None
    moved = _moved(int(year), int(month or 1), int(day or 1), days)
    if moved is None:
        return None
    shown = f"{moved.year:04d}{moved.month:02d}{moved.day:02d}"[: 8 if day else 6 if month else 4]
    return shown + "".join(part or "" for part in (hour, minute, second, fraction, offset))


def _moved(year: int, month: int, day: int, days: int) -> date | None:
    """Return the day that lies ``days`` later; None for days that no calendar has, and outside the years 1 to 9999."""
    try:
        return date(year, month, day) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
