"""DICOMDIR media: which files the directory references, and where they lie (PS3.10 section 8, PS3.3 annex F)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from pydicom.dataset import FileDataset
from pydicom.sequence import Sequence
from pydicom.uid import MediaStorageDirectoryStorage

from gateway.records import SourceFile

_NOT_IN_USE = 0x0000  # Record In-use Flag (0004,1410)


def is_directory(dataset: FileDataset) -> bool:
    """Whether a data set is a media directory; told by its content, the name DICOMDIR proves nothing."""
    return (
        dataset.file_meta.get("MediaStorageSOPClassUID") == MediaStorageDirectoryStorage
        or "DirectoryRecordSequence" in dataset
    )


def references(dataset: FileDataset) -> Iterator[tuple[str, ...]]:
    """Yield the components of each Referenced File ID (0004,1500) of a media directory."""
    records = dataset.get("DirectoryRecordSequence")
    for record in records if isinstance(records, Sequence) else ():
        file_id = record.get("ReferencedFileID")
        if file_id and record.get("RecordInUseFlag") != _NOT_IN_USE:
            yield (file_id,) if isinstance(file_id, str) else tuple(map(str, file_id))


def locate(folder: str, components: tuple[str, ...]) -> str | None:
    """Find a referenced file below the directory's folder, or None.

    Case and ISO 9660 endings (``;1``, a trailing dot) are ignored, as systems mount media either way. A component is
    compared to the names that are there and never becomes a path by itself, so that no reference leads out.
    """
    path = Path(folder)
    for component in components:
        try:
            below = sorted(path.iterdir())
        except OSError:
            return None
        match = next((entry for entry in below if _plain(entry.name) == _plain(component)), None)
        if match is None:
            return None
        path = match
    return os.path.realpath(path) if path.is_file() else None


def missing(directory: SourceFile, wanted: Iterable[tuple[str, ...]], members: frozenset[str]) -> Iterator[str]:
    """Yield a name for each file that the media directory references and that is not there.

    Args:
        directory: the DICOMDIR, a plain file or an archive member.
        wanted: what ``references`` yielded.
        members: the ``plain`` source name of every received archive member.
    """
    archive, mark, name = directory.source.rpartition("!") if directory.member else ("", "", directory.path)
    folder = PurePosixPath(name).parent
    for components in wanted:
        source = f"{archive}{mark}{folder.joinpath(*components)}"
        there = plain(source) in members if directory.member else locate(str(folder), components) is not None
        if not there:
            yield source


def plain(source: str) -> str:
    """A source name in the form in which names on media compare."""
    return "/".join(_plain(part) for part in source.split("/"))


def _plain(name: str) -> str:
    return name.casefold().partition(";")[0].rstrip(".")
