"""What the user asked for, kept (encrypted, for paths may name patients) so that a job can be run again."""

from __future__ import annotations

import hmac
import json
import os
from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from gateway.errors import HomeError
from gateway.files import write_whole
from gateway.home import Home


@dataclass(frozen=True, slots=True)
class Request:
    """A run as it was asked for. ``profile`` and ``workers`` are None where the settings shall decide."""

    sources: tuple[str, ...]
    out: Path
    profile: str | None = None
    ids: Path | None = None
    workers: int | None = None
    dry_run: bool = False

    def absolute(self) -> Request:
        """The same request, whatever the working directory."""
        return replace(
            self,
            sources=tuple(str(Path(source).absolute()) for source in self.sources),
            out=self.out.absolute(),
            profile=str(Path(self.profile).absolute()) if self.profile and Path(self.profile).suffix else self.profile,
            ids=self.ids and self.ids.absolute(),
        )


def save_request(home: Home, job: str, request: Request) -> None:
    """Keep the request of a job."""
    path = home.job(job) / "request"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = json.dumps(asdict(request.absolute()), default=os.fspath)  # ASCII: a path need not be UTF-8
    write_whole(path, _cipher(home).encrypt(kept.encode("ascii")))


def load_request(home: Home, job: str) -> Request:
    """The request of a job.

    Raises:
        HomeError: the job is unknown, or its request does not decrypt.
    """
    try:
        kept = json.loads(_cipher(home).decrypt((home.job(job) / "request").read_bytes()))
    except (OSError, InvalidToken):
        raise HomeError("The home knows no such job, or its request was altered.") from None
    paths = {"sources": tuple(kept["sources"]), "out": Path(kept["out"]), "ids": kept["ids"] and Path(kept["ids"])}
    return Request(**kept | paths)


def _cipher(home: Home) -> Fernet:
    return Fernet(urlsafe_b64encode(hmac.digest(home.key("linkage"), b"requests", "sha256")))
