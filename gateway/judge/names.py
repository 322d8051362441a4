"""Names that only context gives away: our own spaCy pipeline, loaded from ``models/phi_ner``.

Trained by models/train_ner.py; its figures are in models/phi_ner/MODEL_CARD.md.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from gateway import models
from gateway.errors import ModelError
from gateway.judge.patterns import Hit
from gateway.records import Reason

if TYPE_CHECKING:  # see the import in ``open``
    from spacy.language import Language

MODEL = "phi_ner"
_PIECE, _OVERLAP = (
    4096,
    256,
)  # characters that the recogniser reads at once: its memory grows with them, and it takes 1e6 at most
_SURROGATES = re.compile("[\ud800-\udfff]")
_RULES = {"PERSON": "ner.person", "PLACE": "ner.place", "ID": "ner.id", "DATE": "ner.date", "AGE_SEX": "ner.age_sex"}


class NameReader:
    """Marks the parts of a line that the trained pipeline takes for identifying."""

    def __init__(self, pipeline: Language) -> None:
        self._pipeline = pipeline
        self.spans = lru_cache(maxsize=16384)(self._spans)

    @classmethod
    def load(cls) -> NameReader:
        """Load the verified pipeline.

        Raises:
            ModelError: a file of the pipeline is missing, altered, or cannot be read by the installed spaCy.
        """
        return cls.open(models.verify(MODEL))

    @classmethod
    def open(cls, folder: Path) -> NameReader:
        """Load the pipeline in ``folder`` as it is.

        Raises:
            ModelError: the installed spaCy cannot read it.
        """
        with _without_torch():
            import spacy  # noqa: PLC0415  # one second to import, and only the cleaning processes need it

            import gateway.judge.features  # noqa: F401, PLC0415  # spaCy finds the pipeline's own layer by its name

        try:
            return cls(spacy.load(folder))
        except (OSError, ValueError, TypeError, KeyError):
            raise ModelError(
                f"Model {MODEL} cannot be loaded by the installed spaCy; install the pinned one."
            ) from None

    def _spans(self, text: str) -> tuple[Hit, ...]:
        text = _SURROGATES.sub("?", text)  # the tokeniser encodes
        starts = range(0, max(len(text) - _OVERLAP, 1), _PIECE - _OVERLAP)
        docs = ((start, self._pipeline(text[start : start + _PIECE])) for start in starts)
        return tuple(
            Hit(start + ent.start_char, start + ent.end_char, Reason(_RULES[ent.label_], 0.7))
            for start, doc in docs
            for ent in doc.ents
        )


@contextmanager
def _without_torch() -> Iterator[None]:
    """Let spaCy be imported as if torch were not installed: it does not need it, and it would take half a gigabyte."""
    if "torch" in sys.modules:
        yield
        return
    sys.modules["torch"] = None  # type: ignore[assignment]  # what Python's import system takes for "not there"
    try:
        yield
    finally:
        del sys.modules["torch"]
