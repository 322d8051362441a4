"""Opens source files and reads them to their end; a medium that fails and a file that has changed raise."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import BinaryIO

from pydicom.dataset import FileDataset

from gateway.errors import UnreadableFile
from gateway.records import SourceFile
from gateway.sources import archives
from gateway.sources.parsing import decode
from gateway.sources.sniff import HEAD, Kind, kind


def open_file(file: SourceFile) -> BinaryIO:
    """Open a found file for reading; the bytes are those that were indexed. An archive member is held in memory.

    Raises:
        UnreadableFile: it is gone or damaged, or may not be read.
    """
    if file.member:
        return io.BytesIO(archives.read_member(file))
    try:
        return Path(file.path).open("rb")
    except OSError:
        raise UnreadableFile("The file cannot be opened.") from None


def read_bytes(file: SourceFile, digest: str | None = None) -> bytes:
    """Return the whole content of a found file.

    Args:
        file: what to read.
        digest: the SHA-256 (hex) that the index saw; other bytes than those are refused.

    Raises:
        UnreadableFile: as ``open_file``, or it is larger than ``archives.LARGEST`` bytes, or the medium fails while reading,
            or it changed since it was indexed.
    """
    with open_file(file) as stream:
        data = _read(stream)
    if digest is not None and hashlib.sha256(data).hexdigest() != digest:
        raise UnreadableFile("The file has changed since it was indexed.")
    return data


def recognize(file: SourceFile) -> tuple[Kind, bytes]:
    """Tell what a file is, and return its whole content if that is DICOM; nothing else is read into memory but its head.

    Raises:
        UnreadableFile: as ``read_bytes``.
    """
    if file.member:
        return archives.recognize(file)
    with open_file(file) as stream:
        head = _read(stream, HEAD)
        what = kind(head)
        return what, _read(stream) if what is Kind.DICOM else head


def _read(stream: BinaryIO, size: int = -1) -> bytes:
    """Read from the start of a file, to its end if no size is given."""
    try:
        if size < 0 and stream.seek(0, io.SEEK_END) > archives.LARGEST:
            raise UnreadableFile("The file is larger than can be read.")
        stream.seek(0)
        return stream.read(size)
    except OSError:
        raise UnreadableFile("The file cannot be read to its end.") from None
    except MemoryError:
        raise UnreadableFile("The file is larger than can be read.") from None


def read_dataset(file: SourceFile, digest: str | None = None) -> FileDataset:
    """Read a found file as a data set whose every element is decoded, at every depth, but text, which stays bytes.

    The file meta holds a Transfer Syntax UID that is true to the encoding, also where the file had none. Pixel data may
    be shorter than the header says: to judge that is the pixel step's task.

    Args:
        file: what to read.
        digest: as for ``read_bytes``.

    Raises:
        UnreadableFile: not DICOM, cut short, malformed, or changed since it was indexed.
    """
    return decode(read_bytes(file, digest))
