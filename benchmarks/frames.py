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
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"  # before numpy makes its threads: everything here runs on one core

import cv2
import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import FileDataset
from pydicom.encaps import encapsulate
from pydicom.uid import JPEGBaseline8Bit
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

ULTRASOUND: dict[str, Any] = {"Modality": "US", "WindowCenter": None, "WindowWidth": None}


def with_banner(frames: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """The frames with a name, a number and settings at the top, the same in each."""
    for frame in frames:
        frame[0, 0] = 255  # what is burned in is the highest value
    return np.stack(
        [burn(frame, "OKONKWO ADAEZE  OK-4471902", "MI 1.2  Frq 5.0 MHz", y=20, size=0.5) for frame in frames]
    )


def coloured(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The frames in RGB, with some flow in red."""
    image = np.repeat(grey[..., None], 3, axis=-1)
    image[:, 200:300, 200:300, 0] = np.minimum(grey[:, 200:300, 200:300], 215) + 40
    return image


def compressed(image: NDArray[np.uint8]) -> FileDataset:
    """An instance in JPEG baseline, with half the columns of colour."""
    dataset = instance(image=image, **ULTRASOUND)
    dataset.PixelData = encapsulate(
        [bytes(imagecodecs.jpeg8_encode(one, level=90, subsampling="422")) for one in image]
    )
    dataset["PixelData"].VR, dataset["PixelData"].is_undefined_length = "OB", True
    dataset.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    dataset.PhotometricInterpretation, dataset.LossyImageCompression = "YBR_FULL_422", "01"
    return dataset


def native(image: NDArray[Any]) -> FileDataset:
    """An instance as it is."""
    return instance(image=image, **ULTRASOUND)


def deep(grey: NDArray[np.uint8]) -> FileDataset:
    """An instance of 16 bits."""
    return native(grey.astype(np.uint16) * 16)


def cines(count: int) -> dict[str, tuple[Callable[[Any], FileDataset], Callable[[], NDArray[Any]]]]:
    """What makes an instance of some frames, and what makes the frames."""

    def moving(rows: int, columns: int) -> NDArray[np.uint8]:
        return with_banner(ultrasound(count, rows=rows, columns=columns))

    def standing() -> NDArray[np.uint8]:
        return with_banner(still(count, rows=480, columns=640))

    return {
        "grey, 8 bit, stands still, 480x640": (native, standing),
        "grey, 8 bit, moves, 480x640": (native, lambda: moving(480, 640)),
        "grey, 8 bit, moves, 768x1024": (native, lambda: moving(768, 1024)),
        "grey, 16 bit, stands still, 480x640": (deep, standing),
        "grey, 16 bit, moves, 480x640": (deep, lambda: moving(480, 640)),
        "colour, stands still, 480x640": (native, lambda: coloured(standing())),
        "colour, moves, 480x640": (native, lambda: coloured(moving(480, 640))),
        "colour, moves, 768x1024": (native, lambda: coloured(moving(768, 1024))),
        "JPEG, moves, 480x640": (compressed, lambda: coloured(moving(480, 640))),
        "JPEG, moves, 768x1024": (compressed, lambda: coloured(moving(768, 1024))),
    }


def seconds(tools: Tools, folder: Path, made: FileDataset) -> tuple[float, int, int]:
    """Processor seconds for the pixels of one instance, frames read whole, frames proven by comparison."""
    write(made, folder / "1.dcm")
    (study,) = sources.index(sources.receive([str(folder)])).studies
    (original,) = study.instances
    dataset = sources.read_dataset(original.file)
    identifiers = tags.collect([dataset])
    begun = time.process_time()
    result = clean(dataset, identifiers, tools.reader, tools.judge)
    dataset.save_as(folder / "cleaned", enforce_file_format=True)
    used = time.process_time() - begun
    for path in folder.iterdir():
        path.unlink()
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
        for what, (instance_of, frames) in cines(asked.frames).items():
            image = frames()
            one = min(seconds(tools, root / "one", instance_of(image[:1]))[0] for _ in range(4))
            many, whole, compared = seconds(tools, root / "many", instance_of(image))
            table.add_row(what, f"{one:.2f}", f"{many:.2f}", f"{many / one:.1f}", str(whole), str(compared))
        console.print(table)
        table = Table("Memory of gateway run", "MiB", "processor s")
        for megabytes in (1, asked.megabytes) if asked.megabytes else ():
            path = cine(root / f"in{megabytes}" / "1.dcm", megabytes)
            line = command("run", path.parent, "--out", root / f"out{megabytes}", "--workers", "1", home=root / "home")
            used = cost(line)
            table.add_row(f"a cine of {megabytes} MB", f"{used.megabytes:.0f}", f"{used.seconds:.1f}")
        console.print(table)


if __name__ == "__main__":
    main()
