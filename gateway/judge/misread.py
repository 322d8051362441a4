"""What recognition of text misread by one letter: technical words (``blopsy``) and months of dates (``27 No/ 10``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache

from gateway.judge.months import MONTHS
from gateway.judge.text import fold

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
# A month with a mark or a figure in it; all letters, an unknown word is masked anyway, and a known one (sec, deg) is none.
_DATE = re.compile(
    r"(?<![\w.,/-])(?:0?[1-9]|[12]\d|3[01])(?P<apart>[ ./-])(?=[A-Za-z]{0,2}[^A-Za-z\s])(?P<month>\S{3})(?P=apart)"
    r"(?:19|20)?\d\d(?![\w.,/:-])"
)
_MONTHS = frozenset(name for names in MONTHS for name in names if len(name) == 3)


def dates(text: str) -> Iterator[tuple[int, int]]:
    """The places of dates whose month in three letters has one that was read as a mark or a figure."""
    for found in _DATE.finditer(text):
        read = fold(found["month"])
        if any(
            sum(a != b for a, b in zip(read, month, strict=True)) == 1 for month in _MONTHS if len(read) == len(month)
        ):
            yield found.span()


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
