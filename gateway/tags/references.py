"""Finds which other instances an instance refers to: every Referenced SOP Instance UID (0008,1155), at every depth."""

from __future__ import annotations

from collections.abc import Iterator

from pydicom._uid_dict import UID_dictionary
from pydicom.dataset import Dataset

from gateway.records import Reference
from gateway.tags import standard, uids, values
from gateway.tags.pseudonyms import Pseudonymizer
from gateway.tags.values import Unreadable

_CLASS, _INSTANCE = 0x00081150, 0x00081155
# Their items name a study, a step, a patient, a visit or a result where an instance is expected: (0008,1110), (0008,1111),
# (0008,1120), (0008,1125), (0008,1100), (4008,0050), and RT Referenced Study Sequence, whose Referenced SOP Instance UID is a
# Study Instance UID (PS3.3 C.8.8.5).
_NO_INSTANCES = frozenset({0x00081110, 0x00081111, 0x00081120, 0x00081125, 0x00081100, 0x40080050, 0x30060012})


def references(original: Dataset, cleaned: Dataset, by: str, pseudonymizer: Pseudonymizer) -> frozenset[Reference]:
    """Return what ``original`` refers to and its cleaned copy still does, under new UIDs.

    A reference that the profile took out leads nowhere any more, so it can neither dangle nor hold the study. The new UIDs
    are the keyed ones also where the profile retains UIDs: they are the names by which the state knows an instance.

    Args:
        original: the data set as it was read.
        cleaned: the same after its tags were cleaned.
        by: the SOP Class UID of the instance.
        pseudonymizer: makes the keyed UIDs.
    """
    left = {uid for uid, _ in _referred(cleaned, 0)}
    found = {(uid, pseudonymizer.uid(uid), stored) for uid, stored in _referred(original, 0)}
    sop_class = by if by in UID_dictionary and UID_dictionary[by][1] == "SOP Class" else ""
    return frozenset(Reference(new, sop_class, stored) for uid, new, stored in found if left & {uid, new})


def _referred(dataset: Dataset, sequence: int) -> Iterator[tuple[str, bool]]:
    """The UIDs that a data set or an item of ``sequence`` refers to, and whether each can name a stored instance."""
    for tag in sorted(dataset.keys()):
        element = dataset.get_item(tag)
        attribute = standard.attribute(tag)
        if tag == _INSTANCE:
            stored = sequence not in _NO_INSTANCES and all(map(_is_stored, _uids(dataset, _CLASS)))
            yield from ((uid, stored) for uid in _uids(dataset, _INSTANCE) if not uids.is_registered(uid))
        elif element.VR == "SQ" or (attribute and attribute.vr == "SQ"):
            for item in _items(element):
                yield from _referred(item, int(tag))


def _is_stored(sop_class: str) -> bool:
    """Whether instances of a SOP Class are stored (PS3.4 B.5); of one that DICOM did not register, nobody can tell."""
    name = UID_dictionary[sop_class][0] if uids.is_registered(sop_class) else ""
    return not name or ("Storage" in name and "Commitment" not in name)


def _items(element: values.Element) -> list[Dataset]:
    try:
        return values.items(element, ["ascii"])
    except Unreadable:
        return []


def _uids(dataset: Dataset, tag: int) -> list[str]:
    """The values of a UID element; none if it is absent or cannot be read."""
    try:
        found = values.split(values.content(dataset.get_item(tag), "UI"), "UI", ["ascii"]) if tag in dataset else []
    except Unreadable:
        return []
    return [uid for uid in found if uid]
