"""Times and days that are none: behind a duration or a counter (``TA 02:31``, ``Frame 02/78``) they are readings."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gateway.judge.patterns import Hit

# What lasts, and what is counted, as consoles label it; a blank, a colon or nothing stands between.
_LASTS = re.compile(
    r"(?<![^\W\d_])(?:ta|acq(?:uisition)?\.? ?time|scan(?:ning)? ?time|exam ?time|fluoro(?:scopy)?\.? ?time|delay|elapsed|"
    r"duration|timer|lapse|remaining|dauer|duree|durata|duracion)\s?[:=]?\s?$",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"(?<![^\W\d_])(?:frames?|fr|fra|im|ima|img|imgs|images?|se|ser|series|slices?|sl|sli|cuts?|loops?|phases?|ph|runs?|views?|pages?|pg|"
    r"seite|page|bild|schicht|serie|vol|echo(?:es)?|dyn|temp|pos|beat|cycle|clip)\.?\s?[:#=]?\s?$",
    re.IGNORECASE,
)
# The first and last position of a scan: I12.500-S240.000, whose letters are read as figures.
_RANGE = re.compile(r"[ISRLAP\d]\d{0,4}\.\d{2,3}\s?[-\u2013]\s?[ISRLAP\d]\d{0,4}\.\d{2,3}(?![\d.])")
_NUMBERS = frozenset({"phone", "id.letters_and_number", "id.grouped_number"})
_GLUED = 3  # letters of a word before a range that a form takes in: Helical112.500
_TIMES = frozenset({"time"})
_DAYS = frozenset({"date.day_month", "date.month_year"})


def spare(text: str, hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """The hits without times behind what lasts, days behind what is counted, and numbers that are ranges of a scan."""
    ranges = [found.span() for found in _RANGE.finditer(text)]
    return tuple(
        hit
        for hit in hits
        if not _is_reading(text[: hit.start], hit.reason.rule)
        and not (
            hit.reason.rule in _NUMBERS and any(hit.start >= start - _GLUED and hit.end <= end for start, end in ranges)
        )
    )


def _is_reading(before: str, rule: str) -> bool:
    if rule in _TIMES:
        return bool(_LASTS.search(before))
    return rule in _DAYS and bool(_COUNTED.search(before))
