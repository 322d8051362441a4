"""Bar codes and matrix codes in an image: they carry identifiers, so each is masked, whatever it says.

A cheap look for places that are black and white and change quickly comes first; only those are handed to zxing-cpp (Apache-2.0),
upright and turned so that their bars stand. What does not decode is a bar code still if its bars are (gateway/pixels/bars.py).
Nothing that a code says is kept. Symbologies: ISO/IEC 15417 (Code 128), 16388 (Code 39), 15420 (EAN), 15438 (PDF417), 18004
(QR), 16022 (Data Matrix), 24778 (Aztec) and what else zxing-cpp reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from gateway.pixels.bars import is_bar_code, standing
from gateway.pixels.reader import Line
from gateway.records import Box

_BLOCK = 8  # pixels: the squares in which an image is looked at
_CONTRAST = 24  # grey levels between the darkest and the brightest pixel of a code
_TWO_LEVELS = 0.42  # of the largest variance between these two levels: speckle has 0.15, text and codes 0.5 and more
_DARKEST = 0.3  # share of dark or bright pixels: codes have half of each, text has a fifth of ink
_CHANGES = 0.08  # of the contrast, from one pixel to the next: modules of up to 5 pixels
_SMALLER = 2  # times: how much smaller the image is made to find codes of larger modules
_QUIET = 16  # pixels around a place: the quiet zone of a code
_LEAST = 2  # blocks of a place
_FILLED = 0.3  # of the box around a place: a slanted bar code fills a third of it
_SMALLEST = 16  # pixels: no code is smaller
_ENLARGED = 120  # pixels: places with a shorter side are read at twice their size as well
_MARGIN = 3  # pixels that a mask reaches beyond the code
# A text: how surely it is read, how many letters it has, which share of a code lies in its box.
_SURE, _LETTERS, _SAME = 0.9, 3, 0.8
_DIFFERENT = frozenset("abcdefghjkmnopqrstuvwxyz23456789")  # no letters that bars may be read as
_NEGATIVE = zxingcpp.BarcodeFormat.PDF417  # which zxing-cpp reads black on white only
_TURNED = zxingcpp.BarcodeFormat.DataMatrix
_Grey = NDArray[np.uint8]
_Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Place:
    """A part of an image that may hold a code, ``by`` times as small as it is there."""

    left: int
    top: int
    grey: _Grey
    by: int

    def box(self, points: _Points) -> Box:
        """The box in the image around points of the part."""
        scaled = points * self.by + (self.left, self.top)
        (left, top), (right, bottom) = np.floor(scaled.min(axis=0)), np.ceil(scaled.max(axis=0))
        return Box(int(left), int(top), int(right - left) + 1, int(bottom - top) + 1)


def barcode_lines(image: NDArray[np.uint8], read: Sequence[Line] = ()) -> tuple[Line, ...]:
    """The codes in ``image``, 8-bit and (rows, columns) or (rows, columns, 3), as lines that no reader of text can read.

    Letters stand side by side as bars do: what was surely ``read`` as a text is none, though the number below a code may be read.
    """
    texts = [line for line in read if line.score >= _SURE and len(_DIFFERENT & set(line.text.casefold())) >= _LETTERS]
    boxes = [box for box in barcodes(image) if not any(_is_text(box, line.box) for line in texts)]
    return tuple(Line(box, "", 1.0, 1.0, float(min(box.w, box.h)), code=True) for box in boxes)


def _is_text(box: Box, line: Box) -> bool:
    across = min(box.x + box.w, line.x + line.w) - max(box.x, line.x)
    down = min(box.y + box.h, line.y + line.h) - max(box.y, line.y)
    return max(0, across) * max(0, down) >= _SAME * box.w * box.h


def barcodes(image: NDArray[np.uint8]) -> tuple[Box, ...]:
    """Where bar codes and matrix codes stand in ``image``, 8-bit and (rows, columns) or (rows, columns, 3)."""
    grey: _Grey = image if image.ndim == 2 else _brightest(image)
    if min(grey.shape) < _SMALLEST:
        return ()
    found: list[Box] = []
    for by in (1, _SMALLER):
        small = grey if by == 1 else cv2.resize(grey, None, fx=1 / by, fy=1 / by, interpolation=cv2.INTER_AREA)
        if min(small.shape) >= _SMALLEST:
            found += [_cut(box, grey) for place in _places(small, by) for box in _codes(place)]
    return _apart(found)


def _brightest(image: NDArray[np.uint8]) -> _Grey:
    """The brightest sample of each pixel."""
    red, green, blue = cv2.split(image)
    return np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)


# --- where a code may stand --------------------------------------------------------------------------------------------
def _places(grey: _Grey, by: int) -> Iterator[_Place]:
    """The parts of an image that hold two levels of grey which change quickly, each with a quiet zone around it."""
    for left, top, right, bottom in _boxes(_busy(grey)):
        inside = grey[top * _BLOCK : bottom * _BLOCK, left * _BLOCK : right * _BLOCK]
        x, y = max(0, left * _BLOCK - _QUIET), max(0, top * _BLOCK - _QUIET)
        part = _full_contrast(grey[y : bottom * _BLOCK + _QUIET, x : right * _BLOCK + _QUIET], inside)
        yield _Place(x * by, y * by, part, by)


def _boxes(busy: _Grey, *, thick: bool = False) -> Iterator[tuple[int, int, int, int]]:
    """Left, top, right and bottom of what hangs together, in blocks; of frames and rulers, what is as thick as a code."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(busy, connectivity=8)
    for label, (left, top, wide, high, blocks) in enumerate(stats.tolist()[1:count], 1):
        if blocks < _LEAST:
            continue
        if thick or blocks >= _FILLED * wide * high:
            yield left, top, left + wide, top + high
        else:
            alone = cv2.morphologyEx((labels == label).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
            yield from _boxes(alone, thick=True)


def _full_contrast(part: _Grey, inside: _Grey) -> _Grey:
    """A part of an image with the levels of its inside spread over all greys: what lies around may be far darker or brighter."""
    tenth = inside.size // 10
    ordered = np.partition(inside, (tenth, inside.size - 1 - tenth), axis=None)
    low, high = float(ordered[tenth]), float(ordered[-1 - tenth])
    spread = (np.arange(256) - low) * (255 / max(1.0, high - low))
    return np.asarray(cv2.LUT(part, np.clip(spread, 0, 255).astype(np.uint8)), np.uint8)


def _busy(grey: _Grey) -> _Grey:
    """Which blocks of an image may belong to a code: 0 or 1 for each of (rows / 8, columns / 8)."""
    rows, columns = -(-grey.shape[0] // _BLOCK), -(-grey.shape[1] // _BLOCK)
    padded = cv2.copyMakeBorder(
        grey, 0, rows * _BLOCK - grey.shape[0], 0, columns * _BLOCK - grey.shape[1], cv2.BORDER_REPLICATE
    )
    window = np.ones((3, 3), np.uint8)
    lines = padded.reshape(rows, _BLOCK, columns * _BLOCK)  # one axis after the other is much faster
    high = cv2.dilate(lines.max(axis=1).reshape(rows, columns, _BLOCK).max(axis=2), window)
    low = cv2.erode(lines.min(axis=1).reshape(rows, columns, _BLOCK).min(axis=2), window)
    contrast = np.maximum(high.astype(np.float32) - low, 1)
    size = (columns, rows)
    values = padded.astype(np.float32)
    mean = _around(cv2.resize(values, size, interpolation=cv2.INTER_AREA))
    square = _around(cv2.resize(values * values, size, interpolation=cv2.INTER_AREA))
    levels = (square - mean * mean) * 4 / (contrast * contrast)
    changes = sum(
        _around(
            cv2.resize(cv2.absdiff(padded, np.roll(padded, 1, axis)), size, interpolation=cv2.INTER_AREA).astype(
                np.float32
            )
        )
        for axis in (0, 1)
    )
    share = (mean - low) / contrast
    even = (share >= _DARKEST) & (share <= 1 - _DARKEST)
    found = even & (contrast >= _CONTRAST) & (levels >= _TWO_LEVELS) & (changes >= _CHANGES * contrast)
    closed: _Grey = cv2.morphologyEx(found.astype(np.uint8), cv2.MORPH_CLOSE, window)
    return closed


def _around(values: NDArray[np.float32]) -> NDArray[np.float32]:
    blurred: NDArray[np.float32] = cv2.blur(values, (3, 3))
    return blurred


# --- what stands there -------------------------------------------------------------------------------------------------
def _codes(place: _Place) -> Iterator[Box]:
    """The codes at one place: those that decode, and its bars if they are those of a code, read or not."""
    turned = standing(place.grey)
    if turned is None:
        return
    small = place.by == 1  # what was made smaller was read at its own size
    found = list(_decoded(place.grey, small=small)) or [
        turned.back(points) for points in _decoded(turned.grey, small=small)
    ]
    if is_bar_code(turned):  # nothing decodes, or of a slanted code little more than a line
        found.append(turned.back(turned.bars))
    for points in found:
        yield place.box(points)


def _decoded(grey: _Grey, *, small: bool) -> Iterator[_Points]:
    """The corners of the codes that decode, as (4, 2) pixels of ``grey``: as it is, negative, or ``small`` ones enlarged."""
    found = _read(grey) or _read(255 - grey, _NEGATIVE) or _read(grey, _TURNED)
    by = 1 if found or not small or min(grey.shape) >= _ENLARGED else 2
    if by > 1:
        found = _read(cv2.resize(grey, None, fx=by, fy=by, interpolation=cv2.INTER_CUBIC))
    yield from (_corners(code.position) / by for code in found)


def _read(grey: _Grey, *formats: zxingcpp.BarcodeFormat) -> list[zxingcpp.Barcode]:
    """What zxing-cpp reads in a part of an image: it is given the part turned as well, which is not enough for Data Matrix."""
    wanted = zxingcpp.BarcodeFormats(formats)  # all if none is named; one that is kept complains when the process ends
    return zxingcpp.read_barcodes(grey, formats=wanted, try_rotate=formats == (_TURNED,))


def _corners(position: zxingcpp.Position) -> _Points:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return np.array([(corner.x, corner.y) for corner in corners], np.float64)


# --- boxes -------------------------------------------------------------------------------------------------------------
def _cut(box: Box, grey: _Grey) -> Box:
    """A box with its margin, within the image."""
    left, top = max(0, box.x - _MARGIN), max(0, box.y - _MARGIN)
    right, bottom = min(grey.shape[1], box.x + box.w + _MARGIN), min(grey.shape[0], box.y + box.h + _MARGIN)
    return Box(left, top, max(1, right - left), max(1, bottom - top))


def _apart(boxes: list[Box]) -> tuple[Box, ...]:
    """Boxes without those that lie within another."""
    ordered = sorted(set(boxes), key=lambda box: (-box.w * box.h, box))
    kept: list[Box] = []
    for box in ordered:
        if not any(_within(box, other) for other in kept):
            kept.append(box)
    return tuple(sorted(kept))


def _within(box: Box, other: Box) -> bool:
    return (
        box.x >= other.x and box.y >= other.y
        and box.x + box.w <= other.x + other.w and box.y + box.h <= other.y + other.h
    )  # fmt: skip
