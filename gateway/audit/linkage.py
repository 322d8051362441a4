"""The encrypted way back: which original became what, row by row, readable with the linkage key only.

Each row is AES-256-GCM under a key derived from the given one, bound to its job and place; what can be looked up is
indexed by HMAC. SQLite (WAL) keeps it whole through a kill and readable during a write. See docs/decisions/051-linkage.md.
"""

from __future__ import annotations

import csv
import hmac
import io
import json
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field, fields
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.errors import HomeError, Usage
from gateway.files import write_whole

STATUSES = ("released", "quarantined", "duplicate", "not_dicom")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS proof (id INTEGER PRIMARY KEY CHECK (id = 1), token BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS rows (
    id INTEGER PRIMARY KEY, job TEXT NOT NULL, place BLOB NOT NULL, sealed BLOB NOT NULL, UNIQUE (job, place)
);
CREATE TABLE IF NOT EXISTS words (token BLOB NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (token, row)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS words_of_row ON words (row);
"""
_OF_SOURCE = """
SELECT rows.id, place, sealed FROM rows JOIN words ON words.row = rows.id WHERE job = ? AND words.token = ?
"""
_PADDING = " \0"  # DICOM pads values to even length
_UIDS = (("study_uid", "new_study_uid"), ("series_uid", "new_series_uid"), ("sop_uid", "new_sop_uid"))
_PATIENTS = (("patient_id", "new_patient_id"),)
_FORMULA = re.compile(r"['=@\t\r\n]|[+-](?![0-9.,]*\Z)")


@dataclass(frozen=True, slots=True)
class LinkageRow:
    """One input file and what became of it; the fields are the export's columns. Originals stay out of ``repr``.

    ``source`` is the absolute path (``archive.zip!member`` inside an archive), ``path`` is relative to the research
    zone, ``status`` one of ``STATUSES``. What a file does not have is empty.
    """

    source: str = field(repr=False)
    patient_id: str = field(default="", repr=False)
    new_patient_id: str = ""
    study_uid: str = field(default="", repr=False)
    new_study_uid: str = ""
    series_uid: str = field(default="", repr=False)
    new_series_uid: str = ""
    sop_uid: str = field(default="", repr=False)
    new_sop_uid: str = ""
    status: str = field(kw_only=True)
    path: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        """Refuse a status that the export does not know."""
        if self.status not in STATUSES:
            raise ValueError(f"LinkageRow.status must be one of {', '.join(STATUSES)}")


class Linkage:
    """The linkage database at ``path`` (made, mode 0600, when missing), opened with its key of 32 bytes.

    A connection lives for one call, so that a ``Linkage`` may be shared by threads and survives a fork.

    Raises:
        HomeError: the database cannot be read or written, or ``key`` is not the one it was made with.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._cipher = AESGCM(_derive(key, b"linkage rows"))
        self._index_key = _derive(key, b"linkage index")
        with self._open() as database:
            database.executescript(_SCHEMA)
            proof = _derive(key, b"linkage proof")
            if database.execute("SELECT token FROM proof").fetchone() is None:
                database.execute("INSERT OR IGNORE INTO proof VALUES (1, ?)", (proof,))
            if database.execute("SELECT token FROM proof").fetchone() != (proof,):
                raise HomeError("The linkage key in the home is not the one the linkage was made with.")

    def record(self, job: str, rows: Iterable[LinkageRow]) -> int:
        """Write the rows of ``job``, all or none; a row for the same source replaces the earlier one.

        What was released stays traceable: a row of another released path is kept beside the new one, for the next batch
        often comes under the file names of the last.

        Returns:
            How many rows were new or different; with none, the database is not changed.
        """
        with self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            return sum(self._upsert(database, job, row) for row in rows)

    def rows(self, job: str) -> tuple[LinkageRow, ...]:
        """All rows of ``job``, by source."""
        with self._open() as database:
            found = database.execute("SELECT job, place, sealed FROM rows WHERE job = ?", (job,))
            return tuple(sorted((self._unseal(*row) for row in found), key=astuple))

    def lookup(self, identifier: str) -> tuple[LinkageRow, ...]:
        """The rows of all jobs that hold ``identifier`` as an original or research ID or UID, a source or a released path."""
        query = "SELECT job, place, sealed FROM rows JOIN words ON words.row = rows.id WHERE words.token = ?"
        with self._open() as database:
            found = database.execute(query, (self._token(identifier.strip(_PADDING)),))
            return tuple(sorted({self._unseal(*row) for row in found}, key=astuple))

    def export(self, job: str, out: Path, fmt: str = "csv") -> int:
        """Write the rows of ``job`` in clear, mode 0600, and return how many lines were written.

        ``csv`` writes the file ``out``, made to be opened by people: a value that a spreadsheet would calculate gets a
        leading apostrophe. ``pairs`` writes ``uids.csv`` and ``patients.csv`` (``id_old,id_new``, unique, sorted) into the
        folder ``out`` for validators, every value as it is.

        Raises:
            Usage: the job has no rows, the format is unknown, or ``out`` cannot be written.
        """
        if fmt not in ("csv", "pairs"):
            raise Usage("The linkage is exported as csv or pairs.")
        rows = self.rows(job)
        if not rows:
            raise Usage("The linkage holds no such job.")
        try:
            if fmt == "csv":
                table = [tuple(map(_defused, astuple(row))) for row in rows]
                return _write(out, tuple(each.name for each in fields(LinkageRow)), table)
            out.mkdir(mode=0o700, parents=True, exist_ok=True)
            return sum(
                _write(out / name, ("id_old", "id_new"), _pairs(rows, columns))
                for name, columns in (("uids.csv", _UIDS), ("patients.csv", _PATIENTS))
            )
        except OSError as error:
            raise Usage(f"The linkage cannot be written there ({error.strerror}).") from None

    # --- rows ----------------------------------------------------------------------------------------------------
    def _upsert(self, database: sqlite3.Connection, job: str, row: LinkageRow) -> bool:
        found = database.execute(_OF_SOURCE, (job, self._token(row.source.strip(_PADDING)))).fetchall()
        known = {number: self._unseal(job, place, sealed) for number, place, sealed in found}
        gone = [(n,) for n, old in known.items() if old.source == row.source and old != row and _is_replaced(old, row)]
        database.executemany("DELETE FROM words WHERE row = ?", gone)
        database.executemany("DELETE FROM rows WHERE id = ?", gone)
        if row in known.values():
            return bool(gone)
        place = self._token(f"{row.source}\0{row.path}")
        insert = "INSERT INTO rows (job, place, sealed) VALUES (?, ?, ?)"
        number = database.execute(insert, (job, place, self._seal(job, place, row))).lastrowid
        values = {
            value.strip(_PADDING)
            for each, value in zip(fields(row), astuple(row), strict=True)
            if each.name != "status"
        }
        tokens = sorted((self._token(value), number) for value in values if value)
        database.executemany("INSERT INTO words VALUES (?, ?)", tokens)
        return True

    def _seal(self, job: str, place: bytes, row: LinkageRow) -> bytes:
        nonce = os.urandom(12)  # random: NIST SP 800-38D 8.3 allows 2**32 rows a key
        return nonce + self._cipher.encrypt(
            nonce, json.dumps(astuple(row)).encode("ascii"), job.encode() + b"\0" + place
        )

    def _unseal(self, job: str, place: bytes, sealed: bytes) -> LinkageRow:
        try:
            clear = self._cipher.decrypt(sealed[:12], sealed[12:], job.encode() + b"\0" + place)
        except (InvalidTag, ValueError, TypeError):
            raise HomeError("A row of the linkage does not decrypt: it was altered.") from None
        values = json.loads(clear)
        return LinkageRow(*values[:-2], status=values[-2], path=values[-1])

    def _token(self, value: str) -> bytes:
        """The 16 bytes by which a value is found: they tell equal values from others, to nobody without the key what."""
        return hmac.digest(self._index_key, json.dumps(value).encode("ascii"), "sha256")[:16]

    # --- the database ----------------------------------------------------------------------------------------------
    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))  # -wal and -shm take over its mode
            self._path.chmod(0o600)
            database = sqlite3.connect(self._path, timeout=60, isolation_level="IMMEDIATE")
        except (OSError, sqlite3.Error):
            raise HomeError("The linkage in the home cannot be opened.") from None
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            with database:
                yield database
        except sqlite3.Error:
            raise HomeError("The linkage in the home cannot be read or written.") from None
        finally:
            database.close()


def _is_replaced(earlier: LinkageRow, later: LinkageRow) -> bool:
    """Whether the later row of a source says all that is still true of the earlier; of a duplicate, another source's row does."""
    again = later.status == "duplicate" and later.sop_uid == earlier.sop_uid
    return earlier.status != "released" or earlier.path == later.path or again


def _derive(key: bytes, purpose: bytes) -> bytes:
    """A key for one purpose (HMAC as a one-block KDF, NIST SP 800-108)."""
    return hmac.digest(key, b"\x01" + purpose, "sha256")


# --- export --------------------------------------------------------------------------------------------------------
def _defused(value: str) -> str:
    """The value, with an apostrophe before it if a spreadsheet would calculate it (or if it begins with an apostrophe)."""
    return f"'{value}" if _FORMULA.match(value) else value


def _pairs(rows: Iterable[LinkageRow], columns: Iterable[tuple[str, str]]) -> list[tuple[str, ...]]:
    pairs = {(getattr(row, old), getattr(row, new)) for row in rows for old, new in columns}
    return sorted((old, new) for old, new in pairs if old and new)


def _write(path: Path, columns: tuple[str, ...], table: list[tuple[str, ...]]) -> int:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(table)
    write_whole(path, text.getvalue().encode("utf-8", "surrogateescape"))
    return len(table)
