"""Frozen settings from ``gateway.toml`` in the home and from the environment; an unknown key is an error."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from gateway.errors import ConfigError

PREFIX = "GATEWAY_"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a hospital may set once for all runs; the command line overrides it.

    ``profile``: name or file of the profile. ``workers``: processes that clean studies, 0 means one for each core.
    ``thumbnails``: masked frames shown in a report, at most.
    """

    profile: str = "basic"
    workers: int = 0
    thumbnails: int = 60


def default_home(environment: Mapping[str, str] = os.environ) -> Path:
    """``$GATEWAY_HOME``, else ``./gateway-home``."""
    return Path(environment.get(f"{PREFIX}HOME") or "gateway-home")


def load(home: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read ``gateway.toml`` of ``home``, then ``GATEWAY_<KEY>`` of the environment, which wins.

    Raises:
        ConfigError: a key is unknown, a value has the wrong type or range, or the file is not TOML.
    """
    known = {field.name: type(field.default) for field in fields(Settings)}
    values: dict[str, object] = {}
    path = home / "gateway.toml"
    if path.exists():
        try:
            values.update(tomllib.loads(path.read_text("utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError):
            raise ConfigError("gateway.toml in the home cannot be read; it must be valid TOML.") from None
    for name, text in environment.items():
        if name.startswith(PREFIX) and name != f"{PREFIX}HOME":
            key = name.removeprefix(PREFIX).lower()
            values[key] = int(text) if known.get(key) is int and text.strip().isdecimal() else text
    settings = Settings()
    for key, value in values.items():
        if key not in known:
            raise ConfigError(f"Unknown setting '{key}'; known are: {', '.join(known)}.")
        if type(value) is not known[key] or (isinstance(value, int) and not 0 <= value <= 1000):
            raise ConfigError(f"The setting '{key}' has an illegal value.")
        settings = replace(settings, **{key: value})  # type: ignore[arg-type]  # checked against the field's type just above
    return settings


def find_profile(home: Path, name: str) -> str:
    """The site's own profile ``<home>/profiles/NAME.yaml`` if there is one, else ``name`` as it is (shipped, or a file)."""
    own = home / "profiles" / f"{name}.yaml"
    return str(own) if Path(name).name == name and own.is_file() else name
