"""The pictures that the samples are made of: real scanner files that pydicom's own package carries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import FileDataset
from pydicom.pixels.utils import iter_pixels

_PACKAGED = Path(pydicom.__file__).parent / "data/test_files"


def scanned(name: str) -> tuple[FileDataset, list[NDArray[Any]]]:
    """A packaged file's data set and frames; colour frames as RGB, palette frames as indices. Nothing is downloaded."""
    dataset = pydicom.dcmread(_PACKAGED / name)
    return dataset, [np.array(frame) for frame in iter_pixels(dataset)]


def enlarged(image: NDArray[Any], factor: int) -> NDArray[Any]:
    """A larger picture, so that a console's text fits on it."""
    rows, columns = image.shape[:2]
    larger = cv2.resize(image, (columns * factor, rows * factor), interpolation=cv2.INTER_CUBIC)
    return np.asarray(larger, image.dtype)


def on_screen(picture: NDArray[Any], rows: int, columns: int, top: int) -> NDArray[Any]:
    """A dark console screen with the picture in its middle, ``top`` pixels from above."""
    screen = np.zeros((rows, columns, *picture.shape[2:]), picture.dtype)
    left = (columns - picture.shape[1]) // 2
    screen[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return screen
