"""Which part of an identifying line has to go where all the rest of it is firmly technical: ``post [14:26:31]``.

Only for lines that a date, a time or a number gives away. Beside a name every word may be a name, so such lines go whole.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

from gateway.judge.patterns import Hit
from gateway.judge.technical import Kind, Token
from gateway.judge.text import fold

# Rules whose places say all: what stands beside them is no part of a name, an address or a label's value.
_CLEAR = (
    "date.", "time", "own.date", "own.id", "number.", "id.letters_and_number", "id.long_number", "id.grouped_number",
)  # fmt: skip
_NAMELIKE = frozenset(",^;:#=")  # they join the parts of names, and a label to its value


def part(
    text: str,
    hits: Sequence[Hit],
    tokens: Sequence[Token],
    is_firm: Callable[[str], bool],
    named: Callable[[str], Sequence[Hit]],
    also_names: Container[str],
) -> tuple[int, int] | None:
    """The place ``text[start:end]`` that holds all ``hits``, if a blank parts it from firmly technical words; else None.

    ``is_firm`` says whether a text is so by itself, ``named`` where the name recogniser sees something,
    ``also_names`` which folded words people are called by as well: a date beside nothing else may be that of a birth.
    """
    if not hits or not all(hit.reason.rule.startswith(_CLEAR) for hit in hits):
        return None
    start, end = min(hit.start for hit in hits), max(hit.end for hit in hits)
    before, behind = text[:start], text[end:]
    if not (before.strip() or behind.strip()):
        return None
    outside = [token for token in tokens if token.end <= start or token.start >= end]
    straddling = any(token.start < start < token.end or token.start < end < token.end for token in tokens)
    if straddling or not all(map(_stays, outside)) or _NAMELIKE.intersection(before + behind):
        return None
    apart = (not before or before[-1].isspace()) and (not behind or behind[0].isspace())
    if not apart or not all(is_firm(one.strip()) for one in (before, behind) if one.strip()):
        return None
    if _may_be_called(outside, also_names) or any(hit.start < start or hit.end > end for hit in named(text)):
        return None
    return start if before.strip() else 0, end if behind.strip() else len(text)


def _may_be_called(outside: Sequence[Token], also_names: Container[str]) -> bool:
    """Whether there are words and each is one that people are called by: White 12.03.1956, but not white matter."""
    words = [fold(token.text) for token in outside if token.text.isalpha() and len(token.text) > 1]
    return bool(words) and all(word in also_names for word in words)


def _stays(token: Token) -> bool:
    """Whether a word is technical and nothing else; a number needs its unit or label, or it may belong to the one beside it."""
    if token.kind is Kind.NUMBER:
        return token.measured or any(char.isalpha() for char in token.text)
    return token.kind in (Kind.WORD, Kind.GLUE)
