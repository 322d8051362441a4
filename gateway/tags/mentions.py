"""Whether a short technical value holds one of the study's own identifying values: word for word, longer ones inside a word.

Words are compared as people write them where a keyboard lacks their letters: MÜLLER is MUELLER and MULLER, in both directions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from gateway.judge.text import fold, forms, spelt
from gateway.records import Identifiers

_WORD = re.compile(r"[^\W_]+")
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
        self._values = frozenset(value for value in squashed if len(value) > 1)
        within = {word for word in self._words if len(word) >= 5 or (len(word) > 1 and _unparted(word))}
        within |= {value for value in self._values if len(value) >= 6}
        self._inside = tuple(sorted(within))
        places = [place for place in identifiers.places if len(_squash(place)) > 3]
        self._places = tuple(sorted({" ".join(_words(place, read)) for place in places for read in _READINGS}))

    def found_in(self, text: str) -> bool:
        """Whether ``text`` holds a name part, an identifier, a date or a whole place of the study."""
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
