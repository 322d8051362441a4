"""Ledgers for the tests: one with ten entries of two jobs, and the ways to damage it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from gateway.audit.events import (
    Changed,
    Event,
    FileQuarantined,
    ItemDecided,
    JobFinished,
    JobStarted,
    LinkageUsed,
    MaskedBox,
    ModelUsed,
    StudyCleaned,
    StudyQuarantined,
    StudyReleased,
    StudyReleasing,
)
from gateway.audit.ledger import Ledger

KEY = b"ledger key of the tests, 32 byte"
STUDY, OTHER = "2.25.11", "2.25.12"
EVENTS: tuple[tuple[str, Event], ...] = (
    (
        "job-a",
        JobStarted(
            gateway="0.1.0",
            profile="basic",
            options=("clean-pixel-data",),
            profile_digest="0" * 64,
            edition="2026c",
            edition_digest="4" * 64,
            models=(ModelUsed(name="PP-OCRv6-det", version="6", sha256="1" * 64),),
        ),
    ),
    (
        "job-a",
        StudyCleaned(
            study=STUDY,
            instances=2,
            frames_read=20,
            regions_found=7,
            changes=(
                Changed(path="00100010", action="Z", rule="e1-1:00100010", elements=2, instances=2),
                Changed(path="0040A730/0040A123", action="D", rule="e1-1:0040A123", elements=4, instances=1),
            ),
            masks=(MaskedBox(instance="2.25.7", x=0, y=0, w=90, h=12, frames="0-9", rules=("header-name", "date")),),
        ),
    ),
    ("job-a", StudyReleasing(study=STUDY, instances=2, digest="2" * 64)),
    ("job-a", StudyReleased(study=STUDY, instances=2, digest="2" * 64)),
    (
        "job-b",
        JobStarted(
            gateway="0.1.0", profile="research", profile_digest="3" * 64, edition="2026c", edition_digest="4" * 64
        ),
    ),
    ("job-a", StudyQuarantined(item="study-0123456789ab", study=OTHER, code="PIXELS_UNREADABLE", instances=1)),
    ("job-a", FileQuarantined(item="file-ba9876543210", code="FILE_UNREADABLE")),
    (
        "job-a",
        JobFinished(
            received=4,
            released=2,
            quarantined=2,
            duplicates=0,
            not_dicom=0,
            studies=2,
            frames_read=20,
            regions_found=7,
            masks=1,
        ),
    ),
    ("job-b", ItemDecided(item="study-0123456789ab", decision="retry")),
    ("job-b", LinkageUsed(use="lookup", rows=2)),
)


def noon() -> datetime:
    return datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


def make(folder: Path) -> Path:
    path = folder / "ledger" / "ledger.jsonl"
    ledger = Ledger(path, KEY, clock=noon)
    for job, event in EVENTS:
        ledger.record(job, event)
    return path


def head_of(path: Path) -> Path:
    return path.with_name(path.name + ".head")
