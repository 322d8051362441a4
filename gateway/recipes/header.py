"""Carries out the header rules of a recipe: deid changes a copy, and what it did there is taken over and told."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydicom import config
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset, FileDataset
from pydicom.tag import BaseTag
from pydicom.valuerep import validate_value

from gateway.errors import RejectedByRecipe
from gateway.recipes.attributes import TEXTS, protected
from gateway.recipes.limit import limited
from gateway.records import Change
from gateway.tags import standard
from gateway.tags.actions import dummy

_SECONDS = (
    60.0  # for the rules on one instance; most take a few thousandths, a report of thousands of items some seconds
)


@dataclass(frozen=True, slots=True)
class Header:
    """The header rules of one recipe.

    ``named`` holds the attributes that rules name one by one, and the action. What such a rule removes goes whole, even if it
    is a sequence that holds something no recipe can reach.
    """

    recipe: str
    named: Mapping[int, str]
    deid: Any = field(repr=False, compare=False)

    def apply(self, cleaned: FileDataset, original: FileDataset) -> tuple[Change, ...]:
        """Carry out the rules on a cleaned instance, in place; return what they changed.

        Raises:
            RejectedByRecipe: deid cannot carry them out on this instance.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pydicom's quote values
            restored = tuple(self._restore(cleaned, original))
            before = _within_reach(cleaned)
            after = copy.deepcopy(before)
            self._run(after)
            merge = _Merge(self, standard.iod(str(cleaned.SOPClassUID)))
            return (*restored, *merge.level(cleaned, before, after, ""))

    def _restore(self, cleaned: FileDataset, original: FileDataset) -> Iterator[Change]:
        """Put back the original's value of what KEEP names, where the profile took or changed it."""
        for tag in sorted(tag for tag, action in self.named.items() if action == "KEEP"):
            if tag not in original or original[tag].VR in ("SQ", "UN") or not _legal(original[tag]):
                continue
            element = original[tag]
            if tag not in cleaned or cleaned[tag].value != element.value:
                cleaned[tag] = DataElement(tag, element.VR, element.value, validation_mode=config.IGNORE)
                yield Change(f"{tag:08X}", "K", f"recipe.{self.recipe}.keeps")

    def _run(self, dataset: FileDataset) -> None:
        from gateway.recipes.parser import carry_out  # noqa: PLC0415  # deid is slow to import

        try:
            with limited(self.recipe, _SECONDS):
                carry_out(dataset, self.deid)
        except (SystemExit, ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError):
            raise RejectedByRecipe(f"The header rules of the recipe {self.recipe} fail on an instance.") from None


def _legal(element: DataElement) -> bool:
    values = element.value if element.VM > 1 else [element.value]
    try:
        for value in values:
            validate_value(element.VR, str(value) if element.VR in ("IS", "DS", "PN") else value, config.RAISE)
    except ValueError:
        return False
    return True


def _within_reach(dataset: Dataset) -> FileDataset:
    """Copy a data set without what no recipe can reach, at every depth."""
    known: dict[BaseTag, DataElement | RawDataElement] = {
        tag: dataset.get_item(tag) for tag in sorted(dataset.keys()) if not protected(tag)
    }
    found = FileDataset("", known, is_implicit_VR=bool(dataset.original_encoding[0]), is_little_endian=True)
    implicit, little = dataset.original_encoding
    found.set_original_encoding(implicit, little, dataset.original_character_set)
    found = copy.deepcopy(found)
    _prune(found)
    return found


def _prune(dataset: Dataset) -> None:
    for element in list(dataset):
        if protected(element.tag, element.VR):
            del dataset[element.tag]
        elif element.VR == "SQ":
            for item in element.value:
                _prune(item)


def _holds_protected(element: DataElement) -> bool:
    return any(
        protected(inner.tag, inner.VR) or (inner.VR == "SQ" and _holds_protected(inner))
        for item in element.value
        for inner in item
    )


@dataclass(frozen=True, slots=True)
class _Merge:
    """Takes over into a cleaned data set what deid changed between two copies of it."""

    header: Header
    iod: str | None

    def level(self, cleaned: Dataset, before: Dataset, after: Dataset, parent: str) -> Iterator[Change]:
        """Yield the changes of one level and those below; ``parent`` is its path with a last ``/``, or empty."""
        for tag in list(before.keys()):
            yield from self._element(tag, cleaned, before, after, parent)
        for tag in sorted(set(after.keys()) - set(before.keys())):
            cleaned[tag] = after[tag]
            yield self._change(f"{parent}{tag:08X}", "D")

    def _element(
        self, tag: BaseTag, cleaned: Dataset, before: Dataset, after: Dataset, parent: str
    ) -> Iterator[Change]:
        path = f"{parent}{tag:08X}"
        if tag in after and before[tag].value == after[tag].value:
            return
        if before[tag].VR == "SQ":
            yield from self._sequence(tag, cleaned, before, after, path)
        elif tag in after and not after[tag].is_empty:
            cleaned[tag] = after[tag]
            yield self._change(path, "D" if self.header.named.get(int(tag)) in ("ADD", "REPLACE") else "C")
        else:
            action = self._weakest("Z" if tag in after else "X", path, before[tag].VR)
            value = dummy(before[tag].VR, int(tag)) if action == "D" else None
            if action == "X":
                del cleaned[tag]
            elif before[tag].value == value or (action == "Z" and before[tag].is_empty):
                return
            else:
                cleaned[tag] = DataElement(tag, before[tag].VR, value)
            yield self._change(path, action)

    def _sequence(self, tag: BaseTag, cleaned: Dataset, before: Dataset, after: Dataset, path: str) -> Iterator[Change]:
        if tag in after and len(after[tag].value) == len(before[tag].value):
            for inside, was, now in zip(cleaned[tag].value, before[tag].value, after[tag].value, strict=True):
                yield from self.level(inside, was, now, f"{path}/")
        elif int(tag) not in self.header.named and _holds_protected(cleaned[tag]):
            for inside, was in zip(cleaned[tag].value, before[tag].value, strict=True):
                yield from self.level(inside, was, Dataset(), f"{path}/")
        elif tag in after:
            cleaned[tag] = DataElement(tag, "SQ", [])
            yield self._change(path, "Z")
        else:
            del cleaned[tag]
            yield self._change(path, "X")

    def _weakest(self, action: str, path: str, vr: str) -> str:
        """What becomes of an attribute that deid removed (X) or emptied (Z), so that the instance stays legal in its IOD."""
        kind = standard.type_in(self.iod, path)
        if kind is None or kind.type.startswith("3") or vr not in TEXTS:
            return action
        return "D" if kind.type.startswith("1") else "Z"

    def _change(self, path: str, action: str) -> Change:
        return Change(path, action, f"recipe.{self.header.recipe}")
