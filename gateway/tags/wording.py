"""What a concept says of a patient by the words of its meaning, in the main languages: an id, a name, a birth date, an age.

A concept that no table lists by its code (a private one, or one of a scheme that the table does not know) still says so in words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from gateway.judge.text import fold
from gateway.tags import standard

_WORD = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_COUNT = re.compile(r"\bnumber of\b|\bno\b(?=\W+\w)")  # how many there are, or that there are none
_DAYS = frozenset({"DATE", "DATETIME"})


def said_of_patient(meaning: str, value_type: str) -> str:
    """Return what a content item of this concept and value type says: ``id``, ``name``, ``birth`` or nothing."""
    kinds = _kinds(meaning)
    if "birth day" in kinds or {"birth", "day"} <= kinds or ("birth" in kinds and value_type in _DAYS):
        return "birth"
    if "patient name" in kinds or {"person", "name"} <= kinds:
        return "name"
    named = "patient id" in kinds or ({"person", "identifier"} <= kinds and not _COUNT.search(fold(meaning)))
    return "id" if named else ""


def says_age(meaning: str) -> bool:
    """Whether a concept's meaning speaks of an age."""
    return "age" in _kinds(meaning)


@cache
def _kinds(meaning: str) -> frozenset[str]:
    words = [fold(word) for word in _WORD.findall(_CAMEL.sub(" ", meaning))]
    unparted = [word for word in _table() if ord(word[0]) >= 0x2E80 and word in fold(meaning)]
    return frozenset(kind for word in (*words, *unparted) if (kind := _table().get(word)))


@cache
def _table() -> Mapping[str, str]:
    return {fold(row["word"]): row["kind"] for row in standard.read("sr_words.csv")}
