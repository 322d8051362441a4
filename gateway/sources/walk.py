"""Receives files: walks what the user named and yields every file once, in an order that does not depend on theirs."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gateway.errors import SourceNotFound, UnreadableFile
from gateway.records import SourceFile
from gateway.sources import archives, media
from gateway.sources.found import Received, Refused
from gateway.sources.reading import read_dataset
from gateway.sources.sniff import HEAD, Kind, kind


def receive(sources: Sequence[str | Path], exclude: Iterable[str | Path] = ()) -> Received:
    """Find every file in files, folders, zip archives and DICOMDIR media.

    Folders are walked to their end, hidden files and linked folders included; archives are looked into wherever they
    are. A DICOMDIR that is named as a source brings the files it references. One physical file counts once, under its
    real path, whichever way it was reached. Sockets, pipes and devices are counted, never opened.

    Args:
        sources: paths as the user gave them.
        exclude: folders that are not walked, such as the gateway's own home and output.

    Raises:
        SourceNotFound: a source does not exist or cannot be listed; the message tells its position, not its name.
    """
    found = _Found(skip=frozenset(os.path.realpath(folder) for folder in exclude))
    for position, source in enumerate(sources, 1):
        try:
            path = os.path.realpath(source)
            next(Path(path).iterdir(), None) if Path(path).is_dir() else Path(path).stat()
        except (OSError, ValueError):
            raise SourceNotFound(f"Source {position} does not exist or cannot be read; nothing was started.") from None
        found.add(path)
        if Path(path).is_file():
            found.add_referenced(path)
    return found.received()


@dataclass
class _Found:
    """What the walk has seen so far, by real path."""

    skip: frozenset[str]
    seen: set[str] = field(default_factory=set)
    files: list[SourceFile] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    special: list[SourceFile] = field(default_factory=list)
    folders: media.Folders = field(default_factory=media.Folders)

    def add(self, start: str) -> None:
        """Add a path and everything below it. A linked folder is followed once, so that loops end."""
        todo = [start]
        while todo:
            path = os.path.realpath(todo.pop())
            if path in self.seen or any(Path(path).is_relative_to(folder) for folder in self.skip):
                continue
            self.seen.add(path)
            try:
                mode = Path(path).stat().st_mode
                if stat.S_ISDIR(mode):
                    todo.extend(entry.path for entry in os.scandir(path))
                elif stat.S_ISREG(mode):
                    self._add_file(SourceFile(path))
                else:
                    self.special.append(SourceFile(path))
            except OSError:
                self.refused.append(
                    Refused(
                        SourceFile(path), UnreadableFile, "The file may not be read, or is a link that leads nowhere."
                    )
                )

    def add_referenced(self, path: str) -> None:
        """Add the files that ``path`` references, if it is a media directory; one that cannot be read is refused later."""
        try:
            directory = read_dataset(SourceFile(path)) if _kind(path) is Kind.DICOM else None
        except (OSError, UnreadableFile):
            return
        if directory is not None and media.is_directory(directory):
            for components in media.references(directory):
                located = self.folders.locate(str(Path(path).parent), components)
                if located is not None:
                    self.add(located)

    def received(self) -> Received:
        """Everything found, by source name."""
        return Received(
            tuple(sorted(self.files, key=lambda file: file.source)),
            tuple(sorted(self.refused, key=lambda item: item.file.source)),
            tuple(sorted(self.special, key=lambda file: file.source)),
        )

    def _add_file(self, file: SourceFile) -> None:
        if _kind(file.path) is not Kind.ZIP:
            self.files.append(file)
            return
        for member in archives.expand(file):
            if isinstance(member, Refused):
                self.refused.append(member)
            else:
                self.files.append(member)


def _kind(path: str) -> Kind:
    with Path(path).open("rb") as stream:
        return kind(stream.read(HEAD))
