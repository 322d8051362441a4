"""What every command but ``run`` needs: a home that is already there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from gateway import config
from gateway.audit.ledger import Ledger
from gateway.errors import ConfigError, ProfileError
from gateway.home import Home, open_home
from gateway.tags import Profile, ProfileProblem, load, names, problems


def existing_home(path: Path | None) -> Home:
    """Open the home at ``path`` (or the default one).

    Raises:
        ConfigError: there is none; a command that only looks does not make one.
    """
    path = path or config.default_home()
    if not (path / "keys").is_dir():
        raise ConfigError("There is no gateway home here; give --home, set GATEWAY_HOME, or begin with `gateway run`.")
    return open_home(path)


def open_ledger(home: Home) -> Ledger:
    """The home's ledger, for a command that records its own use."""
    return Ledger(home.ledger, home.key("ledger"))


def load_profile(name: str, home: Path | None, edition: str | None = None) -> Profile:
    """Load a shipped profile, one of the home, or one from a file; ``name@edition`` names an edition too."""
    if edition is None and "@" in name and Path(name).suffix not in {".yaml", ".yml"}:
        name, _, edition = name.rpartition("@")
    return load(config.find_profile(home or config.default_home(), name), edition=edition)


def problems_of(name: str, home: Path | None) -> tuple[ProfileProblem, ...]:
    """Everything that is wrong with a profile."""
    return problems(config.find_profile(home or config.default_home(), name))


def listed_profiles(home: Path | None) -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    """Yield name, edition, options and description of the shipped profiles and the home's own, sound or not."""
    own = sorted(map(str, ((home or config.default_home()) / "profiles").glob("*.yaml")))
    for name in (*names(), *own):
        try:
            profile = load(name)
        except ProfileError:
            yield Path(name).stem, "", (), f"cannot be built; see gateway profile check {Path(name).stem}"
        else:
            yield profile.name, profile.edition, profile.options, profile.description


def short_option(option: str) -> str:
    """An option of CID 7050 in a few words."""
    core = option.removesuffix("Option").replace("LongitudinalTemporalInformation", "")
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", core).capitalize()
