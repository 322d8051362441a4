"""Large values, such as the pixels of a long cine, that lie in a file instead of in memory.

Up to ``LARGE`` bytes a value is ``bytes``. What is longer is ``Stored``: a part of a private file without a name, which nobody
else can open and which is gone as soon as nothing refers to it, or the process dies.
"""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from pydicom.config import settings

from gateway.errors import HomeError
from gateway.files import cause

LARGE = 64 << 20
_PART = 1 << 20
settings.buffered_read_size = _PART  # so much pydicom copies at once when it writes what is stored

_folder: Path | None = None  # where the files of this process lie; None: where the system keeps temporary files


class Stored(io.BufferedIOBase):
    """A part of a file that reads like bytes (length, slices, ``startswith``) and like a stream of its own.

    It never changes and is never closed, so a copy is the value itself; ``reader`` is for those who need a position of their own.
    """

    def __init__(self, file: _Source, start: int, length: int) -> None:
        self._file, self._start, self._length, self._at = file, start, length, 0

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, part: slice) -> bytes:
        start, stop, _ = part.indices(self._length)
        return self._bytes(start, stop)

    def __deepcopy__(self, _: dict[int, Any]) -> Stored:
        return self

    def section(self, start: int, length: int) -> Stored:
        """A part of this part."""
        return Stored(self._file, self._start + start, length)

    def reader(self) -> Stored:
        """The same bytes, to be read from their beginning."""
        return self.section(0, self._length)

    def startswith(self, prefix: bytes) -> bool:
        """As of bytes."""
        return self[: len(prefix)] == prefix

    # --- as a stream ---------------------------------------------------------------------------------------------------
    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """The position from the start of this part."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move the position."""
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._length}[whence])
        return self._at

    def read(self, size: int | None = -1, /) -> bytes:
        """Read from the position on, at most to the end of this part."""
        stop = self._length if size is None or size < 0 else min(self._length, self._at + size)
        data = self._bytes(self._at, stop)
        self._at += len(data)
        return data

    def _bytes(self, start: int, stop: int) -> bytes:
        return self._file.part(self._start + start, self._start + max(start, stop))


Value = bytes | Stored


def store(parts: Iterable[bytes]) -> Value:
    """Gather a value from its parts, in memory or, beyond ``LARGE`` bytes, in a file.

    Raises:
        HomeError: the file cannot be written.
    """
    kept: list[bytes] = []
    size, rest = 0, iter(parts)
    for part in rest:
        kept.append(part)
        size += len(part)
        if size > LARGE:
            return _written(chain(kept, rest))
    return b"".join(kept)


def made(length: int, size: int, make: Callable[[int], bytes]) -> Stored:
    """A value of ``length`` bytes that is nowhere: ``make`` gives its piece of a number, ``size`` bytes, whenever it is read."""
    return Stored(_Made(size, make), 0, length)


def _written(parts: Iterable[bytes]) -> Stored:
    size = 0
    with tempfile.TemporaryFile(dir=_folder) as file:
        for part in parts:
            size += len(part)
            try:
                file.write(part)
                file.flush()
            except OSError as error:
                raise HomeError(f"The staging in the home cannot be written ({cause(error)}).") from None
        return Stored(_File(os.dup(file.fileno())), 0, size)


class _Source(Protocol):
    """Where the bytes of a stored value come from."""

    def part(self, start: int, stop: int) -> bytes:
        """The bytes from ``start`` to ``stop``, less where it ends before."""
        ...


class _File:
    """A descriptor that is closed with the last that refers to it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def part(self, start: int, stop: int) -> bytes:
        """As of ``_Source``."""
        parts, at = [], start
        while at < stop and (part := os.pread(self._descriptor, min(stop - at, 1 << 30), at)):
            parts.append(part)
            at += len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def __del__(self) -> None:
        os.close(self._descriptor)


class _Made:
    """Pieces that are made when they are read; the last one is kept, since most are read from their beginning to their end."""

    def __init__(self, size: int, make: Callable[[int], bytes]) -> None:
        self._size, self._make, self._last = size, make, (-1, b"")

    def part(self, start: int, stop: int) -> bytes:
        """As of ``_Source``."""
        parts = []
        for number in range(start // self._size, -(-stop // self._size)):
            if self._last[0] != number:
                self._last = number, self._make(number)
            first = number * self._size
            parts.append(self._last[1][max(0, start - first) : stop - first])
        return parts[0] if len(parts) == 1 else b"".join(parts)


def parts(value: Value, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
    """The bytes of a value from ``start`` to ``stop`` (exclusive), piece by piece, each of an even length but the last."""
    end = len(value) if stop is None else min(stop, len(value))
    for at in range(start, end, _PART):
        yield value[at : min(end, at + _PART)]


def open_value(value: Value) -> BinaryIO:
    """The bytes of a value as a stream."""
    return cast("BinaryIO", value.reader() if isinstance(value, Stored) else io.BytesIO(value))


def keep_in(folder: Path | None) -> None:
    """Let the files of this process lie in ``folder`` from now on."""
    global _folder  # noqa: PLW0603  # like the folder of Python's temporary files: everything in a process shares it
    _folder = folder


def folder() -> Path | None:
    """Where the files of this process lie, None where the system keeps temporary files."""
    return _folder


@contextlib.contextmanager
def kept_in(folder: Path) -> Iterator[None]:
    """Let the files of this process lie in ``folder`` for a while."""
    before = _folder
    keep_in(folder)
    try:
        yield
    finally:
        keep_in(before)
