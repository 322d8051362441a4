"""Every frame: what a cine costs beside one frame of it, and what memory a large file takes.

    python benchmarks/frames.py [--frames 100] [--megabytes 300]

The ratio is of processor time to decode, read, judge, mask and write in one process, without the verifier. Memory is the peak
of `gateway run`, the greatest of its processes.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"  # before numpy makes its threads: everything here runs on one core

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.remove(str(Path(__file__).parent))  # benchmarks/pixels.py would hide tests/pixels
sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from batches import burn, command, cost
from builders import instance, write
from pixels.moving import still, ultrasound
from scenarios.test_large_files_stay_on_disk import cine

from gateway import sources, tags
from gateway.home import open_home
from gateway.pixels.clean import clean
from gateway.tools import Plan, Tools, load_tools


def with_banner(frames: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """The frames with a name, a number and settings at the top."""
    return np.stack(
        [burn(frame, "OKONKWO ADAEZE  OK-4471902", "MI 1.2  Frq 5.0 MHz", y=20, size=0.5) for frame in frames]
    )


def seconds(tools: Tools, folder: Path, image: NDArray[np.uint8]) -> tuple[float, int, int]:
    """Processor seconds for the pixels of one instance, frames read whole, frames proven by comparison."""
    write(instance(image=image, Modality="US", WindowCenter=None, WindowWidth=None), folder / "1.dcm")
    (study,) = sources.index(sources.receive([str(folder)])).studies
    (original,) = study.instances
    dataset = sources.read_dataset(original.file)
    identifiers = tags.collect([dataset])
    begun = time.process_time()
    result = clean(dataset, identifiers, tools.reader, tools.judge)
    dataset.save_as(folder / "cleaned", enforce_file_format=True)
    used = time.process_time() - begun
    return used, result.frames_read - result.frames_compared, result.frames_compared


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description="What every frame costs, in time and memory.")
    parser.add_argument("--frames", type=int, default=100)
    parser.add_argument("--megabytes", type=int, default=300)
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    console = Console()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / "staging").mkdir()
        tools = load_tools(Plan(open_home(root / "home").path, root / "staging", "research", None))
        table = Table(
            "A cine with a static banner",
            "one frame, s",
            f"{asked.frames} frames, s",
            "times",
            "read whole",
            "compared",
        )
        cines = {
            "picture that stands still, 480x640": still(asked.frames, rows=480, columns=640),
            "ultrasound that moves, 480x640": ultrasound(asked.frames, rows=480, columns=640),
            "ultrasound that moves, 768x1024": ultrasound(asked.frames, rows=768, columns=1024),
        }
        for number, (what, frames) in enumerate(cines.items()):
            image = with_banner(frames)
            seconds(tools, root / f"warm{number}", image[:1])
            one, *_ = seconds(tools, root / f"one{number}", image[:1])
            many, whole, compared = seconds(tools, root / f"many{number}", image)
            table.add_row(what, f"{one:.2f}", f"{many:.2f}", f"{many / one:.1f}", str(whole), str(compared))
        console.print(table)
        table = Table("Memory of gateway run", "MiB", "processor s")
        for megabytes in (1, asked.megabytes):
            path = cine(root / f"in{megabytes}" / "1.dcm", megabytes)
            line = command("run", path.parent, "--out", root / f"out{megabytes}", "--workers", "1", home=root / "home")
            used = cost(line)
            table.add_row(f"a cine of {megabytes} MB", f"{used.megabytes:.0f}", f"{used.seconds:.1f}")
        console.print(table)


if __name__ == "__main__":
    main()
