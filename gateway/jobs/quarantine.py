"""Holds what was not released: one folder an item, with copies of the originals and a note that holds no PHI."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from gateway.errors import HomeError, UnreadableFile, Usage
from gateway.files import cause, sync_folder, sync_tree, write_whole
from gateway.records import Problem, SourceFile
from gateway.sources import open_file

_NOTE = "item.json"


@dataclass(frozen=True, slots=True)
class Item:
    """One held study or file.

    ``study`` is the new Study Instance UID, empty for a file that is held by itself; ``instances`` are the new SOP Instance
    UIDs of the study's originals that it holds. ``waits_for`` are the items that hold what the study refers to
    in its research zone ``zone``.
    """

    item: str
    job: str
    code: str
    message: str
    advice: str
    files: int
    study: str = ""
    instances: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    waits_for: tuple[str, ...] = ()
    zone: str = ""


_ITEM = TypeAdapter(Item)


def hold(quarantine: Path, item: Item, originals: Sequence[SourceFile]) -> None:
    """Copy the originals into the item's folder as ``0001.dcm``, ``0002.dcm``, ... and write its note.

    The folder appears by one rename, so an item is whole or not there. An item held before is replaced; of an original
    that has gone since, its copy is kept.

    Raises:
        HomeError: the home cannot be written.
    """
    partial = quarantine / f".{item.item}.partial"
    target = quarantine / item.item
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=0o700, parents=True)
        for number, original in enumerate(originals, 1):
            _copy(original, partial / f"{number:04d}.dcm", target / f"{number:04d}.dcm")
        write_whole(partial / _NOTE, _ITEM.dump_json(item, indent=2))
        sync_tree(partial)
        if target.exists():
            shutil.rmtree(target)
        partial.rename(target)
        sync_folder(quarantine)
    except OSError as error:
        raise HomeError(
            f"The quarantine cannot be written ({cause(error)}); nothing of the item was released."
        ) from None


def listing(quarantine: Path) -> tuple[Item, ...]:
    """All items, by name."""
    return tuple(show(quarantine, folder.name) for folder in sorted(quarantine.glob("[!.]*")) if folder.is_dir())


def show(quarantine: Path, item: str) -> Item:
    """One item's note.

    Raises:
        Usage: there is no such item.
        HomeError: its note is damaged.
    """
    if item != Path(item).name or not (quarantine / item).is_dir():
        raise Usage("There is no such item in the quarantine; `gateway quarantine list` shows them.")
    try:
        return _ITEM.validate_json((quarantine / item / _NOTE).read_bytes())
    except (OSError, ValidationError):
        raise HomeError(f"The note of item {item} is missing or damaged; its originals are still held.") from None


def discard(quarantine: Path, item: str) -> None:
    """Remove an item and its copies of the originals."""
    shutil.rmtree(quarantine / show(quarantine, item).item)
    sync_folder(quarantine)


def _copy(original: SourceFile, target: Path, earlier: Path) -> None:
    """Copy what can be read; a file that cannot be read at all leaves an empty copy, so that the count stays right."""
    target.touch(0o600)
    with target.open("wb") as copy:
        try:
            with open_file(original) as stream:
                shutil.copyfileobj(stream, copy)
        except UnreadableFile:
            if earlier.exists():
                shutil.copyfile(earlier, target)
