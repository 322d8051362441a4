"""Reads text with the PP-OCRv6 networks that the ``rapidocr`` wheel carries, without any download.

Only the weights of the wheel are used, through onnxruntime. The wheel's own pipeline says "no text" of a text that it found
and could not read, which would release it, and it fetches models that it does not find: neither may happen here
(docs/decisions/030-reading-text.md).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from gateway import models
from gateway.errors import ModelError
from gateway.pixels.reader import Line
from gateway.pixels.readers.cores import Area
from gateway.pixels.readers.detection import Each, Network, detect
from gateway.pixels.readers.recognition import Reading, cut, recognize
from gateway.records import Box

DETECTION = "PP-OCRv6_det_small"
RECOGNITION = "PP-OCRv6_rec_small"
_LEVEL = 0.25  # of its height: a line that rises more from end to end is not level
_CUDA = "CUDAExecutionProvider"
# Full precision and the same kernels each time, for the findings of the CPU; a machine without a device falls back to it.
_EXACT = (_CUDA, {"use_tf32": "0", "cudnn_conv_algo_search": "DEFAULT"})


class RapidOcrReader:
    """A :class:`gateway.pixels.reader.TextReader` over the two networks.

    With more than one of ``threads`` the tiles and the lines of one image are looked at beside each other, and with ``beside``
    (a ``map``) several images; each by one thread alone, so that what is read is the same to the last bit, whatever their number.
    """

    def __init__(self, detection: Network, recognition: Network, alphabet: tuple[str, ...], threads: int = 1) -> None:
        self._detection, self._recognition, self._alphabet = detection, recognition, alphabet
        # Two pools: what reads an image waits for its tiles, and must not take the threads that look at them.
        self._each: Each = ThreadPoolExecutor(threads, "tiles").map if threads > 1 else map
        self.beside: Each = ThreadPoolExecutor(threads, "views").map if threads > 1 else map

    @classmethod
    def load(cls, threads: int = 1) -> RapidOcrReader:
        """Load the networks from the installed wheel, to run on as many threads as this process has cores to itself.

        Raises:
            ModelError: one is missing or is not the one that the manifest names.
        """
        cv2.setNumThreads(1)  # one thread each: the same result everywhere, and processes scale better than threads
        detection, recognition = _session(DETECTION), _session(RECOGNITION)
        characters = recognition.get_modelmeta().custom_metadata_map.get("character", "").splitlines()
        if not characters:
            raise ModelError(f"The model {RECOGNITION} carries no alphabet; install the gateway again.")
        return cls(_network(detection), _network(recognition), ("", *characters, " "), threads)

    def read(self, image: NDArray[np.uint8]) -> tuple[Line, ...]:
        """Detect and recognise all text in ``image``; see :class:`gateway.pixels.reader.TextReader`."""
        colour = image if image.ndim == 3 else np.repeat(image[..., None], 3, axis=2)
        areas = detect(colour, self._detection, self._each)
        strips = [cut(colour, area.corners) for area in areas]
        readings = recognize(strips, self._recognition, self._alphabet, self._each)
        return tuple(map(line, areas, readings))


def detector(threads: int = 1) -> Callable[[NDArray[np.uint8]], list[Area]]:
    """The detection alone: what finds the lines of an image (rows, columns, 3), for another engine to read.

    Raises:
        ModelError: the network is missing or is not the one that the manifest names.
    """
    network = _network(_session(DETECTION))
    each: Each = ThreadPoolExecutor(threads, "tiles").map if threads > 1 else map
    return lambda image: detect(image, network, each)


def says() -> str:
    """With what is read, and where: on a CUDA device where onnxruntime has that provider and a device for it.

    Raises:
        ModelError: a network is missing or is not the one that the manifest names.
    """
    providers = [_session(name).get_providers() for name in (DETECTION, RECOGNITION)]
    return f"{DETECTION} and {RECOGNITION} on {'CUDA' if all(_CUDA in some for some in providers) else 'the CPU'}"


def _session(name: str) -> onnxruntime.InferenceSession:
    path = models.verify(name) / f"{name}.onnx"  # the file whose hash the manifest names, or ModelError
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4  # fatal only
    cuda = [_EXACT] if _CUDA in onnxruntime.get_available_providers() else []
    return onnxruntime.InferenceSession(str(path), options, providers=[*cuda, "CPUExecutionProvider"])


def _network(session: onnxruntime.InferenceSession) -> Network:
    name = session.get_inputs()[0].name

    def run(batch: NDArray[np.float32]) -> NDArray[np.float32]:
        result: NDArray[np.float32] = session.run(None, {name: batch})[0]
        return result

    return run


def line(area: Area, reading: Reading) -> Line:
    """The line of text in an area."""
    box = _box(area.corners)
    places: tuple[float, ...] = ()
    if abs(float(area.corners[1][1] - area.corners[0][1])) <= _LEVEL * area.height:
        left, right = float(area.corners[0][0]), float(area.corners[1][0])
        places = tuple(round(left + place * (right - left) - box.x, 1) for place in reading.places)
    return Line(box, reading.text, reading.score, round(area.score, 4), area.height, places=places)


def _box(corners: NDArray[np.float32]) -> Box:
    left, top = np.floor(corners.min(axis=0)).astype(int)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int)
    return Box(int(left), int(top), int(right - left), int(bottom - top))
