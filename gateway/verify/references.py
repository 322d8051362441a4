"""Proves that UIDs were renamed one to one: then references, series, studies and frames of reference are what they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pydicom._uid_dict import UID_dictionary

from gateway.records import Problem
from gateway.verify import checks
from gateway.verify.elements import Element
from gateway.verify.identifiers import STRUCTURAL_UIDS

#: Sequences that a profile may take out whole, references included: who, which order, which step, what it was before.
DROPPABLE: Final = frozenset(
    {
        "ReferencedStudySequence", "ReferencedPerformedProcedureStepSequence", "ReferencedPatientSequence",
        "RequestAttributesSequence", "ReferencedPatientPhotoSequence", "OriginalAttributesSequence",
        "ReferencedSOPInstanceMACSequence", "DigitalSignaturesSequence", "ReferencedPatientAliasSequence",
        "ReferencedVisitSequence", "ReferencedRequestSequence", "IconImageSequence", "ROIInterpreterSequence",
        "ReferencedInterpretationSequence", "ReferencedResultsSequence", "MACParametersSequence",
    }
)  # fmt: skip

#: Sequences that PS3.15 Table E.1-1 lets go whole where the IOD does not ask for them (X/Z/U*).
_OPTIONAL: Final = ("00082112", "00081140")

#: Coding Scheme UID, Context UID, Mapping Resource UID.
_SCHEMES: Final = ("0008010C", "00080117", "00080118")

Uids = dict[str, tuple[str, ...]]


def uids(elements: Iterable[Element]) -> tuple[Uids, Uids]:
    """The UIDs of an instance by path, in order: those that name objects, and those that name classes and schemes."""
    objects: defaultdict[str, list[str]] = defaultdict(list)
    classes: defaultdict[str, list[str]] = defaultdict(list)
    for element in elements:
        if element.vr != "UI" or "" in element.parents or DROPPABLE.intersection(element.parents):
            continue  # private sequences have no keyword, and are removed
        if (element.tag >> 16) % 2 or element.tag >> 16 == 2:
            continue
        kind = classes if element.keyword in STRUCTURAL_UIDS else objects
        kind[element.path].extend(value for value in element.values if value)
    return (
        {path: tuple(found) for path, found in objects.items()},
        {path: tuple(found) for path, found in classes.items()},
    )


def check(pairs: Sequence[tuple[tuple[Uids, Uids], tuple[Uids, Uids]]]) -> Iterator[Problem]:
    """Compare the UIDs of all (original, written) instances of a study."""
    instances = {uid for (objects, _), _ in pairs for uid in objects.get("00080018", ())}
    forth: dict[str, str] = {}
    back: dict[str, str] = {}
    for index, ((old, old_classes), (new, new_classes)) in enumerate(pairs):
        for path, before in old.items():
            after = new.get(path, ())
            if len(after) != len(before):
                if instances.intersection(before) and (after or not _optional(path)):
                    yield Problem(checks.REFERENCE_LOST, index, path)
                continue
            for uid, renamed in zip(before, after, strict=True):
                kept = uid in UID_dictionary and uid == renamed
                if not kept and (forth.setdefault(uid, renamed) != renamed or back.setdefault(renamed, uid) != uid):
                    yield Problem(checks.UID_MAPPING, index, path)
        for path, classes in new_classes.items():
            if (
                path in old_classes
                and all(uid.count(".") > 2 for uid in old_classes[path])
                and len(classes) == len(old_classes[path])
                and any(not _may_change(path, *pair) for pair in zip(old_classes[path], classes, strict=True))
            ):
                yield Problem(checks.REFERENCE_CLASS if "/" in path else checks.SOP_CLASS, index, path)


def _may_change(path: str, old: str, new: str) -> bool:
    """Whether the UID of a class, scheme or context may be written so: a site's own scheme may name the site, or somebody."""
    return old == new or (path[-8:] in _SCHEMES and old not in UID_dictionary)


def _optional(path: str) -> bool:
    return any(tag in _OPTIONAL for tag in path.split("/"))
