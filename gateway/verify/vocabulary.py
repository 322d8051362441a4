"""Which words are ordinary: technical or common, so that finding one alone in a file says nothing about a person.

Derived from the data that pydicom carries (names of attributes and UIDs, code meanings that recur) and ``words.txt``.
Breeds, stains and projections are left out of the codes: their names are mostly people's.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from importlib import resources
from typing import Final

from pydicom._dicom_dict import DicomDictionary
from pydicom._uid_dict import UID_dictionary
from pydicom.sr._concepts_dict import concepts

_CAMEL: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
#: Letters that are no letter with an accent, as they are written without them; and umlauts written out.
_PLAIN: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_OUT: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_WORD: Final = re.compile(r"[^\W_]+")
_EPONYMS: Final = re.compile(r"Breed|Projection|Stain|Dog|Pig|Sheep|Cattle|Goat|Horse")
#: A word of the code dictionaries counts when this many codes use it: one use is often somebody's name.
_RECURS: Final = 3


def fold(text: str) -> str:
    """Lower case without accents, ligatures taken apart, full-width forms made narrow."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def tokens(text: str) -> tuple[str, ...]:
    """The folded words and numbers of ``text``, in order."""
    return tuple(_WORD.findall(fold(text)))


def spellings(text: str) -> frozenset[tuple[str, ...]]:
    """``tokens`` of ``text`` without accents (müller: muller) and with the umlauts written out (mueller)."""
    out = unicodedata.normalize("NFC", text.casefold()).translate(_OUT)
    return frozenset({tokens(text), tokens(out)})


def unspelt(token: str) -> str:
    """A folded word with written-out umlauts read back, as in muller from mueller; short ones stay."""
    return re.sub(r"(?<![aeq])(?<!^)([aou])e", r"\1", token) if len(token) > 4 else token


@cache
def words() -> frozenset[str]:
    """All ordinary words, folded."""
    names = [str(entry[2]) for entry in DicomDictionary.values()] + [str(entry[0]) for entry in UID_dictionary.values()]
    found = {word for name in names for word in tokens(name)}
    counts: Counter[str] = Counter()
    for codes in concepts.values():
        for code in codes:
            if not _EPONYMS.search(code):
                counts.update({word.lower() for word in _CAMEL.findall(code)})
    found.update(word for word, count in counts.items() if count >= _RECURS)
    listed = resources.files(__package__).joinpath("words.txt").read_text(encoding="ascii")
    for line in listed.splitlines():
        if not line.startswith("#"):
            found.update(line.split())
    return frozenset(found)


@cache
def _joined() -> str:
    return "\n".join(sorted(words()))


@cache
def inside_a_word(token: str) -> bool:
    """Whether ``token`` is an ordinary word or a part of one, as Parkin is of parkinson."""
    return token in _joined()
