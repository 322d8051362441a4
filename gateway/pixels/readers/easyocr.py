"""Reads text with EasyOCR's networks (torch, on a CUDA device if there is one), without any download.

The package is an optional extra, and its weights are installed in the home (``gateway models add easyocr``; gateway/weights.py).
Detection is CRAFT where its weights were installed, else the PP-OCRv6 detection of the ``rapidocr`` wheel: EasyOCR's documented
``recognize`` reads whatever regions it is given. EasyOCR fetches what it does not find, deletes weights that differ from its own
list, and unpickles what it loads: so every file is compared with its hash first, nothing but plain tensors is unpickled, and
downloads are switched off (docs/decisions/037-readers.md).
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.abc import InspectLoader
from importlib.util import find_spec, module_from_spec, spec_from_loader
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from gateway import weights
from gateway.errors import ModelError
from gateway.pixels.reader import Line
from gateway.pixels.readers import rapidocr
from gateway.pixels.readers.cores import Area
from gateway.pixels.readers.recognition import Reading, cut, every_way

_AT_ONCE = 16  # strips that a CUDA device reads at a time
_PASSED = 0.7  # the text score that each region of CRAFT has passed (EasyOCR's ``text_threshold``)
_declared: list[Any] = []  # torch forgets declared operators when nobody holds their library

Detect = Callable[[NDArray[np.uint8]], list[Area]]


class Engine(Protocol):
    """The part of ``easyocr.Reader`` that is used."""

    def detect(self, img: NDArray[np.uint8], **settings: Any) -> tuple[list[Any], list[Any]]:
        """Regions of text: upright rectangles (left, right, top, bottom) and free quadrangles, each for one image."""
        ...

    def recognize(self, img_cv_grey: NDArray[np.uint8], **settings: Any) -> list[tuple[Any, str, float]]:
        """What stands in regions: (corners, text, confidence)."""
        ...


class EasyOcrReader:
    """A :class:`gateway.pixels.reader.TextReader` over EasyOCR. ``detect`` finds lines, by default CRAFT."""

    def __init__(self, engine: Engine, detect: Detect | None = None) -> None:
        self._engine, self._detect = engine, detect or (lambda image: _craft(engine, image))

    @classmethod
    def load(cls, home: Path) -> EasyOcrReader:
        """Load the networks that are installed in ``home``.

        Raises:
            ModelError: the package or its weights are missing, or a file is not the one that was added.
        """
        if missing := lacking(home):
            raise ModelError(missing)
        installed = weights.installed(home)
        _prepare_torch()
        detect = None if installed.detection else rapidocr.detector()
        return cls(engine_of(installed), detect)

    def read(self, image: NDArray[np.uint8]) -> tuple[Line, ...]:
        """Detect and recognise all text in ``image``; see :class:`gateway.pixels.reader.TextReader`."""
        colour = image if image.ndim == 3 else np.repeat(image[..., None], 3, axis=2)
        areas = self._detect(colour)
        strips = [cut(colour, area.corners) for area in areas]
        return tuple(map(rapidocr.line, areas, every_way(strips, self._recognize)))

    def _recognize(self, strips: Sequence[NDArray[np.uint8]]) -> list[Reading]:
        """Read strips, stacked into one image so that a device reads many at once."""
        if not strips:
            return []
        grey = [cv2.cvtColor(np.ascontiguousarray(strip), cv2.COLOR_RGB2GRAY) for strip in strips]
        tops = np.cumsum([0, *(strip.shape[0] for strip in grey)])
        sheet = np.zeros((tops[-1], max(strip.shape[1] for strip in grey)), np.uint8)
        for top, strip in zip(tops, grey, strict=False):
            sheet[top : top + strip.shape[0], : strip.shape[1]] = strip
        regions = [[0, s.shape[1], int(top), int(top) + s.shape[0]] for top, s in zip(tops, grey, strict=False)]
        with _quiet():
            told = self._engine.recognize(sheet, horizontal_list=regions, free_list=[], batch_size=_AT_ONCE)
        return [Reading(text, _mean(text, confidence)) for _, text, confidence in told]


def lacking(home: Path) -> str:
    """What EasyOCR lacks here and what to do about it; empty if it can read. Weights are compared with their hashes."""
    if find_spec("easyocr") is None or find_spec("torch") is None:
        return (
            "The reader easyocr is not installed: `make easyocr`, or pip install easyocr; or take readers: [rapidocr]."
        )
    try:
        weights.installed(home)
    except ModelError as error:
        return str(error)
    return ""


def says(home: Path) -> str:
    """With what is read, and where: on a CUDA device where torch has one.

    Raises:
        ModelError: a file is missing or is not the one that was added.
    """
    installed = weights.installed(home)
    return f"{installed.detection or rapidocr.DETECTION} and {installed.network} on {'CUDA' if _cuda() else 'the CPU'}"


def _cuda() -> bool:
    import torch  # noqa: PLC0415  # an optional package, and slow to import

    return bool(torch.cuda.is_available())


def _prepare_torch() -> None:
    """Import torchvision, declaring the operators that its wheel does not bring where it was built for another torch.

    Set torch to one thread and to operations that give the same result each time.
    """
    import torch  # noqa: PLC0415  # as above

    torch.set_num_threads(1)
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.deterministic = True
    try:
        import_module("torchvision")
    except RuntimeError:  # "operator torchvision::nms does not exist": neither network uses it
        for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
            del sys.modules[name]
        library = torch.library.Library("torchvision", "FRAGMENT")
        for operator in ("nms", "qnms"):
            library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        _declared.append(library)
        import_module("torchvision")


def engine_of(installed: weights.Installed) -> Engine:
    """EasyOCR's reader over the installed networks.

    Raises:
        ModelError: the weights hold more than tensors, or are not those of the network.
    """
    import torch  # noqa: PLC0415  # as above

    for name in installed.pickled:
        try:
            with _quiet():
                torch.load(installed.folder / name, map_location="cpu", weights_only=True)
        except (OSError, RuntimeError, ValueError, EOFError, UnpicklingError):
            raise ModelError(
                f"The weights {name} hold more than tensors, or cannot be read; they are not loaded."
            ) from None
    try:
        with _quiet(), _imported(installed):
            engine: Engine = import_module("easyocr").Reader(
                ["en"],
                gpu=_cuda(),
                model_storage_directory=str(installed.folder),
                user_network_directory=str(installed.folder),
                recog_network=installed.network,
                detector=bool(installed.detection),
                download_enabled=False,
                quantize=False,  # quantised networks answer differently from one processor to the next
                verbose=False,
            )
    except (OSError, RuntimeError, LookupError, TypeError, ValueError, AttributeError, ImportError, SyntaxError):
        raise ModelError(
            f"The network {installed.network} cannot be loaded: weights, description and code do not fit."
        ) from None
    return engine


class _Code(InspectLoader):
    """Imports code that was compared with its hash: not the file, which may have changed since, nor its byte code."""

    def __init__(self, source: str) -> None:
        self._source = source

    def get_source(self, fullname: str) -> str:  # noqa: ARG002  # the name is the interface's
        return self._source


@contextmanager
def _imported(installed: weights.Installed) -> Iterator[None]:
    """Let EasyOCR find the code of the site's own network under its name, and leave Python's import as it was."""
    path, loader = list(sys.path), _Code(installed.code)
    spec = spec_from_loader(installed.network, loader)
    try:
        if installed.code and spec:
            sys.modules[installed.network] = module = module_from_spec(spec)
            loader.exec_module(module)
        yield
    finally:
        sys.modules.pop(installed.network, None)
        sys.path[:] = path


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the warnings of old calls to torch and Pillow to themselves: they say nothing about the data."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _craft(engine: Engine, image: NDArray[np.uint8]) -> list[Area]:
    """Lines of text as EasyOCR's detection finds and joins them, of any size."""
    with _quiet():
        level, free = engine.detect(image, min_size=0, text_threshold=_PASSED)
    found = [[[left, top], [right, top], [right, bottom], [left, bottom]] for left, right, top, bottom in level[0]]
    limit = np.array([image.shape[1], image.shape[0]], np.float32)
    corners = [np.clip(np.array(each, np.float32), 0, limit) for each in (*found, *free[0])]
    return [Area(each, _PASSED) for each in corners if np.ptp(each, axis=0).min() >= 1]


def _mean(text: str, confidence: float) -> float:
    """The mean certainty (0..1) of a text's characters, from the confidence that EasyOCR tells.

    That is the product of all certainties, to the power of two over the square root of their number, so that long texts seem
    unsure. The geometric mean is what is compared with other readers; it is no higher than the arithmetic one.
    """
    return round(float(confidence) ** (1 / (2 * len(text) ** 0.5)), 4) if text else 0.0
