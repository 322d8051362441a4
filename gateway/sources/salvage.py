"""Finds the study that an unreadable file belongs to, from whatever of it can still be read: that study is not whole."""

from __future__ import annotations

import contextlib
import re
import struct
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydicom.uid import DeflatedExplicitVRLittleEndian, MediaStorageDirectoryStorage

from gateway.records import SourceFile, Study
from gateway.sources.archives import SALVAGED, salvage_member
from gateway.sources.found import Refused
from gateway.sources.reading import inflate_at_least, study_uid_at_least
from gateway.sources.sniff import HEAD, Kind, kind

_UID = re.compile(rb"[0-9]\.[0-9.]{1,62}")
_DEFLATED = DeflatedExplicitVRLittleEndian.encode()
_DIRECTORY = MediaStorageDirectoryStorage.encode()
_META_LENGTH = b"\x02\0\0\0UL\x04\0"  # File Meta Information Group Length (0002,0000), before its value
_PART = 1 << 20

Owners = Mapping[str, frozenset[str]]


def owners(studies: Iterable[Study]) -> Owners:
    """The studies by each UID that leads to them: their own and those of their series."""
    found: dict[str, set[str]] = defaultdict(set)
    for study in studies:
        found[study.uid].add(study.uid)
        for instance in study.instances:
            found[instance.series_uid].add(study.uid)
    return {uid: frozenset(of) for uid, of in found.items()}


def studies_of(refused: Refused, known: Owners) -> frozenset[str]:
    """The indexed studies that a refused file belongs to.

    Its header names the study, if it can be read so far. Else every study is taken whose UID, or the UID of one of whose
    series, stands anywhere in the bytes: one of them is not whole, and unsure means held. Archives are not searched, what
    is in them may be anything; nor is a media directory, which names studies and belongs to none.
    """
    if refused.study_uid is not None and refused.study_uid in known:
        return frozenset({refused.study_uid})
    data = _salvage(refused.file)
    if kind(data[:HEAD]) in (Kind.EMPTY, Kind.ZIP, Kind.ARCHIVE) or _DIRECTORY in data[:HEAD]:
        return frozenset()
    header = study_uid_at_least(data)
    if header is not None and header in known:
        return frozenset({header})
    return _named(data, known) | _named(_inflated(data), known)


def _salvage(file: SourceFile) -> bytes:
    """The first ``SALVAGED`` bytes of a file as far as they can be read."""
    if file.member:
        return salvage_member(file)
    parts: list[bytes] = []
    with contextlib.suppress(OSError), Path(file.path).open("rb") as stream:
        while len(parts) * _PART < SALVAGED and (part := stream.read(_PART)):
            parts.append(part)
    return b"".join(parts)


def _inflated(data: bytes) -> bytes:
    """The deflated data set that follows the file meta, if there is one (PS3.5 section A.5)."""
    at = data[:HEAD].find(_META_LENGTH) + len(_META_LENGTH)
    if at < len(_META_LENGTH) or _DEFLATED not in data[:HEAD] or at + 4 > len(data):
        return b""
    (length,) = struct.unpack_from("<L", data, at)
    return inflate_at_least(data[at + 4 + length :])


def _named(data: bytes, known: Owners) -> frozenset[str]:
    """The studies whose UIDs stand in the bytes. What follows a UID without padding may begin with a byte that is a digit."""
    found: set[str] = set()
    for token in {match.group() for match in _UID.finditer(data)}:
        uid = token.decode("ascii")
        found |= known.get(uid, frozenset()) | known.get(uid[:-1], frozenset())
    return frozenset(found)
