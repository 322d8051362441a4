"""The ordinary words of fourteen languages (``models/ordinary``): prose around the technical words.

Built by models/build_ordinary.py from free dictionaries less lists of names and what is mostly written with a capital letter.
Less sure than the technical lists, which are read by hand: what they say is not enough for a line burned into pixels, and a
capitalised ordinary word goes where the recogniser or a removed word beside it speaks for a name.
"""

from __future__ import annotations

from dataclasses import dataclass

import marisa_trie

from gateway import models
from gateway.errors import ModelError
from gateway.judge.text import fold, forms, spelt

MODEL = "ordinary"


@dataclass(frozen=True, slots=True)
class Ordinary:
    """``words`` that stand in no list of names, ``seldom`` those in rare ones, and long ``names`` that look put together."""

    words: marisa_trie.Trie
    seldom: marisa_trie.Trie
    names: marisa_trie.Trie

    @classmethod
    def load(cls) -> Ordinary:
        """Map the verified lists into memory, which all processes of a machine share.

        Raises:
            ModelError: a list is missing, altered, or cannot be read by the installed marisa-trie.
        """
        folder = models.verify(MODEL)
        try:
            return cls(
                *(marisa_trie.Trie().mmap(str(folder / f"{name}.marisa")) for name in ("words", "seldom", "names"))
            )
        except (OSError, RuntimeError):
            raise ModelError(
                f"Model {MODEL} cannot be read by the installed marisa-trie; install the pinned one."
            ) from None

    def __contains__(self, word: str) -> bool:
        return any(form in self.words for form in _written(word))

    def seldom_a_name(self, word: str) -> bool:
        """Whether a word is one, though a few people are called so: believe it of small letters only."""
        return any(form in self.seldom for form in _written(word))


def _written(word: str) -> set[str]:
    """The ways in which the lists may spell a word; a capitalised name is not read back (Gaetan is no gatan)."""
    return forms(word) if word.islower() and word.isascii() else {fold(word), spelt(word)}
