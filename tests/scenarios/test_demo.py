"""``make demo``: released studies, one quarantined study, a report, and nobody's name in the research zone."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pydicom
import pytest
from batches import leaks
from conftest import need
from numpy.typing import NDArray
from pydicom.pixels.processing import apply_color_lut

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the demo ran; it must take less than three minutes."""
    folder = tmp_path_factory.mktemp("demo")
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, ROOT / "samples" / "demo.py", folder], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert time.monotonic() - begun < 180
    assert "report.html" in done.stdout
    return folder


def truth(demo: Path) -> list[Mapping[str, Any]]:
    files: list[Mapping[str, Any]] = json.loads((demo / "in" / "truth.json").read_text("utf-8"))["files"]
    return files


def planted(demo: Path) -> set[str]:
    """Every identifying string of the headers that is distinctive enough to be searched for in bytes."""
    return {string for file in truth(demo) for string in file.get("header", ()) if string not in file["common"]}


def burned(demo: Path, *, identifying: bool) -> list[str]:
    """The texts burned into pixels."""
    lines = [line for file in truth(demo) for line in file.get("burned_in", ())]
    return [line["text"] for line in lines if line["identifying"] == identifying]


def released(demo: Path) -> list[Path]:
    return sorted((demo / "research").rglob("*.dcm"))


def test_one_study_is_held_and_all_others_are_released(demo: Path) -> None:
    notes = [json.loads(path.read_text("utf-8")) for path in (demo / "home" / "quarantine").glob("*/item.json")]
    assert [note["code"] for note in notes] == ["PIXELS_UNREADABLE"]
    expected = [file for file in truth(demo) if file["expected"] == "released"]
    assert len(released(demo)) == len(expected) > 8
    assert list((demo / "home" / "jobs").glob("*/report.html"))


def test_the_research_zone_holds_released_instances_and_nothing_else(demo: Path) -> None:
    name = re.compile(r"[A-Z0-9]+/2\.25\.\d+/2\.25\.\d+/2\.25\.\d+\.dcm")
    files = [path.relative_to(demo / "research") for path in (demo / "research").rglob("*") if path.is_file()]
    assert all(name.fullmatch(str(path)) for path in files)


def test_two_visits_of_a_patient_keep_their_distance_in_days(demo: Path) -> None:
    """Sampled with 91 days between them (samples/studies.py)."""
    days: dict[str, set[date]] = {}
    for path in released(demo):
        header = pydicom.dcmread(path, stop_before_pixels=True)
        days.setdefault(str(header.PatientID), set()).add(datetime.strptime(header.StudyDate, "%Y%m%d").date())  # noqa: DTZ007  # a day has no zone
    (visits,) = [found for found in days.values() if len(found) > 1]
    assert max(visits) - min(visits) == timedelta(days=91)
    assert not visits & {date(2023, 3, 14), date(2023, 6, 13)}


def test_no_identifying_string_stands_in_bytes_or_names(demo: Path) -> None:
    assert len(planted(demo)) > 50
    assert leaks(demo / "in" / "studies", planted(demo)), "the search itself must find what is planted"
    assert not leaks(demo / "research", planted(demo))


def test_no_identifying_string_stands_in_ledger_report_or_notes(demo: Path) -> None:
    for place in ("ledger", "jobs"):
        assert not leaks(demo / "home" / place, planted(demo))
    notes = demo / "notes"
    for path in (demo / "home" / "quarantine").glob("*/item.json"):
        notes.mkdir(exist_ok=True)
        (notes / path.parent.name).write_bytes(path.read_bytes())
    assert not leaks(notes, planted(demo))


def test_tesseract_reads_no_name_back_but_technical_words(demo: Path, tmp_path: Path) -> None:
    need("tesseract", "tesseract-ocr")
    words = {
        word.lower() for text in burned(demo, identifying=True) for word in re.findall(r"[^\W\d_]{4,}|\d{5,}", text)
    }
    words -= set(re.findall(r"\w+", " ".join(burned(demo, identifying=False)).lower()))
    assert len(words) > 10
    original = _read([path for path in (demo / "in" / "studies").rglob("*") if path.is_file()], tmp_path / "before")
    assert any(word in original for word in words), "tesseract itself must be able to read what is planted"
    after = _read(released(demo), tmp_path / "after")
    assert not [word for word in words if word in after]
    assert any(word in after for word in ("frq", "mhz", "mi ", "tis", "kv", "mm")), "technical words stay readable"


def _read(paths: list[Path], folder: Path) -> str:
    """All text that tesseract reads in the first and last frame of each image, twice its size, in lower case."""
    folder.mkdir()
    pictures = []
    for number, path in enumerate(paths):
        try:
            frames = _frames(path)
        except (pydicom.errors.InvalidDicomError, AttributeError, ValueError):
            continue
        for index, image in enumerate(frames):
            png = folder / f"{number}-{index}.png"
            cv2.imwrite(str(png), cv2.resize(image, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC))
            pictures.append(f"{png}\n")
    (folder / "pictures.txt").write_text("".join(pictures))
    read = subprocess.run(
        ["tesseract", folder / "pictures.txt", "-", "--psm", "11"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"OMP_THREAD_LIMIT": "1"},  # its threads wait for each other where other tests run beside it
    )
    return read.stdout.lower()


def _frames(path: Path) -> list[NDArray[np.uint8]]:
    ds = pydicom.dcmread(path)
    if "PixelData" not in ds:
        return []
    pixels = apply_color_lut(ds.pixel_array, ds) if ds.PhotometricInterpretation == "PALETTE COLOR" else ds.pixel_array
    frames = pixels if int(ds.get("NumberOfFrames", 1)) > 1 else pixels[None]
    shown = []
    for frame in (frames[0], frames[-1]):
        grey = frame.mean(-1) if frame.ndim == 3 else frame.astype(float)
        shown.append((255 * (grey - grey.min()) / max(float(np.ptp(grey)), 1.0)).astype(np.uint8))
    return shown
