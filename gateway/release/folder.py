"""Releases a verified study into the research zone's folder tree: whole or not at all."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from errno import EISDIR
from filecmp import cmp
from pathlib import Path

from gateway.errors import OutputError, UidConflict
from gateway.files import cause, exchange, sync_folder, sync_tree


@dataclass(frozen=True, slots=True)
class FolderDestination:
    """The research zone as a folder: ``<patient pseudonym>/<study>/<series>/<instance>.dcm``."""

    out: Path

    def release(self, staged: Path) -> None:
        """Move the staged tree ``<staged>/<patient>/<study>/...`` into place.

        A new study appears by one rename. Where instances join a study that is there, the whole of both is built beside it
        and the two change places in one step; a file system that has no such step gets the instances one by one, each whole.
        What is there and equal stays, so a release that a kill interrupted can simply be done again.

        Raises:
            UidConflict: the research zone holds other content under the same name; nothing was moved.
            OutputError: the research zone cannot be written; it holds the study whole or not at all.
        """
        self.refuse_other_content(staged)
        try:
            sync_tree(staged)
            for study in sorted(staged.glob("*/*")):
                self._move(study, self.out / study.relative_to(staged))
                sync_folder(self.out)
        except OSError as error:
            remove_partial(self.out)
            raise OutputError(
                f"The research zone cannot be written ({cause(error)}); the study was not released."
            ) from None

    def holds(self, paths: dict[str, int]) -> bool:
        """Whether every file (relative path and size in bytes) is there."""
        return all(
            (self.out / path).is_file() and (self.out / path).stat().st_size == size for path, size in paths.items()
        )

    def refuse_other_content(self, staged: Path) -> None:
        """Compare the staged files with what the research zone holds under their names.

        Raises:
            UidConflict: it holds other content.
            OutputError: it cannot be read.
        """
        try:
            for file in _files(staged):
                there = self.out / file.relative_to(staged)
                if there.is_dir():
                    raise IsADirectoryError(EISDIR, "a folder in the place of a file")
                if there.exists() and not cmp(there, file, shallow=False):
                    raise UidConflict("The research zone already holds other content for an instance of this study.")
        except OSError as error:
            raise OutputError(f"The research zone cannot be read ({cause(error)}).") from None

    def _move(self, study: Path, target: Path) -> None:
        """Put a staged study in its place, by way of an unfinished copy beside it where one rename does not do."""
        target.parent.mkdir(parents=True, exist_ok=True)
        joins = target.exists()
        if not joins and _same_device(study, self.out):
            study.rename(target)
        else:
            near = self.out / f".{study.name}.partial"
            shutil.rmtree(near, ignore_errors=True)
            for source in (target, study) if joins else (study,):
                shutil.copytree(source, near, dirs_exist_ok=True)
            sync_tree(near)
            if not joins:
                near.rename(target)
            elif not exchange(near, target):
                _add(near, target)
            shutil.rmtree(near, ignore_errors=True)
        sync_folder(target.parent)


def _add(study: Path, target: Path) -> None:
    """Add what the target lacks, file by file."""
    for file in _files(study):
        there = target / file.relative_to(study)
        there.parent.mkdir(exist_ok=True)
        file.rename(there)
        sync_folder(there.parent)


def remove_partial(out: Path) -> None:
    """Remove what a killed run left half copied."""
    for folder in out.glob(".*.partial"):
        shutil.rmtree(folder, ignore_errors=True)


def _files(root: Path) -> list[Path]:
    return sorted(Path(folder, name) for folder, _, names in os.walk(root) for name in names)


def _same_device(first: Path, second: Path) -> bool:
    return first.stat().st_dev == second.stat().st_dev
