"""Examines the machine: packages, models, reader, decoders, home and keys."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

from gateway import config, models, weights
from gateway.audit.ledger import verify as verify_ledger
from gateway.conformance.tables import syntaxes
from gateway.errors import GatewayError
from gateway.home import open_home
from gateway.pixels.readers.loading import KNOWN, Known
from gateway.tags import Profile, load, names
from gateway.tools import load_recipes

_PACKAGES = ("pydicom", "rapidocr", "onnxruntime", "spacy", "opencv-python-headless", "python-gdcm", "imagecodecs")


@dataclass(frozen=True, slots=True)
class Examined:
    """One thing that was looked at, whether it is fit, and what there is to say."""

    what: str
    fit: bool
    says: str


def examine(home: Path | None = None) -> Iterator[Examined]:
    """Look at everything a run needs; nothing is made or changed, but a home that exists is tried for writing."""
    yield Examined("Python", fit=True, says=platform.python_version())
    yield Examined("Packages", fit=True, says=", ".join(f"{name} {version(name)}" for name in _PACKAGES))
    yield _tried("Profiles", lambda: ", ".join(f"{load(name).name} ({load(name).edition})" for name in names()))
    yield _tried("Recipes", lambda: ", ".join(load_recipes(home or config.default_home()).summary()) or "none")
    for model in models.listing():
        yield _tried(f"Model {model.name}", lambda name=model.name: f"verified, {models.verify(name)}")  # type: ignore[misc]  # mypy cannot infer a lambda with a default
    yield from _readers(home or config.default_home())
    yield _transfer_syntaxes()
    yield from _home(home or config.default_home())


def _readers(home: Path) -> Iterator[Examined]:
    """The home's own models; each reader with what it reads on which device, or what it lacks: bad if a profile asks for it."""
    if (home / "models").is_dir():
        yield _tried("Models of the home", lambda: _verified(home) or "none")
    needed = _needed(home)
    for name, reader in KNOWN.items():
        missing = reader.lacking(home)
        if missing:
            says = missing if name in needed else f"no profile here asks for it. {missing}"
            yield Examined(f"Text reader {name}", fit=name not in needed, says=says)
        else:
            yield _tried(f"Text reader {name}", partial(_loaded, reader, home))


def _verified(home: Path) -> str:
    return ", ".join(
        f"{model.name} {model.version} verified, {weights.verify(model, home)}" for model in weights.added(home)
    )


def _loaded(reader: Known, home: Path) -> str:
    reader.load(home, 1)
    return reader.says(home)


def _needed(home: Path) -> set[str]:
    """The readers that the profiles of a home ask for: its own, the one of its settings, those that recipes route to."""
    asked: list[Callable[[], Profile]] = [partial(load, str(path)) for path in (home / "profiles").glob("*.yaml")]
    asked.append(lambda: load(config.find_profile(home, config.load(home).profile)))
    found: list[Profile] = []
    for profile in asked:
        with suppress(GatewayError):  # what cannot be built asks for nothing; a run says what is wrong with it
            found.append(profile())
    with suppress(GatewayError):
        found += load_recipes(home).profiles.values()
    return {name for profile in found for name in profile.knobs.readers.split(", ")}


def _transfer_syntaxes() -> Examined:
    known = [name for _, name, read, _ in syntaxes() if read == "yes"]
    return Examined("Transfer syntaxes", fit=len(known) > 4, says=", ".join(known))


def _home(path: Path) -> Iterator[Examined]:
    if not (path / "keys").is_dir():
        yield Examined("Home", fit=True, says="none yet; `gateway run` makes it")
        return
    yield _tried("Home and keys", lambda: f"{open_home(path).path}, keys safe (mode 0600)")
    yield _tried("Settings", lambda: ", ".join(f"{key} {value}" for key, value in asdict(config.load(path)).items()))
    if (path / "ledger" / "ledger.jsonl").exists():
        yield _tried("Ledger", lambda: _ledger(path))


def _ledger(path: Path) -> str:
    home = open_home(path)
    found = verify_ledger(home.ledger, home.key("ledger"))
    if not found.ok:
        raise GatewayError(found.message)
    return found.message


def _tried(what: str, look: Callable[[], str]) -> Examined:
    try:
        return Examined(what, fit=True, says=look())
    except GatewayError as error:
        return Examined(what, fit=False, says=str(error))
