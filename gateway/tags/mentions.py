"""Whether a short technical value holds one of the study's own identifying values: word for word, longer ones inside a word.

Words are compared as people write them where a keyboard lacks their letters: MÜLLER is MUELLER and MULLER, in both directions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

from gateway.judge.months import MONTHS
from gateway.judge.text import fold, forms, spelt
from gateway.records import Identifiers

_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")
_LETTER = re.compile(r"[^\W\d_]")
_LOCAL = 8  # digits from the right that tell one telephone from another; before them people write country codes or not
_RUN = re.compile(r"(?<!\d)\d{6,}(?!\d)")
_PARTS = re.compile(r"\d+|[^\W\d_]+")
_READINGS = (fold, spelt)  # accents dropped; umlauts written out


class Mentions:
    """Looks for the identifiers of one study in values of its headers."""

    def __init__(self, identifiers: Identifiers) -> None:
        words: set[str] = set()
        for name in identifiers.names:
            for group in name.split("="):
                # Family, given and middle name; titles and degrees (PS3.5 6.2.1.1) are nobody's.
                parts = "^".join(group.split("^")[:3])
                words.update(form for read in _READINGS for part in _words(parts, read) for form in forms(part))
        self._words = frozenset(word for word in words if len(word) > 1 or _unparted(word))
        squashed = {_squash(value) for value in (*identifiers.ids, *identifiers.dates)}
        values = frozenset(value for value in squashed if len(value) > 1)
        # Without its letters (OK-4471902) an identifier says no less.
        self._values = values | {run.lstrip("0") for value in identifiers.ids for run in _RUN.findall(value)}
        within = {word for word in self._words if len(word) >= 5 or (len(word) > 1 and _unparted(word))}
        within |= {value for value in values if len(value) >= 6}
        self._inside = tuple(sorted(within))
        self._phones = frozenset(
            digits[-_LOCAL:]
            for place in identifiers.places
            if not _LETTER.search(place) and len(digits := "".join(_DIGITS.findall(place))) >= _LOCAL
        )
        places = [place for place in identifiers.places if len(_squash(place)) > 3]
        self._places = tuple(sorted({" ".join(_words(place, read)) for place in places for read in _READINGS}))

        self._dates = frozenset(date for date in identifiers.dates if len(date) == 8)

    def found_in(self, text: str) -> bool:
        """Whether ``text`` holds a name part, an identifier, a date (as people write them) or a whole place of the study."""
        if self._dates and any(not self._dates.isdisjoint(days(*parts)) for parts in _triples(text)):
            return True
        if self._phones and any(phone in "".join(_DIGITS.findall(text)) for phone in self._phones):
            return True
        readings = _READINGS if not text.isascii() else _READINGS[:1]
        return any(self._found_in(_words(text, read)) for read in readings)

    def _found_in(self, words: list[str]) -> bool:
        if any(not self._words.isdisjoint(forms(word)) for word in words):
            return True
        squashed = "".join(words).lstrip("0")
        if squashed in self._values or not self._values.isdisjoint(word.lstrip("0") for word in words if len(word) > 3):
            return True
        if any(value in squashed for value in self._inside):
            return True
        phrase = f" {' '.join(words)} "
        return any(f" {place} " in phrase for place in self._places)


def days(first: str, second: str, third: str) -> Iterator[str]:
    """Yield the days (``YYYYMMDD``) that three parts can mean: ``11 Mar 2023``, ``2023-03-11``, ``03/11/23``."""
    for year, month, day in ((first, second, third), (third, second, first), (third, first, second)):
        number = month.zfill(2) if month.isdigit() else f"{_month(month):02d}"
        if day.isdigit() and len(day) <= 2 and year.isdigit() and len(year) in {2, 4}:
            for century in ("",) if len(year) == 4 else ("19", "20"):
                yield f"{century}{year}{number}{day.zfill(2)}"


def _triples(text: str) -> Iterator[tuple[str, str, str]]:
    parts = _PARTS.findall(fold(text)) if any(char.isdigit() for char in text) else []
    return zip(parts, parts[1:], parts[2:], strict=False)


def _month(word: str) -> int:
    """Return the number of a month by its name or what is short for it, 0 if it is none."""
    found = (number for number, names in enumerate(MONTHS, 1) if word in names)
    return next(found, 0)


def _words(text: str, read: Callable[[str], str] = fold) -> list[str]:
    return [read(word) for word in _WORD.findall(unicodedata.normalize("NFC", text))]


def _unparted(word: str) -> bool:
    """Whether a word is in a script that does not part words (Chinese, Japanese, Korean): it may stand inside a longer one."""
    return all(ord(character) >= 0x2E80 for character in word)


def _squash(text: str) -> str:
    """Letters and digits only, without leading zeros: ``OK-00471`` and ``ok00471`` are one."""
    return "".join(_words(text)).lstrip("0")


@lru_cache(maxsize=256)
def mentions(identifiers: Identifiers) -> Mentions:
    """Return the prepared search for a study's identifiers."""
    return Mentions(identifiers)
