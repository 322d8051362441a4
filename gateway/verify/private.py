"""Which private elements a written instance may hold: those that PS3.15 lists as safe or that the original declared safe.

A reading of its own of Table E.3.10-1 (the file ``safe_private.csv``) as the profile's edition prints it, and of Private Data
Element Characteristics Sequence (0008,0300), which came with 2015c.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag

from gateway import resources
from gateway.records import Problem
from gateway.verify import checks
from gateway.verify.facts import Facts

_DECLARED_SINCE: Final = "2015c"
OPTION: Final = "RetainSafePrivateOption"
_CHARACTERISTICS: Final = "PrivateDataElementCharacteristicsSequence"
#: VRs whose values say who or where; no list and no declaration makes them safe.
_NEVER: Final = frozenset({"PN", "AE", "UR"})
_BULK: Final = frozenset({"OB", "OW", "OF", "OD", "OL", "OV"})
_ITEMS: Final = (b"\xfe\xff\x00\xe0", b"\xff\xfe\xe0\x00")
_NOTHING: Final = frozenset({"D", "Z", "U"})


@dataclass(slots=True)
class _Said:
    """What an original says of one block: its statuses, its safe elements, those that may stay changed."""

    statuses: set[str] = field(default_factory=set)
    safe: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    removed: set[int] = field(default_factory=set)

    def allows(self, low: int) -> bool:
        if low in self.removed:
            return False
        listed = "MIXED" in self.statuses and low in self.safe
        return low in self.changed or self.statuses == {"SAFE"} or (self.statuses <= {"SAFE", "MIXED"} and listed)


@dataclass(frozen=True, slots=True)
class _Safe:
    """What may stand: blocks by what the original says of them, and the (creator, ``ggggxxee``) that the edition lists."""

    said: Mapping[tuple[int, str], _Said]
    listed: frozenset[tuple[str, str]]


def check(index: int, original: Dataset, written: Dataset, facts: Facts) -> Iterator[Problem]:
    """Yield the private elements of a written instance that may not be there, and untrue statements about blocks."""
    option = OPTION in facts.options
    said = _declared(original) if option and facts.edition >= _DECLARED_SINCE else {}
    safe = _Safe(said, _table(facts.edition)) if option else None
    yield from (Problem(checks.PRIVATE_ELEMENT, index, path) for path in _refused(written, "", safe))
    if _CHARACTERISTICS in written:
        stated = set(_declared(written))
        if not stated or not stated <= said.keys() & _standing(written):
            yield Problem(checks.PRIVATE_ELEMENT, index, "00080300")


def _refused(dataset: Dataset, path: str, safe: _Safe | None) -> Iterator[str]:
    """The paths of the private elements below ``path`` that may not stand there."""
    creators = _creators(dataset)
    used = {(tag.group, tag.element >> 8) for tag in _private(dataset) if tag.element > 0xFF}
    for tag in _private(dataset):
        creator = creators.get((tag.group, tag.element >> 8), "")
        reserves = tag.element <= 0xFF and (tag.group, tag.element) in creators.keys() & used
        if safe is None or not (reserves or (creator and _allowed(dataset[tag], creator, safe))):
            yield f"{path}{tag:08X}"
    for element in _sequences(dataset):
        for item in element.value:
            yield from _refused(item, f"{path}{element.tag:08X}/", safe)


def _allowed(element: DataElement, creator: str, safe: _Safe) -> bool:
    """Whether an element of a creator's block may stand."""
    low = element.tag.element & 0xFF
    block = safe.said.get((element.tag.group, creator))
    listed = (creator, f"{element.tag.group:04X}xx{low:02X}") in safe.listed
    known = block.allows(low) if block else listed
    if isinstance(element.value, Sequence):
        # What is inside is looked at item by item; one that nobody calls safe has a reason only if it holds private elements.
        return known or (block is None and any(True for item in element.value for _ in _anywhere(item)))
    if element.VR in _NEVER or (element.VR in _BULK and not listed):
        return False
    hidden = isinstance(element.value, bytes) and element.value.startswith(
        _ITEMS
    )  # a sequence that no check has seen into
    return known and not (hidden and element.VR == "UN")


def _private(dataset: Dataset) -> list[BaseTag]:
    return sorted(tag for tag in dataset.keys() if tag.is_private)  # noqa: SIM118  # iterating a data set decodes its elements


def _sequences(dataset: Dataset) -> Iterator[DataElement]:
    """The sequences of a data set; nothing else is decoded where its VR is known."""
    for tag in sorted(dataset.keys()):
        if dataset.get_item(tag).VR in {None, "SQ", "UN"} and isinstance(dataset[tag].value, Sequence):
            yield dataset[tag]


def _anywhere(dataset: Dataset) -> Iterator[BaseTag]:
    """The private tags of a data set, at any depth."""
    yield from _private(dataset)
    for element in _sequences(dataset):
        for item in element.value:
            yield from _anywhere(item)


def _creators(dataset: Dataset) -> dict[tuple[int, int], str]:
    """The private creators of a data set by group and block; a reservation does not reach into items (PS3.5 7.8.1)."""
    found = {}
    for tag in _private(dataset):
        if 0x10 <= tag.element <= 0xFF:
            value = dataset[tag].value
            text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
            found[tag.group, tag.element] = text.strip(" \0")
    return found


def _standing(dataset: Dataset) -> set[tuple[int, str]]:
    """The private blocks reserved in a data set, at any depth."""
    found = {(group, creator) for (group, _), creator in _creators(dataset).items()}
    for element in _sequences(dataset):
        found.update(block for item in element.value for block in _standing(item))
    return found


def _declared(dataset: Dataset) -> dict[tuple[int, str], _Said]:
    """What an instance says of its private blocks, by group and private creator."""
    found: dict[tuple[int, str], _Said] = {}
    for item in _items(dataset, _CHARACTERISTICS):
        for group in _values(item, "PrivateGroupReference"):
            creator = str(item.get("PrivateCreatorReference", "")).strip()
            block = found.setdefault((int(group), creator), _Said())
            block.statuses.add(str(item.get("BlockIdentifyingInformationStatus", "")))
            block.safe.update(map(int, _values(item, "NonidentifyingPrivateElements")))
            for below in _items(item, "DeidentificationActionSequence"):
                elements = set(map(int, _values(below, "IdentifyingPrivateElements")))
                kept = str(below.get("DeidentificationAction", "")) in _NOTHING
                (block.changed if kept else block.removed).update(elements)
    return found


def _items(dataset: Dataset, keyword: str) -> list[Dataset]:
    value = dataset.get(keyword)
    return list(value) if isinstance(value, Sequence) else []


def _values(dataset: Dataset, keyword: str) -> list[int]:
    value = dataset.get(keyword)
    if isinstance(value, MultiValue | list):
        return list(value)
    return [value] if isinstance(value, int) else []


@cache
def _table(edition: str) -> frozenset[tuple[str, str]]:
    path = resources.folder("profiles") / "standard" / "safe_private.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["first_edition"] <= edition <= row["last_edition"]]
    return frozenset((row["creator"], row["tag"]) for row in rows)
