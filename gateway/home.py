"""The hospital-side home: settings, keys, state, ledger, linkage, quarantine and reports. Only its owner may look inside."""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gateway.errors import HomeBusy, HomeError
from gateway.files import cause, write_whole

KEYS = ("pseudonym", "linkage", "ledger")
_FOLDERS = ("keys", "ledger", "staging", "quarantine", "jobs")


@dataclass(frozen=True, slots=True)
class Home:
    """An opened home: its folder and where things lie in it."""

    path: Path

    @property
    def ledger(self) -> Path:
        """The ledger's file."""
        return self.path / "ledger" / "ledger.jsonl"

    @property
    def linkage(self) -> Path:
        """The encrypted linkage database."""
        return self.path / "linkage.db"

    @property
    def state(self) -> Path:
        """The database of finished studies, by which a run resumes."""
        return self.path / "state.db"

    @property
    def quarantine(self) -> Path:
        """One folder an item."""
        return self.path / "quarantine"

    def job(self, job: str) -> Path:
        """Where a job's result and report are kept."""
        return self.path / "jobs" / job

    def key(self, name: str) -> bytes:
        """Return the 32 bytes of a key.

        Raises:
            HomeError: the key is missing, has the wrong length, or others can read it.
        """
        path = self.path / "keys" / f"{name}.key"
        try:
            mode = path.stat().st_mode
            key = path.read_bytes()
        except OSError:
            raise HomeError(
                f"The key '{name}' is missing or unreadable in the home; restore it from its backup."
            ) from None
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise HomeError(f"The key '{name}' can be read by others; set its mode to 0600 and consider it exposed.")
        if len(key) != 32:
            raise HomeError(f"The key '{name}' is damaged; restore it from its backup.")
        return key

    def name(self, kind: str, *parts: str) -> str:
        """A short keyed name for something whose own name may be PHI: the same for the same parts in this home."""
        message = "\0".join((kind, *parts)).encode("utf-8", "surrogateescape")
        return f"{kind}-{hmac.new(self.key('pseudonym'), message, hashlib.sha256).hexdigest()[:12]}"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the home for one run.

        Raises:
            HomeBusy: another process holds it.
        """
        with (self.path / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise HomeBusy("Another run is working in this home; wait for it, or give another --home.") from None
            yield


def open_home(path: Path) -> Home:
    """Open the home at ``path``, making it with fresh keys if there is none.

    A home that has a ledger or linkage but lacks a key is refused: fresh keys would break every pseudonym given so far.

    Raises:
        HomeError: it cannot be made or written, or a key is missing or exposed.
    """
    home = Home(path.absolute())
    try:
        home.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        home.path.chmod(0o700)
        for folder in _FOLDERS:
            (home.path / folder).mkdir(mode=0o700, exist_ok=True)
        used = home.linkage.exists() or home.ledger.exists()
        with _alone(home.path / "keys"):
            for name in KEYS:
                if not used and not (home.path / "keys" / f"{name}.key").exists():
                    write_whole(home.path / "keys" / f"{name}.key", secrets.token_bytes(32))
            _prove_keys(home)
    except OSError as error:
        raise HomeError(f"The home cannot be written ({cause(error)}).") from None
    return home


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time work in a folder: a key that another process uses already must not be made again."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _prove_keys(home: Home) -> None:
    """Compare the keys with what the home noted of them when it was made (a keyed digest of nothing secret).

    Raises:
        HomeError: a key is missing or exposed, or another one: under it every patient would get a second pseudonym.
    """
    proofs = {name: hmac.digest(home.key(name), b"key of a gateway home", "sha256").hex() for name in KEYS}
    note = home.path / "keys.proof"
    try:
        known = json.loads(note.read_bytes()) if note.exists() else {}
    except ValueError:
        raise HomeError("The home's note of its keys (keys.proof) is damaged; restore it from its backup.") from None
    if not known:
        write_whole(note, json.dumps(proofs).encode("ascii"))
    for name in KEYS:
        if known.get(name, proofs[name]) != proofs[name]:
            raise HomeError(f"The key '{name}' is not the one this home was made with; restore it from its backup.")
