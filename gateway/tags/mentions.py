"""Whether a short technical value holds one of the study's own identifying values: word for word, longer ones inside a word."""

from __future__ import annotations

import re
from functools import lru_cache

from gateway.records import Identifiers

_WORD = re.compile(r"[^\W_]+")


class Mentions:
    """Looks for the identifiers of one study in values of its headers."""

    def __init__(self, identifiers: Identifiers) -> None:
        words: set[str] = set()
        for name in identifiers.names:
            for group in name.split("="):
                # Family, given and middle name; titles and degrees (PS3.5 6.2.1.1) are nobody's.
                words.update(_words("^".join(group.split("^")[:3])))
        self._words = frozenset(word for word in words if len(word) > 1)
        squashed = {_squash(value) for value in (*identifiers.ids, *identifiers.dates)}
        self._values = frozenset(value for value in squashed if len(value) > 1)
        within = {word for word in self._words if len(word) >= 5 or _unparted(word)}
        within |= {value for value in self._values if len(value) >= 6}
        self._inside = tuple(sorted(within))
        self._places = tuple(sorted(" ".join(_words(place)) for place in identifiers.places if len(_squash(place)) > 3))

    def found_in(self, text: str) -> bool:
        """Whether ``text`` holds a name part, an identifier, a date or a whole place of the study."""
        words = _words(text)
        if not self._words.isdisjoint(words):
            return True
        squashed = _squash(text)
        if squashed in self._values or not self._values.isdisjoint(word.lstrip("0") for word in words if len(word) > 3):
            return True
        if any(value in squashed for value in self._inside):
            return True
        phrase = f" {' '.join(words)} "
        return any(f" {place} " in phrase for place in self._places)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


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
