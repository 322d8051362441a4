"""Compares text that was read in pixels with the study's identifiers, forgiving the slips of text recognition."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby, pairwise
from typing import Final

from gateway.verify.identifiers import Secrets, digits
from gateway.verify.vocabulary import fold, tokens
from gateway.verify.wording import Wording

#: Letters and digits that recognition takes for each other become one character.
_CONFUSABLE: Final = str.maketrans("oqdil|!zsbg", "00011112586")
#: One slip is forgiven for this many characters.
_PER_SLIP: Final = 6
#: A text that is written in single letters: detection joins two of them at times; fewer than three parts make no word.
_LETTERS: Final = 2
_PARTS: Final = 3


class PixelText:
    """The study's identifiers in the form in which recognised lines are compared. Immutable once built."""

    def __init__(self, secrets: Secrets, wording: Wording) -> None:
        self._wording = wording
        self._secrets = secrets
        people = {word for name in secrets.names | secrets.places for word in name if not word.isdigit()}
        self._words = tuple(sorted(w for w in people if len(w) > 3 and not secrets.ordinary(w)))
        joined = {"".join(value) for value in secrets.ids}
        self._ids = tuple(sorted(i for i in joined if len(i) > 3 and digits(i)))
        self._full = tuple(
            sorted(
                {first + second for name in secrets.names for first, second in (*pairwise(name), *pairwise(name[::-1]))}
            )
        )

    def identifies(self, line: str) -> bool:
        """Whether a recognised line shows an identifier."""
        found = tokens(line)
        runs = [
            *found,
            *(a + b for a, b in pairwise(found)),
            *(a + b + c for a, b, c in zip(found, found[1:], found[2:], strict=False)),
        ]
        return (
            self._wording.dates(line)
            or self._wording.dates(fold(line).replace(" ", ""))
            or self._wording.phone(line)
            or self._wording.ideographic(line)
            or self._wording.two_parts(found, ordinary=True)
            or any(self._is_word(run) for run in runs)
            or any(self._is_id(run) for run in runs)
        )

    def _is_word(self, run: str) -> bool:
        if len(run) < 4 or self._secrets.ordinary(run):
            return False
        shape = run.translate(_CONFUSABLE)
        return any(_like(word.translate(_CONFUSABLE), shape) for word in self._words) or (
            len(run) > 5 and run in self._full
        )

    def _is_id(self, run: str) -> bool:
        if len(run) < 4 or not digits(run.translate(_CONFUSABLE)):
            return False
        shape = run.translate(_CONFUSABLE).lstrip("0")
        return any(
            run == value or (len(value) > 4 and _like(value.translate(_CONFUSABLE).lstrip("0"), shape))
            for value in self._ids
        )


def spelled(lines: Iterable[str]) -> tuple[str, ...]:
    """The words that single letters make which were read one after the other (in cells, in a column), in both directions."""
    words: list[str] = []
    parts = (part for line in lines for part in line.split())
    for short, run in groupby(parts, key=lambda part: len(part) <= _LETTERS):
        letters = list(run)
        if short and len(letters) >= _PARTS:
            words += ["".join(letters), "".join(reversed(letters))]
    return tuple(words)


def _like(wanted: str, read: str) -> bool:
    """Whether ``read`` is ``wanted`` but for one slip in six characters; a long ``wanted`` may stand inside."""
    slips = len(wanted) // _PER_SLIP
    if len(wanted) > 7 and wanted in read:
        return True
    return abs(len(wanted) - len(read)) <= slips and distance(wanted, read, slips) <= slips


def distance(first: str, second: str, limit: int) -> int:
    """The edit distance of two words; anything above ``limit`` may be returned as ``limit + 1``."""
    row = list(range(len(second) + 1))
    for number, letter in enumerate(first, 1):
        last, row[0] = row[0], number
        for column, other in enumerate(second, 1):
            last, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, last + (letter != other))
        if min(row) > limit:
            return limit + 1
    return row[-1]
