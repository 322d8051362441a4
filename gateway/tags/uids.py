"""Which UIDs are replaced. All of them, except those that say what something is and not which one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydicom._uid_dict import UID_dictionary

if TYPE_CHECKING:  # at run time it imports this module
    from gateway.tags.pseudonyms import Pseudonymizer

_LEGAL = re.compile(r"(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))+")


def is_legal(uid: str) -> bool:
    """Whether ``uid`` has the form of a UID (PS3.5 9.1)."""
    return len(uid) <= 64 and _LEGAL.fullmatch(uid) is not None


def is_registered(uid: str) -> bool:
    """Whether DICOM itself registered ``uid`` (PS3.6 Annex A): a class, a syntax, a well-known frame of reference."""
    return uid in UID_dictionary


def replace(uid: str, pseudonymizer: Pseudonymizer) -> str:
    """Return what stands for ``uid``: itself if it is registered or empty, else its keyed replacement."""
    return uid if not uid or is_registered(uid) else pseudonymizer.uid(uid)


def structural(uid: str, pseudonymizer: Pseudonymizer) -> str:
    """Return a UID of a structural attribute as it is, private classes too; what has no form of a UID is replaced."""
    return uid if not uid or is_legal(uid) else pseudonymizer.uid(uid)
