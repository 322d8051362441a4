"""What all tests share: an isolated home and environment, and honest skips."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from gateway.judge import TextJudge


@pytest.fixture(autouse=True)
def isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the user's settings, and none leaves a home in the working directory."""
    for name in [name for name in os.environ if name.startswith("GATEWAY_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GATEWAY_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="session")
def judge() -> TextJudge:
    """The judge of the gateway, with its lists and its network: loaded once, for it takes a second."""
    return TextJudge.load()


def need(program: str, package: str) -> None:
    """Skip the test where a Debian program is missing, naming its package; in CI (REQUIRE_ALL) fail instead."""
    if shutil.which(program) is None:
        message = f"{program} is missing (Debian package {package})"
        if os.environ.get("REQUIRE_ALL"):
            pytest.fail(message)
        pytest.skip(message)
