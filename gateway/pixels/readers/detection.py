"""Where text stands in an image: the detection network of PP-OCR, a look at all of it and a closer one where text may be.

The network (Liao et al., "Real-time scene text detection with differentiable binarization", arXiv 1911.08947) gives each
pixel the probability that it lies in the shrunken core of a text line. Cores are thresholded, grouped and grown back
(``cores.py``). Small letters give no core at their own size but traces of one, so what leaves traces is looked at once more,
twice as large. Both measured in docs/decisions/030-reading-text.md, as are the numbers below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from gateway.pixels.readers.cores import Area, cores
from gateway.pixels.readers.marks import brightest
from gateway.pixels.regions import shared, union
from gateway.records import Box

_ROWS, _COLUMNS = 592, 1120  # pixels of a tile: a frame of 1024x768 is two, for two threads; memory stays below 1 GB
_OVERLAP = 64
_STRIDE = 32  # the network halves its input five times
_BLANK = 8  # grey levels: nothing can be written where all are alike but for these

_STROKE, _FLAT = 21, 0.7  # pixels: what is wider is no stroke of a letter; how much of the contrast is kept
_SAMPLE = 16  # pixels of height of the line of text that the network sees below each tile
_WORDS = "SMITH JOHN 12.03.1956  ID 4471902  Acc 99182  "

_CLOSER = 2.0  # times: how much the second look enlarges
_TRACE = 0.05  # probability: what stays below in the first look is not found by a closer one either
_FOUND, _READABLE, _LETTERS = (
    0.6,
    20.0,
    64.0,
)  # a line detected with so much, and between so many pixels, is seen clearly
_CELL, _AROUND = 16, 2  # traces are gathered in cells of so many pixels; the closer look reaches so many cells around
_FAR, _HUGE = 256, 48.0  # pixels: from afar the longer side is so long, and letters of so many pixels are looked for
_SAME = 0.5  # share of a line that lies in lines seen otherwise: then it is one of them
_BLOCK = 0.2  # share of what is seen from afar that lies in lines: then it is a block of lines, and no huge letters
_MARGIN, _CLOSE_MARGIN = 8, 16  # pixels


class Network(Protocol):
    """A network from (n, 3, h, w) float32 to float32."""

    def __call__(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Run the network."""
        ...


Image = NDArray[np.uint8]
Likelihood = NDArray[np.float32]


Each = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]  # ``map``, or one that uses threads, in order


def detect(image: Image, network: Network, each: Each = map) -> list[Area]:
    """Find lines of text in ``image`` (rows, columns, 3), top to bottom; ``each`` is ``map``, or one that uses threads."""
    rows, columns = image.shape[:2]
    first = _bordered(_flattened(image), _MARGIN)
    scale = min(0.25, _FAR / max(rows, columns))
    afar = [_bordered(_scaled(image, scale), _MARGIN)] if max(rows, columns) >= _FAR else []
    likely, *huge = _likelihoods([first, *afar], network, each)
    areas = [_placed(area, 1.0, _MARGIN, image) for area in cores(likely)]
    clear = [area for area in areas if _is_clear(area)]
    boxes = _unclear(likely[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN], clear)
    closer = [area for area in _closer(image, boxes, network, each) if not _known(area, clear)]
    seen = clear + closer
    areas = seen + [area for area in areas if not _is_clear(area) and not _known(area, seen)]
    places, bright = brightest(image, areas)
    areas += [area for area in _closer(bright, places, network, each) if not _known(area, areas)]
    for area in (_placed(core, scale, _MARGIN, image) for far in huge for core in cores(far)):
        if area.height >= _HUGE and not _known(area, areas, _BLOCK):
            areas.append(area)
    areas = [area for area in areas if area.score >= _FOUND or area.height <= _HUGE]  # what is large is seen clearly
    return sorted(areas, key=lambda area: (float(area.corners[:, 1].min()), float(area.corners[:, 0].min())))


def _flattened(image: Image) -> Image:
    """Strokes on even grey: what is wider, the body and its organs, goes, for the network takes it for one huge letter."""
    wide = cv2.getStructuringElement(cv2.MORPH_RECT, (_STROKE, _STROKE))
    opened, closed = (cv2.morphologyEx(image, kind, wide) for kind in (cv2.MORPH_OPEN, cv2.MORPH_CLOSE))
    without = cv2.addWeighted(opened, 0.5, closed, 0.5, 0)
    return np.asarray(cv2.addWeighted(image, _FLAT, without, -_FLAT, 128), np.uint8)


def _scaled(image: Image, scale: float) -> Image:
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=method), np.uint8)


def _bordered(image: Image, margin: int) -> Image:
    """``image`` with a margin of the same kind around it: text that touches the edge is found better."""
    return np.asarray(cv2.copyMakeBorder(image, margin, margin, margin, margin, cv2.BORDER_REPLICATE), np.uint8)


def _placed(area: Area, scale: float, margin: int, image: Image) -> Area:
    """``area`` in pixels of ``image``, of which the network saw ``scale`` and a margin."""
    limit = np.array([image.shape[1], image.shape[0]], np.float32)
    return Area(np.clip((area.corners - margin) / scale, 0, limit).astype(np.float32), area.score)


def _is_clear(area: Area) -> bool:
    return area.score >= _FOUND and _READABLE <= area.height <= _LETTERS


def _unclear(likely: Likelihood, clear: Iterable[Area]) -> list[Box]:
    """Where the first look left traces of text that it did not see clearly: boxes in pixels, none overlapping another."""
    traces = (likely > _TRACE).astype(np.uint8)
    for area in clear:
        cv2.fillPoly(traces, [area.corners.astype(np.int32)], 0)
    rows, columns = traces.shape
    padded = np.pad(traces, ((0, -rows % _CELL), (0, -columns % _CELL)))
    cells = padded.reshape(padded.shape[0] // _CELL, _CELL, -1, _CELL).max(axis=(1, 3))
    near = cv2.dilate(cells, np.ones((2 * _AROUND + 1, 2 * _AROUND + 1), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    boxes: list[Box] = []
    for left, top, wide, high, _ in stats[1:].tolist():
        x, y = left * _CELL, top * _CELL
        box = Box(x, y, min(columns, x + wide * _CELL) - x, min(rows, y + high * _CELL) - y)
        while touching := [other for other in boxes if shared(box, other)]:
            boxes = [other for other in boxes if other not in touching]
            box = union((box, *touching))
        boxes.append(box)
    return sorted(boxes, key=lambda box: (box.y, box.x))


def _closer(image: Image, boxes: Sequence[Box], network: Network, each: Each) -> list[Area]:
    """The lines in ``boxes``, each looked at enlarged."""
    parts = [image[box.y : box.y + box.h, box.x : box.x + box.w] for box in boxes]
    seen = _likelihoods([_bordered(_scaled(part, _CLOSER), _CLOSE_MARGIN) for part in parts], network, each)
    found = []
    for box, part, likely in zip(boxes, parts, seen, strict=True):
        for core in cores(likely):
            area = _placed(core, _CLOSER, _CLOSE_MARGIN, part)
            found.append(Area(area.corners + np.array([box.x, box.y], np.float32), area.score))
    return found


def _known(area: Area, areas: Sequence[Area], share: float = _SAME) -> bool:
    """Whether so much of ``area`` lies in ``areas``."""
    left, top = np.floor(area.corners.min(axis=0)).astype(int)
    right, bottom = np.ceil(area.corners.max(axis=0)).astype(int) + 1
    inside, seen = (np.zeros((bottom - top, right - left), np.uint8) for _ in range(2))
    cv2.fillPoly(inside, [(area.corners - (left, top)).astype(np.int32)], 1)
    for other in areas:
        cv2.fillPoly(seen, [(other.corners - (left, top)).astype(np.int32)], 1)
    return bool((inside & seen).sum() >= share * inside.sum())


def _likelihoods(images: Sequence[Image], network: Network, each: Each) -> list[Likelihood]:
    """Run the network over tiles of all ``images``; where tiles overlap the higher probability counts."""
    seen = [np.zeros(image.shape[:2], np.float32) for image in images]
    places = [(number, place) for number, image in enumerate(images) for place in _tiles(image)]
    tiles = [images[number][place] for number, place in places]
    for (number, place), part in zip(places, each(lambda tile: _run(tile, network), tiles), strict=True):
        np.maximum(seen[number][place], part, out=seen[number][place])
    return seen


def _tiles(image: Image) -> Iterator[tuple[slice, slice]]:
    for rows in _parts(image.shape[0], _ROWS):
        for columns in _parts(image.shape[1], _COLUMNS):
            part = image[rows, columns]
            if int(part.max()) - int(part.min()) >= _BLANK:
                yield rows, columns


def _parts(length: int, longest: int) -> list[slice]:
    """As few overlapping parts as will do, all of one size."""
    count = max(1, -(-(length - _OVERLAP) // (longest - _OVERLAP)))
    size = -(-(length + (count - 1) * _OVERLAP) // count)
    starts = [number * (length - size) // max(1, count - 1) for number in range(count)]
    return [slice(start, start + size) for start in starts]


def _run(tile: Image, network: Network) -> Likelihood:
    """One tile through the network, above a line of text: beside it no organ and no speckle looks like a letter."""
    rows, columns = tile.shape[:2]
    both = np.concatenate((tile, _sample(columns)))
    full = cv2.copyMakeBorder(both, 0, -len(both) % _STRIDE, 0, -columns % _STRIDE, cv2.BORDER_REPLICATE)
    batch = (full[..., ::-1].astype(np.float32) / 127.5 - 1).transpose(2, 0, 1)[None]  # the network was trained on BGR
    return network(np.ascontiguousarray(batch))[0, 0, :rows, :columns]


def _sample(columns: int) -> Image:
    line, white = np.zeros((_SAMPLE, columns, 3), np.uint8), (255, 255, 255)
    cv2.putText(line, _WORDS * (1 + columns // 200), (4, 12), cv2.FONT_HERSHEY_SIMPLEX, 0.4, white, 1, cv2.LINE_AA)
    return line
