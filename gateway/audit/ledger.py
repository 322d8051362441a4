"""The tamper-evident record of everything the gateway did: append-only, hash-chained, free of PHI by construction.

``ledger.jsonl`` holds the sealed lines (``chain``), ``ledger.jsonl.head`` the number and hash of the last one, so that a
ledger cut short is noticed. Every writer takes the file's lock for one append and first reads what others appended.
What a kill can leave, and what is done about it, is told in docs/decisions/050-ledger.md.
"""

from __future__ import annotations

import csv
import fcntl
import hashlib
import io
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from gateway.audit.chain import GENESIS, Entry, Head, dump, seal, walk
from gateway.audit.events import (
    JOB,
    Event,
    HeldAfterRelease,
    JobFinished,
    LedgerRepaired,
    LinkageUsed,
    ReferencesUnseen,
    StudyCleaned,
)
from gateway.errors import LedgerError, Usage
from gateway.files import sync_folder, write_whole

_HEAD = re.compile(rb'\{"seq":([0-9]{1,18}),"hash":"([0-9a-f]{64})"\}\n')
_SUBJECTS = ("study", "item")
_BESIDE = tuple(kind.__name__ for kind in (StudyCleaned, ReferencesUnseen, HeldAfterRelease))
_COLUMNS = ("seq", "at", "job", "event", "study", "item", "body", "prev", "hash")


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome of a check of the whole chain; ``entries`` counts those of the asked job (or all) that verified.

    ``first_bad_seq`` is the number of the first entry that is altered, missing or out of place. ``head`` is the last
    entry that verified: printed in reports, it is the anchor that a later check can be held against.
    """

    entries: int
    ok: bool
    first_bad_seq: int | None
    message: str
    head: Head = GENESIS


class Ledger:
    """A ledger open for appending. Reading and verifying happen at opening; a ledger that does not verify cannot be opened.

    Args:
        path: the JSON-lines file; it and its folder are made when missing.
        key: the HMAC key.
        clock: tells the time of an entry (UTC).

    Raises:
        LedgerError: the file does not verify, was cut short, or cannot be read or written.
    """

    def __init__(self, path: Path, key: bytes, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._path, self._key, self._clock = path, key, clock
        self._last, self._size = GENESIS, 0
        self._last_words: dict[tuple[str, str, str], str] = {}  # about what: a digest of what was said
        with _reported("The ledger cannot be opened"):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            sync_folder(path.parent)
        with self._locked():
            pass

    @property
    def head(self) -> Head:
        """Number and hash of the last entry this process has seen."""
        return self._last

    def record(self, job: str, event: Event) -> Entry:
        """Append ``event`` of ``job``; it is on the disk when this returns."""
        with self._locked() as file:
            return self._append(file, job, event)

    def record_once(self, job: str, event: Event) -> bool:
        """Append ``event`` unless it is this job's last word on its subject already; tell whether it was appended."""
        with self._locked() as file:
            fresh = not self._ends_with(job, event)
            if fresh:
                self._append(file, job, event)
            return fresh

    def says(self, job: str, event: Event) -> bool:
        """Tell whether this job's last word on the event's subject is exactly that: what was said since unsays it.

        The subject is where a study or an item stands, how a study was cleaned, under which policy the job began, or (of
        ``JobFinished``) all that the job did.
        """
        with self._locked():
            return self._ends_with(job, event)

    def entries(self, job: str | None = None) -> Iterator[Entry]:
        """Yield the entries (of ``job``), in order, each verified again as it is read."""
        with self._locked():
            upto = self._last.seq
        with _reported("The ledger cannot be read"), self._path.open("rb") as file:
            for entry in walk(file, self._key):
                if job in (None, entry.job):
                    yield entry
                if entry.seq == upto:
                    return

    def export(self, fmt: str, out: Path, job: str | None = None) -> int:
        """Write the entries (of ``job``) to ``out`` as ``jsonl`` (the sealed lines themselves) or ``csv``; return how many.

        Raises:
            Usage: ``fmt`` is neither, there is no such job, or ``out`` cannot be written.
        """
        if fmt not in ("csv", "jsonl"):
            raise Usage("The ledger is exported as csv or jsonl.")
        entries = list(self.entries(job))
        if job is not None and not entries:
            raise Usage("The ledger holds no such job.")
        text = io.StringIO()
        if fmt == "jsonl":
            text.writelines(entry.line.decode("ascii") for entry in entries)
        else:
            table = csv.writer(text, lineterminator="\n")
            table.writerow(_COLUMNS)
            table.writerows(_cells(entry) for entry in entries)
        try:
            write_whole(out, text.getvalue().encode("ascii"))
        except OSError as error:
            raise Usage(f"The ledger cannot be exported there ({error.strerror}).") from None
        return len(entries)

    # --- one append, under the lock ------------------------------------------------------------------------------
    @contextmanager
    def _locked(self) -> Iterator[BinaryIO]:
        """Hold the ledger's lock, with everything others appended taken in, the head healed and a torn tail cut off."""
        with _reported("The ledger cannot be written"), self._path.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self._catch_up(file)
            yield file

    def _catch_up(self, file: BinaryIO) -> None:
        length = file.seek(0, os.SEEK_END)
        if length < self._size:
            raise LedgerError(f"The ledger was cut short: entry {self._last.seq} is no longer in it.")
        file.seek(self._size)
        before = self._last
        for entry in walk(file, self._key, self._last):
            before = self._last
            self._take_in(entry)
        head = _read_head(self._path)
        if head is None and length == 0:
            head = before  # the very first opening
            _write_head(self._path, head)
        fault = _head_fault(head, self._last, before)
        if fault:
            raise LedgerError(fault[1])
        if head != self._last:
            _write_head(self._path, self._last)
        if length > self._size:
            file.truncate(self._size)
            self._append(file, "ledger", LedgerRepaired(bytes_cut=length - self._size))

    def _append(self, file: BinaryIO, job: str, event: Event) -> Entry:
        if not JOB.fullmatch(job):
            raise ValueError("a job's name must not hold such a value: it could be PHI")
        at = self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        entry = seal(self._key, self._last, {"at": at, "job": job, "event": type(event).__name__, **asdict(event)})
        file.seek(self._size)
        file.write(entry.line)
        file.flush()
        os.fsync(file.fileno())
        self._take_in(entry)
        _write_head(self._path, entry.head)
        return entry

    def _ends_with(self, job: str, event: Event) -> bool:
        kind, body = type(event).__name__, asdict(event)
        return self._last_words.get(_subject(job, kind, body)) == _digest(kind, body)

    def _take_in(self, entry: Entry) -> None:
        said = _digest(entry.event, entry.body)
        self._last_words[_subject(entry.job, entry.event, entry.body)] = said
        if entry.event != LinkageUsed.__name__:  # who only looked on added nothing that the job's end sums up
            self._last_words[_subject(entry.job, JobFinished.__name__, {})] = said
        self._last, self._size = entry.head, self._size + len(entry.line)


def _subject(job: str, event: str, body: Mapping[str, Any]) -> tuple[str, str, str]:
    """What an entry is about. How a study was cleaned, say, is apart from where it stands, so that neither hides the other."""
    name = body.get("study") or body.get("item") or ""
    return job, event if event in _BESIDE or not name else "", name


def _digest(event: str, body: Mapping[str, Any]) -> str:
    return hashlib.sha256(dump([event, body]).encode("ascii")).hexdigest()


def _cells(entry: Entry) -> tuple[object, ...]:
    subjects = (entry.body.get(name, "") for name in _SUBJECTS)
    return (entry.seq, entry.at, entry.job, entry.event, *subjects, dump(entry.body), entry.prev, entry.hash)


def verify(path: Path, key: bytes, job: str | None = None, anchor: Head | None = None) -> Verification:
    """Check the whole chain from its first byte, changing nothing.

    Args:
        path: the ledger.
        key: the HMAC key.
        job: count the entries of this job only; a job without any is a fault.
        anchor: a head printed earlier (in a report); the ledger must still hold exactly that entry. This finds a ledger
            and head that were rolled back together, which no file on the same disk can.

    Raises:
        LedgerError: the files cannot be read.
    """
    last, before, count, size = GENESIS, GENESIS, 0, 0
    anchored = anchor in (None, GENESIS)
    with _reported("The ledger cannot be read"), path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        try:
            for entry in walk(file, key):
                last, before, size = entry.head, last, size + len(entry.line)
                count += job in (None, entry.job)
                anchored = anchored or last == anchor
        except LedgerError as broken:
            return Verification(count, ok=False, first_bad_seq=last.seq + 1, message=str(broken), head=last)
        torn = file.seek(0, os.SEEK_END) > size
        head = _read_head(path)
    fault = _head_fault(head, last, before) if (head, size) != (None, 0) else None
    if fault is None and anchor is not None and not anchored:
        fault = min(anchor.seq, last.seq + 1), f"Entry {anchor.seq} is not the one printed: the ledger was rolled back."
    if fault:
        return Verification(count, ok=False, first_bad_seq=fault[0], message=fault[1], head=last)
    if job is not None and not count:
        return Verification(
            0, ok=False, first_bad_seq=None, message="The ledger is whole, but has no such job.", head=last
        )
    note = "; a torn last line will be cut off at the next write" if torn else ""
    return Verification(count, ok=True, first_bad_seq=None, message=f"All {last.seq} entries verify{note}.", head=last)


# --- the head: one JSON object beside the ledger -----------------------------------------------------------------
def _head_path(path: Path) -> Path:
    return path.with_name(path.name + ".head")


def _read_head(path: Path) -> Head | None:
    """The head as it stands in its file, None without one; a file that is not a head becomes one that fits no entry."""
    try:
        text = _head_path(path).read_bytes()
    except FileNotFoundError:
        return None
    found = _HEAD.fullmatch(text)
    return Head(int(found[1]), found[2].decode("ascii")) if found else Head(-1, "")


def _write_head(path: Path, head: Head) -> None:
    write_whole(_head_path(path), dump(asdict(head)).encode("ascii") + b"\n")


def _head_fault(head: Head | None, last: Head, before: Head) -> tuple[int, str] | None:
    """What is wrong with ``head``, if anything: it is the last entry's, or after a kill that of the one before."""
    if head in (last, before):
        return None
    if head is None:
        return (
            last.seq + 1,
            "The ledger's head file is missing: whether entries were cut off at the end cannot be told.",
        )
    if head.seq > last.seq:
        return last.seq + 1, f"The ledger was cut short: it ends at entry {last.seq}, its head says {head.seq}."
    return last.seq + 1, "The ledger's head file does not belong to the ledger's end."


@contextmanager
def _reported(what: str) -> Iterator[None]:
    """Turn errors of the file system into ours, without their message: it would name paths."""
    try:
        yield
    except OSError as error:
        raise LedgerError(f"{what} ({os.strerror(error.errno or 0)}).") from None
