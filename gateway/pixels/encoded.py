"""Writes masks into encapsulated pixel data, frame by frame: what lies under no mask keeps its bytes or its exact pixels.

JPEG is edited block by block without being decoded (``jpeg_edit``). Everything else is decoded, masked and encoded again without
loss in the same transfer syntax. What is written is decoded at once and compared with what was meant. Where any of this fails the
whole instance is stored natively (``mask.write_decoded``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import JPEGBaseline8Bit, JPEGExtended12Bit

from gateway.errors import UnreadablePixels
from gateway.pixels.codecs import decode
from gateway.pixels.codestream import BESIDE, carried, strip, strip_proven
from gateway.pixels.encapsulation import encapsulated
from gateway.pixels.frames import Frame, encoded_frames, rgb
from gateway.pixels.jpeg_edit import Fill, Grid, before_scan, edit, grid
from gateway.pixels.jpeg_scan import Heads
from gateway.pixels.layout import Layout
from gateway.pixels.lossless import TRANSFORMED, encode
from gateway.pixels.mask import Extremes, background, write_decoded
from gateway.records import Box, Change, Mask

_JPEG = (JPEGBaseline8Bit, JPEGExtended12Bit)
_PIXELS, _SYNTAX = "7FE00010", "00020010"
_DARK = 2  # what a decoder's rounding may leave of black


@dataclass(frozen=True, slots=True)
class _Told:
    """What the header and the frames say of the values of an instance."""

    dataset: Dataset = field(repr=False)
    layout: Layout
    photometric: str
    extremes: Extremes
    rules: set[str] = field(default_factory=set)  # by which frames that stay were changed
    heads: Heads = field(default_factory=Heads)  # of frames that said the same before their scan, and were compared
    said: list[bytes] = field(default_factory=list)

    def fill(self, photometric: str) -> tuple[float, ...]:
        return background(self.dataset, photometric, self.extremes)

    def stripped(self, frame: bytes) -> bytes | None:
        """The frame with nothing but the image, as ``strip_proven``."""
        found = strip_proven(frame, self.layout)
        if found is not None and carried(frame, found):
            self.rules.add(BESIDE)
        return found

    def begins(self, frame: bytes) -> bool:
        """Whether the frame says the same before its only scan as the last one did; else what is remembered is forgotten."""
        said = [before_scan(frame)]
        same = self.said == said != [b""]
        if not same:
            self.heads.known.clear()
        self.said[:] = said
        return same


class _NotPossible(Exception):
    """A frame cannot be written in its own transfer syntax."""


def write_encoded(
    dataset: Dataset, layout: Layout, masks: Sequence[Mask], photometric: str, extremes: Extremes
) -> tuple[tuple[Mask, ...], tuple[Change, ...]]:
    """Write ``masks`` into encapsulated Pixel Data; return them as written (JPEG: whole blocks), and what else was changed.

    ``photometric`` is that of the decoded frames, ``extremes`` are those of the instance. Frames are stripped of everything but
    the image, and their offset table is true. One frame is in memory at a time.

    Raises:
        UnreadablePixels, UnsupportedPixels: a frame cannot be decoded.
    """
    told = _Told(dataset, layout, photometric, extremes)
    asked = tuple(replace(mask, box=_inside(mask.box, layout)) for mask in masks)
    try:
        area = _grid(told, asked) if layout.transfer_syntax in _JPEG else None
        written = tuple(replace(mask, box=area.widened(mask.box)) for mask in asked) if area else asked
        boxes = _boxes(written)
        value = encapsulated(_written(told, boxes, area))
    except _NotPossible:
        write_decoded(dataset, layout, asked, told.fill(photometric))
        return asked, (Change(_SYNTAX, "D", "masked frames stored without compression"),)
    for keyword in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths"):
        if keyword in dataset:
            delattr(dataset, keyword)
    if layout.photometric == "YBR_ICT" and len(boxes) == layout.frames:
        dataset.PhotometricInterpretation = "YBR_RCT"  # the reversible transform, in every frame
    dataset.PixelData = value
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    return written, tuple(Change(_PIXELS, "C", rule) for rule in sorted(told.rules))


def _written(told: _Told, boxes: Mapping[int, Sequence[Box]], area: Grid | None) -> Iterator[bytes]:
    """The frames as they are written; one that is the same as the last one, with the same masks, is not made again."""
    last: tuple[bytes, Sequence[Box]] | None = None
    made = b""
    for number, frame in enumerate(_frames(told.dataset, told.layout)):
        here = boxes.get(number, ())
        if (frame, here) != last:
            made = _flat(told, frame, here, area) if area else _coded(told, frame, here)
            last = frame, here
        yield made


def _frames(dataset: Dataset, layout: Layout) -> Iterator[bytes]:
    """The frames that the header announces."""
    count = 0
    for count, frame in enumerate(encoded_frames(dataset, layout), 1):  # counted for the check below
        yield frame
        if count == layout.frames:
            return
    raise UnreadablePixels(f"The header announces {layout.frames} frames; {count} are there.")


def _inside(box: Box, layout: Layout) -> Box:
    """The part of the box that lies in the frame."""
    left, top = min(max(box.x, 0), layout.columns), min(max(box.y, 0), layout.rows)
    right, bottom = min(max(box.x + box.w, left), layout.columns), min(max(box.y + box.h, top), layout.rows)
    return Box(left, top, right - left, bottom - top)


def _boxes(masks: Sequence[Mask]) -> dict[int, list[Box]]:
    """What is masked in each frame that a mask belongs to."""
    boxes: dict[int, list[Box]] = {}
    for mask in masks:
        for number in mask.frames if mask.box.w and mask.box.h else ():
            boxes.setdefault(number, []).append(mask.box)
    return boxes


# --- without loss ---------------------------------------------------------------------------------------------------
def _coded(told: _Told, frame: bytes, boxes: Sequence[Box]) -> bytes:
    """The frame as it stays, or decoded, masked and encoded again."""
    layout = told.layout
    stripped = None if boxes else told.stripped(frame)
    if stripped is not None:
        return stripped
    pixels = decode(frame, layout, raw=True)[0].copy()
    photometric = "RGB" if layout.photometric in TRANSFORMED else layout.photometric
    fill = told.fill(photometric)
    for box in boxes:
        pixels[box.y : box.y + box.h, box.x : box.x + box.w] = fill if layout.samples > 1 else fill[0]
    encoded = encode(pixels, layout, frame)
    if encoded is None:
        raise _NotPossible
    clean = strip(encoded, layout)
    written = encoded if clean is None else clean
    if not np.array_equal(decode(written, layout, raw=True)[0], pixels):
        raise _NotPossible
    return written


# --- JPEG -----------------------------------------------------------------------------------------------------------
def _grid(told: _Told, masks: Sequence[Mask]) -> Grid:
    """The grid of the first frame that is masked; the others must have the same."""
    first = min(_boxes(masks), default=0)
    frame = next(islice(_frames(told.dataset, told.layout), first, None), b"")
    clean = told.stripped(frame)
    found = grid(clean) if clean else None
    if found is None or (found.height, found.width) != (told.layout.rows, told.layout.columns):
        raise _NotPossible
    return found


def _flat(told: _Told, frame: bytes, boxes: Sequence[Box], area: Grid) -> bytes:
    """The frame with the blocks under ``boxes`` flat."""
    clean = told.stripped(frame)
    if clean is None:
        raise _NotPossible
    if not boxes:
        return clean
    own = grid(clean)
    if own is None or own.steps != area.steps:
        raise _NotPossible
    begins, before = told.begins(clean), None
    for fill in _fills(told):
        told.heads.fresh = False
        edited = edit(clean, boxes, fill, told.heads)
        if edited is None:
            continue
        if begins and not told.heads.fresh:  # as a frame that was compared; what follows has the same bytes as before
            return edited
        before = _shown(clean, told.layout) if before is None else before
        if _as_meant(before, _shown(edited, told.layout), boxes, area):
            return edited
        told.heads.known.clear()
    raise _NotPossible


def _shown(frame: bytes, layout: Layout) -> NDArray[Any]:
    try:
        return rgb(Frame(0, *decode(frame, layout))).pixels
    except UnreadablePixels:
        raise _NotPossible from None


def _fills(told: _Told) -> Iterator[Fill]:
    """What may make a block dark: as the header has it, then as vendors write it who mistake RGB for YBR."""
    layout = told.layout
    if layout.signed or layout.photometric == "PALETTE COLOR":
        return  # the level that a lossy coding can reach need not be the one that is wanted
    if layout.samples == 1:
        yield partial(_level, told.fill(layout.photometric), told.extremes)
        return
    spaces = ["YBR_FULL", "RGB"] if layout.photometric.startswith("YBR") else ["RGB", "YBR_FULL"]
    for values in map(told.fill, spaces):
        yield partial(_level, values, Extremes(0, 255))


def _level(values: Sequence[float], legal: Extremes, part: int, quantiser: int, bits: int) -> int:
    """The DC value whose block is nearest to what is wanted among those that decode to a legal value (10918-1 A.3.3, A.3.4)."""
    wanted = values[part]
    half, top = 1 << bits - 1, (1 << bits) - 1
    low = int((wanted - half) * 8 // quantiser)

    def value(dc: int) -> int:
        return min(max((dc * quantiser + 4) // 8 + half, 0), top)

    return min((low, low + 1), key=lambda dc: (not legal.low <= value(dc) <= legal.high, abs(value(dc) - wanted), dc))


def _as_meant(before: NDArray[Any], after: NDArray[Any], boxes: Sequence[Box], area: Grid) -> bool:
    """Whether the masks are flat (colour: black) and nothing else changed, as a decoder shows it.

    Where colour is subsampled, decoders smooth it over the edge of a block: of the pixels on both sides of the edge nothing is
    asked here, but that the luminance within is dark.
    """
    inside = np.zeros(before.shape[:2], np.uint8)
    for box in boxes:
        inside[box.y : box.y + box.h, box.x : box.x + box.w] = 1
    edge = np.ones((3, 3), np.uint8)
    outside = 1 - (cv2.dilate(inside, edge) if area.subsampled else inside)
    core = cv2.erode(inside, edge) if area.subsampled else inside
    if before.shape != after.shape or before.dtype != after.dtype or not cv2.countNonZero(core):
        return False
    if any(cv2.countNonZero(cv2.copyTo(changed, outside)) for changed in cv2.split(cv2.absdiff(before, after))):
        return False
    levels = [cv2.minMaxLoc(samples, core)[:2] for samples in cv2.split(after)]
    return all(low == high and (before.ndim == 2 or high <= _DARK) for low, high in levels)
