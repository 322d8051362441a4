"""What the name recogniser sees of a word: the word, its beginnings and ends, its vowels, how it is written.

Names that nobody has listed share their syllables with those that training made; so the parts of a word are looked up beside the
word, all of them without case and accents, which stand apart in the written form. Importing this module makes it known to spaCy.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zlib import crc32

from spacy.util import registry
from thinc.api import HashEmbed, Maxout, Model, chain, concatenate, list2ragged, ragged2list, with_array

from gateway.judge.text import fold

if TYPE_CHECKING:
    from spacy.tokens import Doc

# Rows of the table of each feature, in the order of ``features``.
ROWS = (5000, 1500, 1500, 2500, 2500, 1500, 2500, 2500, 1500)
_VOWELS = re.compile(r"[aeiouy]")
_CONSONANTS = re.compile(r"[^\W\d_aeiouyV]")
_RUNS = re.compile(r"(.)\1{3,}")


@lru_cache(maxsize=65536)
def features(word: str) -> tuple[int, ...]:
    """The hashes (32 bits) of what is seen of a word, one for each of ``ROWS``."""
    plain = fold(word)
    seen = (plain, written(word), plain[:2], plain[:3], plain[:4], plain[-2:], plain[-3:], plain[-4:], sound(plain))
    return tuple(crc32(part.encode("utf-8", "replace")) for part in seen)


def written(word: str) -> str:
    """How a word is written: its length, capital and small letters (X, x), digits (d) and marks; long runs are cut short."""
    shape = "".join(
        "X" if char.isupper() else "x" if char.isalpha() else "d" if char.isdigit() else char for char in word
    )
    return str(min(len(word), 12)) + _RUNS.sub(r"\1\1\1", shape)


def sound(plain: str) -> str:
    """The vowels (V) and consonants (C) of a folded word, the first eight."""
    return _CONSONANTS.sub("C", _VOWELS.sub("V", plain))[:8]


def word_parts(width: int, table_width: int) -> Model[Any, Any]:
    """A layer from documents to vectors of ``width`` a token, by vectors of ``table_width`` for each feature of it."""
    tables: list[Model[Any, Any]] = [
        HashEmbed(table_width, rows, column=i, seed=i + 7, dropout=0.0) for i, rows in enumerate(ROWS)
    ]
    return chain(
        Model("word_parts", _forward),
        list2ragged(),
        with_array(concatenate(*tables)),
        with_array(Maxout(width, table_width * len(ROWS), nP=3, dropout=0.0, normalize=True)),
        ragged2list(),
    )


def _forward(
    model: Model[Any, Any],
    docs: list[Doc],
    is_train: Any,  # noqa: ARG001  # thinc passes it by name
) -> tuple[list[Any], Callable[[list[Any]], list[Any]]]:
    rows = []
    for doc in docs:
        seen = [features(doc.vocab.strings[word]) for word in doc.to_array(["ORTH"])]
        rows.append(model.ops.xp.asarray(seen, dtype="uint64").reshape(len(doc), len(ROWS)))
    return rows, lambda _: []


registry.architectures("gateway.WordParts.v1", func=word_parts)
