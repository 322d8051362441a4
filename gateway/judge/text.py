"""How the judge looks at a text: folded letters, digits read through OCR slips, and atoms (numbers and words)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

# Letters that NFKD leaves alone, and the typographic apostrophe.
_SPECIAL = str.maketrans(
    dict(zip("øØđĐłŁ\u0131ð\u2019\u00b5", "oOdDlLid'u", strict=True))
    | {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th"}
)
_MICRO = re.compile(r"(?<![\u0370-\u03ff\u1f00-\u1fff])\u03bc(?![\u0370-\u03ff\u1f00-\u1fff])")  # no mu of a Greek word
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "Ä": "ae", "Ö": "oe", "Ü": "ue", "Å": "aa", "Ø": "oe"}
)
# Letters that OCR reads for digits (same length, so places stay), and one form for what it confuses.
_DIGITS = str.maketrans("OoQDIl|i!ZzSsBGbgq", "000011111225586699")
_SHAPES = str.maketrans("0q1l|!j582694v", "ooiiiiisbzggau")
_LETTERS = str.maketrans("0158", "OISB")
_AMID_LETTERS = re.compile(r"(?<![\w.,])[0158](?=[^\W\d_])|(?<=[^\W\d_])[0158](?=[^\W\d_])")
_MIXED = re.compile(r"(?<![^\W\d_])[0-9OoQDIl|i!ZzSsBGbgq]+(?:[.,:/\-][0-9OoQDIl|i!ZzSsBGbgq]+)*(?![^\W\d_])")
_ATOM = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)*)|(?P<word>[^\W\d_]+(?:(?<=[^\W\d_])['\u2019\u00b4](?=[^\W\d_])[^\W\d_]+)*)"
)
_WRITTEN_OUT = re.compile(r"(?<=[^aeq])([aou])e")  # neither in Bauer and Neuer nor in Jaques
_HUMP = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")


@dataclass(frozen=True, slots=True)
class Atom:
    """A number or a word of a text, with its place ``text[start:end]``. ``glued``: no separator stands before it."""

    text: str = field(repr=False)
    start: int
    end: int
    number: bool
    glued: bool


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case without accents; letters that have no plain form are spelt out (ß ss, ø o, ł l)."""
    plain = unicodedata.normalize("NFKD", _MICRO.sub("u", text.translate(_SPECIAL)))
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare).casefold()  # NFC puts Hangul together again


def spelt(text: str) -> str:
    """Fold a text with its umlauts written out: Schädel gives schaedel, Ødegård gives oedegaard."""
    return fold(unicodedata.normalize("NFC", text).translate(_UMLAUTS))


def forms(word: str) -> set[str]:
    """The ways in which a word is written where a keyboard lacks its letters: folded, umlauts written out, and read back."""
    plain = fold(word)
    back = _WRITTEN_OUT.sub(r"\1", plain) if len(plain) > 4 else plain
    return {plain, spelt(word), back}


def digitised(text: str) -> str:
    """Read letters as the digits they resemble, where they stand together with digits; every place stays as it was."""

    def read(found: re.Match[str]) -> str:
        part = found.group()
        digits = sum(char.isdigit() for char in part)
        letters = sum(char.isalpha() for char in part)
        return part.translate(_DIGITS) if digits > letters else part

    return _MIXED.sub(read, text)


def lettered(text: str) -> str:
    """Read figures as the letters they resemble, at the begin or within words of letters; every place stays as it was."""
    return _AMID_LETTERS.sub(lambda found: found.group().translate(_LETTERS), text)


@lru_cache(maxsize=65536)
def shape(text: str) -> str:
    """Fold a text and give characters that OCR confuses one form (O/0, I/l/1, S/5, B/8, Z/2, G/6), for comparing."""
    return fold(text).translate(_SHAPES)


def strokes(text: str) -> str:
    """The shape of a text with letter pairs drawn together that OCR takes for one letter (rn/m, vv/w)."""
    return shape(fold(text).replace("vv", "w").replace("rn", "m"))


def atoms(text: str) -> tuple[Atom, ...]:
    """Split a text into numbers and words. Separators are left out; "TIs0.4MI1.2" gives TIs, 0.4, MI, 1.2."""
    found = []
    last = -1
    for match in _ATOM.finditer(text):
        found.append(
            Atom(match.group(), match.start(), match.end(), match.lastgroup == "number", match.start() == last)
        )
        last = match.end()
    return tuple(found)


def humps(word: str) -> tuple[str, ...]:
    """The parts of a word in camel case: BrainStem gives Brain and Stem."""
    return tuple(_HUMP.split(word))


def distance(left: str, right: str, most: int) -> int:
    """Edit distance (insert, delete, replace), or ``most + 1`` as soon as it is larger than ``most``."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
        if min(row) > most:
            return most + 1
    return row[-1]
