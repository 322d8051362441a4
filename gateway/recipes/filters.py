"""Asks deid whether the filters of a recipe match an instance."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pydicom.dataset import Dataset, FileDataset
from pydicom.tag import Tag

from gateway.recipes.limit import limited
from gateway.records import Box

_SECONDS = 5.0  # for one filter on one instance; most take less than a thousandth


@dataclass(frozen=True, slots=True)
class Filter:
    """One LABEL of a recipe's ``%filter GROUP``. ``boxes`` are left, top, right, bottom in stored pixels."""

    recipe: str
    group: str
    label: str
    boxes: tuple[tuple[int, int, int, int], ...]
    keywords: frozenset[str]
    deid: Any = field(repr=False, compare=False)

    def matches(self, view: FileDataset) -> bool:
        """Whether the instance that ``view`` shows meets the conditions.

        Raises:
            RejectedByRecipe: the patterns take too long on it.
        """
        from deid.dicom.pixels.detect import has_burned_pixels  # noqa: PLC0415  # slow to import, as all of deid

        with limited(self.recipe, _SECONDS):
            return bool(has_burned_pixels(view, deid=self.deid)["flagged"])

    def masks(self, dataset: Dataset) -> list[Box]:
        """The boxes, cut to the frames of an instance."""
        rows, columns = int(dataset.get("Rows") or 0), int(dataset.get("Columns") or 0)
        cut = (
            Box(left, top, min(right, columns) - left, min(bottom, rows) - top)
            for left, top, right, bottom in self.boxes
        )
        return [box for box in cut if box.w > 0 and box.h > 0]


def view(dataset: FileDataset, keywords: Iterable[str]) -> FileDataset:
    """Return a data set that shortly holds what filters ask for: deid decodes what it looks at, and the original stays raw."""
    tags = [Tag(keyword) for keyword in keywords]
    implicit, little = dataset.original_encoding
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydicom's quote values
        shown = FileDataset(
            "",
            {tag: dataset.get_item(tag) for tag in tags if tag in dataset},
            is_implicit_VR=bool(implicit),
            is_little_endian=little is not False,
        )
        shown.set_original_encoding(implicit, little, dataset.original_character_set)
        for tag in list(shown.keys()):
            shown[tag]  # decodes it here, where nobody hears of it
    return shown
