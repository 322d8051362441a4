"""Remembers what each study of each job came to, so that a run resumes where it was. Holds keyed names and no PHI."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from gateway.errors import HomeError
from gateway.records import Outcome

_OUTCOME = TypeAdapter(Outcome)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS outcomes (
    job TEXT NOT NULL, study TEXT NOT NULL, content TEXT NOT NULL, outcome BLOB NOT NULL, PRIMARY KEY (job, study)
) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class State:
    """The outcomes of a job's studies, by study and by a digest of everything the outcome depends on (``content``)."""

    path: Path

    def save(self, job: str, content: str, outcome: Outcome) -> None:
        """Remember an outcome; when this returns, it is on disk."""
        with self._open() as database:
            row = (job, outcome.study, content, _OUTCOME.dump_json(outcome))
            database.execute("INSERT OR REPLACE INTO outcomes VALUES (?, ?, ?, ?)", row)

    def find(self, job: str, study: str, content: str) -> Outcome | None:
        """The outcome of this very content, or None if the study is new, changed, or judged by another policy."""
        with self._open() as database:
            query = "SELECT outcome FROM outcomes WHERE job = ? AND study = ? AND content = ?"
            row = database.execute(query, (job, study, content)).fetchone()
        return _OUTCOME.validate_json(row[0]) if row else None

    def last(self, job: str, study: str) -> Outcome | None:
        """What the study came to when it was last cleaned, whatever its content was then."""
        with self._open() as database:
            query = "SELECT outcome FROM outcomes WHERE job = ? AND study = ?"
            row = database.execute(query, (job, study)).fetchone()
        return _OUTCOME.validate_json(row[0]) if row else None

    def forget(self, job: str, study: str) -> None:
        """Make the next run of the job clean this study afresh."""
        with self._open() as database:
            database.execute("DELETE FROM outcomes WHERE job = ? AND study = ?", (job, study))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.touch(mode=0o600)  # -wal and -shm take over its mode
            database = sqlite3.connect(self.path)
        except (OSError, sqlite3.Error):
            raise HomeError("The state database in the home cannot be opened.") from None
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            database.execute(_SCHEMA)
            with database:  # commits, or rolls back on an error
                yield database
        except sqlite3.Error:
            raise HomeError("The state database in the home cannot be read or written.") from None
        finally:
            database.close()
