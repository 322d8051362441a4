"""Opens source files and reads them to their end; a medium that fails and a file that has changed raise."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pydicom.dataset import FileDataset

from gateway.errors import UnreadableFile
from gateway.records import SourceFile
from gateway.sources import archives
from gateway.sources.parsing import decode
from gateway.sources.sniff import HEAD, Kind, kind
from gateway.stored import LARGE, Value, open_value, store

_PART = 1 << 20


def open_file(file: SourceFile) -> BinaryIO:
    """Open a found file for reading; the bytes are those that were indexed. An archive member is unpacked first.

    Raises:
        UnreadableFile: it is gone or damaged, or may not be read.
    """
    if file.member:
        return open_value(store(archives.member_parts(file)))
    try:
        return Path(file.path).open("rb")
    except OSError:
        raise UnreadableFile("The file cannot be opened.") from None


def fetch(file: SourceFile, digest: str | None = None) -> Value:
    """Take the whole content of a found file: into memory or, if it is large, into a private file that nobody can change.

    Args:
        file: what to read.
        digest: the SHA-256 (hex) that the index saw; other bytes than those are refused.

    Raises:
        UnreadableFile: as ``open_file``, or it is larger than ``archives.LARGEST`` bytes, or the medium fails while reading,
            or it changed since it was indexed.
        HomeError: a large file cannot be stored.
    """
    seen = hashlib.sha256()
    data = store(_noted(_parts(file), seen))
    if digest is not None and seen.hexdigest() != digest:
        raise UnreadableFile("The file has changed since it was indexed.")
    return data


@dataclass(frozen=True, slots=True)
class Begun:
    """What a file is, told by its head. Of DICOM: its first ``LARGE`` bytes, its size, and the SHA-256 (hex) of all of it."""

    kind: Kind
    data: bytes
    size: int
    digest: str

    @property
    def whole(self) -> bool:
        """Whether ``data`` is all of it."""
        return len(self.data) == self.size


def recognize(file: SourceFile) -> Begun:
    """Tell what a file is; of what is not DICOM only the head is kept.

    A plain file that is not DICOM is not read any further. A member of an archive is run through: damage can make it look like
    anything.

    Raises:
        UnreadableFile: as ``fetch``.
    """
    head, size, seen, begun, what = b"", 0, hashlib.sha256(), bytearray(), None
    for part in _parts(file):
        seen.update(part)
        size += len(part)
        begun += part[: max(0, LARGE - len(begun))]
        if what is None and len(begun) >= HEAD:
            what = kind(bytes(begun[:HEAD]))
            if what is not Kind.DICOM and not file.member:
                break
    head = bytes(begun[:HEAD])
    what = what or kind(head)
    return Begun(what, bytes(begun) if what is Kind.DICOM else head, size, seen.hexdigest())


def _noted(parts: Iterable[bytes], seen: hashlib._Hash) -> Iterator[bytes]:
    for part in parts:
        seen.update(part)
        yield part


def _parts(file: SourceFile) -> Iterator[bytes]:
    """The bytes of a file from its start to its end."""
    if file.member:
        yield from archives.member_parts(file)
        return
    with open_file(file) as stream:
        try:
            yield stream.read(HEAD)
            if stream.seek(0, io.SEEK_END) > archives.LARGEST:
                raise UnreadableFile("The file is larger than can be read.")
            stream.seek(HEAD)
            while part := stream.read(_PART):
                yield part
        except OSError:
            raise UnreadableFile("The file cannot be read to its end.") from None


def read_dataset(file: SourceFile, digest: str | None = None) -> FileDataset:
    """Read a found file as a data set whose every element is decoded, at every depth, but text, which stays bytes.

    The file meta holds a Transfer Syntax UID that is true to the encoding, also where the file had none. Pixel data may
    be shorter than the header says: to judge that is the pixel step's task.

    Args:
        file: what to read.
        digest: as for ``fetch``.

    Raises:
        UnreadableFile: not DICOM, cut short, malformed, or changed since it was indexed.
    """
    return decode(fetch(file, digest))
