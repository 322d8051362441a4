"""Which words and numbers of a free text stay: what is technical, unless it goes with what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from gateway.judge import spoken
from gateway.judge.hanging import LONG, PARTS, between, counts, tied
from gateway.judge.parts import PATIENTS
from gateway.judge.patterns import Hit
from gateway.judge.technical import AMBIGUOUS, SPACED, UNKNOWN, Kind, Token, apart
from gateway.judge.text import fold
from gateway.records import Reason

_BESIDE = Reason("unsure.beside_unknown", 0.4)
_NEVER = (Kind.UNKNOWN, Kind.LABEL)  # kinds that never stay
_WHOLE = re.compile(r"\d{1,4}(?:st|nd|rd|th|er|bis|ter|[abcefghijklnopqruvwxyz\u00ba\u00aa])?", re.IGNORECASE)
# Prose speaks of them: "due to patient motion".
_SUBJECTS = re.compile(rf"(?:{'|'.join(PATIENTS)})[a-z]{{0,3}}(?:['\u2019]s)?")
_ARTICLES = frozenset(
    {"the", "a", "an", "das", "les", "los", "lo", "os"}
)  # they belong to what follows, and to no name
_NAMES = 3  # words of a name, seldom more
_PARTICLES = frozenset(
    {"ten", "ter", "bin", "bint", "ibn", "abu", "abd", "al", "el", "mac", "san", "st", "op", "auf", "zu"}
)
_VIEWS = frozenset(
    {"cc", "mlo", "ml", "lm", "xccl", "xccm", "lmo", "rcc", "lcc", "at", "cv", "fb", "sio"}
)  # of breasts
_COMMA = re.compile(r",\s?")
_NAME_JOINT = re.compile(r",? |[.^_,]")
_GRADED = re.compile(r"\d{1,3}[abcefx]?")
_UNITS = frozenset({"s", "h", "l", "L", "g", "m"})
_SURE = 10  # letters of a capitalised clinical word that the recogniser cannot take for a name: Niereninsuffizienz
_HALF = 3  # letters of the shortest half of a name that is no code (MR-, CT-)
_SENTENCE = re.compile(r"[,;|()\[\]{}\n]|\s[-\u2013/]\s|[.:?!]\s")


def keep(
    text: str, found: Sequence[Token], hits: Sequence[Hit], named: Sequence[Hit]
) -> tuple[tuple[bool, ...], set[Reason]]:
    """Which tokens of a free ``text`` stay, and why others go beside those that ``hits`` name.

    ``hits`` take every word they cover, ``named`` (what the recogniser marks) spare firmly technical ones.

    A word that could be part of a name, a word of institutions, a lone letter or a bare number goes with a removed neighbour; a
    word that only joins goes unless it joins two that stay.
    """
    found, hits = spoken.as_spoken(text, found, hits), spoken.spare(text, found, hits)
    found = [_of_prose(token) for token in found]
    placed = _covered(found, [hit for hit in (*hits, *named) if "place" in hit.reason.rule])
    stays = _by_itself(text, found, hits, named, placed)
    reasons = {UNKNOWN} if any(token.kind in _NEVER for token in found) else set()
    for gone, reason in ((apart(text, found), SPACED), (_halves(text, found), AMBIGUOUS)):
        for i in gone:
            stays[i] = False
            reasons.add(reason)
    beside = _beside(found)
    reasons |= _take_doubtful(found, stays, beside)
    reasons |= _take_neighbours(text, found, stays, beside, placed)
    sentences = _sentences(text, found)
    amid = dict(spoken.lone(found, stays, _covered(found, (*hits, *named)), sentences))
    for i, described in amid.items():
        stays[i] = described
    return tuple(
        # a word that only joins stays between two that stay, or before the first
        stay
        and (token.kind is not Kind.GLUE or _joins(i, found, stays, [j for j in sides if j not in amid], sentences))
        for i, (token, stay, sides) in enumerate(zip(found, stays, beside, strict=True))
    ), reasons


def _by_itself(
    text: str, found: Sequence[Token], hits: Sequence[Hit], named: Sequence[Hit], placed: Sequence[bool]
) -> list[bool]:
    """Which tokens stay for what they are and what covers them, whatever stands beside them."""
    hit, marked = _covered(found, hits), _covered(found, named)
    telling = _covered(found, [one for one in named if one.reason.rule != "ner.person"])  # no number is a person's name
    stays = [
        token.kind not in _NEVER
        and not hit[i]
        and not (marked[i] and _is_claimed(token, place=placed[i], tells=telling[i]))
        for i, token in enumerate(found)
    ]
    for i, token in enumerate(found):
        # what hangs on a word that stays is no part of what the recogniser marks behind it: C9-4 2472240
        small = token.text.isdigit() or token.kind is Kind.LETTER
        if small and marked[i] and not hit[i] and (tied(i, found, stays, text) or counts(i, found, stays, text)):
            stays[i] = True
    return stays


def _is_claimed(token: Token, *, place: bool, tells: bool) -> bool:
    """Whether a token goes because the recogniser marks it: as a place, or as what may be a name or tells of somebody."""
    if token.kind is Kind.WEAK:
        return place
    return token.kind is not Kind.GLUE and not _firm(token) and (tells or not token.text.isdigit())


def _take_doubtful(found: Sequence[Token], stays: list[bool], beside: Sequence[Sequence[int]]) -> set[Reason]:
    """Take out words that could be names where nothing firm stays, or where another such word stands beside them."""
    firm = any(token.kind is Kind.WORD and stay for token, stay in zip(found, stays, strict=True))
    gone = [
        i
        for i, token in enumerate(found)
        if token.kind is Kind.AMBIGUOUS and stays[i] and (not firm or any(_pairs(token, found[j]) for j in beside[i]))
    ]
    for i in gone:
        stays[i] = False
    return {AMBIGUOUS} if gone else set()


def _take_neighbours(
    text: str, found: Sequence[Token], stays: list[bool], beside: Sequence[Sequence[int]], placed: Sequence[bool]
) -> set[Reason]:
    """Take out what goes with a neighbour; once in each direction, for what goes takes its own neighbours with it."""
    reasons = set()
    order = range(len(found))
    for i in (*order, *reversed(order)):
        if stays[i] and _goes_too(i, found, stays, beside[i], placed, text):
            stays[i] = False
            reasons.add(_BESIDE)
    return reasons


def _halves(text: str, found: Sequence[Token]) -> Iterator[int]:
    """Listed words that are half of a given name: a hyphen ties them to an unknown word written alike, a name stands beside.

    ``Seung-Min Foo``, ``FOO BEAT-ALOIS``; not ``CT-Foo``, ``fem-pop Foo``.
    """
    for i, token in enumerate(found):
        for j in (i - 1, i + 1):
            if (
                not 0 <= j < len(found)
                or text[slice(*between(token, found[j]))] != "-"
                or found[j].kind is not Kind.UNKNOWN
            ):
                continue
            pair = (min(i, j) - 1, max(i, j) + 1)
            named = any(
                0 <= k < len(found)
                and found[k].kind is Kind.UNKNOWN
                and _written(found[k]) in (_written(token), "upper")
                and _NAME_JOINT.fullmatch(text, *between(found[k], found[min(i, j) if k < i else max(i, j)]))
                for k in pair
            )
            alike = _written(token) == _written(found[j]) != "" and len(token.text) >= _HALF
            if named and alike and token.kind is not Kind.GLUE:
                yield i


def _written(token: Token) -> str:
    """How a word of letters is written: upper, title or lower; empty for everything else."""
    word = token.text if token.text.isalpha() else ""
    return "upper" if word.isupper() else "title" if word.istitle() else "lower" if word.islower() else ""


def _of_prose(token: Token) -> Token:
    """A token as prose has it: patients are spoken of, and a word that a few people are called by could be a name."""
    if token.kind is Kind.JOINS or _SUBJECTS.fullmatch(fold(token.text)):
        return replace(token, kind=Kind.GLUE)
    if token.kind is Kind.ACRONYM:
        return replace(token, kind=Kind.WORD)
    if token.kind is Kind.EPONYM:
        return replace(token, kind=Kind.WORD if token.text.islower() or not token.text.isalpha() else Kind.ORDINARY)
    if token.kind is Kind.CLINICAL:
        sure = token.text.islower() or not token.text.isalpha() or len(token.text) >= _SURE
        return replace(token, kind=Kind.WORD if sure else Kind.ORDINARY)
    return replace(token, kind=Kind.AMBIGUOUS) if token.kind is Kind.SELDOM else token


def _pairs(token: Token, other: Token) -> bool:
    """Whether two words that could be names stand together: Della Pillow."""
    titled = token.text.istitle() and other.text.istitle() and other.kind is Kind.ORDINARY
    return other.kind is Kind.AMBIGUOUS or titled


def _firm(token: Token) -> bool:
    """Whether a token stays although the recogniser supposes a name: a word, a measurement, a short code (T2, 3D)."""
    most = 4 if token.text[-1:].isalpha() and token.kind is Kind.NUMBER else 3  # B30f
    short = len(token.text) <= most and not token.text.isalpha() and not token.text.isdigit()
    return token.kind is Kind.WORD or token.measured or short


def _sentences(text: str, found: Sequence[Token]) -> list[int]:
    """In which sentence or part of the text each token stands."""
    ends = (bool(_SENTENCE.search(text, left.end, right.start)) for left, right in pairwise(found))
    return list(accumulate(ends, initial=0))


def _joins(
    i: int, found: Sequence[Token], stays: Sequence[bool], sides: Sequence[int], sentences: Sequence[int]
) -> bool:
    """Whether a joining word joins words that stay; what stands in another sentence or part does not count."""
    near = [j for j in sides if sentences[i] == sentences[j]]
    if (fold(found[i].text) in _ARTICLES or _SUBJECTS.fullmatch(fold(found[i].text))) and any(j > i for j in near):
        near = [j for j in near if j > i]
    return bool(near) and all(stays[j] for j in near)


def _goes_too(
    i: int, found: Sequence[Token], stays: Sequence[bool], sides: Sequence[int], placed: Sequence[bool], text: str
) -> bool:
    """Whether a token goes because one beside it does.

    A word that could be a name goes with any neighbour; a letter and a short number (of a house, of a day) only if nothing
    parts them and they are not tied to a word that stays (``Head-8``, ``GTV_L``); a word of institutions only with a place.
    """
    token = found[i]
    graded = token.kind is Kind.WORD and _GRADED.fullmatch(token.text)  # of a scale: CIN 2
    if graded or (token.kind is Kind.LETTER and _is_unit(i, found, stays, text)):
        return False
    if token.kind is Kind.ORDINARY:
        return not token.text.islower() and _beside_a_name(i, found, stays, text)
    if any(not stays[j] and _signs(token, found[j], text) for j in (i - 1, i + 1) if 0 <= j < len(found)):
        return True
    short = (
        bool(_WHOLE.fullmatch(token.text)) and not token.measured and text[token.end : token.end + 1] not in ("%", "°")
    )
    if not (short or token.bare or token.kind in (Kind.AMBIGUOUS, Kind.WEAK, Kind.LETTER)):
        return False
    if token.kind is Kind.AMBIGUOUS:
        return not all(stays[j] for j in sides)
    hangs = len(token.text) <= 3 and tied(i, found, stays, text)
    hangs = hangs or (short and counts(i, found, stays, text)) or _side_of_view(i, found, stays, text)
    if token.kind is Kind.LETTER:  # the initial of a name; a number has none: A58509 R MLO, arm B 19920122
        word = i > 0 and found[i - 1].text.isalpha()
        sides = [j for j in sides if not (found[j].text.isdigit() and (word or (j < i and len(found[j].text) >= LONG)))]
    near = sides if token.kind in (Kind.WEAK, Kind.LETTER) else [j for j in (i - 1, i + 1) if 0 <= j < len(found)]
    if token.kind is Kind.WEAK:
        near = [j for j in near if placed[j] or found[j].kind is Kind.WEAK]
    return not hangs and (
        (short and _behind_street(i, found, stays, text))
        or any(not stays[j] and not PARTS.search(text, *between(found[i], found[j])) for j in near)
    )


def _is_unit(i: int, found: Sequence[Token], stays: Sequence[bool], text: str) -> bool:
    """Whether a letter is the unit of the number before it, and no initial of a name behind it: 24 h, oxygen 2 L."""
    if not i or not stays[i - 1] or found[i - 1].kind is not Kind.NUMBER or found[i].text not in _UNITS:
        return False
    if text[found[i - 1].end : found[i].start] not in ("", " "):
        return False
    behind = found[i + 1].text[:1] if i + 1 < len(found) else ""
    initial = found[i].text.isupper() and (behind.isupper() or behind.isdigit())
    return not (initial and text[found[i].end : found[i + 1].start] in (" ", ". "))


def _beside_a_name(i: int, found: Sequence[Token], stays: Sequence[bool], text: str) -> bool:
    """Whether one or two removed words beside a capitalised one could be the rest of a name (Oleander Pillow, Ada ten Pillow)."""
    for step in (-1, 1):
        near, j, length = i, i + step, 0
        while 0 <= j < len(found) and not _parted(found[near], found[j], text):
            particle = found[j].kind is Kind.GLUE or fold(found[j].text) in _PARTICLES
            if not (particle or _could_be_named(found[j], stays[j])):
                break
            near, j, length = j, j + step, length + (not particle)
        if 0 < length < _NAMES:
            return True
    return False


def _side_of_view(i: int, found: Sequence[Token], stays: Sequence[bool], text: str) -> bool:
    """Whether the letter of a side stands before a view that stays: ``Foo: L MLO``."""
    if found[i].text not in ("L", "R") or i + 1 == len(found) or not stays[i + 1]:
        return False
    return fold(found[i + 1].text) in _VIEWS and text[found[i].end : found[i + 1].start] in (" ", "_", "-")


def _could_be_named(token: Token, stays: bool) -> bool:  # noqa: FBT001  # one of two parallel sequences
    return not stays and token.text.isalpha() and token.kind in (Kind.UNKNOWN, Kind.AMBIGUOUS, Kind.ORDINARY)


def _parted(left: Token, right: Token, text: str) -> bool:
    return bool(PARTS.search(text, *between(left, right)))


def _behind_street(i: int, found: Sequence[Token], stays: Sequence[bool], text: str) -> bool:
    """Whether a number stands behind a removed word and a comma, and nothing it could count behind it (``Calle Foo, 74``)."""
    if not i or stays[i - 1] or not _COMMA.fullmatch(text, found[i - 1].end, found[i].start):
        return False
    return i + 1 == len(found) or not stays[i + 1] or bool(_SENTENCE.search(text, found[i].end, found[i + 1].start))


def _signs(left: Token, right: Token, text: str) -> bool:
    """Whether two tokens stand as initials of those who dictated and typed do: ``JS/TM``."""
    return text[slice(*between(left, right))] == "/" and all(
        token.text.isalpha() and token.text.isupper() and len(token.text) <= 3 for token in (left, right)
    )


def _covered(found: Sequence[Token], hits: Sequence[Hit]) -> list[bool]:
    """Whether a hit touches each token; in one pass, for a report has thousands of both."""
    marked = bytearray(found[-1].end if found else 0)
    for hit in hits:
        marked[hit.start : hit.end] = b"\1" * len(marked[hit.start : hit.end])
    return [1 in marked[token.start : token.end] for token in found]


def _beside(found: Sequence[Token]) -> list[list[int]]:
    """The tokens before and behind each, words that only join left out."""
    sides: list[list[int]] = [[] for _ in found]
    order = range(len(found))
    for direction in (order, reversed(order)):
        last = -1
        for i in direction:
            if last >= 0:
                sides[i].append(last)
            if found[i].kind is not Kind.GLUE:
                last = i
    return sides
