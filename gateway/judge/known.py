"""Keeps the words of the shipped vocabulary and nothing else, for profiles that ask for it (PS3.15 E.3.5).

Stricter than ``clean``, whose result it starts from: a word must stand in a list letter by letter, a number must carry a unit
or be tied to a listed word (``T2``, ``B30f``, ``5 mm``), and between words only plain separators stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from gateway.judge.technical import Token
from gateway.judge.text import Atom, atoms, fold
from gateway.judge.vocabulary import Vocabulary

_STRANGE = re.compile(r"[^\s_^,;:/|.+*()\[\]%=<>-]")
_BY = frozenset({"x", "\u00d7"})


def keep(found: Sequence[Token], kept: Sequence[bool], text: str, vocabulary: Vocabulary) -> tuple[bool, ...]:
    """Which of the tokens that stay hold only listed words and measured or tied numbers."""
    measured = _measured(text, vocabulary)
    return tuple(
        stays and all(_known(atom, token, measured, vocabulary) for atom in atoms(token.text))
        for token, stays in zip(found, kept, strict=True)
    )


def plain(text: str, found: Sequence[Token]) -> str:
    """The text with every character between its tokens that is no plain separator made a blank."""
    parts, end = [], 0
    for token in found:
        parts += [_STRANGE.sub(" ", text[end : token.start]), text[token.start : token.end]]
        end = token.end
    return "".join((*parts, _STRANGE.sub(" ", text[end:])))


def _known(atom: Atom, token: Token, measured: frozenset[int], vocabulary: Vocabulary) -> bool:
    if atom.number:
        tied = len(atom.text) < len(token.text) and any(char.isalpha() for char in token.text)
        return tied or token.start + atom.start in measured
    return listed(atom.text, vocabulary) or token.text.casefold() == "w/o"


def listed(word: str, vocabulary: Vocabulary) -> bool:
    """Whether a word stands in a list, without regard to case and accents; stems and compounds do not count."""
    lists = (
        vocabulary.technical,
        vocabulary.clinical,
        vocabulary.glue,
        vocabulary.units,
        vocabulary.eponyms,
        vocabulary.eponym_nouns,
    )
    folded = fold(word)
    parts = re.split("['\u2019\u00b4]", folded)
    return any(folded in one.exact for one in lists) or (
        len(parts) > 1 and all(part == "s" or any(part in one.exact for one in lists) for part in parts)
    )


def _measured(text: str, vocabulary: Vocabulary) -> frozenset[int]:
    """Where numbers start that a unit follows, also over "x" (5 x 1.2 mm)."""
    pieces = atoms(text)
    found: set[int] = set()
    for atom, after in reversed([*pairwise((*pieces, Atom("", len(text), len(text), number=False, glued=False)))]):
        if not atom.number:
            continue
        percent = text[atom.end : atom.end + 2].strip()[:1] in ("%", "°")
        unit = not after.number and after.text in vocabulary.units and after.start - atom.end <= 1
        times = after.text in _BY and any(after.end <= start <= after.end + 1 for start in found)
        if percent or unit or times:
            found.add(atom.start)
    return frozenset(found)
