"""Finds a study's own identifying values in a text, in the forms in which consoles and people write them.

Names by part, in any order, with titles, initials and joined; dates in every common format; numbers with and without leading
zeros and separators; all of them through OCR slips (O/0, I/l/1, S/5, B/8, and an edit or two in longer words). How short a value
may be and still be searched for, and why, is in docs/decisions/020-own-values.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby

from gateway.judge.months import MONTHS
from gateway.judge.patterns import Hit
from gateway.judge.text import distance, fold, forms, shape, strokes
from gateway.records import Identifiers, Reason

_TOKEN = re.compile(r"[^\W_]+")
# Parts of names that are never searched for alone: particles, titles, degrees.
_PARTICLES = frozenset(
    "de da do dos das del della di du la le les el al ul van von der den ten ter bin ibn bint zu zum zur of and y e i st "  # noqa: SIM905  # as one text
    "dr mr mrs ms miss prof md phd jr sr ii iii iv herr frau med dipl ing sir mme mlle sra rn rt".split()
)


_APART = 4  # characters in a row that stand alone: so many are a word that is written apart
_LONGEST = 64  # letters of a word that is found through edits


def _allowed(length: int) -> int:
    """Edits that a word of this length may be off by: none below 5 letters, one to 8, two beyond (OCR of small print)."""
    return 0 if length < 5 else 1 if length < 9 else 2


class Near:
    """Words to be found through a few edits, indexed by what is left of them when letters are taken out (SymSpell's idea).

    ``most`` caps the edits; only words of ``shortest`` letters and more are found through edits, the others as they stand,
    and so are those of more than 64 letters, the longest name that PS3.5 allows: each has thousands of ways to lose two.
    """

    def __init__(self, words: Iterable[str], most: int = 2, shortest: int = 5) -> None:
        self.words = frozenset(words)
        self._most = most
        self._index: dict[str, set[str]] = {}
        for word in self.words:
            if shortest <= len(word) <= _LONGEST:
                for left in _thinned(word, min(_allowed(len(word)), most)):
                    self._index.setdefault(left, set()).add(word)
        self._lengths = {
            len(word) + off
            for word in self.words
            if shortest <= len(word) <= _LONGEST
            for off in range(-most, most + 1)
        }

    def __contains__(self, word: str) -> bool:
        return word in self.words

    def near(self, word: str) -> bool:
        """Whether one of the words is at most its allowed edits away."""
        if len(word) not in self._lengths:
            return False
        most = min(_allowed(len(word) + self._most), self._most)
        found = {own for left in _thinned(word, most) for own in self._index.get(left, ())}
        return any(
            distance(word, own, limit) <= limit for own in found for limit in (min(_allowed(len(own)), self._most),)
        )


def _thinned(word: str, most: int) -> frozenset[str]:
    """A word with up to ``most`` letters taken out, in every way."""
    left = {word}
    for _ in range(most):
        left |= {one[:i] + one[i + 1 :] for one in left for i in range(len(one))}
    return frozenset(left)


class Matcher:
    """Searches texts for the values of one study.

    ``common`` holds folded words that tell nobody apart: no place is searched for by one alone, and none is a slip of a name.
    """

    def __init__(self, identifiers: Identifiers, common: frozenset[str] = frozenset()) -> None:
        names = sorted(identifiers.names)
        words, self._short_names, self._initials = _names(names)
        ids, self._short_ids = _ids(sorted(identifiers.ids))
        place_words, phrases, numbers = _places(sorted(identifiers.places), common)
        self._common = common
        self._names, self._runs = Near(words), Near(_runs(names))
        self._inside = tuple(sorted(word for word in words if len(word) >= 5))
        self._ids = Near(ids | numbers, shortest=6)
        self._ids_inside = tuple(sorted(one for one in ids | numbers if len(one) >= 5))
        self._dates = Near(_dates(sorted(identifiers.dates)), most=1, shortest=8)
        self._years = frozenset(date[:4] for date in identifiers.dates if len(date) >= 4)
        self._places, self._phrases = Near(place_words), Near(phrases)
        self._cached = lru_cache(maxsize=4096)(self._spans)

    def match(self, text: str) -> Reason | None:
        """The surest reason to take ``text`` for one of the study's own values, or None."""
        hits = self.spans(text)
        return max((hit.reason for hit in hits), key=lambda reason: (reason.score, reason.rule)) if hits else None

    def spans(self, text: str) -> tuple[Hit, ...]:
        """Every place of ``text`` where one of the study's own values stands."""
        return self._cached(text)

    def _spans(self, text: str) -> tuple[Hit, ...]:
        tokens = [(found.group(), found.start(), found.end()) for found in _TOKEN.finditer(text)]
        closed = _closed(tokens)
        finders = (self._find_names, self._find_ids, self._find_dates, self._find_places)
        readings = (tokens, closed) if len(closed) < len(tokens) else (tokens,)
        return tuple(hit for reading in readings for finder in finders for hit in finder(text, reading))

    # --- names -----------------------------------------------------------------------------------------------
    def _find_names(self, text: str, tokens: list[tuple[str, int, int]]) -> Iterator[Hit]:
        for token, start, end in tokens:
            if score := self._name_score(token):
                yield Hit(start, end, Reason("own.name", score))
            elif fold(token) in self._short_names and _stands_as_name(text, token, start, end):
                yield Hit(start, end, Reason("own.short_name", 0.6))
        exact = Reason("own.name_joined", 0.9)
        yield from _found(_windows(tokens, 4), self._runs, exact, exact)
        letters = "".join(token for token, _, _ in tokens)
        if (
            fold(letters) in self._initials
            and (len(letters) > 2 or "." in text)
            and all(len(token) < 4 for token, _, _ in tokens)
        ):
            yield Hit(0, len(text), Reason("own.initials", 0.6))

    def _name_score(self, token: str) -> float:
        """How surely a token is, or holds, a part of a name: 0 when it does not.

        A technical word is no slip of a name (margin is not Martin, lateral does not hold Later); spelt alike, it is the name.
        """
        word = shape(token)
        if word in self._names or strokes(token) in self._names:
            return 1.0
        if fold(token) in self._common:
            return 0.0
        if self._names.near(word):
            return 0.8
        return 0.9 if any(part in word for part in self._inside) else 0.0

    # --- identifiers -----------------------------------------------------------------------------------------
    def _find_ids(self, text: str, tokens: list[tuple[str, int, int]]) -> Iterator[Hit]:
        whole = "".join(token for token, _, _ in tokens)
        if fold(whole) in self._short_ids and len(whole) == len(text.strip()):
            yield Hit(0, len(text), Reason("own.short_id", 0.6))
        yield from _found(_windows(tokens, 6), self._ids, Reason("own.id", 1.0), Reason("own.id_similar", 0.8))
        for token, start, end in tokens:
            word = shape(token)
            if any(own in word for own in self._ids_inside):
                yield Hit(start, end, Reason("own.id_inside", 0.9))

    # --- dates -----------------------------------------------------------------------------------------------
    def _find_dates(self, text: str, tokens: list[tuple[str, int, int]]) -> Iterator[Hit]:
        yield from _found(_windows(tokens, 5), self._dates, Reason("own.date", 0.95), Reason("own.date_similar", 0.75))
        if text.strip() in self._years:
            yield Hit(0, len(text), Reason("own.year", 0.5))

    # --- places ----------------------------------------------------------------------------------------------
    def _find_places(self, _text: str, tokens: list[tuple[str, int, int]]) -> Iterator[Hit]:
        for token, start, end in tokens:
            word = shape(token)
            if word in self._places or (fold(token) not in self._common and self._places.near(word)):
                yield Hit(start, end, Reason("own.place_word", 0.8))
        exact = Reason("own.place", 1.0)
        yield from _found(_windows(tokens, 8), self._phrases, exact, exact)


# --- what is searched for: every set holds shapes (fold + OCR classes), so that a text is compared in the same form ---------
def _names(names: Iterable[str]) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Words of three letters and more (as shapes), words of two (folded), and initials (folded)."""
    words: set[str] = set()
    short: set[str] = set()
    initials: set[str] = set()
    for name in names:
        for parts in _groups(name):
            named = [part for part in parts if fold(part) not in _PARTICLES] or parts
            for part in named:
                for form in forms(part):
                    if len(form) > 2:
                        words |= {shape(form), strokes(form)} if len(form) > 3 else {shape(form)}
                    else:
                        short.add(form)
            first = [fold(part)[0] for part in named]
            if len(first) > 1:
                initials |= {"".join(first), "".join(first[1:] + first[:1]), "".join(first[:2]), "".join(first[1::-1])}
    return frozenset(words), frozenset(word for word in short if len(word) == 2), frozenset(initials)


def _runs(names: Iterable[str]) -> frozenset[str]:
    """Whole names without separators, family first and given first (as shapes), for lines that OCR glued or cut elsewhere."""
    runs: set[str] = set()
    for name in names:
        for group in name.split("="):
            family, _, given = group.partition("^")
            left, right = ("".join(_TOKEN.findall(part.split("^")[0])) for part in (family, given))
            for form in {left + right, right + left}:
                if len(form) >= 5 and left and right:
                    runs |= {shape(variant) for variant in forms(form)}
    return frozenset(runs)


def _groups(name: str) -> Iterator[list[str]]:
    """The words of each component group (alphabetic, ideographic, phonetic) of a person name, prefix and suffix included."""
    for group in name.split("="):
        words = _TOKEN.findall(group.replace("'", "").replace("\u2019", "")) + _TOKEN.findall(
            group if "'" in group or "\u2019" in group else ""
        )
        words = [word for word in words if fold(word)]
        if words:
            yield words


def _ids(ids: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Identifiers without separators (as shapes), with and without leading zeros; those of two characters apart."""
    long: set[str] = set()
    short: set[str] = set()
    for value in ids:
        joined = fold("".join(_TOKEN.findall(value)))
        for form in {joined, joined.lstrip("0")} if len(joined.lstrip("0")) > 2 else {joined}:
            if len(form) > 2:
                long.add(shape(form))
            elif len(form) == 2:
                short.add(form)
        runs = [run for run in re.findall(r"\d+", value) if len(run) >= 5]
        long |= {shape(form) for run in runs for form in (run, run.lstrip("0")) if len(form) >= 5}
    return frozenset(long), frozenset(short)


@lru_cache(maxsize=1024)
def _date_forms(date: str) -> frozenset[str]:
    """A date (YYYYMMDD) in every common format without separators, as shapes; empty when it is no date."""
    if not re.fullmatch(r"\d{8}", date) or not 1 <= int(date[4:6]) <= 12 or not 1 <= int(date[6:]) <= 31:
        return frozenset()
    year, month, day = date[:4], date[4:6], date[6:]
    written: set[str] = set()
    for y in (year, year[2:]):
        for m in {month, month.lstrip("0")}:
            for d in {day, day.lstrip("0")}:
                written |= {form for form in (y + m + d, d + m + y, m + d + y) if len(form) >= 6 or len(y) == 4}
        for name in MONTHS[int(month) - 1]:
            for d in {day, day.lstrip("0")}:
                written |= {d + name + y, name + d + y, y + name + d}
    return frozenset(shape(form) for form in written)


def _dates(dates: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(_date_forms(date[:8]) for date in dates))


def _places(places: Iterable[str], common: frozenset[str]) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Telling words (four letters and more) and whole phrases of places, and the numbers in them (telephones, as shapes)."""
    words: set[str] = set()
    phrases: set[str] = set()
    numbers: set[str] = set()
    for place in places:
        parts = _TOKEN.findall(place)
        telling = [part for part in parts if fold(part) not in common]
        words |= {shape(form) for part in telling if len(part) >= 4 and not part.isdigit() for form in forms(part)}
        joined = "".join(parts)
        digits = re.sub(r"\D", "", place)
        if len(digits) >= 6 and len(digits) * 2 > len(joined):
            numbers |= {shape(digits)}
        elif telling or len(parts) > 1:
            phrases |= {shape(form) for form in forms(joined)}
    return frozenset(words), frozenset(phrases), frozenset(numbers)


# --- how a text is searched ----------------------------------------------------------------------------------------------
def _closed(tokens: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """The tokens, with characters that are written apart (``O K O N K W O``) as one word."""
    closed: list[tuple[str, int, int]] = []
    for apart, run in groupby(tokens, key=lambda token: len(token[0]) == 1):
        found = list(run)
        if apart and len(found) >= _APART:
            found = [("".join(char for char, _, _ in found), found[0][1], found[-1][2])]
        closed += found
    return closed


def _windows(tokens: list[tuple[str, int, int]], most: int) -> Iterator[tuple[int, int, str]]:
    """Every run of up to ``most`` neighbouring tokens: start, end, and their shapes joined."""
    shapes = [shape(token) for token, _, _ in tokens]
    for left in range(len(tokens)):
        joined = ""
        for right in range(left, min(left + most, len(tokens))):
            joined += shapes[right]
            yield tokens[left][1], tokens[right][2], joined


def _found(windows: Iterable[tuple[int, int, str]], own: Near, exact: Reason, similar: Reason) -> Iterator[Hit]:
    """Where own values stand among the ``windows``; one similar only because of a neighbour of the value does not count."""
    near: list[Hit] = []
    sure: list[Hit] = []
    for left, right, joined in windows:
        if joined in own:
            sure.append(Hit(left, right, exact))
        elif own.near(joined):
            near.append(Hit(left, right, similar))
    yield from sure
    yield from (hit for hit in near if not any(hit.start <= one.start and one.end <= hit.end for one in sure))


def _stands_as_name(text: str, token: str, start: int, end: int) -> bool:
    """Whether a two-letter token stands as a name: not in lower case, not behind a number, not before a slash (ng/mL, 5 NG)."""
    before, after = text[:start].rstrip(), text[end:].lstrip()
    return (
        not token.islower() and not before[-1:].isdigit() and not (after.startswith("/") and text[end:].startswith("/"))
    )
