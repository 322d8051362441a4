"""Looks for strings in a tree of files as an attacker would: names, bytes, decoded elements, and text read in pixels."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from base64 import b64decode
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from batches import leaks
from numpy.typing import NDArray
from pydicom import Dataset, dcmread
from pydicom.errors import InvalidDicomError
from pydicom.pixels.processing import apply_color_lut

Image8 = NDArray[np.uint8]
_NATIVE = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99")


def found(root: Path, strings: Iterable[str]) -> set[tuple[str, str]]:
    """Which of the strings stand where below ``root``: in names, bytes, or elements once they are decoded."""
    wanted = sorted(set(strings))
    hits = set(leaks(root, wanted))
    folded = [(string, _fold(string)) for string in wanted]
    for path in _files(root):
        text = _fold("\n".join(_values(path)))
        hits |= {(string, str(path.relative_to(root))) for string, needle in folded if needle in text}
    return hits


def _files(root: Path) -> Iterator[Path]:
    return (path for path in sorted(root.rglob("*")) if path.is_file())


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def datasets(path: Path) -> Iterator[Dataset]:
    """The data set of a DICOM file and, one by one, the items of all its sequences; nothing for another file."""
    try:
        file = dcmread(path)
    except InvalidDicomError:
        return
    yield file.file_meta
    waiting: list[Dataset] = [file]
    while waiting:
        ds = waiting.pop()
        yield ds
        waiting += [item for element in ds if element.VR == "SQ" for item in element.value]


def _values(path: Path) -> Iterator[str]:
    for ds in datasets(path):
        for element in ds:
            if element.VR != "SQ" and not isinstance(element.value, bytes):
                yield str(element.value)


# --- pixels -----------------------------------------------------------------------------------------------------------
def read_pixels(root: Path, pictures: Path) -> dict[str, str]:
    """What tesseract reads in every DICOM file below ``root`` (by relative path): in frames, icons, overlays, stray bits."""
    views = [(str(path.relative_to(root)), view) for path in _files(root) for view in _views(path)]
    return _read(views, pictures)


def read_pictures(page: str, pictures: Path) -> str:
    """What tesseract reads in the PNG pictures embedded in an HTML page."""
    embedded = re.findall(r"data:image/png;base64,([A-Za-z0-9+/=]+)", page)
    images: list[Any] = [
        cv2.imdecode(np.frombuffer(b64decode(data), np.uint8), cv2.IMREAD_GRAYSCALE) for data in embedded
    ]
    return " ".join(_read([("page", _stretched(image)) for image in images], pictures).values())


def shows(text: str, wanted: str) -> bool:
    """Whether ``wanted`` stands in what was read, but for two slips in ten characters."""
    plain, needle = (re.sub(r"[^A-Z0-9]", "", value.upper()) for value in (text, wanted))
    slips, size = len(needle) // 5, len(needle)
    return any(_apart(needle, plain[at : at + size]) <= slips for at in range(max(1, len(plain) - size + 1)))


def _apart(first: str, second: str) -> int:
    return sum(a != b for a, b in zip(first, second, strict=False)) + abs(len(first) - len(second))


def _views(path: Path) -> Iterator[Image8]:
    """Every image that can be made of a file, stretched to 0..255; text in any of them has been released."""
    for ds in datasets(path):
        if 0x60000010 in ds and 0x60003000 in ds:
            yield _stretched(np.array(ds.overlay_array(0x6000), np.uint8))
        if "PixelData" not in ds or ds.Rows < 20:
            continue
        if not hasattr(ds, "file_meta"):  # an icon
            yield _stretched(np.frombuffer(ds.PixelData, np.uint8).reshape(ds.Rows, ds.Columns))
            continue
        frames = ds.pixel_array.reshape(ds.get("NumberOfFrames", 1), ds.Rows, ds.Columns, -1)
        for frame in {frame.tobytes(): frame for frame in frames}.values():
            if frame.max() > frame.min():
                yield from _of_frame(frame)
            if ds.PhotometricInterpretation == "PALETTE COLOR" and frame.max() > frame.min():
                yield from _of_frame(apply_color_lut(frame[..., 0], ds))
        if ds.file_meta.TransferSyntaxUID in _NATIVE and ds.BitsAllocated == 16:
            stored = np.frombuffer(ds.PixelData, "<u2")[: ds.Rows * ds.Columns].reshape(ds.Rows, ds.Columns)
            unused = set(range(16)) - set(range(ds.HighBit + 1 - ds.BitsStored, ds.HighBit + 1))
            yield from (_stretched(stored >> bit & 1) for bit in unused if (stored >> bit & 1).any())


def _of_frame(frame: NDArray[np.generic]) -> Iterator[Image8]:
    """A frame (rows, columns, samples) by value, by its logarithm, without outliers, and turned if it is high."""
    grey = frame.max(axis=2).astype(np.int64)
    yield _stretched(grey)
    if grey.max() - grey.min() > 255:
        yield _stretched(np.log1p(grey - grey.min()))
        low, middle, high = np.percentile(grey, (0.5, 50, 99.5))
        yield from (_stretched(np.clip(grey, *ends)) for ends in ((low, middle), (middle, high)))
    if grey.shape[0] > grey.shape[1]:
        yield _stretched(np.rot90(grey, -1))


def _stretched(image: NDArray[Any]) -> Image8:
    """Black text on white, as tesseract likes it, at twice the size."""
    values = image.astype(np.float64)
    grey = (values - values.min()) * 255 / max(values.max() - values.min(), 1)
    dark = grey if np.median(grey) > 127 else 255 - grey
    framed = np.pad(dark.astype(np.uint8), 10, constant_values=255)
    return np.asarray(cv2.resize(framed, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)


def _read(views: list[tuple[str, Image8]], pictures: Path) -> dict[str, str]:
    """Read all views with one start of tesseract."""
    pictures.mkdir(parents=True)
    names = [str(pictures / f"{number:04d}.png") for number in range(len(views))]
    for name, (_, view) in zip(names, views, strict=True):
        cv2.imwrite(name, view)
    if not views:
        return {}
    (pictures / "list.txt").write_text("".join(f"{name}\n" for name in names))
    command = ["tesseract", str(pictures / "list.txt"), "-", "--psm", "11"]
    pages = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\f")
    texts: dict[str, str] = {}
    for (source, _), page in zip(views, pages, strict=False):  # a form feed follows the last page, too
        texts[source] = f"{texts.get(source, '')} {page}"
    return texts
