"""What a detected line says: the recognition network of PP-OCR, with connectionist temporal classification.

The network (Graves et al., "Connectionist temporal classification", 2006) reads a strip of 48 pixels height and gives, for
each column of 8 pixels, a probability for each character and for "no new character".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from gateway.pixels.readers.detection import Each, Network

_HEIGHT = 48
_COLUMN = 8
_LONGEST = 3200  # pixels; a line 66 times as long as high is squeezed
_AT_ONCE = 4  # so that ten lines make enough batches for the threads
_SURE = 0.9  # lines that stand on their feet reach it, those that stand on their head 0.6 to 0.8 (docs/decisions/030)
_MARK = 2  # characters: so few can be read into anatomy, either way up
_UPRIGHT = 1.5  # a strip this many times higher than wide holds a line that runs up or down


@dataclass(frozen=True, slots=True)
class Reading:
    """What was recognised: the characters, and how sure (0..1, mean over characters).

    ``places`` says where each character stands along the strip (0..1), if the strip was read as it is, not turned.
    """

    text: str = field(repr=False)
    score: float
    places: tuple[float, ...] = ()


def cut(image: NDArray[np.uint8], corners: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Cut the rectangle at ``corners`` out of ``image`` and straighten it."""
    width = max(1, round(float(max(np.linalg.norm(corners[0] - corners[1]), np.linalg.norm(corners[3] - corners[2])))))
    height = max(1, round(float(max(np.linalg.norm(corners[0] - corners[3]), np.linalg.norm(corners[1] - corners[2])))))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    strip: NDArray[np.uint8] = cv2.warpPerspective(
        image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return strip


def recognize(
    strips: Sequence[NDArray[np.uint8]], network: Network, alphabet: Sequence[str], each: Each = map
) -> list[Reading]:
    """Read each strip (rows, columns, 3), whichever way its line runs; ``each`` is ``map``, or one that uses threads."""
    return every_way(strips, lambda some: _read(some, network, alphabet, each))


def every_way(
    strips: Sequence[NDArray[np.uint8]], read: Callable[[Sequence[NDArray[np.uint8]]], list[Reading]]
) -> list[Reading]:
    """Read each strip. One that stands upright is read in both directions; the surer reading counts.

    Another is turned round if what it says is not sure, for a page may have been scanned upside down; then a sure reading counts.
    """
    upright = [strip.shape[0] >= _UPRIGHT * strip.shape[1] for strip in strips]
    first = read([np.rot90(strip) if up else strip for strip, up in zip(strips, upright, strict=True)])
    again = [number for number, reading in enumerate(first) if upright[number] or reading.score < _SURE]
    turned = read([np.rot90(strips[number], 3 if upright[number] else 2) for number in again])
    for number, reading in zip(again, turned, strict=True):
        told = upright[number] or (reading.score >= _SURE and len(reading.text) > _MARK)
        if told and reading.score > first[number].score:
            first[number] = replace(reading, places=())
    return [replace(reading, places=()) if up else reading for reading, up in zip(first, upright, strict=True)]


def _read(strips: Sequence[NDArray[np.uint8]], network: Network, alphabet: Sequence[str], each: Each) -> list[Reading]:
    """Read strips of similar length together, so that little of a batch is padding."""
    widths = [min(_LONGEST, max(_COLUMN, -(-_HEIGHT * strip.shape[1] // strip.shape[0]))) for strip in strips]
    order = sorted(range(len(strips)), key=lambda number: (widths[number], number))
    groups = [order[start : start + _AT_ONCE] for start in range(0, len(order), _AT_ONCE)]
    batches = (_batch([strips[number] for number in group], [widths[number] for number in group]) for group in groups)
    readings: dict[int, Reading] = {}
    for group, likely in zip(groups, each(network, batches), strict=True):
        decoded = (_decode(one, widths[number], alphabet) for number, one in zip(group, likely, strict=True))
        readings.update(zip(group, decoded, strict=True))
    return [readings[number] for number in range(len(strips))]


def _batch(strips: Sequence[NDArray[np.uint8]], widths: Sequence[int]) -> NDArray[np.float32]:
    batch = np.zeros((len(strips), 3, _HEIGHT, -(-max(widths) // 32) * 32), np.float32)
    for row, (strip, width) in enumerate(zip(strips, widths, strict=True)):
        resized = cv2.resize(np.ascontiguousarray(strip), (width, _HEIGHT))
        batch[row, :, :, :width] = (resized[..., ::-1].astype(np.float32) / 127.5 - 1).transpose(2, 0, 1)
    return batch


def _decode(likely: NDArray[np.float32], width: int, alphabet: Sequence[str]) -> Reading:
    """Best path: repeated characters and "no new character" (index 0) are dropped. ``width`` is the strip's, in pixels."""
    best = likely.argmax(axis=1)
    starts = np.concatenate(([True], best[1:] != best[:-1]))
    ends = np.flatnonzero(np.concatenate((starts[1:], [True])))
    new = np.flatnonzero((best != 0) & starts)
    if not len(new):
        return Reading("", 0.0)
    score = float(np.round(likely[new, best[new]].mean(), 4))
    middles = (new + ends[np.searchsorted(ends, new)] + 1) / 2 * _COLUMN / width
    signs = [alphabet[index] for index in best[new]]
    places = tuple(float(place) for place in np.round(middles, 4)) if all(len(sign) == 1 for sign in signs) else ()
    return Reading("".join(signs), score, places)
