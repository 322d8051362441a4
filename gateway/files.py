"""Writing files so that a kill at any moment leaves the old state or the new one, never something between."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path


def write_whole(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Write ``data`` to a temporary name beside ``path``, sync it, then rename it into place."""
    temporary = path.with_name(f".{path.name}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.rename(path)
    sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """Wait until the content of ``path`` is on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


sync_folder = sync_file  # a folder's entries are synced through a descriptor just the same


def sync_tree(root: Path) -> None:
    """Wait until every file and folder under ``root`` is on disk, leaves first."""
    for folder, _, names in os.walk(root, topdown=False):
        for name in names:
            sync_file(Path(folder, name))
        sync_folder(Path(folder))


def exchange(one: Path, other: Path) -> bool:
    """Let two folders of one file system take each other's place in a single step; False where the system cannot do that."""
    if not sys.platform.startswith("linux"):
        return False
    here, swap = -100, 2  # AT_FDCWD, RENAME_EXCHANGE (renameat2(2)); network file systems refuse it
    return bool(ctypes.CDLL(None).renameat2(here, os.fsencode(one), here, os.fsencode(other), swap) == 0)


def cause(error: OSError) -> str:
    """Why the file system refused, without the paths that the error's message names; a wrapped error is looked into."""
    told: BaseException | None = error
    while told is not None:
        if isinstance(told, OSError) and told.strerror:
            return told.strerror
        told = told.__cause__ or told.__context__
    return "no room is left, or it may not be written"
