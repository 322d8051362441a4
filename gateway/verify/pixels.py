"""Proves that pixels outside the masks are the original's, that masks are flat, and that no identifier can be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from gateway.records import Box, Erased, Mask, Problem
from gateway.verify import blocks, checks, faces
from gateway.verify.codestreams import carries_text
from gateway.verify.frames import PIXELS, Frames
from gateway.verify.pixeltext import PixelText, spelled
from gateway.verify.reader import LineReader, eight_bit

#: Two decoders of a lossy coding may differ by this much: one in the transform, the rest in the colour conversion.
_LOSSY_TOLERANCE: Final = 3
#: Frames that are read together, beyond those few that are read by themselves.
_TOGETHER: Final = 64
_FEW: Final = 3
#: A frame with a side shorter than this has no room for a letter (pixels).
_SMALLEST: Final = 12


@dataclass(frozen=True, slots=True)
class Masked:
    """Where the pixels of one instance may differ from the original's: masks, and what was erased with a face."""

    masks: tuple[Mask, ...]
    erased: tuple[Erased, ...] = ()


class Texts:
    """Which lines stand in which image: each distinct image of a study is read once."""

    def __init__(self, reader: LineReader) -> None:
        self._reader = reader
        self._read: dict[bytes, tuple[str, ...]] = {}

    def lines(self, image: NDArray[np.uint8]) -> tuple[str, ...]:
        """The lines in ``image``; nothing is read where there is no contrast or no room for a letter."""
        if min(image.shape[:2]) < _SMALLEST or image.min() == image.max():
            return ()
        key = sha256(repr(image.shape).encode() + image.tobytes()).digest()
        if key not in self._read:
            self._read[key] = self._reader.lines(image)
        return self._read[key]


def check(
    index: int, original: Dataset, written: Dataset, masked: Masked, words: PixelText, texts: Texts
) -> Iterator[Problem]:
    """Compare the pixels of one instance with the original's, and read those of the written file."""
    if not any(keyword in original or keyword in written for keyword in PIXELS):
        return
    try:
        before, after = Frames(original), Frames(written)
    except ValueError:
        yield Problem(checks.PIXEL_UNREADABLE, index, "7FE00010")
        return
    if _form(before) != _form(after) or before.keyword != after.keyword:
        yield Problem(checks.PIXEL_SHAPE, index, "7FE00010")
        return
    if after.native and after.size != after.length():
        yield Problem(checks.PIXEL_LENGTH, index, "7FE00010")
    if not after.native and after.extra_streams:
        yield Problem(checks.PIXEL_LENGTH, index, "7FE00010")
    try:
        erased = faces.masks(masked.erased, after.shape[:2])
    except ValueError:
        yield Problem(checks.ERASED_NOT_FLAT, index, "7FE00010")
        return
    for frame in range(after.count):
        yield from _frame(index, frame, (before, after), masked.masks, erased)
    yield from _flat(index, after, masked.masks, erased)
    yield from _read(index, after, masked.masks, words, texts)


def _form(frames: Frames) -> tuple[object, ...]:
    return frames.shape, frames.count, frames.bits, frames.stored, frames.signed


def _place(frame: int) -> str:
    """How people are told of a frame: counted from 1, as DICOM counts (PS3.3 10.3.1, Referenced Frame Number)."""
    return f"frame {frame + 1}"


def _frame(
    index: int,
    frame: int,
    beside: tuple[Frames, Frames],
    masks: tuple[Mask, ...],
    erased: Mapping[int, NDArray[np.bool_]],
) -> Iterator[Problem]:
    place = _place(frame)
    before, after = beside
    boxes = [mask.box for mask in masks if frame in mask.frames]
    if not after.native:
        stream = after.stream(frame)
        if carries_text(stream):
            yield Problem(checks.CODESTREAM_TEXT, index, place)
        if (
            not boxes
            and frame not in erased
            and stream
            and before.syntax == after.syntax
            and stream.rstrip(b"\0") == before.stream(frame).rstrip(b"\0")
        ):
            return
    try:
        old, new = before.values(frame), after.values(frame)
    except ValueError:
        yield Problem(checks.PIXEL_UNREADABLE, index, place)
        return
    inside, soft = _masked(boxes, beside, frame)
    for box in boxes:
        here = slice(box.y, box.y + box.h), slice(box.x, box.x + box.w)
        values = new[here][~soft[here]]
        if (values != values[:1]).any():
            yield Problem(checks.MASK_NOT_FLAT, index, place)
    outside = ~(inside | soft | erased.get(frame, np.zeros_like(inside)))
    edited = after.syntax in blocks.SYNTAXES  # block by block, not encoded anew
    lossy = before.lossy and (before.syntax != after.syntax or (bool(boxes) and not edited))
    same = _same(old, new, outside, lossy=lossy)
    if not same or (soft.any() and not blocks.same_luminance(before.stream(frame), after.stream(frame), inside)):
        yield Problem(checks.PIXEL_CHANGED, index, place)


def _masked(boxes: list[Box], beside: tuple[Frames, Frames], frame: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which pixels lie under a mask, and which at the edge of one where decoders smooth the colour of JPEG."""
    before, after = beside
    inside = np.zeros(after.shape[:2], dtype=bool)
    for box in boxes:
        inside[box.y : box.y + box.h, box.x : box.x + box.w] = True
    edited = boxes and before.syntax == after.syntax and after.syntax in blocks.SYNTAXES
    soft = edited and blocks.subsampled(after.stream(frame))
    return inside, blocks.edge(inside) if soft else np.zeros_like(inside)


def _flat(
    index: int, after: Frames, masks: tuple[Mask, ...], erased: Mapping[int, NDArray[np.bool_]]
) -> Iterator[Problem]:
    """All erased pixels of an instance have one value, masks aside."""
    first = None
    for frame, inside in sorted(erased.items()):
        left = inside.copy()
        for box in (mask.box for mask in masks if frame in mask.frames):
            left[box.y : box.y + box.h, box.x : box.x + box.w] = False
        try:
            values = after.values(frame)[left]
        except ValueError:
            yield Problem(checks.ERASED_NOT_FLAT, index, _place(frame))
            continue
        if values.size:
            first = values[0] if first is None else first
            if (values != first).any():
                yield Problem(checks.ERASED_NOT_FLAT, index, _place(frame))


def _same(old: NDArray[np.generic], new: NDArray[np.generic], outside: NDArray[np.bool_], *, lossy: bool) -> bool:
    if lossy:
        apart = np.abs(old.astype(np.int64) - new.astype(np.int64)).max(axis=2)
        return not (apart[outside] > _LOSSY_TOLERANCE).any()
    different = (old != new) & ~(np.isnan(old) & np.isnan(new)) if old.dtype.kind == "f" else old != new
    return not different.any(axis=2)[outside].any()


def _read(index: int, after: Frames, masks: tuple[Mask, ...], words: PixelText, texts: Texts) -> Iterator[Problem]:
    """Read the first, middle and last frame, each in which other masks begin, and what shines through any of many together."""
    for frame in sorted({0, after.count // 2, after.count - 1} | _turns(masks, after.count)):
        try:
            images = [eight_bit(after.visible(frame)), *_beneath(after, frame)]
        except ValueError:
            yield Problem(checks.PIXEL_UNREADABLE, index, _place(frame))
            continue
        if _identifies(images, words, texts):
            yield Problem(checks.IDENTIFIER_IN_PIXELS, index, _place(frame))
    for start in range(0, after.count if after.count > _FEW else 0, _TOGETHER):
        try:
            image = eight_bit(_together(after, start))
        except ValueError:
            yield Problem(checks.PIXEL_UNREADABLE, index, _place(start))
            continue
        if _identifies([image], words, texts):
            yield Problem(checks.IDENTIFIER_IN_PIXELS, index, _place(start))


def _identifies(images: Sequence[NDArray[np.uint8]], words: PixelText, texts: Texts) -> bool:
    read = [texts.lines(image) for image in images]
    return any(words.identifies(line) for lines in read for line in (*lines, *spelled(lines)))


def _turns(masks: tuple[Mask, ...], count: int) -> set[int]:
    """The frames that have other masks than the frame before."""
    members = [set(mask.frames) for mask in masks]
    turns = {
        edge
        for frames in members
        for frame in frames
        for edge in (frame, frame + 1)
        if (edge in frames) != (edge - 1 in frames)
    }
    return {frame for frame in turns if frame < count}


def _together(after: Frames, start: int) -> NDArray[np.generic]:
    """The brightest that each pixel shows in the frames from ``start`` on: text in any of them stays, what moves blurs."""
    shown = after.visible(start)
    for frame in range(start + 1, min(start + _TOGETHER, after.count)):
        shown = np.maximum(shown, after.visible(frame))
    return shown


def _beneath(after: Frames, frame: int) -> list[NDArray[np.uint8]]:
    """How far each stored value lies from the first of its colour, if a palette shows some of them alike."""
    if after.photometric != "PALETTE COLOR":
        return []
    stored, place, steps = np.unique(after.decode(frame), return_index=True, return_inverse=True)
    colours = after.visible(frame).reshape(steps.size, -1)[place]
    _, first, colour = np.unique(colours, axis=0, return_index=True, return_inverse=True)
    if len(first) == len(stored):
        return []
    return [eight_bit((steps.reshape(-1) - first[colour.reshape(-1)][steps.reshape(-1)]).reshape(after.shape))]
