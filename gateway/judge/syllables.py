"""Names of East Asia, which are put together of one-syllable words: ``Ku Tai Son``, ``Do Van An``, ``LI NA``.

Many of these syllables are also short words of the lists (``an``, ``son``, ``min``). A run of them with capital letters is a
name if one of them is no word that we know, or if it has a part of the text for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gateway.judge.alone import PART_END
from gateway.judge.patterns import Hit
from gateway.judge.technical import Kind, Token
from gateway.judge.text import fold
from gateway.records import Reason

_SYLLABLES = Reason("person.syllables", 0.6)
# Syllables of Mandarin, Cantonese, Korean, Vietnamese, Burmese and Khmer names that are words of the lists.
_LISTED = frozenset((
        "ai", "an", "ba", "be", "bi", "chi", "chin", "da", "dao", "den", "do", "du", "fan", "fu", "gu", "ha", "he",
        "hu", "in", "ka", "ke", "ki", "ku", "la", "lai", "lan", "le", "li", "lo", "long", "lu", "ma", "man", "mao",
        "min", "mo", "na", "ng", "no", "on", "pan", "pin", "sa", "san", "se", "she", "shin", "sin", "so", "son",
        "sun", "ta", "tai", "tan", "te", "thi", "tin", "to", "tong", "tse", "van", "win", "wing", "xi", "yan", "ye",
        "you",
))  # fmt: skip
# One consonant or two that these languages write together, vowels, and what may close a syllable.
_SYLLABLE = re.compile(
    r"(?:ng|nh|[ctpkgszw]h|tr|ts|kw|gi|qu|[bcdghkmnp]y|[bcdfghjklmnpqrstvwxyz])?[aeiouy]{1,3}(?:ng|nh|ch|[nmptkchlow])?|park|kwak"
)
_ONE_BY_ONE = frozenset({"no", "in", "to", "do", "on"})  # in capitals they are words of a sentence
_JOINT, _IN_CAPITALS = re.compile(r"[\s^-]|, "), re.compile(r"[\s^]|, ")  # VAC-LOK is none
_FEWEST, _MOST = 2, 4


def find(text: str, found: Sequence[Token]) -> Iterator[Hit]:
    """The syllables of such names."""
    run: list[Token] = []
    for i, token in enumerate(found):
        joint = _IN_CAPITALS if token.text.isupper() else _JOINT
        if run and not (joint.fullmatch(text, run[-1].end, token.start) and _alike(run[-1], token)):
            yield from _named(run, text, found, i)
            run = []
        if _syllable(token):
            run.append(token)
        else:
            yield from _named(run, text, found, i)
            run = []
    yield from _named(run, text, found, len(found))


def _alike(one: Token, other: Token) -> bool:
    return one.text.istitle() == other.text.istitle()


def _syllable(token: Token) -> bool:
    word = fold(token.text)
    if not token.text.isalpha() or not (token.text.istitle() or token.text.isupper()) or len(word) < _FEWEST:
        return False
    if token.kind in (Kind.UNKNOWN, Kind.AMBIGUOUS, Kind.SELDOM, Kind.ORDINARY):
        return bool(_SYLLABLE.fullmatch(word))
    return word in _LISTED


def _named(run: Sequence[Token], text: str, found: Sequence[Token], end: int) -> Iterator[Hit]:
    """The run that ends before token ``end``, if it is a name."""
    if not _FEWEST <= len(run) <= _MOST:
        return
    kinds = (Kind.UNKNOWN, Kind.AMBIGUOUS) if len(run) <= _FEWEST else (Kind.UNKNOWN, Kind.AMBIGUOUS, Kind.SELDOM)
    unknown = sum(token.kind in kinds for token in run)
    capitals = run[0].text.isupper()
    first = end - len(run)
    begins = not first or bool(PART_END.search(text, found[first - 1].end, run[0].start))
    finishes = end == len(found) or bool(PART_END.search(text, run[-1].end, found[end].start))
    joins = run[-1].kind in (Kind.GLUE, Kind.JOINS)  # no part of a text ends in one
    whole = capitals and len(run) == len(found)  # GEM CA
    alone = finishes and not whole and (begins or (joins and not capitals))
    enough = unknown and (unknown > 1 or len(run) > _FEWEST or not capitals)
    if not (enough or (alone and (unknown or not capitals)) or (len(run) > _FEWEST and not capitals)):
        return
    yield from (
        Hit(token.start, token.end, _SYLLABLES)
        for token in run
        if not (capitals and len(run) <= _FEWEST and fold(token.text) in _ONE_BY_ONE)
    )
