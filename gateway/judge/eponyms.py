"""Eponyms where they stand in front of what they are said of: Baker cyst, Bosniak 2F; elsewhere they are names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from itertools import pairwise

from gateway.judge.text import fold
from gateway.judge.vocabulary import Vocabulary

_JOINT = re.compile(r"[\s_'\u2019(-]{1,3}")
_PHRASE_JOINT = re.compile(r"[\s_'\u2019(-]{1,3}|/")
_GENITIVE = re.compile(r"['\u2019\u00b4]s$", re.IGNORECASE)
_GRADE = re.compile(r"(?:[1-9]|i{1,3}|iv|vi?)[a-f]?")  # of a scale: Bosniak 2F
_ANY_GRADE = (
    re.compile(  # of a scale of prose: Rutgeerts i2b, Kudo IIIL; a lone letter is an initial, two figures may be an age
        r"(?:[0-9]|1[0-5]|i{1,3}|iv|vi?)[a-f]?|[a-f][1-3]|i[0-4][ab]?|[0-9]a?x|[ivx]{1,4}[lns]"
    )
)
# What stands behind a town or somebody that a scale is called by, and nothing else: Prague C1M3, Barrett's C2M4.
_GRADED = re.compile(
    r"(?:prague|barrett) c\d{1,2}m\d{1,2}|vancouver (?:a[gl]|b[1-3])|paris (?:0|is|ip|isp|ii[abc])"
    r"|lugano (?:i{1,3}|iv|[1-5])|(?:sydney|montreal|vienna) [ablep]\d"
    r"|rutgeerts i[0-4][ab]?|marsh 3[abc]"
)
_TOWNS = frozenset({"prague", "vancouver", "paris", "sydney", "montreal", "vienna"})
_OF = frozenset({"de", "di", "d", "of", "van", "von", "do", "da"})

Phrases = Mapping[str, tuple[tuple[str, ...], ...]]


class Said(Enum):
    """How sure it is that an eponym is no name here."""

    ANYWHERE = "anywhere"  # lines of pixels included
    IN_PROSE = "in prose"  # a phrase of prose that has more in it than names
    PERHAPS = "perhaps"  # of prose, and somebody's name where it stands beside one: Graf 2, Ivor Lewis


def find(
    text: str, words: Sequence[tuple[str, int, int]], firm: Sequence[bool], vocabulary: Vocabulary
) -> Iterator[tuple[int, int, Said]]:
    """Where eponyms stand with what they are said of: first and last of the ``words`` (text, start, end), and how sure it is.

    ``firm`` says which words are technical by themselves. The surest comes last.
    """
    folded = [fold(_GENITIVE.sub("", word)) for word, _, _ in words]
    starts, of_prose = vocabulary.phrase_starts, vocabulary.prose_phrase_starts
    scales = vocabulary.scales.exact | vocabulary.prose_scales.exact
    if not any(
        w in vocabulary.eponyms.exact or w in scales or w in starts or w in of_prose or w in _TOWNS for w in folded
    ):
        return
    joined = [bool(_JOINT.fullmatch(text, left[2], right[1])) for left, right in pairwise(words)]
    tied = [bool(_PHRASE_JOINT.fullmatch(text, left[2], right[1])) for left, right in pairwise(words)]
    for first, said in _graded(folded, joined, scales, vocabulary.eponym_nouns.exact):
        yield first, first + 1, said
    for first, last in _phrases(folded, tied, of_prose):
        figures = any(char.isdecimal() for word in folded[first : last + 1] for char in word)
        yield first, last, Said.IN_PROSE if figures or any(firm[first : last + 1]) else Said.PERHAPS
    for first, last in (*_phrases(folded, joined, starts), *_said_of(folded, joined, vocabulary)):
        yield first, last, Said.ANYWHERE


def _phrases(folded: Sequence[str], joined: Sequence[bool], starts: Phrases) -> Iterator[tuple[int, int]]:
    """Where a phrase of the lists stands: its first and last word."""
    for first, word in enumerate(folded):
        for phrase in starts.get(word, ()):
            last = first + len(phrase) - 1
            if tuple(folded[first : last + 1]) == phrase and all(joined[first:last]):
                yield first, last


def _graded(
    folded: Sequence[str], joined: Sequence[bool], scales: frozenset[str], nouns: frozenset[str]
) -> Iterator[tuple[int, Said]]:
    """Where a scale of prose stands before its grade or noun, and how sure it is that this is one."""
    for i, (word, behind) in enumerate(pairwise(folded)):
        if joined[i] and word in scales and (behind in nouns or _ANY_GRADE.fullmatch(behind)):
            yield i, Said.PERHAPS
        if joined[i] and _GRADED.fullmatch(f"{word} {behind}"):
            yield i, Said.IN_PROSE


def _said_of(folded: Sequence[str], joined: Sequence[bool], vocabulary: Vocabulary) -> Iterator[tuple[int, int]]:
    """Where an eponym stands in front of its noun or grade, or behind its noun (morbus Crohn, maladie de Crohn)."""
    eponyms, nouns, scales = vocabulary.eponyms.exact, vocabulary.eponym_nouns.exact, vocabulary.scales.exact
    for i, word in enumerate(folded):
        if word not in eponyms:
            continue
        behind = folded[i + 1] if i + 1 < len(folded) and joined[i] else ""
        if behind in nouns or (word in scales and _GRADE.fullmatch(behind)):
            yield i, i + 1
        if i and joined[i - 1] and folded[i - 1] in nouns:
            yield i - 1, i
        if i > 1 and joined[i - 1] and joined[i - 2] and folded[i - 1] in _OF and folded[i - 2] in nouns:
            yield i - 2, i
