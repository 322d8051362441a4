"""Edits native pixel data a few frames at a time, so that long ones are never whole in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from gateway.pixels.frames import swapped_bytes
from gateway.pixels.layout import Layout
from gateway.stored import Stored, Value, made, parts, store

Samples = NDArray[Any]
_TOGETHER = 8  # frames: so many always end with a whole byte (PS3.5 8.1.1), and with a whole word


def groups(dataset: Dataset, layout: Layout) -> Iterator[tuple[int, Samples]]:
    """Yield frames as (frames, samples of one frame), writable, each group with the number of its first frame.

    Bits of one-bit frames are unpacked to bytes; bytes that are swapped in words are put right. The bits of the last frame may
    be cut short: what is there is yielded.
    """
    value: Value = dataset[layout.keyword].value
    swapped = swapped_bytes(dataset, layout)
    together = _together(layout)
    for first in range(0, layout.frames, together):
        yield first, _group(value, layout, first, min(together, layout.frames - first), swapped=swapped)


def _together(layout: Layout) -> int:
    return _TOGETHER if layout.frame_bits % 16 else 1


def _group(value: Value, layout: Layout, first: int, count: int, *, swapped: bool) -> Samples:
    start, stop = first * layout.frame_bits // 8, -(-(first + count) * layout.frame_bits // 8)
    data = np.frombuffer(bytearray(value[start : stop + (stop % 2 if swapped else 0)]), np.uint8)
    if swapped:
        data = _turned(data)[: stop - start]
    if layout.allocated == 1:
        samples: Samples = np.unpackbits(data, count=count * layout.frame_bits, bitorder="little")
    else:
        samples = data.view(layout.dtype)
    return samples.reshape(count, -1)


def rewrite(dataset: Dataset, layout: Layout, edit: Callable[[int, Samples], Samples]) -> None:
    """Replace all frames by what ``edit`` makes of each group, as ``groups`` yields them; what follows them stays.

    Of large pixel data a group is edited when it is read, maybe more than once: they are written but once, into the result.
    """
    element = dataset[layout.keyword]
    if isinstance(element.value, Stored) and not swapped_bytes(dataset, layout):
        element.value = _when_read(element.value, layout, edit)
        return
    rest = parts(element.value, layout.native_length)
    edited = (packed(edit(first, samples), layout) for first, samples in groups(dataset, layout))
    if swapped_bytes(dataset, layout):
        odd = bytes(layout.native_length % 2)  # the padding belongs to the last word
        edited = (_turned(np.frombuffer(part, np.uint8)).tobytes() for part in parts(store(chain(edited, (odd,)))))
        rest = parts(element.value, layout.native_length + len(odd))
    element.value = store(chain(edited, rest))


def _when_read(value: Stored, layout: Layout, edit: Callable[[int, Samples], Samples]) -> Stored:
    together = _together(layout)
    size = together * layout.frame_bits // 8

    def make(number: int) -> bytes:
        first, start = number * together, number * size
        count = min(together, layout.frames - first)
        group = packed(edit(first, _group(value, layout, first, count, swapped=False)), layout) if count > 0 else b""
        return group + value[start + len(group) : start + size]

    return made(len(value), size, make)


def packed(samples: Samples, layout: Layout) -> bytes:
    """Samples as they are stored; the bits of one-bit frames packed."""
    return (np.packbits(samples, bitorder="little") if layout.allocated == 1 else samples).tobytes()


def _turned(data: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The bytes of each word in the other order; a single byte at the end stays."""
    even = len(data) // 2 * 2
    return np.concatenate((data[:even].reshape(-1, 2)[:, ::-1].ravel(), data[even:]))
