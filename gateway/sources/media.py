"""DICOMDIR media: which files the directory references, and where they lie (PS3.10 section 8, PS3.3 annex F)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from pydicom.dataset import FileDataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.uid import MediaStorageDirectoryStorage

from gateway.records import SourceFile
from gateway.sources.parsing import PIXEL_TAGS

_NOT_IN_USE = 0x0000  # Record In-use Flag (0004,1410)


def is_directory(dataset: FileDataset) -> bool:
    """Whether a data set is a media directory; told by its content, the name DICOMDIR proves nothing.

    Its SOP Class says so. Where the data set names none, as is usual (PS3.3 section F.3), the file meta says so, or there
    are directory records and no SOP Class anywhere; but then nothing may say that it is an instance. Directory records in
    an image do not make it a directory: it would vanish, and its study would be released without it.
    """
    if any(tag in dataset for tag in PIXEL_TAGS):
        return False
    if own := dataset.get("SOPClassUID"):
        return bool(own == MediaStorageDirectoryStorage)
    if "SOPInstanceUID" in dataset or "StudyInstanceUID" in dataset:
        return False
    stored = dataset.file_meta.get("MediaStorageSOPClassUID")
    return bool(stored == MediaStorageDirectoryStorage) or (not stored and "DirectoryRecordSequence" in dataset)


def references(dataset: FileDataset) -> Iterator[tuple[str, ...]]:
    """Yield the components of each Referenced File ID (0004,1500) of a media directory, as text whatever their VR."""
    records = dataset.get("DirectoryRecordSequence")
    for record in records if isinstance(records, Sequence) else ():
        file_id = record.get("ReferencedFileID")
        if file_id and record.get("RecordInUseFlag") != _NOT_IN_USE:
            yield tuple(map(str, file_id)) if isinstance(file_id, MultiValue | list) else (str(file_id),)


class Folders:
    """The folders of media, each listed once: thousands of references lead into the same one."""

    def __init__(self) -> None:
        self._below: dict[Path, dict[str, Path]] = {}

    def locate(self, folder: str, components: tuple[str, ...]) -> str | None:
        """Find a referenced file below the directory's folder, or None.

        Case and ISO 9660 endings (``;1``, a trailing dot) are ignored, as systems mount media either way. A component is
        compared to the names that are there and never becomes a path by itself, so that no reference leads out.
        """
        path = Path(folder)
        for component in components:
            match = self._list(path).get(_plain(component))
            if match is None:
                return None
            path = match
        return os.path.realpath(path) if path.is_file() else None

    def _list(self, path: Path) -> dict[str, Path]:
        """What lies in a folder, by plain name; of names that are plainly the same, the first. Empty if it is no folder."""
        if path not in self._below:
            try:
                below = sorted(path.iterdir(), reverse=True)
            except OSError:
                below = []
            self._below[path] = {_plain(entry.name): entry for entry in below}
        return self._below[path]


def missing(
    directory: SourceFile, wanted: Iterable[tuple[str, ...]], members: frozenset[str], folders: Folders
) -> Iterator[str]:
    """Yield a name for each file that the media directory references and that is not there.

    Args:
        directory: the DICOMDIR, a plain file or an archive member.
        wanted: what ``references`` yielded.
        members: the ``plain`` source name of every received archive member.
        folders: where plain files are looked for.
    """
    archive, mark, name = directory.source.rpartition("!") if directory.member else ("", "", directory.path)
    folder = PurePosixPath(name).parent
    for components in wanted:
        source = f"{archive}{mark}{folder.joinpath(*components)}"
        there = plain(source) in members if directory.member else folders.locate(str(folder), components) is not None
        if not there:
            yield source


def plain(source: str) -> str:
    """A source name in the form in which names on media compare."""
    return "/".join(_plain(part) for part in source.split("/"))


def _plain(name: str) -> str:
    return name.casefold().partition(";")[0].rstrip(".")
