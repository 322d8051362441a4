"""Weights that a site installs in its home, for readers whose package brings none: ``gateway models add easyocr``.

They lie in ``<home>/models/easyocr`` and stand in ``<home>/models/manifest.json`` with the SHA-256 that they had when they were
added, in the form of the manifest that ships with the gateway. EasyOCR's own weights are known by their published MD5; another
file under such a name is refused. A network of the site's own is a file of weights, its description and its code, under one name,
as EasyOCR documents it: whoever adds it vouches for the code.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

import yaml

from gateway import models
from gateway.errors import ConfigError, HomeError, ModelError
from gateway.files import cause, write_whole
from gateway.home import Home
from gateway.models import MANIFEST, Model
from gateway.resources import folder

DETECTION, RECOGNITION = "easyocr_detection", "easyocr_recognition"
READERS = {"easyocr": (DETECTION, RECOGNITION)}  # the models that a reader uses
# EasyOCR's own, by file: what it is, and the MD5 by which EasyOCR knows it.
STOCK: Mapping[str, tuple[str, str]] = {
    "craft_mlt_25k.pth": (DETECTION, "2f8227d2def4037cdb3b34389dcf9ec1"),
    "english_g2.pth": (RECOGNITION, "5864788e1821be9e454ec108d61b887d"),
}
SHIPPED = (
    "gateway_lines"  # a small recognition network that ships with the gateway, for a site to add (its card: models/)
)
_FOLDER = "easyocr"
_ADD = "gateway models add easyocr --from DIR"
_DESCRIBED = {"network_params": dict, "imgH": int, "lang_list": list, "character_list": str}


@dataclass(frozen=True, slots=True)
class Installed:
    """EasyOCR's weights in a home, compared with their hashes: their folder, and the names of the two networks.

    ``detection`` is empty where none was added; ``code`` is that of a network of the site's own, empty for EasyOCR's.
    """

    folder: Path
    network: str
    detection: str
    code: str

    @property
    def pickled(self) -> tuple[str, ...]:
        """The files that EasyOCR unpickles."""
        return tuple(f"{name}.pth" for name in (self.network, self.detection) if name)


def added(home: Path) -> tuple[Model, ...]:
    """What was added to a home, by name; nothing is compared.

    Raises:
        ModelError: the home's manifest is damaged.
    """
    root = home / "models"
    return models.listing(root) if (root / MANIFEST).exists() else ()


def in_use(readers: str, home: Path) -> tuple[Model, ...]:
    """What was added and is used by ``readers``, as the knob of a profile names them."""
    wanted = {name for reader in readers.split(", ") for name in READERS.get(reader, ())}
    return tuple(model for model in added(home) if model.name in wanted)


def verify(model: Model, home: Path) -> Path:
    """Compare the files of an added model with what was added, and return their folder.

    Raises:
        ModelError: a file is missing or is another one.
    """
    return models.check(model, home / "models", f"add it again (`{_ADD}`)")


def installed(home: Path) -> Installed:
    """EasyOCR's weights in a home, each compared with its hash.

    Raises:
        ModelError: there are none, or one is missing or is not the one that was added.
    """
    found = {model.name: model for model in added(home)}
    if RECOGNITION not in found:
        own = f"{' and '.join(STOCK)}, or a network of your own (a small one lies in {folder('models') / SHIPPED})"
        raise ModelError(f"The reader easyocr has no weights in this home: `{_ADD}`, where DIR holds {own}.")
    place = {verify(model, home) for model in found.values()}.pop()
    network = found[RECOGNITION].version
    detection = found[DETECTION].version if DETECTION in found else ""
    code = "" if f"{network}.pth" in STOCK else (place / f"{network}.py").read_text("utf-8")
    return Installed(place, network, detection, code)


def summary(home: Path) -> str:
    """What the reader reads with now, in one sentence."""
    found = {model.name: model.version for model in added(home)}
    detection = found.get(DETECTION, "the detection of rapidocr, as no craft_mlt_25k.pth was added")
    recognition = found.get(RECOGNITION, "nothing yet: no recognition network was added")
    return f"easyocr finds lines with {detection} and reads them with {recognition}."


def add(home: Home, source: Path, stock: Mapping[str, tuple[str, str]] = STOCK) -> tuple[Model, ...]:
    """Install the weights in the folder ``source`` into a home; return what was added.

    All of them are read and compared before the first is written. One installed before for the same purpose is replaced.
    ``stock``: EasyOCR's own files, by name, as in :data:`STOCK`.

    Raises:
        ConfigError: there are no weights, or one is not what its name says; nothing was installed.
        HomeError: the home is in use, or cannot be written.
    """
    found = _found(source, stock)
    with home.locked():
        kept = [model for model in added(home.path) if model.name not in found]
        entries = tuple(_entry(name, files) for name, files in found.items())
        try:
            _write(
                home.path / "models",
                {name: data for files in found.values() for name, data in files.items()},
                (*kept, *entries),
            )
        except OSError as error:
            raise HomeError(f"The models in the home cannot be written ({cause(error)}).") from None
    return entries


def _entry(name: str, files: Mapping[str, bytes]) -> Model:
    network = Path(next(file for file in files if file.endswith(".pth"))).stem
    licence = "Apache-2.0" if f"{network}.pth" in STOCK else "the site's own"
    digests = tuple((file, hashlib.sha256(data).hexdigest()) for file, data in sorted(files.items()))
    return Model(name, network, licence, "", _FOLDER, digests)


def _write(root: Path, files: Mapping[str, bytes], known: Sequence[Model]) -> None:
    """Write the files, then the manifest that names them; what a kill leaves in between is refused."""
    for place in (root, root / _FOLDER):
        place.mkdir(mode=0o700, exist_ok=True)
    for file, data in files.items():
        write_whole(root / _FOLDER / file, data)
    listed = [asdict(model) | {"files": dict(model.files)} for model in known]
    write_whole(root / MANIFEST, json.dumps({"models": listed}, indent=1).encode("ascii"))
    wanted = {file for model in known for file, _ in model.files}
    for replaced in (path for path in (root / _FOLDER).iterdir() if path.name not in wanted):
        replaced.unlink()


def _found(source: Path, stock: Mapping[str, tuple[str, str]]) -> dict[str, dict[str, bytes]]:
    """The files of each network in a folder, by what it is for."""
    try:
        names = sorted(path.name for path in source.iterdir() if path.suffix == ".pth")
        found: dict[str, dict[str, bytes]] = {}
        for name in names:
            purpose, files = (
                _published(source, name, *stock[name])
                if name in stock
                else (RECOGNITION, _own(source, Path(name).stem))
            )
            if purpose in found:
                raise ConfigError(
                    "There is more than one recognition network in that folder; leave the one that is to read."
                )
            found[purpose] = files
    except OSError as error:
        raise ConfigError(f"The folder with the weights cannot be read ({cause(error)}).") from None
    if not found:
        raise ConfigError(
            f"There are no weights in that folder: neither {' nor '.join(STOCK)}, nor a network (NAME.pth)."
        )
    return found


def _published(source: Path, name: str, purpose: str, expected: str) -> tuple[str, dict[str, bytes]]:
    """A file of EasyOCR's own, if it is that."""
    data = (source / name).read_bytes()
    if hashlib.md5(data, usedforsecurity=False).hexdigest() != expected:
        raise ConfigError(
            f"{name} is not the file that EasyOCR publishes (its MD5 is not {expected}); fetch it again, "
            "or give a network of your own another name."
        )
    return purpose, {name: data}


def _own(source: Path, name: str) -> dict[str, bytes]:
    """The three files of a network of the site's own."""
    files = [f"{name}.pth", f"{name}.py", f"{name}.yaml"]
    if missing := [file for file in files if not (source / file).is_file()]:
        raise ConfigError(
            f"{name}.pth is no file of EasyOCR's own, and no whole network: {' and '.join(missing)} missing beside it."
        )
    if not name.isidentifier() or find_spec(name):
        raise ConfigError(
            f"The network cannot be called {name}: take a name that Python can import and does not know yet."
        )
    data = {file: (source / file).read_bytes() for file in files}
    _describes(name, data[f"{name}.yaml"])
    return data


def _describes(name: str, data: bytes) -> None:
    """See whether a description holds what EasyOCR reads there."""
    try:
        said = yaml.safe_load(data)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        said = None
    whole = isinstance(said, dict) and all(isinstance(said.get(key), kind) for key, kind in _DESCRIBED.items())
    if not whole or "en" not in said["lang_list"]:
        keys = ", ".join(_DESCRIBED)
        raise ConfigError(
            f"{name}.yaml does not describe a network for EasyOCR: it needs {keys}, and `en` among the languages."
        )
