"""What goes wrong is said in one line: libraries that complain when the process ends bury it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_a_source_that_is_not_there_is_the_only_line(tmp_path: Path) -> None:
    gateway = Path(sys.executable).with_name("gateway")
    command: list[str | Path] = [
        gateway,
        "run",
        tmp_path / "nothing",
        "--out",
        tmp_path / "out",
        "--home",
        tmp_path / "home",
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 2
    assert said.stderr.splitlines() == ["Error: Source 1 does not exist or cannot be read; nothing was started."]
