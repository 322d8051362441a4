"""Remembers what each study of each job came to, and where each instance is. Holds keyed names and no PHI."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
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
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS released (
    zone TEXT NOT NULL, instance TEXT NOT NULL, study TEXT NOT NULL, PRIMARY KEY (zone, instance)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS origins (
    zone TEXT NOT NULL, instance TEXT NOT NULL, original TEXT NOT NULL, settings TEXT NOT NULL, PRIMARY KEY (zone, instance)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS held (
    zone TEXT NOT NULL, instance TEXT NOT NULL, item TEXT NOT NULL, PRIMARY KEY (zone, instance, item)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refers (
    zone TEXT NOT NULL, instance TEXT NOT NULL, study TEXT NOT NULL, PRIMARY KEY (zone, instance, study)
) WITHOUT ROWID;
"""
# A cross join keeps SQLite to the order in which it is written: each asked instance is one step down the key.
_RELEASED = "SELECT instance FROM json_each(?) CROSS JOIN released ON zone = ? AND instance = value"
_ORIGINS = "SELECT instance, original, settings FROM json_each(?) CROSS JOIN origins ON zone = ? AND instance = value"
_HELD = """
SELECT h.instance, h.item FROM json_each(?) CROSS JOIN held h ON h.zone = ? AND h.instance = value
WHERE NOT EXISTS (SELECT 1 FROM released r WHERE r.zone = h.zone AND r.instance = h.instance)
"""
_REFERRERS = """
SELECT DISTINCT h.item, f.study FROM refers f CROSS JOIN held h ON h.zone = f.zone AND h.instance = f.instance
WHERE f.zone = ? AND NOT EXISTS (SELECT 1 FROM released r WHERE r.zone = f.zone AND r.instance = f.instance)
"""


@dataclass(frozen=True, slots=True)
class Origin:
    """What an instance was made from: the SHA-256 (hex) of its original, and a name of the settings that it was cleaned under."""

    original: str
    settings: str


@dataclass(frozen=True, slots=True)
class State:
    """The outcomes of a job's studies, by study and by a digest of everything the outcome depends on (``content``).

    And the instances by their new SOP Instance UIDs: which were released into a research zone (``zone``, a keyed name) and
    from which originals, which are held for it in which items of the quarantine, and to which its released studies refer. An
    instance that was released and is held in another version counts as released.
    """

    path: Path

    def save(
        self, job: str, content: str, outcome: Outcome, zone: str = "", origins: Mapping[str, Origin] | None = None
    ) -> None:
        """Remember an outcome, and in the same step where the instances of a released study are; then it is on disk.

        ``origins`` are the study's instances by their new SOP Instance UIDs.
        """
        with self._open() as database:
            row = (job, outcome.study, content, _OUTCOME.dump_json(outcome))
            database.execute("INSERT OR REPLACE INTO outcomes VALUES (?, ?, ?, ?)", row)
            if outcome.passed:
                released = ((zone, instance, outcome.study) for instance in origins or ())
                database.executemany("INSERT OR REPLACE INTO released VALUES (?, ?, ?)", released)
                of = ((zone, instance, one.original, one.settings) for instance, one in (origins or {}).items())
                database.executemany("INSERT OR REPLACE INTO origins VALUES (?, ?, ?, ?)", of)
                refers = {(zone, reference.instance, outcome.study) for reference in outcome.references}
                database.executemany("INSERT OR IGNORE INTO refers VALUES (?, ?, ?)", sorted(refers))

    def hold(self, zone: str, instances: Iterable[str], item: str) -> None:
        """Remember which instances an item of the quarantine holds; to be called before the item is there."""
        with self._open() as database:
            held = ((zone, instance, item) for instance in instances)
            database.executemany("INSERT OR IGNORE INTO held VALUES (?, ?, ?)", held)

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

    def released(self, zone: str, instances: Iterable[str]) -> frozenset[str]:
        """Those of the instances that were released into the research zone."""
        with self._open() as database:
            return frozenset(uid for (uid,) in database.execute(_RELEASED, (json.dumps(sorted(instances)), zone)))

    def origins(self, zone: str, instances: Iterable[str]) -> dict[str, Origin]:
        """What those of the instances were made from that were released into the research zone."""
        with self._open() as database:
            rows = database.execute(_ORIGINS, (json.dumps(sorted(instances)), zone))
            return {instance: Origin(original, settings) for instance, original, settings in rows}

    def held(self, zone: str, instances: Iterable[str]) -> dict[str, frozenset[str]]:
        """Those of the instances that are held and not released, with the items that hold or held them."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        with self._open() as database:
            for instance, item in database.execute(_HELD, (json.dumps(sorted(instances)), zone)):
                found[instance].add(item)
        return {instance: frozenset(items) for instance, items in found.items()}

    def referrers(self, zone: str) -> tuple[tuple[str, str], ...]:
        """Each item that holds or held an instance to which a released study refers, with that study."""
        with self._open() as database:
            return tuple(sorted(database.execute(_REFERRERS, (zone,))))

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
            database.executescript(_SCHEMA)
            with database:  # commits, or rolls back on an error
                yield database
        except sqlite3.Error:
            raise HomeError("The state database in the home cannot be read or written.") from None
        finally:
            database.close()
