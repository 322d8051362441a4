"""Zip archives: their members as source files, nested archives included, nothing ever unpacked to a path.

A member's name only serves to find it again. Expansion is bounded, so that a small file cannot fill the machine.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import io
import lzma
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from gateway.errors import UnreadableArchive
from gateway.records import SourceFile
from gateway.sources.found import Refused
from gateway.sources.sniff import HEAD, Kind, kind

MAX_DEPTH = 4
# What may come out of one archive, all levels together: 1 GiB in any case, beyond that a hundred times its own size.
# Deflate packs at most 1032:1, real studies 2:1 to 20:1; blank segmentations, which pack best, stay under the first bound.
FREE_BYTES = 1 << 30
MAX_RATIO = 100

# A file is read as a whole. Native pixel data end at 4 GiB (PS3.5 section 7.1.2), and what fills the memory would end the
# run: an operating system promises more than it has.
LARGEST = min(8 << 30, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2)

_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,  # a password is missing; NotImplementedError, its child: a compression method we have no code for
    ValueError,  # text that is none in a name or comment
    MemoryError,
)
_PART = 4096  # an error loses the part in which it comes
SALVAGED = 64 << 20  # bytes of a damaged file that are searched for its study: a header is never longer


def expand(file: SourceFile) -> Iterator[SourceFile | Refused]:
    """Yield every file inside the archive ``file``, those of archives in it included; what cannot be opened is refused."""
    return _expand(file, _Budget(max(FREE_BYTES, MAX_RATIO * Path(file.path).stat().st_size)), depth=1)


def member_parts(file: SourceFile) -> Iterator[bytes]:
    """Yield the bytes of an archive member, piece by piece.

    Raises:
        UnreadableArchive: the archive or the member is encrypted, damaged or gone.
    """
    with _errors_mapped():
        archive, name = _locate(file)
        _check_size(archive.members[name])
        with archive.zip.open(archive.members[name]) as stream:
            while part := stream.read(1 << 20):
                yield part


def read_member(file: SourceFile) -> bytes:
    """Return the bytes of an archive member.

    Raises:
        UnreadableArchive: the archive or the member is encrypted, damaged or gone.
    """
    with _errors_mapped():
        archive, name = _locate(file)
        _check_size(archive.members[name])
        return archive.zip.read(archive.members[name])


def _check_size(member: zipfile.ZipInfo) -> None:
    if member.file_size > LARGEST:
        raise UnreadableArchive("A member of the archive is larger than can be read.")


def salvage_member(file: SourceFile) -> bytes:
    """Return what comes out of a damaged archive member before its damage, at most ``SALVAGED`` bytes of it.

    A wrong checksum is no reason to stop: these bytes serve to find the study that the member belongs to.
    """
    parts: list[bytes] = []
    with contextlib.suppress(UnreadableArchive), _errors_mapped():
        archive, name = _locate(file)
        info = copy.copy(archive.members[name])
        del info.CRC  # zipfile checks no sum that it is not told
        with archive.zip.open(info) as stream:
            while len(parts) * _PART < SALVAGED and (part := stream.read(_PART)):
                parts.append(part)
    return b"".join(parts)


class _Budget:
    """The bytes that may still come out of the outermost archive."""

    def __init__(self, size: int) -> None:
        self.left = size

    def spend(self, members: dict[str, zipfile.ZipInfo]) -> None:
        self.left -= sum(member.file_size for member in members.values())
        if self.left < 0:
            raise UnreadableArchive("The archive expands beyond reason.")


class _Archive:
    """An open archive and its members by unique name."""

    def __init__(self, source: str | io.BytesIO) -> None:
        self.zip = zipfile.ZipFile(source)
        self.members = _named(self.zip.infolist())


@contextlib.contextmanager
def _errors_mapped() -> Iterator[None]:
    """Turn the many errors of a broken archive, whose messages may hold names, into ours."""
    try:
        yield
    except (*_ERRORS, KeyError):
        raise UnreadableArchive(
            "The archive or a member of it is damaged, encrypted or packed by an unknown method."
        ) from None


def _expand(file: SourceFile, budget: _Budget, depth: int) -> Iterator[SourceFile | Refused]:
    try:
        if depth > MAX_DEPTH:
            raise UnreadableArchive("Archives are nested too deep.")  # noqa: TRY301  # one place turns both into a record
        with _errors_mapped():
            members = _archive(file).members
        budget.spend(members)
    except UnreadableArchive as error:
        yield Refused(file, UnreadableArchive, str(error))
        return
    for name in members:
        member = SourceFile(file.path, f"{file.member}!{name}" if file.member else name)
        try:
            is_archive = kind(_head(member)) is Kind.ZIP
        except UnreadableArchive as error:
            yield Refused(member, UnreadableArchive, str(error))
            continue
        if is_archive:
            yield from _expand(member, budget, depth + 1)
        else:
            yield member


def _head(member: SourceFile) -> bytes:
    with _errors_mapped():
        archive, name = _locate(member)
        with archive.zip.open(archive.members[name]) as stream:
            return stream.read(HEAD)


def _locate(file: SourceFile) -> tuple[_Archive, str]:
    outer, _, name = file.member.rpartition("!")
    return _archive(SourceFile(file.path, outer)), name


def _archive(file: SourceFile) -> _Archive:
    stat = Path(file.path).stat()
    return _open(file, (stat.st_mtime_ns, stat.st_size, os.getpid()))


@functools.lru_cache(maxsize=4)
def _open(file: SourceFile, _stamp: tuple[int, int, int]) -> _Archive:
    """Open an archive and keep it: reading the directory anew for each member would be quadratic.

    The stamp makes a changed file a new one, and keeps a forked process from sharing its parent's file position.
    """
    return _Archive(io.BytesIO(read_member(file)) if file.member else file.path)


def _named(infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Members by name, in the archive's order. ``!`` separates levels, so it is escaped; a name that stands twice is numbered."""
    members: dict[str, zipfile.ZipInfo] = {}
    numbers: dict[str, int] = {}  # the last number given to each name: to count anew each time would be quadratic
    for info in infos:
        if info.is_dir():
            continue
        name = unique = info.filename.replace("!", "%21")
        while unique in members:
            numbers[name] = numbers.get(name, 1) + 1
            unique = f"{name}#{numbers[name]}"
        members[unique] = info
    return members
