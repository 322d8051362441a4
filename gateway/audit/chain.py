"""The ledger's line: how an entry is sealed, and how a file of sealed lines is walked.

A line is ``{"seq":…,"at":…,"job":…,"event":…,<body>,"prev":…,"hash":…}``, ASCII, without spaces, ended by a newline.
``hash`` is the HMAC-SHA256 of every byte before ``,"hash"``; ``prev`` is the hash of the line before. Because the bytes
are sealed, not their meaning, there is one way to write an entry and no bit of the file can change unseen.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.errors import LedgerError, Usage

_PRINTED = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")
FRAME = ("seq", "at", "job", "event", "prev", "hash")


@dataclass(frozen=True, slots=True)
class Head:
    """The number and hash of an entry; of the last one it vouches for the whole ledger."""

    seq: int
    hash: str

    def __str__(self) -> str:
        """As people copy it: ``entry:hash``."""
        return f"{self.seq}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> Head:
        """Read what ``str`` wrote.

        Raises:
            Usage: it is no head.
        """
        found = _PRINTED.fullmatch(text)
        if not found:
            raise Usage("A ledger's head is written ENTRY:HASH, as the report prints it.")
        return cls(int(found[1]), found[2])


GENESIS = Head(0, "0" * 64)


@dataclass(frozen=True, slots=True)
class Entry:
    """One verified line of the ledger. ``at`` is UTC, ISO 8601 to the second; ``body`` the event's fields."""

    seq: int
    at: str
    job: str
    event: str
    body: Mapping[str, Any]
    prev: str
    hash: str
    line: bytes

    @property
    def head(self) -> Head:
        """The entry's number and hash."""
        return Head(self.seq, self.hash)


def dump(value: object) -> str:
    """JSON without spaces, ASCII only: the form that is sealed."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def seal(key: bytes, after: Head, stated: Mapping[str, Any]) -> Entry:
    """Return the entry that follows ``after``; ``stated`` holds ``at``, ``job``, ``event`` and the body's fields."""
    sealed = dump({"seq": after.seq + 1, **stated, "prev": after.hash})[:-1].encode("ascii")
    digest = _digest(key, sealed)
    return _entry(sealed + _tail(digest), digest)


def walk(lines: Iterable[bytes], key: bytes, after: Head = GENESIS) -> Iterator[Entry]:
    """Yield the verified entries that follow ``after``; a last line without its newline is not an entry and ends the walk.

    Raises:
        LedgerError: at the first line that is not the sealed successor of the line before it.
    """
    for line in lines:
        if not line.endswith(b"\n"):
            return
        entry = _unseal(key, line, after)
        yield entry
        after = entry.head


def _unseal(key: bytes, line: bytes, after: Head) -> Entry:
    digest = line[-67:-3].decode("ascii", "replace")
    sealed = line[: -len(_tail("")) - 64]
    if line != sealed + _tail(digest) or not hmac.compare_digest(_digest(key, sealed), digest):
        raise LedgerError(f"Entry {after.seq + 1} does not verify: it was altered, or the key is not the ledger's.")
    entry = _entry(line, digest)
    if (entry.seq, entry.prev) != (after.seq + 1, after.hash):
        raise LedgerError(
            f"Entry {after.seq + 1} is not where it belongs: entries were removed, repeated or reordered."
        )
    return entry


def _entry(line: bytes, digest: str) -> Entry:
    whole = json.loads(line)
    body = {name: value for name, value in whole.items() if name not in FRAME}
    return Entry(whole["seq"], whole["at"], whole["job"], whole["event"], body, whole["prev"], digest, line)


def _digest(key: bytes, sealed: bytes) -> str:
    return hmac.new(key, sealed, "sha256").hexdigest()


def _tail(digest: str) -> bytes:
    return b',"hash":"' + digest.encode("ascii", "replace") + b'"}\n'
