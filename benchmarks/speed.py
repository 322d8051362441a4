"""Speed of the gateway beside plain pydicom (read and write) and dicognito, all in one run, on one core.

    python benchmarks/speed.py [--files 120] [--rounds 5]

The time of one frame is shown stage by stage as well (``speed_frames.py``), on one thread and on two.

Absolute times say little about another machine; the ratios to plain pydicom do. Every figure is the median over rounds in
which the contenders take turns. dicognito changes headers only; nothing beside the gateway here reads pixels.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"  # before numpy makes its threads: everything here runs on one core

import cv2
import numpy as np
import pydicom
from dicognito.anonymizer import Anonymizer
from pydicom.data import get_testdata_file
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from batches import burn
from builders import instance, write

from benchmarks.speed_frames import table as frame_table
from gateway import sources, tags
from gateway.home import open_home
from gateway.pipeline import clean_study
from gateway.pixels.clean import clean as clean_pixels
from gateway.tools import Plan, Tools, load_tools

Contender = Callable[[list[Path], Path], None]


def scanner_files(root: Path, count: int) -> list[Path]:
    """Copies of pydicom's CT slice (39 kB, 258 elements) as ``count`` instances of studies of 20."""
    ds = pydicom.dcmread(str(get_testdata_file("CT_small.dcm")))
    for number in range(count):
        ds.StudyInstanceUID = f"1.2.3.{number // 20}"
        ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = pydicom.uid.UID(f"1.2.3.{number // 20}.{number}")
        ds.InstanceNumber = number
        ds.save_as(root / f"{number}.dcm")
    return sorted(root.glob("*.dcm"))


def plain(files: list[Path], out: Path) -> None:
    """Read and write each file, changing nothing."""
    for path in files:
        pydicom.dcmread(path).save_as(out / path.name)


def dicognito(files: list[Path], out: Path) -> None:
    """Dicognito's library, as its command uses it."""
    anonymizer = Anonymizer(seed="benchmark")
    for path in files:
        ds = pydicom.dcmread(path)
        anonymizer.anonymize(ds)
        ds.save_as(out / path.name)


def gateway_tags(tools: Tools) -> Contender:
    """Index, collect identifiers, apply the profile, write: the gateway's header work without pixels and verifier."""

    def contend(files: list[Path], out: Path) -> None:
        for study in sources.index(sources.receive([str(files[0].parent)])).studies:
            originals = [sources.read_dataset(one.file, one.digest) for one in study.instances]
            identifiers = tags.collect(originals)
            shift = tools.pseudonymizer.shift(study.patient_id)
            for one, original in zip(study.instances, originals, strict=True):
                context = tags.Context(identifiers, "P-1", shift, tools.pseudonymizer, tools.judge, one)
                ds, _ = tags.apply(original, tools.profile, context)
                ds.save_as(out / f"{one.digest}.dcm", enforce_file_format=True)

    return contend


def gateway_whole(tools: Tools) -> Contender:
    """All of it: index, tags, pixels, verify."""

    def contend(files: list[Path], out: Path) -> None:  # noqa: ARG001  # writes into its own staging
        for study in sources.index(sources.receive([str(files[0].parent)])).studies:
            outcome = clean_study(study, tools)
            assert outcome.passed, outcome.message  # noqa: S101  # a benchmark of a failing run would mean nothing

    return contend


def race(contenders: dict[str, Contender], files: list[Path], out: Path, rounds: int) -> dict[str, float]:
    """Seconds a file, median over rounds."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, contend in contenders.items():
            begun = time.perf_counter()
            contend(files, out)
            times[name].append((time.perf_counter() - begun) / len(files))
    return {name: statistics.median(seconds) for name, seconds in times.items()}


def screens() -> dict[str, pydicom.FileDataset]:
    """What consoles send: a slice without text, an ultrasound screen with a banner, a cine with the banner in each frame."""
    chance = np.random.default_rng(3)
    speckle = cv2.GaussianBlur(chance.integers(0, 120, (768, 1024), np.uint8), (5, 5), 0)
    speckle[:60] = 0
    banner = burn(
        speckle, "OKONKWO ADAEZE  OK-4471902  17/04/1961", "MI 1.2 TIs 0.4  Frq 5.0 MHz  Gn 12 dB", x=20, y=22, size=0.6
    )
    small = burn(speckle[:240, :320], "OKONKWO ADAEZE", x=8, y=20, size=0.5)
    cine = np.stack(
        [np.clip(small.astype(int) + chance.integers(-3, 4, small.shape), 0, 255).astype(np.uint8) for _ in range(30)]
    )
    ct = np.kron(pydicom.dcmread(str(get_testdata_file("CT_small.dcm"))).pixel_array, np.ones((4, 4))).astype(np.uint16)
    return {
        "CT slice 512x512, no text": instance(image=cv2.GaussianBlur(ct, (9, 9), 0)),
        "ultrasound 1024x768, banner": instance(image=banner, Modality="US"),
        "cine 320x240, 30 frames, banner": instance(image=cine, Modality="US"),
    }


def pixel_speed(tools: Tools, root: Path, rounds: int) -> dict[str, tuple[int, float, float]]:
    """Frames, and milliseconds a frame for the pixel step alone and for the whole study."""
    found = {}
    for name, ds in screens().items():
        folder = root / name.split(",")[0].replace(" ", "-")
        write(ds, folder / "1.dcm")
        study = sources.index(sources.receive([str(folder)])).studies[0]
        identifiers = tags.collect([ds])
        alone, whole = [], []
        for _ in range(rounds):
            copy = sources.read_dataset(study.instances[0].file)
            begun = time.perf_counter()
            frames = clean_pixels(copy, identifiers, tools.reader, tools.judge).frames_read
            alone.append((time.perf_counter() - begun) / frames)
            begun = time.perf_counter()
            clean_study(study, tools)
            whole.append((time.perf_counter() - begun) / frames)
        found[name] = (frames, 1000 * statistics.median(alone), 1000 * statistics.median(whole))
    return found


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description="Speed beside dicognito and plain pydicom, in one run.")
    parser.add_argument("--files", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--frames", action="store_true", help="only the time of one frame")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    console = Console()
    console.print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, one core")
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for folder in ("in", "out", "staging", "screens"):
            (root / folder).mkdir()
        home = open_home(root / "home").path
        for threads in (1, 2):
            tools = load_tools(Plan(home, root / "staging", "research", None, threads))
            console.print(frame_table(tools, threads, root, max(3, asked.rounds)))
        if asked.frames:
            return
        tools = load_tools(Plan(home, root / "staging", "research", None))
        files = scanner_files(root / "in", asked.files)
        contenders: dict[str, Contender] = {
            "plain pydicom read + write": plain,
            "dicognito": dicognito,
            "gateway, headers only": gateway_tags(tools),
            "gateway, whole (pixels, verifier)": gateway_whole(tools),
        }
        seconds = race(contenders, files, root / "out", asked.rounds)
        table = Table("Headers (CT slices of 39 kB)", "files/s", "times plain pydicom")
        for contender, each in seconds.items():
            table.add_row(contender, f"{1 / each:.0f}", f"{each / seconds['plain pydicom read + write']:.1f}")
        console.print(table)
        table = Table("Pixels", "frames", "ms/frame, pixel step", "ms/frame, whole study")
        for what, (frames, alone, whole) in pixel_speed(tools, root / "screens", max(2, asked.rounds // 2)).items():
            table.add_row(what, str(frames), f"{alone:.0f}", f"{whole:.0f}")
        console.print(table)


if __name__ == "__main__":
    main()
