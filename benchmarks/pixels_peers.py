"""Peers that mask all text they find, as somebody would set them up: RapidOCR's own pipeline, and tesseract.

    python benchmarks/pixels_peers.py rapidocr|tesseract OUT IN

Each file of IN gets OUT/<name>.json: for each frame the boxes [left, top, right, bottom] that are masked.
"""

from __future__ import annotations

import csv
import io
import json
import math
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.pixels.processing import apply_color_lut, apply_voi_lut

Picture = NDArray[np.uint8]
Boxes = list[tuple[int, int, int, int]]


def pictures(path: Path) -> list[Picture]:
    """The frames of a file as a viewer shows them, 8 bits."""
    dataset = pydicom.dcmread(path)
    pixels = dataset.pixel_array
    frames = pixels if int(dataset.get("NumberOfFrames") or 1) > 1 else pixels[None]
    if dataset.SamplesPerPixel == 3:
        return [np.asarray(frame, np.uint8) for frame in frames]
    if dataset.PhotometricInterpretation == "PALETTE COLOR":
        return [np.asarray(apply_color_lut(frame, dataset) >> 8, np.uint8) for frame in frames]
    return [_shown(frame, dataset) for frame in frames]


def _shown(frame: NDArray[Any], dataset: pydicom.Dataset) -> Picture:
    intercept = float(dataset.get("RescaleIntercept", 0))
    values = np.asarray(apply_voi_lut(frame + intercept, dataset), np.float64)
    low, high = float(values.min()), float(values.max())
    shown = (values - low) / max(1e-6, high - low) * 255
    return np.asarray(255 - shown if dataset.PhotometricInterpretation == "MONOCHROME1" else shown, np.uint8)


def rapidocr() -> Callable[[Picture], Boxes]:
    """RapidOCR with its defaults."""
    from rapidocr import RapidOCR  # noqa: PLC0415  # seconds to import, and tesseract's memory is measured without it

    engine = RapidOCR()

    def read(picture: Picture) -> Boxes:
        found = engine(picture)
        return [] if found.boxes is None else [_around(np.asarray(box)) for box in found.boxes]

    return read


def _around(corners: NDArray[Any]) -> tuple[int, int, int, int]:
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    return math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom)


def tesseract() -> Callable[[Picture], Boxes]:
    """Debian's tesseract looking for sparse text; every word that it returns."""

    def read(picture: Picture) -> Boxes:
        png = cv2.imencode(".png", picture if picture.ndim == 2 else picture[..., ::-1])[1].tobytes()
        line = ["tesseract", "stdin", "stdout", "--psm", "11", "tsv"]
        said = subprocess.run(line, input=png, capture_output=True, check=True).stdout.decode("utf-8", "replace")
        return [
            (
                int(row["left"]),
                int(row["top"]),
                int(row["left"]) + int(row["width"]),
                int(row["top"]) + int(row["height"]),
            )
            for row in csv.DictReader(io.StringIO(said), delimiter="\t", quoting=csv.QUOTE_NONE)
            if (row["text"] or "").strip() and float(row["conf"]) >= 0
        ]

    return read


def main() -> None:
    """Read every file."""
    warnings.simplefilter("ignore")
    name, out, given = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    read = {"rapidocr": rapidocr, "tesseract": tesseract}[name]()
    for path in sorted(given.glob("*.dcm")):
        (out / f"{path.stem}.json").write_text(json.dumps([read(picture) for picture in pictures(path)]), "utf-8")


if __name__ == "__main__":
    main()
