"""What is known of a device's screens beforehand: deid recipes with fixed coordinates, in ``recipes/`` and the site's home."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydicom.dataset import FileDataset

from gateway.errors import ConfigError, UnsupportedContent
from gateway.records import Box

_COORDINATES = re.compile(r"(\d+),(\d+),(\d+),(\d+)")


@dataclass(frozen=True, slots=True)
class Recipes:
    """Loaded recipes by the name of their file."""

    parsed: tuple[tuple[str, Any], ...] = field(default=(), repr=False)

    @classmethod
    def load(cls, folders: Iterable[Path]) -> Recipes:
        """Parse every ``*.dicom`` of the folders.

        Raises:
            ConfigError: an entry cannot be carried out: it has no filter, or something else than fixed boxes to mask.
        """
        os.environ["MESSAGELEVEL"] = "QUIET"  # deid talks on the terminal, and its messages may quote values
        from deid.config import DeidRecipe  # noqa: PLC0415  # slow to import; not needed to print a help text

        paths = [path for folder in folders for path in sorted(folder.glob("*.dicom"))]
        parsed = []
        for path in paths:
            try:
                recipe = DeidRecipe(deid=str(path))
                entries = [entry for group in recipe.get_filters().values() for entry in group]
            except (
                SystemExit,
                AttributeError,
                ValueError,
                IndexError,
                KeyError,
            ):  # deid ends the process on a bad recipe
                raise ConfigError(f"The recipe {path.name} cannot be read.") from None
            if not entries or not all(_feasible(entry) for entry in entries) or recipe.get_actions():
                raise ConfigError(f"The recipe {path.name} holds something else than filters with boxes to mask.")
            parsed.append((path.stem, recipe))
        return cls(tuple(parsed))

    def boxes(self, dataset: FileDataset) -> tuple[tuple[Box, str], ...]:
        """The boxes to mask in every frame of an instance, in stored pixels, each with its rule.

        Raises:
            UnsupportedContent: an entry without coordinates says that such an instance is to be held.
        """
        from deid.dicom.pixels.detect import has_burned_pixels  # noqa: PLC0415  # as above

        found = []
        for name, recipe in self.parsed:
            for match in has_burned_pixels(dataset, deid=recipe)["results"]:
                if not match["coordinates"]:
                    raise UnsupportedContent(f"The recipe {name} says that such instances are to be held.")
                found += [(_box(text, dataset), f"recipe.{name}") for _, text in match["coordinates"]]
        return tuple((box, rule) for box, rule in found if box.w > 0 and box.h > 0)


def _feasible(entry: dict[str, Any]) -> bool:
    """Whether an entry has a filter, and masks fixed boxes only (deid marks boxes to keep with 1)."""
    boxes = entry.get("coordinates", [])
    return bool(entry.get("filters")) and all(kind == 0 and _COORDINATES.fullmatch(text) for kind, text in boxes)


def _box(text: str, dataset: FileDataset) -> Box:
    """A box of the recipe (left, top, right, bottom), cut to the frame."""
    left, top, right, bottom = (int(number) for number in text.split(","))
    right, bottom = min(right, int(dataset.Columns)), min(bottom, int(dataset.Rows))
    return Box(left, top, right - left, bottom - top)
