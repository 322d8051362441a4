"""Where text stands in an image: the detection network of PP-OCR, over tiles of bounded size.

The network (Liao et al., "Real-time scene text detection with differentiable binarization", arXiv 1911.08947) gives each
pixel the probability that it lies in the shrunken core of a text line. Cores are thresholded, grouped and grown back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

# 0.15 and 0.2 instead of the engine's 0.3 and 0.5 find nearly all lines of 10 px that the defaults miss, at a quarter of
# the cost of enlarging twofold (docs/decisions/030-reading-text.md).
_PIXEL = 0.15
_CORE = 0.2
_GROW = 1.6  # the engine's own unclip ratio: how far a core is grown back, relative to its area over its perimeter
_SMALLEST = 3.0  # pixels of the network's input: a core less thick than this is noise
_TILE = 1088  # pixels of a tile's side: a frame of 1024x768 and its margin fit into one; memory stays below 1 GB
_OVERLAP = 128
_STRIDE = 32  # the network halves its input five times
_ENLARGE_TO = 736  # short sides below this are enlarged, up to twofold: the engine's own limit
_MARGIN = 16


class Network(Protocol):
    """A network from (n, 3, h, w) float32 to float32."""

    def __call__(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Run the network."""
        ...


@dataclass(frozen=True, slots=True)
class Area:
    """A rotated rectangle around a line of text: four corners (x, y), clockwise from where the text starts, and a score."""

    corners: NDArray[np.float32]
    score: float


def detect(image: NDArray[np.uint8], network: Network) -> list[Area]:
    """Find lines of text in ``image`` (rows, columns, 3), top to bottom."""
    rows, columns = image.shape[:2]
    areas = _detect_at(image, network, _fine_scale(rows, columns))
    if max(rows, columns) > _TILE:  # letters larger than a tile are seen only from afar
        areas += [area for area in _detect_at(image, network, _TILE / max(rows, columns)) if not _known(area, areas)]
    return sorted(areas, key=lambda area: (float(area.corners[:, 1].min()), float(area.corners[:, 0].min())))


def _fine_scale(rows: int, columns: int) -> float:
    return min(2.0, max(1.0, _ENLARGE_TO / min(rows, columns)))


def _known(area: Area, areas: list[Area]) -> bool:
    """Whether the centre of ``area`` lies in a line already found at full size."""
    centre = area.corners.mean(axis=0)
    return any(
        cv2.pointPolygonTest(other.corners, (float(centre[0]), float(centre[1])), measureDist=False) >= 0
        for other in areas
    )


def _detect_at(image: NDArray[np.uint8], network: Network, scale: float) -> list[Area]:
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    scaled = image if scale == 1 else cv2.resize(image, None, fx=scale, fy=scale, interpolation=method)
    # Text that touches the edge of the image is found better with a margin of the same kind around it.
    padded = cv2.copyMakeBorder(scaled, _MARGIN, _MARGIN, _MARGIN, _MARGIN, cv2.BORDER_REPLICATE)
    likely = _likelihood(padded, network)
    limit = np.array([image.shape[1], image.shape[0]], np.float32)
    return [
        Area(np.clip((corners - _MARGIN) / scale, 0, limit).astype(np.float32), score)
        for corners, score in _cores(likely)
    ]


def _likelihood(image: NDArray[np.uint8], network: Network) -> NDArray[np.float32]:
    """Run the network over tiles; where tiles overlap the higher probability counts."""
    likely = np.zeros(image.shape[:2], np.float32)
    for top in _starts(image.shape[0]):
        for left in _starts(image.shape[1]):
            tile = image[top : top + _TILE, left : left + _TILE]
            if int(tile.max()) - int(tile.min()) < 8:  # nothing can be written on a blank tile
                continue
            part = likely[top : top + _TILE, left : left + _TILE]
            np.maximum(part, _run(tile, network), out=part)
    return likely


def _starts(length: int) -> Iterator[int]:
    last = max(0, length - _TILE)
    yield from range(0, last, _TILE - _OVERLAP)
    yield last


def _run(tile: NDArray[np.uint8], network: Network) -> NDArray[np.float32]:
    rows, columns = tile.shape[:2]
    full = cv2.copyMakeBorder(tile, 0, -rows % _STRIDE, 0, -columns % _STRIDE, cv2.BORDER_REPLICATE)
    batch = (full[..., ::-1].astype(np.float32) / 127.5 - 1).transpose(2, 0, 1)[None]  # the network was trained on BGR
    return network(np.ascontiguousarray(batch))[0, 0, :rows, :columns]


def _cores(likely: NDArray[np.float32]) -> Iterator[tuple[NDArray[np.float32], float]]:
    bitmap = cv2.dilate((likely > _PIXEL).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(bitmap, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        centre, (width, height), angle = cv2.minAreaRect(contour)
        if min(width, height) < _SMALLEST:
            continue
        score = _mean_inside(likely, cv2.boxPoints((centre, (width, height), angle)))
        if score < _CORE:
            continue
        grow = width * height * _GROW / (width + height)  # both sides by area * ratio / perimeter
        yield _ordered(cv2.boxPoints((centre, (width + grow, height + grow), angle))), score


def _mean_inside(likely: NDArray[np.float32], corners: NDArray[np.float32]) -> float:
    left, top = np.maximum(np.floor(corners.min(axis=0)).astype(int), 0)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int) + 1
    part = likely[top:bottom, left:right]
    inside = np.zeros(part.shape, np.uint8)
    cv2.fillPoly(inside, [(corners - (left, top)).astype(np.int32)], 1)
    return float(cv2.mean(part, inside)[0])


def _ordered(corners: NDArray[np.float32]) -> NDArray[np.float32]:
    """Corners clockwise from the upper left one."""
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left = by_x[:2][np.argsort(by_x[:2, 1], kind="stable")]
    right = by_x[2:][np.argsort(by_x[2:, 1], kind="stable")]
    return np.array([left[0], right[0], right[1], left[1]], np.float32)
