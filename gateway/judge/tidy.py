"""Puts the words that stay of a free text together again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gateway.judge.technical import Token

_EDGES = " \t\r\n_-^,;:/\\|.&+*'\"`~=<>@#!?"
_SPACES = re.compile(r"[ \t]{2,}")


def rebuild(text: str, tokens: Sequence[Token], kept: Sequence[bool]) -> str:
    """Join the kept tokens: by their own separators where nothing was removed between them, else by one separator.

    Brackets that lost their partner go too.
    """
    parts: list[str] = []
    last = -1
    for i, (token, stays) in enumerate(zip(tokens, kept, strict=True)):
        if not stays:
            continue
        gap = text[tokens[last].end : token.start] if last >= 0 else text[: token.start]
        removed = i > 0 and last != i - 1
        parts.extend((_separator(gap) if removed else gap, text[token.start : token.end]))
        last = i
    if tokens and last == len(tokens) - 1:
        parts.append(text[tokens[-1].end :])
    return _SPACES.sub(" ", _unpaired("".join(parts))).strip(_EDGES)


def _separator(gap: str) -> str:
    """One separator for a gap: the strongest that stood in it."""
    return next((char for char in "\n^_" if char in gap), " ")


def _unpaired(text: str) -> str:
    """Drop all brackets of a kind when they do not pair up, or when a pair is empty."""
    for opening, closing in ("()", "[]", "{}"):
        text = re.sub(rf"{re.escape(opening)}\W*{re.escape(closing)}", " ", text)
        if text.count(opening) != text.count(closing):
            text = text.replace(opening, " ").replace(closing, " ")
    return text
