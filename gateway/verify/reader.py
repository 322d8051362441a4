"""Reads text in pixels for the verifier, with settings of its own: larger, polarity turned round, lower thresholds."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Protocol

import cv2
import numpy as np
import rapidocr
from numpy.typing import NDArray
from rapidocr import RapidOCR

from gateway.errors import ModelError

_FOLDER: Final = Path(rapidocr.__file__).parent / "models"
_SCALE: Final = 1.5
_LONGEST: Final = 2000
_SETTINGS: Final = {
    "Global.use_cls": False,
    "Global.text_score": 0.4,
    "Global.max_side_len": _LONGEST,
    "Global.log_level": "critical",
    "Det.limit_side_len": 640,
    "Det.thresh": 0.2,
    "Det.box_thresh": 0.4,
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


class LineReader(Protocol):
    """Reads the lines of text in an 8-bit image (rows, columns) or (rows, columns, 3: RGB)."""

    def lines(self, image: NDArray[np.uint8]) -> tuple[str, ...]:
        """The recognised lines, in any order."""
        ...


class Reader:
    """PP-OCRv6 as RapidOCR's wheel carries it. Load once per process; deterministic (one thread)."""

    def __init__(self, engine: object) -> None:
        self._engine = engine

    @classmethod
    def load(cls, folder: Path = _FOLDER) -> Reader:
        """Load the networks in ``folder``, offline. Raises ``ModelError`` if they are not there."""
        networks = {f"{part}.model_path": folder / f"PP-OCRv6_{part.lower()}_small.onnx" for part in ("Det", "Rec")}
        if not all(path.is_file() for path in networks.values()):
            raise ModelError("The verifier's text reader lacks its networks; `gateway models verify` names them.")
        return cls(RapidOCR(params={**_SETTINGS, **{name: str(path) for name, path in networks.items()}}))

    def lines(self, image: NDArray[np.uint8]) -> tuple[str, ...]:
        """The recognised lines of one frame."""
        turned = 255 - image
        scale = min(_SCALE, _LONGEST / max(turned.shape[:2]))
        width, height = (max(1, round(side * scale)) for side in (turned.shape[1], turned.shape[0]))
        larger = cv2.resize(turned, (width, height), interpolation=cv2.INTER_CUBIC)
        colour = cv2.cvtColor(larger, cv2.COLOR_GRAY2BGR if larger.ndim == 2 else cv2.COLOR_RGB2BGR)
        found = self._engine(colour)  # type: ignore[operator]  # rapidocr has no types
        return tuple(found.txts or ())


def eight_bit(frame: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Stretch a frame (rows, columns, samples) to 0..255; the brightest half percent saturates, as text does."""
    values = np.nan_to_num(np.asarray(frame, dtype=np.float32), posinf=0.0, neginf=0.0)
    low, high = float(values.min()), float(np.percentile(values, 99.5))
    if high <= low:
        high = float(values.max())
    grey = np.clip((values - low) * (255.0 / (high - low) if high > low else 0.0), 0, 255)
    grey = np.rint(grey).astype(np.uint8)
    return grey if grey.shape[-1] == 3 else np.ascontiguousarray(grey[..., 0])
