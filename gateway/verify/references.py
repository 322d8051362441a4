"""Proves that UIDs were renamed one to one: then references, series, studies and frames of reference are what they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from pydicom._uid_dict import UID_dictionary
from pydicom.datadict import tag_for_keyword

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

_DROPPABLE: Final = frozenset(f"{tag_for_keyword(keyword):08X}" for keyword in DROPPABLE)

#: Sequences that PS3.15 Table E.1-1 lets go whole where the IOD does not ask for them (X/Z/U*).
_OPTIONAL: Final = frozenset({"00082112", "00081140"})

#: Coding Scheme UID, Context UID, Mapping Resource UID.
_SCHEMES: Final = ("0008010C", "00080117", "00080118")

Uids = dict[str, tuple[str, ...]]


def uids(elements: Iterable[Element]) -> tuple[Uids, Uids]:
    """The UIDs of an instance by path, in order: those that name objects, and those that name classes and schemes."""
    objects: defaultdict[str, list[str]] = defaultdict(list)
    classes: defaultdict[str, list[str]] = defaultdict(list)
    for element in elements:
        if element.vr != "UI" or "" in element.parents:
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
    """Compare the UIDs of all (original, written) instances of a study.

    An original UID becomes one and the same new UID wherever it stands in the study, whatever it names: an instance of this
    study or of another one, a study where an instance is expected (3006,0012), a frame of reference. Where items went, what
    is left is held against that.
    """
    yield from _check_objects([(old, new) for (old, _), (new, _) in pairs])
    for index, ((_, old), (_, new)) in enumerate(pairs):
        for path, classes in new.items():
            before = old.get(path, ())
            comparable = len(classes) == len(before) and all(uid.count(".") > 2 for uid in before)
            if comparable and any(not _may_change(path, *pair) for pair in zip(before, classes, strict=True)):
                yield Problem(checks.REFERENCE_CLASS if "/" in path else checks.SOP_CLASS, index, path)


def _check_objects(pairs: Sequence[tuple[Uids, Uids]]) -> Iterator[Problem]:
    """Compare the UIDs that name objects."""
    instances = {uid for old, _ in pairs for uid in old.get("00080018", ())}
    forth: dict[str, str] = {}
    back: dict[str, str] = {}
    uneven: list[tuple[int, str, tuple[str, ...], tuple[str, ...]]] = []
    for index, (old, new) in enumerate(pairs):
        for path, before in old.items():
            after = new.get(path, ())
            if len(after) != len(before):
                if instances.intersection(before) and not _may_go(path, after):
                    yield Problem(checks.REFERENCE_LOST, index, path)
                uneven.append((index, path, before, after))
                continue
            for uid, renamed in zip(before, after, strict=True):
                kept = uid in UID_dictionary and uid == renamed
                if not kept and (forth.setdefault(uid, renamed) != renamed or back.setdefault(renamed, uid) != uid):
                    yield Problem(checks.UID_MAPPING, index, path)
    for index, path, before, after in uneven:
        if not _is_left_of(before, after, forth, back):
            yield Problem(checks.UID_MAPPING, index, path)


def _is_left_of(before: Sequence[str], after: Sequence[str], forth: Mapping[str, str], back: Mapping[str, str]) -> bool:
    """Whether the UIDs that are left can be those of some of the originals."""
    known = [uid for uid in after if uid in back]
    others = len(after) - len(known)
    return all(back[uid] in before for uid in known) and others <= sum(uid not in forth for uid in before)


def _may_change(path: str, old: str, new: str) -> bool:
    """Whether the UID of a class, scheme or context may be written so: a site's own scheme may name the site, or somebody."""
    return old == new or (path[-8:] in _SCHEMES and old not in UID_dictionary)


def _may_go(path: str, after: Sequence[str]) -> bool:
    """Whether references at a place may go: in part, or all of them."""
    tags = set(path.split("/"))
    return bool(tags & _DROPPABLE) or (not after and bool(tags & _OPTIONAL))
