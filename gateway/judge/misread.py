"""Technical words that recognition of text misread by one letter: ``blopsy`` for biopsy."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from functools import lru_cache

_SHORTEST = 6  # letters
_LIKE = {
    "i": "lj",
    "l": "i",
    "j": "i",
    "n": "m",
    "m": "n",
    "o": "c",
    "c": "oe",
    "e": "c",
    "h": "b",
    "b": "h",
    "u": "v",
    "v": "u",
}


def is_misread(word: str, known: AbstractSet[str]) -> bool:
    """Whether an unknown word is one of ``known`` with a letter taken for its like.

    Of 2,200 names in models/training two are (Clement, Warner), so this may count beside other technical words only.
    """
    return (
        word.isascii() and word.isalpha() and len(word) >= _SHORTEST and not known.isdisjoint(_readings(word.lower()))
    )


@lru_cache(maxsize=4096)
def _readings(word: str) -> frozenset[str]:
    return frozenset(word[:i] + like + word[i + 1 :] for i, letter in enumerate(word) for like in _LIKE.get(letter, ""))
