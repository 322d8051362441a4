"""What stands behind the text: phantoms, and real pixels that come with pydicom or lie in ``$CORPUS``; some of them move."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pydicom
from numpy.random import Generator
from pydicom.data import get_testdata_files

from benchmarks.pixels_corpus.backgrounds import PHANTOMS, Picture, noise

# Files whose pixels hold no text at all (looked at one by one): pydicom's own, then those that $CORPUS may offer.
_OWN = {"CT": ("CT_small.dcm", "693_J2KI.dcm"), "MR": ("MR_small.dcm",)}
_OFFERED = {
    "CT": ("01.dcm", "02.dcm", "03.dcm", "explicit_VR-UN.dcm"),
    "MR": ("3.dcm",),
    "DX": ("dx_image.dcm",),
}


@dataclass(frozen=True, slots=True)
class Ground:
    """One picture, or a short film, and where it comes from."""

    name: str
    frames: tuple[Picture, ...]

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.frames[0].shape[:2]
        return rows, columns


@cache
def real() -> dict[str, tuple[tuple[str, Picture], ...]]:
    """Real pictures without text by modality, in display units; $CORPUS adds to pydicom's own."""
    own = {Path(path).name: Path(path) for path in get_testdata_files()}
    offered = Path(os.environ.get("CORPUS", os.devnull))
    others = {path.name: path for path in sorted(offered.rglob("*.dcm"))} if offered.is_dir() else {}
    found = {}
    for modality in sorted({*_OWN, *_OFFERED}):
        paths = [own[name] for name in _OWN.get(modality, ()) if name in own]
        paths += [others[name] for name in _OFFERED.get(modality, ()) if name in others]
        found[modality] = tuple((path.stem, _shown(path)) for path in paths)
    return found


def _shown(path: Path) -> Picture:
    dataset = pydicom.dcmread(path, force=True)
    values = dataset.pixel_array.astype(np.float32)
    low, high = np.percentile(values, (1, 99.7))
    shown = np.clip((values - low) / max(1.0, high - low), 0, 1)
    return np.asarray(1 - shown if dataset.PhotometricInterpretation == "MONOCHROME1" else shown, np.float32)


def ground(rng: Generator, modality: str, size: tuple[int, int], frames: int = 1) -> Ground:
    """A background of ``size`` (rows, columns): a real one in two of five cases where there is one, else a phantom."""
    pictures = real().get(modality, ())
    if pictures and frames == 1 and rng.random() < 0.4:
        name, picture = pictures[int(rng.integers(len(pictures)))]
        return Ground(f"real:{name}", (_fitted(picture, size),))
    painters = PHANTOMS[modality]
    paint = painters[int(rng.integers(len(painters)))]
    first = paint(rng, *size)
    return Ground(paint.__name__, (first, *_moved(rng, first, frames - 1)))


def _fitted(picture: Picture, size: tuple[int, int]) -> Picture:
    """The picture at this size, its sides in proportion, black around it."""
    scale = min(size[0] / picture.shape[0], size[1] / picture.shape[1])
    rows, columns = int(picture.shape[0] * scale), int(picture.shape[1] * scale)
    how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    fitted = np.zeros(size, np.float32)
    top, left = (size[0] - rows) // 2, (size[1] - columns) // 2
    fitted[top : top + rows, left : left + columns] = np.clip(
        cv2.resize(picture, (columns, rows), interpolation=how), 0, 1
    )
    return fitted


def _moved(rng: Generator, first: Picture, count: int) -> list[Picture]:
    """The next frames of a film: what is there beats, wanders and shimmers."""
    rows, columns = first.shape[:2]
    wander = rng.uniform(-3, 3, 2)
    frames = []
    for number in range(1, count + 1):
        beat = 1 + 0.05 * np.sin(number * 0.9)
        turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), 1.5 * np.sin(number * 0.5), beat)
        turn[:, 2] += wander * number
        moved = cv2.warpAffine(first, turn, (columns, rows), flags=cv2.INTER_LINEAR)
        grain = noise(rng, rows, columns, 2)
        moved = moved * (1 + 0.12 * (grain if first.ndim == 2 else grain[..., None]))
        frames.append(np.clip(moved, 0, 1).astype(np.float32))
    return frames
