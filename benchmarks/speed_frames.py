"""Where the time of one frame goes: decoding, views, detection, recognition, judging, masking, writing; the verifier apart."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
import pydicom
from batches import burn
from builders import instance
from numpy.typing import NDArray
from pydicom.data import get_testdata_file
from pydicom.dataset import FileDataset
from rich.table import Table

from gateway import tags
from gateway.pixels.clean import clean
from gateway.pixels.frames import read_frames
from gateway.pixels.layout import layout
from gateway.pixels.readers.rapidocr import detector
from gateway.pixels.texts import Texts
from gateway.pixels.view import views
from gateway.records import Identifiers
from gateway.tools import Tools
from gateway.verify.reader import eight_bit

STAGES = ("decode", "views", "detect", "recognise", "judge", "mask", "write", "all", "goal", "verifier's reading")
_LINES = (
    "OKONKWO ADAEZE  F 17/04/1961",
    "OK-4471902  12.03.2024 14:22:07",
    "MI 1.2  TIs 0.4  C5-1",
    "Frq 5.0 MHz  Gn 62  DR 70",
    "Map 3  Persist Med",
    "Depth 14.2 cm",
    "Liver long axis",
    "Dist 23.4 mm",
    "Vol 14.1 ml",
    "36 fps  2D opt Gen",
)
Result = TypeVar("Result")


def frames() -> dict[str, tuple[FileDataset, int]]:
    """A CT slice without text, of 16 bits, and an ultrasound screen with ten lines; each with its goal in milliseconds."""
    small = pydicom.dcmread(str(get_testdata_file("CT_small.dcm"))).pixel_array
    slice_ = cv2.GaussianBlur(np.kron(small, np.ones((4, 4))).astype(np.uint16), (9, 9), 0)
    screen = cv2.GaussianBlur(np.random.default_rng(3).integers(0, 120, (768, 1024), np.uint8), (5, 5), 0)
    screen[:60] = screen[:, :260] = screen[:, 900:] = 0
    screen[0, 0] = 255  # what is burned in is the highest value
    written = burn(burn(screen, *_LINES[:2], x=20, y=22, size=0.55), *_LINES[2:], x=20, y=120, size=0.5)
    return {
        "CT slice 512x512, 16 bit, no text": (instance(image=slice_), 100),
        "ultrasound 1024x768, ten lines": (instance(image=written, Modality="US"), 500),
    }


def stages(dataset: FileDataset, tools: Tools, threads: int, path: Path) -> dict[str, float]:
    """Milliseconds of each stage of cleaning ``dataset``, once."""
    found = layout(dataset)
    assert found is not None  # noqa: S101  # for the type checker: it has pixels
    identifiers, detect, taken = tags.collect([dataset]), _detectors[threads], dict[str, float]()
    frame = _timed(taken, "decode", lambda: next(iter(read_frames(dataset, found))))
    shown = _timed(taken, "views", lambda: views(frame, dataset))
    beside = Texts(Identifiers(), tools.reader, tools.judge).beside
    _timed(taken, "detect", lambda: list(beside(lambda view: detect(_coloured(view)), shown)))
    read = _timed(taken, "recognise", lambda: list(beside(tools.reader.read, shown)))
    taken["recognise"] -= taken["detect"]
    texts = Texts(identifiers, tools.reader, tools.judge)
    _timed(taken, "judge", lambda: texts.judged([line for lines in read for line in lines], 0))
    copy = deepcopy(dataset)
    _timed(taken, "all", lambda: clean(copy, identifiers, tools.reader, tools.judge))
    taken["mask"] = taken["all"] - sum(taken[stage] for stage in STAGES[:5])
    _timed(taken, "write", lambda: copy.save_as(path, enforce_file_format=True))
    taken["all"] += taken["write"]
    pixels = frame.pixels if frame.pixels.ndim == 3 else frame.pixels[..., None]
    _timed(taken, "verifier's reading", lambda: tools.verifier_reader.lines(eight_bit(pixels)))
    return taken


def table(tools: Tools, threads: int, root: Path, rounds: int) -> Table:
    """The median of each stage over rounds, in milliseconds, on as many threads."""
    _detectors[threads] = detector(threads)
    made = Table(f"One frame, ms, {threads} thread{'s' * (threads > 1)}", *STAGES)
    for name, (dataset, goal) in frames().items():
        taken = [stages(dataset, tools, threads, root / "frame.dcm") for _ in range(rounds + 1)][1:]
        medians = {stage: statistics.median(one[stage] for one in taken) for stage in STAGES if stage != "goal"}
        made.add_row(name, *(str(goal) if stage == "goal" else f"{medians[stage]:.0f}" for stage in STAGES))
    return made


_detectors: dict[int, Callable[[NDArray[np.uint8]], object]] = {}


def _coloured(view: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return view if view.ndim == 3 else np.repeat(view[..., None], 3, axis=2)


def _timed(taken: dict[str, float], stage: str, do: Callable[[], Result]) -> Result:
    begun = time.perf_counter()
    result = do()
    taken[stage] = 1000 * (time.perf_counter() - begun)
    return result
