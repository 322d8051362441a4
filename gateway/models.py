"""The models that ship with the gateway or come with its packages: what they are, and whether they are unaltered.

``models/manifest.json`` names every file with its SHA-256. Nothing is ever fetched: a missing or altered model stops the start.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from gateway.errors import ModelError
from gateway.resources import folder

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Model:
    """One model of the manifest.

    ``origin`` says where its files are: empty for a folder of ``models/``, else the package (distribution) that carries them.
    ``files`` are (path below that place, SHA-256 in hex).
    """

    name: str
    version: str
    licence: str
    origin: str
    path: str
    files: tuple[tuple[str, str], ...]


def listing(root: Path | None = None) -> tuple[Model, ...]:
    """Every model of the manifest (of ``root``, by default the models that ship with the gateway), by name.

    Raises:
        ModelError: the manifest is missing or is no manifest.
    """
    path = (root or folder("models")) / MANIFEST
    try:
        entries = json.loads(path.read_text("utf-8"))["models"]
        models = [
            Model(
                name=entry["name"],
                version=entry["version"],
                licence=entry["licence"],
                origin=entry["origin"],
                path=entry["path"],
                files=tuple(sorted(entry["files"].items())),
            )
            for entry in entries
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise ModelError(f"The model manifest ({MANIFEST}) is missing or damaged; install the gateway again.") from None
    return tuple(sorted(models, key=lambda model: model.name))


@lru_cache(maxsize=32)
def verify(name: str, root: Path | None = None) -> Path:
    """Check every file of a model against the manifest and return the model's folder. Checked once in a process.

    Raises:
        ModelError: the manifest does not name the model, or one of its files is missing or is not the one that it names.
    """
    base = root or folder("models")
    model = next((model for model in listing(base) if model.name == name), None)
    if model is None:
        raise ModelError(f"There is no model named {name} in the manifest.")
    return check(model, base)


def check(model: Model, root: Path, remedy: str = "install the gateway again") -> Path:
    """Compare every file of a model below ``root`` with its SHA-256, and return the model's folder.

    Raises:
        ModelError: one of its files is missing or is another one; the message ends with the ``remedy``.
    """
    place = _place(model, root)
    for file, expected in model.files:
        if _digest(place / file) != expected:
            raise ModelError(
                f"Model {model.name}: the file {file} is missing or is not the one that the manifest names; {remedy}."
            )
    return place


def _place(model: Model, root: Path) -> Path:
    """The folder of a model's files."""
    if not model.origin:
        return root / model.path
    try:
        return Path(str(metadata.distribution(model.origin).locate_file(model.path)))
    except metadata.PackageNotFoundError:
        raise ModelError(f"Model {model.name}: the package {model.origin} is not installed.") from None


def _digest(path: Path) -> str:
    """SHA-256 of a file in hex, empty when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
