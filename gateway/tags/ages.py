"""Ages of patients (AS of PS3.5 6.2): repaired to legal form, and the oldest told apart from nobody."""

from __future__ import annotations

import re

_AS = re.compile(r"(\d{1,3}) ?([DWMY]?)")
_DAYS = {"D": 1, "W": 7, "M": 30.4375, "Y": 365.25, "": 365.25}


def legal_age(text: str, oldest: int) -> str | None:
    """Return an age as ``nnnD``, ``nnnW``, ``nnnM`` or ``nnnY``; None if it is none.

    A number alone is years (``47`` becomes ``047Y``). Ages of ``oldest`` years and more become that age, because so old
    people are too few to hide among (45 CFR 164.514(b)(2)(i)(C) draws the line at 90).
    """
    match = _AS.fullmatch(text.upper())
    if match is None:
        return None
    number, unit = int(match[1]), match[2]
    if number * _DAYS[unit] >= oldest * _DAYS["Y"]:
        return f"{oldest:03d}Y"
    return f"{number:03d}{unit or 'Y'}"
