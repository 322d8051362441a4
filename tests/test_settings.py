"""Settings come from gateway.toml and the environment; what is not known is an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.config import Settings, default_home, load
from gateway.errors import ConfigError


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load(tmp_path, {}) == Settings()


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text('profile = "research"\nworkers = 3\n')
    assert load(tmp_path, {}) == Settings(profile="research", workers=3)
    assert load(tmp_path, {"GATEWAY_WORKERS": "5", "GATEWAY_HOME": "/x"}).workers == 5


@pytest.mark.parametrize(
    "text", ["colour = 1", "workers = -1", 'workers = "two"', "profile = 3", "workers = [", "workers = true"]
)
def test_an_unknown_key_or_an_illegal_value_stops_the_start(tmp_path: Path, text: str) -> None:
    (tmp_path / "gateway.toml").write_text(text)
    with pytest.raises(ConfigError):
        load(tmp_path, {})


def test_an_unknown_variable_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="colour"):
        load(tmp_path, {"GATEWAY_COLOUR": "red"})


def test_the_home_is_named_by_the_environment_or_lies_here() -> None:
    assert default_home({"GATEWAY_HOME": "/srv/home"}) == Path("/srv/home")
    assert default_home({}) == Path("gateway-home")
