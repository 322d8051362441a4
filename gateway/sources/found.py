"""The frozen records of receive and index: what was found, and what became of each file."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from gateway.errors import Quarantine
from gateway.records import Instance, SourceFile, Study


class NotDicom(Enum):
    """Why a file is no DICOM instance although nothing is wrong with it."""

    EMPTY = "empty"
    SPECIAL = "special"  # a socket, a pipe, a device: never opened, a read could block for ever
    MEDIA_DIRECTORY = "media_directory"  # a DICOMDIR is an index of files, not an instance (PS3.10 section 8)
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is held for a person.

    ``kind`` names the leaf of the error tree, ``reason`` says in one sentence without PHI what is wrong. ``study_uid`` is
    the original Study Instance UID as far as it could be read, ``sop_uid`` the SOP Instance UID, ``instance`` is set for a UID
    conflict. ``studies`` are the original UIDs of the indexed studies that are not whole without the file.
    """

    file: SourceFile
    kind: type[Quarantine]
    reason: str
    study_uid: str | None = field(default=None, repr=False)
    instance: Instance | None = None
    studies: frozenset[str] = field(default=frozenset(), repr=False)
    sop_uid: str | None = field(default=None, repr=False)

    @property
    def code(self) -> str:
        """The reason code of ``kind``."""
        return self.kind.code


@dataclass(frozen=True, slots=True)
class Received:
    """Every file that the sources hold, each once, ordered by source name.

    ``files`` can be opened, ``refused`` cannot (a damaged archive, an encrypted member, a link that leads nowhere),
    ``special`` must not be.
    """

    files: tuple[SourceFile, ...]
    refused: tuple[Refused, ...] = ()
    special: tuple[SourceFile, ...] = ()

    @property
    def found(self) -> int:
        """The number of files found."""
        return len(self.files) + len(self.refused) + len(self.special)


@dataclass(frozen=True, slots=True)
class Index:
    """What became of every received file: each is in exactly one of the four groups.

    ``studies`` are ordered by original Study Instance UID, the other groups by source name. A duplicate stands beside
    the instance it equals. ``missing_references`` counts the files that a DICOMDIR names and nobody delivered.
    """

    studies: tuple[Study, ...]
    duplicates: tuple[tuple[SourceFile, Instance], ...]
    not_dicom: tuple[tuple[SourceFile, NotDicom], ...]
    refused: tuple[Refused, ...]
    missing_references: int = 0

    @property
    def found(self) -> int:
        """The number of files accounted for; equals ``Received.found``."""
        instances = sum(len(study.instances) for study in self.studies)
        return instances + len(self.duplicates) + len(self.not_dicom) + len(self.refused)
