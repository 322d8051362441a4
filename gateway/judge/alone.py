"""Everyday words with a capital letter that stand where a name does: ``CT THORAX NACHTIGALL``, ``Prados, Calado``.

Radiology words around them are no sentence, or the word has a part of the text for itself. Words that are bent or put together as
no family name is (-tion, -keit) say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from gateway.judge.parts import PATIENTS
from gateway.judge.patterns import Hit
from gateway.judge.technical import Kind, Token
from gateway.judge.text import fold
from gateway.judge.vocabulary import Vocabulary
from gateway.records import Reason

_ALONE = Reason("person.stands_alone", 0.6)
PART_END = re.compile(r"[,;|()\[\]{}\n/:*<>=+\"]|[.?!](?:\s|$)|\s[-\u2013]\s|_")
_LABEL = re.compile(r"\s?[:=]")
_COMMA = re.compile(r",\s?")
_JOINT = re.compile(r"[\s^]|\.\s?|-")
# No family name ends so: activities and properties.
_ENDS_AS_NO_NAME = re.compile(
    r".*(?:[tsx]ions?|tionen|ung|ungen|heit|keit|schaft|ments?|ness|able|ible|ous|ive|ical|ed|ly|[cs]ao|[cs]oes|ciones|zion[ei]|itis|"
    r"ismus|i[ck][oa]s?|iques?|isch\w{0,2}|aires?|ating|therapie|logie|graphie|skopie|ologue?|ering|else|ning)"
)
_SHORT, _LONG, _LONGEST = 4, 5, 12  # letters of a word with one capital letter, of one in capitals, and of either
_MADE = 10  # letters of a name that looks put together of other words (Valkeapaa); longer ones are words
_APOSTROPHE = re.compile(r"(?:[A-Z]|Mc)['\u2019][A-Z][^\W\d_A-Z]+")  # L'Estrange; prose writes l'estrange
_VIETNAMESE = re.compile("[\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]")  # letters of no language of the lists
_MODALITIES = frozenset(
    {"CT", "CTA", "MR", "MRI", "MRA", "US", "XR", "RX", "TC", "RM", "IRM", "TDM", "PET", "NM", "DX", "CR", "MG", "XA"}
)
_NAMES = 3  # words of a name, seldom more
_OF_A_LINE = 6  # words of a line in capitals; what is longer is prose


def find(text: str, found: Sequence[Token], vocabulary: Vocabulary) -> Iterator[Hit]:
    """The everyday words that stand as names do."""
    ends = [
        True,
        *(bool(PART_END.search(text, left.end, right.start)) for left, right in pairwise(found)),
        True,
    ]
    small = _small(found, ends)
    for i, token in enumerate(found):
        if (
            (token.kind in (Kind.ORDINARY, Kind.SELDOM, Kind.CLINICAL) and _APOSTROPHE.fullmatch(token.text))
            or (token.text[:1].isupper() and _VIETNAMESE.search(token.text))
            or _joins_nothing(i, found, ends)
            or any(_pairs(i, j, text, found, ends) for j in (i - 1, i + 1))
        ):
            yield Hit(token.start, token.end, _ALONE)
    for first, last in _runs(text, found, ends, vocabulary):
        if _given(first, text, found, ends, vocabulary) or _stands(first, last, text, found, ends, small=small[first]):
            yield from (
                Hit(token.start, token.end, _ALONE)
                for token in found[first : last + 1]
                if token.kind in (Kind.ORDINARY, Kind.SELDOM)
            )


def _joins_nothing(i: int, found: Sequence[Token], ends: Sequence[bool]) -> bool:
    """Whether a joining word with a capital letter ends a part of the text behind a technical word: bone scan Her."""
    token = found[i]
    joins = token.kind in (Kind.GLUE, Kind.JOINS) and token.text.istitle() and len(token.text) > 1
    return joins and ends[i + 1] and not ends[i] and found[i - 1].kind is Kind.WORD


def _pairs(i: int, j: int, text: str, found: Sequence[Token], ends: Sequence[bool]) -> bool:
    """Whether an everyday word in small letters and an unknown one have a part for themselves, or an underscore: ada_quilf."""
    if (
        not 0 <= j < len(found)
        or found[i].kind not in (Kind.ORDINARY, Kind.SELDOM)
        or found[j].kind is not Kind.UNKNOWN
    ):
        return False
    if not all(
        one.text.isalpha() and one.text.islower() and len(one.text) >= _SHORT - 1 for one in (found[i], found[j])
    ):
        return False
    first, last = min(i, j), max(i, j)
    between = text[found[first].end : found[last].start]
    before = text[found[first - 1].end : found[first].start] if first else ""
    behind = text[found[last].end : found[last + 1].start] if last + 1 < len(found) else ""
    return (between == " " and ends[first] and ends[last + 1]) or (between == "_" and "_" not in before + behind)


def _small(found: Sequence[Token], ends: Sequence[bool]) -> list[bool]:
    """Whether the part of the text in which each token stands has words in small letters."""
    small: list[bool] = []
    first = 0
    for i in range(1, len(found) + 1):
        if ends[i]:
            part = any(token.text.islower() and len(token.text) > 1 for token in found[first:i])
            small += [part] * (i - first)
            first = i
    return small


def _runs(text: str, found: Sequence[Token], ends: Sequence[bool], vocabulary: Vocabulary) -> Iterator[tuple[int, int]]:
    """Up to three neighbouring words, initials included, that could be a name; one of them at least is an everyday word."""
    first, everyday = 0, False
    for i, token in enumerate((*found, None)):
        goes_on = i > first and not ends[i] and bool(_JOINT.fullmatch(text, found[i - 1].end, found[i].start))
        if i > first and not (goes_on and token is not None and _names(token, vocabulary)):
            if everyday and i - first <= _NAMES:
                yield first, i - 1
            first, everyday = i, False
        if token is not None and not _names(token, vocabulary):
            first, everyday = i + 1, False
        elif token is not None:
            everyday = everyday or _everyday(token, vocabulary)


def _names(token: Token, vocabulary: Vocabulary) -> bool:
    """Whether a token could be part of a name: an initial, an unknown word with a capital letter, or an everyday one."""
    initial = len(token.text) == 1 and token.text.isupper()
    return initial or (token.kind is Kind.UNKNOWN and token.text[:1].isupper()) or _everyday(token, vocabulary)


def _everyday(token: Token, vocabulary: Vocabulary) -> bool:
    """Whether a token is an everyday word with a capital letter, as long as names are, and of no form that they never have."""
    word = token.text
    shortest = _SHORT if word.istitle() else _LONG
    if not (word.istitle() or word.isupper()) or not word.isalpha() or not shortest <= len(word) <= _LONGEST:
        return False
    made = len(word) > _MADE and word not in vocabulary.plain  # put together: Gelenkkapsel
    known = token.kind is Kind.SELDOM or (token.kind is Kind.ORDINARY and not made)
    return known and not _ENDS_AS_NO_NAME.fullmatch(fold(word)) and not fold(word).startswith(PATIENTS)


def _stands(first: int, last: int, text: str, found: Sequence[Token], ends: Sequence[bool], *, small: bool) -> bool:
    """Whether words that could be a name have a part of the text for themselves, its begin, or its end."""
    begins, finishes = ends[first], ends[last + 1]
    heading = any(token.kind is Kind.ORDINARY for token in found[first : last + 1])
    if first == last and finishes and heading and _LABEL.match(text, found[last].end):
        return False
    capitals = found[last].text.isupper() and not small
    if begins and finishes:
        return len(found) > last - first + 1 and (
            first == last or not capitals
        )  # a word that is the whole text is a comment
    if capitals and not _of_a_line(first, found, ends):
        return False
    before = begins or found[first - 1].kind in (Kind.WORD, Kind.NUMBER, Kind.WEAK, Kind.LETTER)
    if finishes or not before:
        return before
    behind = found[last + 1]
    if begins and small and found[first].text.isupper() and len(found[first].text) >= _LONG:
        return True
    return not capitals and behind.kind is Kind.WORD and behind.text[:1].isupper() and len(behind.text) > 1


def _given(i: int, text: str, found: Sequence[Token], ends: Sequence[bool], vocabulary: Vocabulary) -> bool:
    """Whether a word stands behind an unknown one and a comma, as given names do: Quilfoyle, Skylark."""
    if not i:
        return False
    family = found[i - 1]
    unknown = family.kind is Kind.UNKNOWN and family.text.istitle() == found[i].text.istitle()
    free = ends[i - 1] or fold(found[i - 2].text) in vocabulary.roles.exact
    return unknown and free and bool(_COMMA.fullmatch(text, family.end, found[i].start))


def _of_a_line(i: int, found: Sequence[Token], ends: Sequence[bool]) -> bool:
    """Whether a modality and technical words stand before a word in a line of capitals, and no prose."""
    begin = i
    while begin > max(i - _OF_A_LINE, 0) and not ends[begin]:
        begin -= 1
    before = found[begin:i]
    return any(token.text in _MODALITIES for token in before) and all(
        token.kind not in (Kind.GLUE, Kind.JOINS, Kind.ORDINARY, Kind.SELDOM) for token in before
    )
