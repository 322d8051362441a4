"""Reads text in pixels for the verifier, with settings of its own: polarity turned round, low thresholds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

import cv2
import numpy as np
import rapidocr
from numpy.typing import NDArray
from rapidocr import RapidOCR

from gateway.errors import ModelError

_FOLDER: Final = Path(rapidocr.__file__).parent / "models"
#: Side of a tile, and what neighbours share, so that no line is cut in both (pixels).
_LONGEST: Final = 1000
_OVERLAP: Final = 100
#: A line that is read less surely, and has more characters than these, may stand on its head.
_SURE: Final = 0.85
_SHORT: Final = 2
#: What the reader must read before it is trusted.
_PROOF: Final = "FRAME2468"
_SETTINGS: Final = {
    "Global.use_cls": False,
    "Global.text_score": 0.4,
    "Global.max_side_len": _LONGEST,
    "Global.log_level": "critical",
    "Det.limit_side_len": 640,
    "Det.thresh": 0.15,
    "Det.box_thresh": 0.25,
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


class LineReader(Protocol):
    """Reads the lines of text in an 8-bit image (rows, columns) or (rows, columns, 3: RGB)."""

    def lines(self, image: NDArray[np.uint8]) -> tuple[str, ...]:
        """The recognised lines, from the top down and each row from the left."""
        ...


class Reader:
    """PP-OCRv6 as RapidOCR's wheel carries it. Load once per process; deterministic (one thread)."""

    def __init__(self, engine: object) -> None:
        self._engine = engine

    @classmethod
    def load(cls, folder: Path = _FOLDER) -> Reader:
        """Load the networks in ``folder``, offline.

        Raises:
            ModelError: they are not there, cannot be loaded, or do not read a line that is known.
        """
        networks = {f"{part}.model_path": folder / f"PP-OCRv6_{part.lower()}_small.onnx" for part in ("Det", "Rec")}
        if not all(path.is_file() for path in networks.values()):
            raise ModelError("The verifier's text reader lacks its networks; `gateway models verify` names them.")
        cv2.setNumThreads(1)
        settings = {**_SETTINGS, **{name: str(path) for name, path in networks.items()}}
        try:
            reader = cls(RapidOCR(params=settings))
            prove(reader)
        except (AttributeError, KeyError, ValueError, RuntimeError):
            raise ModelError("The networks of the verifier's text reader cannot be loaded.") from None
        return reader

    def lines(self, image: NDArray[np.uint8]) -> tuple[str, ...]:
        """The recognised lines of one frame; a large one is read in overlapping tiles, so that small text stays small text."""
        return tuple(line for tile in _tiles(255 - image) for line in self._tile(tile))

    def _tile(self, turned: NDArray[np.uint8]) -> tuple[str, ...]:
        colour = cv2.cvtColor(turned, cv2.COLOR_GRAY2BGR if turned.ndim == 2 else cv2.COLOR_RGB2BGR)
        found = self._read(colour)
        if any(score < _SURE and len(text) > _SHORT for text, score in found):  # it may stand on its head
            found += [
                (text, score)
                for text, score in self._read(np.ascontiguousarray(colour[::-1, ::-1]))
                if score >= _SURE and len(text) > _SHORT
            ]
        return tuple(text for text, _ in found)

    def _read(self, colour: NDArray[np.uint8]) -> list[tuple[str, float]]:
        found = self._engine(colour)  # type: ignore[operator]  # rapidocr has no types
        return list(zip(found.txts or (), found.scores or (), strict=True))


def prove(reader: LineReader) -> None:
    """Let ``reader`` read a line that is known.

    Raises:
        ModelError: it does not; then it would find no leak either.
    """
    shown = cv2.putText(np.zeros((120, 400), np.uint8), _PROOF, (40, 70), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 255, 2)
    if _PROOF not in "".join(reader.lines(np.asarray(shown, np.uint8))).replace(" ", ""):
        raise ModelError("The verifier's text reader does not read a line that it should.")


def _tiles(image: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    """Cut into overlapping tiles of about the same size: a narrow rest would be read at many times its size."""
    for top, bottom in _spans(image.shape[0]):
        for left, right in _spans(image.shape[1]):
            yield image[top:bottom, left:right]


def _spans(length: int) -> list[tuple[int, int]]:
    count = max(1, -(-(length - _OVERLAP) // (_LONGEST - _OVERLAP)))
    step = -(-(length - _OVERLAP) // count)
    return [(start, min(length, start + step + _OVERLAP)) for start in range(0, max(1, count * step), max(1, step))]


def eight_bit(frame: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Stretch a frame (rows, columns, samples) to 0..255; the brightest half percent saturates, as text does."""
    values = np.nan_to_num(np.asarray(frame, dtype=np.float32), posinf=0.0, neginf=0.0)
    low, high = float(values.min()), float(np.percentile(values, 99.5))
    if high <= low:
        high = float(values.max())
    grey = np.clip((values - low) * (255.0 / (high - low) if high > low else 0.0), 0, 255)
    grey = np.rint(grey).astype(np.uint8)
    return grey if grey.shape[-1] == 3 else np.ascontiguousarray(grey[..., 0])
