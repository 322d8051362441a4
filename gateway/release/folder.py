"""Releases a verified study into the research zone's folder tree: whole or not at all."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from gateway.errors import OutputError, UidConflict
from gateway.files import sync_folder, sync_tree


@dataclass(frozen=True, slots=True)
class FolderDestination:
    """The research zone as a folder: ``<patient pseudonym>/<study>/<series>/<instance>.dcm``."""

    out: Path

    def release(self, staged: Path) -> None:
        """Move the staged tree ``<staged>/<patient>/<study>/...`` into place.

        A new study appears by one rename. Instances that come later are added to the study one by one, each whole. What is
        already there and equal is left alone, so a release that a kill interrupted can simply be done again.

        Raises:
            UidConflict: the research zone holds other content under the same name; nothing was moved.
            OutputError: the research zone cannot be written; it holds the study whole or not at all.
        """
        self.refuse_other_content(staged)
        try:
            sync_tree(staged)
            for study in sorted(staged.glob("*/*")):
                target = self.out / study.relative_to(staged)
                source = study if _same_device(study, self.out) else self._bring_near(study)
                self._move(source, target)
        except OSError as error:
            raise OutputError(
                f"The research zone cannot be written ({error.strerror}); the study was not released."
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
                if there.exists() and there.read_bytes() != file.read_bytes():
                    raise UidConflict("The research zone already holds other content for an instance of this study.")
        except OSError as error:
            raise OutputError(f"The research zone cannot be read ({error.strerror}).") from None

    def _bring_near(self, study: Path) -> Path:
        """Copy a study that was staged on another file system beside its target, under a name that marks it unfinished."""
        near = self.out / f".{study.name}.partial"
        shutil.rmtree(near, ignore_errors=True)
        shutil.copytree(study, near)
        sync_tree(near)
        return near

    def _move(self, study: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            for file in _files(study):
                there = target / file.relative_to(study)
                there.parent.mkdir(exist_ok=True)
                file.rename(there)
                sync_folder(there.parent)
            shutil.rmtree(study)
        else:
            study.rename(target)
        sync_folder(target.parent)
        sync_folder(self.out)


def remove_partial(out: Path) -> None:
    """Remove what a killed run left half copied."""
    for folder in out.glob(".*.partial"):
        shutil.rmtree(folder, ignore_errors=True)


def _files(root: Path) -> list[Path]:
    return sorted(Path(folder, name) for folder, _, names in os.walk(root) for name in names)


def _same_device(first: Path, second: Path) -> bool:
    return first.stat().st_dev == second.stat().st_dev
