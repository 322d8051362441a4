"""What every command but ``run`` needs: a home that is already there."""

from __future__ import annotations

from pathlib import Path

from gateway import config
from gateway.audit.ledger import Ledger
from gateway.errors import ConfigError
from gateway.home import Home, open_home


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
