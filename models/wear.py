"""What text readers, keyboards and screens do to a line: confused letters, lost blanks and marks, one case, no accents."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from gateway.judge.text import fold
from models.overlay_lines import Line

# What is read for what, one or two letters to one or two. Written by hand after the confusions of text readers on overlay fonts.
_CONFUSED = {
    "O": "0QDC", "0": "OQDo", "I": "l1|", "l": "I1|i", "1": "lI7|", "S": "5s", "5": "S6", "B": "83R", "8": "B3S", "G": "6C",
    "6": "Gb", "Z": "27", "2": "Z", "D": "0O", "Q": "O0", "C": "GO", "U": "V", "V": "UY", "Y": "V", "E": "F", "F": "EP",
    "P": "F", "R": "PB", "H": "NM", "N": "MH", "M": "NH", "K": "X", "X": "K", "T": "7Y", "A": "4R", "7": "T1", "4": "A",
    "3": "8", "9": "gq", "g": "9q", "q": "9g", "e": "c", "c": "eo", "a": "o", "o": "ac0", "u": "v", "v": "uy", "n": "rh",
    "h": "bn", "b": "h6", "t": "f", "f": "t", "i": "l1j", "j": "i", "r": "n", "s": "5", "y": "v", "z": "2", ".": ",",
    ",": ".", ":": ".;", ";": ":", "-": "_~", "^": "A*'", "/": "1l|", "'": "`",
}  # fmt: skip
_PAIRS = {
    "m": "rn", "w": "vv", "d": "cl", "W": "VV", "H": "I-I", "N": "IV", "U": "LI", "k": "lc", "K": "I<",
    "rn": "m", "cl": "d", "vv": "w", "ri": "n", "nn": "m", "VV": "W", "LI": "U", "ll": "U",
}  # fmt: skip
_PAIR = re.compile("|".join(sorted((re.escape(key) for key in _PAIRS), key=len, reverse=True)))


class Wear:
    """Wears lines; what comes out depends on nothing but the generator it is given."""

    def __init__(self, draw: random.Random) -> None:
        self._random = draw

    def line(self, line: Line) -> Line:
        """Two lines of three stay as they are; of the others some lose case or accents, some are read badly."""
        roll = self._random.random()
        if roll < 0.07:
            line = _each(line, str.upper)
        elif roll < 0.14:
            line = _each(line, str.lower)
        elif roll < 0.20:
            line = _each(line, _plain)
        if self._random.random() < 0.22:
            slips = (*(self._confuse,) * 3, self._pair, self._lose_blank, self._lose_letter, self._split)
            for _ in range(self._random.choice((1, 1, 2, 3))):
                line = self._random.choice(slips)(line)
        return line

    def _confuse(self, line: Line) -> Line:
        places = [i for i, char in enumerate(line.text) if char in _CONFUSED]
        if not places:
            return line
        at = self._random.choice(places)
        return replaced(line, at, at + 1, self._random.choice(_CONFUSED[line.text[at]]))

    def _pair(self, line: Line) -> Line:
        places = list(_PAIR.finditer(line.text))
        if not places:
            return line
        found = self._random.choice(places)
        return replaced(line, found.start(), found.end(), _PAIRS[found.group()])

    def _lose_blank(self, line: Line) -> Line:
        """A blank inside a span, or between words that are in none: the end of a name is never lost."""
        places = [
            i
            for i, char in enumerate(line.text)
            if char == " " and not any(i in (start - 1, end) for start, end, _ in line.spans)
        ]
        if not places:
            return line
        at = self._random.choice(places)
        return replaced(line, at, at + 1, "")

    def _lose_letter(self, line: Line) -> Line:
        places = [i for i, char in enumerate(line.text) if char.isalpha()]
        if len(places) < 4:
            return line
        at = self._random.choice(places)
        return replaced(line, at, at + 1, "" if self._random.random() < 0.6 else line.text[at] * 2)

    def _split(self, line: Line) -> Line:
        places = [i for i in range(1, len(line.text)) if line.text[i - 1].isalnum() and line.text[i].isalnum()]
        if not places:
            return line
        at = self._random.choice(places)
        return replaced(line, at, at, " ")


def replaced(line: Line, start: int, end: int, by: str) -> Line:
    """The line with ``text[start:end]`` replaced, its spans moved; a span that would be empty is dropped."""
    more = len(by) - (end - start)

    def moved(place: int, *, is_end: bool) -> int:
        if place >= end and not (place == start == end and is_end):
            return place + more
        return min(place, start) if not is_end else max(min(place, start + len(by)), 0)

    spans = tuple(
        (left, right, label)
        for left, right, label in (
            (moved(left, is_end=False), moved(right, is_end=True), label) for left, right, label in line.spans
        )
        if left < right
    )
    return Line(line.text[:start] + by + line.text[end:], spans)


def _each(line: Line, change: Callable[[str], str]) -> Line:
    """Change every character; where that makes more or fewer of it, it stays."""
    text = "".join(new if len(new := change(char)) == 1 else char for char in line.text)
    return Line(text, line.spans)


def _plain(char: str) -> str:
    """A letter without its accent, in its own case."""
    folded = fold(char)
    return folded.upper() if char.isupper() else folded
