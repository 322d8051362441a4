"""``make demo``: makes the sample studies, runs the gateway on them as a coordinator would, and says where to look.

Ends with exit code 0 if the run went as it should: everything released but the one study that was cut short on purpose.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(
    0, str(Path(__file__).resolve().parents[1])
)  # started as a script, only this folder would be on the path

from samples.make import make


def main() -> int:
    """Run the demo below the folder given on the command line."""
    parser = argparse.ArgumentParser(description="Make sample studies and run the gateway on them.")
    parser.add_argument("folder", type=Path, help="an earlier demo in it is replaced")
    folder = parser.parse_args().folder.resolve()
    for earlier in ("in", "research", "home"):
        shutil.rmtree(folder / earlier, ignore_errors=True)
    studies = make(folder / "in")
    print(f"Sample studies of invented people: {studies}")
    arguments = [
        "run",
        str(studies),
        "--out",
        str(folder / "research"),
        "--home",
        str(folder / "home"),
        "--profile",
        "research",
    ]
    print(f"$ gateway {' '.join(arguments)}", flush=True)
    code = subprocess.run([sys.executable, "-m", "gateway", *arguments], check=False).returncode
    if code != 3:
        print(f"The demo should end with exit code 3 (one study is cut short on purpose), but ended with {code}.")
        return 1
    print("Exit code 3: one study is quarantined, because one of its files was cut short on purpose.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
