"""What a run came to: the numbers people and scripts see."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Held:
    """One quarantined item: how many input files it holds and why, in a code and a sentence."""

    item: str
    code: str
    message: str
    files: int


@dataclass(frozen=True, slots=True)
class JobResult:
    """The numbers of a job. ``released``, ``quarantined``, ``duplicates`` and ``not_dicom`` count input files.

    Their sum is ``received``, the number of files found. ``studies`` counts the studies found among them; ``seconds`` is
    the wall time of this run, a resumed one's being shorter. ``missing_on_media`` counts files that a DICOMDIR names and
    that are not there, ``references_unseen`` instances to which the released studies refer and that the gateway has not seen,
    ``references_to_held`` studies that were released before an instance they refer to was held,
    ``ready_to_retry`` items of the quarantine, of any job, that waited for another item which has gone. ``report`` is empty
    on a dry run. ``warnings`` say what recipes kept against the profile.
    """

    job: str
    received: int
    released: int
    quarantined: int
    duplicates: int
    not_dicom: int
    studies: int
    studies_released: int
    frames_read: int
    frames_compared: int
    regions_found: int
    masks: int
    missing_on_media: int
    references_unseen: int
    references_to_held: int
    ready_to_retry: tuple[str, ...]
    seconds: float
    dry_run: bool
    out: Path
    report: Path | None
    items: tuple[Held, ...]
    warnings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The object that ``gateway run --json`` prints."""
        paths = {"out": str(self.out), "report": str(self.report) if self.report else None}
        return asdict(self) | paths | {"seconds": round(self.seconds, 3)}
