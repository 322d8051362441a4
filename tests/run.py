"""Runs every test with coverage and holds the coverage to its floors: 100 % of tags, verify and audit, 90 % of all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

FLOORS = (("gateway/tags/*,gateway/verify/*,gateway/audit/*", 100), ("gateway/*", 90))


def run(*arguments: str) -> int:
    """Run a module of this Python with what child processes need to be measured too."""
    environment = os.environ | {"COVERAGE_PROCESS_START": str(Path("pyproject.toml").absolute())}
    return subprocess.run([sys.executable, "-m", *arguments], check=False, env=environment).returncode


def main() -> int:
    """Return 0 if the tests pass and every floor holds."""
    run("coverage", "erase")
    chosen = () if os.environ.get("LONG") else ("-m", "not long")
    # In the order of their names: files with few tests, which xdist would keep for the end, are the long ones here.
    failed = run(
        "coverage",
        "run",
        "-m",
        "pytest",
        "-ra",
        "-n2",
        "--dist=loadfile",
        "--no-loadscope-reorder",
        *chosen,
        *sys.argv[1:],
    )
    run("coverage", "combine", "--quiet")
    for torn in Path().glob(".coverage.*"):  # of a process that a test had killed
        torn.unlink()
    for include, floor in FLOORS:
        failed |= run("coverage", "report", f"--include={include}", f"--fail-under={floor}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
