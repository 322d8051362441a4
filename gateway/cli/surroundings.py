"""What every command but ``run`` needs: a home that is already there."""

from __future__ import annotations

from pathlib import Path

from gateway import config
from gateway.audit.ledger import Ledger
from gateway.errors import ConfigError
from gateway.home import Home, open_home
from gateway.tags import Profile, load


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


def load_profile(name: str, home: Path | None) -> Profile:
    """Load a shipped profile, one of the home, or one from a file."""
    return load(config.find_profile(home or config.default_home(), name))


def site_profiles(home: Path | None) -> list[str]:
    """The files of the home's own profiles."""
    return sorted(map(str, ((home or config.default_home()) / "profiles").glob("*.yaml")))
