"""Faces: removes the recognisable surface of heads from volumes (PS3.15 E.3.2, Clean Recognizable Visual Features)."""

from __future__ import annotations

from typing import Final

from pydicom.dataset import Dataset, FileDataset

from gateway.pixels.faces.decide import Decision, decide
from gateway.pixels.faces.erase import erase
from gateway.pixels.faces.survey import Survey
from gateway.records import Change, Erased

__all__ = ["OPTION", "Faces"]

OPTION: Final = "CleanRecognizableVisualFeaturesOption"


class Faces:
    """The faces in one study: first it sees every original, then it erases them from every cleaned instance.

    It does nothing if it was shown nothing: then the profile does not ask for it.
    """

    def __init__(self) -> None:
        self._survey = Survey()
        self._decided: dict[str, Decision] = {}

    def see(self, name: str, original: Dataset) -> None:
        """Take in an original; ``name`` is what ``erase`` knows its cleaned copy by.

        Raises:
            UnreadablePixels, UnsupportedPixels: its pixels cannot be looked at.
        """
        self._survey.take(name, original)

    def erase(self, name: str, cleaned: FileDataset) -> tuple[tuple[Erased, ...], tuple[Change, ...]]:
        """Erase from a cleaned instance, in place, what could show a face; return what was erased, and the changes.

        Raises:
            RecognizableFeatures: an instance of the study may show a face, and no method removes it.
        """
        if not self._survey.seen:
            return (), ()
        if not self._decided:
            self._decided = decide(self._survey)
        return erase(cleaned, self._survey.seen[name], self._decided[name])
