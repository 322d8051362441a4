"""Finds the study that an unreadable file belongs to, from whatever of it can still be read: that study is not whole."""

from __future__ import annotations

import contextlib
import re
import struct
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydicom.uid import DeflatedExplicitVRLittleEndian, MediaStorageDirectoryStorage

from gateway.records import SourceFile, Study
from gateway.sources.archives import SALVAGED, salvage_member
from gateway.sources.found import Refused
from gateway.sources.parsing import inflate_at_least, study_uid_at_least
from gateway.sources.sniff import HEAD, Kind, kind

_UID = re.compile(rb"[0-9]\.[0-9.]{1,62}")
_DEFLATED = DeflatedExplicitVRLittleEndian.encode()
_DIRECTORY = MediaStorageDirectoryStorage.encode()
_META_LENGTH = b"\x02\0\0\0UL\x04\0"  # File Meta Information Group Length (0002,0000), before its value
# SOP Instance UID (0008,0018) in any encoding: nothing that is nested can come before it.
_SOP_UID = re.compile(rb"(?s:\x08\0\x18\0(?:UI..|..\0\0)|\0\x08\0\x18UI..)([0-9.]+)")
_PART = 1 << 20


@dataclass(frozen=True, slots=True)
class Known:
    """What the index holds: the studies by each UID that leads to them (their own, their series'), and by SOP Instance UID."""

    studies: Mapping[bytes, frozenset[str]] = field(repr=False)
    instances: Mapping[str, str] = field(repr=False)


def known(studies: Iterable[Study]) -> Known:
    """Gather the UIDs of the indexed studies."""
    owners: dict[str, set[str]] = defaultdict(set)
    for study in studies:
        owners[study.uid].add(study.uid)
        for instance in study.instances:
            owners[instance.series_uid].add(study.uid)
    instances = {instance.sop_uid: study.uid for study in studies for instance in study.instances}
    return Known({uid.encode(errors="surrogatepass"): frozenset(of) for uid, of in owners.items()}, instances)


def salvage(refused: Refused, known: Known) -> Refused:
    """Find the indexed studies that are not whole without a refused file, and the SOP Instance UID that it has.

    Its header names the study, if it can be read so far. Else every study is taken whose UID, or the UID of one of whose
    series, stands anywhere in the bytes: one of them is not whole, and unsure means held. A study that has the instance
    already, in a version that can be read, is whole as after a UID conflict. Archives are not searched, what is in them
    may be anything; nor is a media directory, which names studies and belongs to none.
    """
    data = _salvage(refused.file)
    head, inflated = data[:HEAD], _inflated(data)
    if kind(head) in (Kind.EMPTY, Kind.ZIP, Kind.ARCHIVE):
        return refused
    header = refused.study_uid or study_uid_at_least(data)
    if header is not None and header.encode(errors="surrogatepass") in known.studies:
        found = frozenset({header})
    elif _DIRECTORY in head:
        found = frozenset()
    else:
        found = _named(data, known) | _named(inflated, known)
    own = _SOP_UID.search(head) or _SOP_UID.search(inflated[:HEAD])
    if own is None:
        return replace(refused, studies=found)
    sop_uid = own[1].decode("ascii")
    return replace(refused, studies=found - {known.instances.get(sop_uid, "")}, sop_uid=sop_uid)


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


def _named(data: bytes, known: Known) -> frozenset[str]:
    """The studies whose UIDs stand in the bytes. What follows a UID without padding may begin with a byte that is a digit."""
    tokens = set(_UID.findall(data))
    tokens |= {token[:-1] for token in tokens}
    return frozenset[str]().union(*(known.studies[uid] for uid in known.studies.keys() & tokens))
