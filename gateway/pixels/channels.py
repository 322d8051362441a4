"""Closes the hidden channels of pixel data, which no mask reaches and no viewer shows.

Unused bits above or below the stored ones, bytes after the last frame, comments and application data inside compressed
frames, frames beyond Number of Frames, stray bytes and arbitrary numbers in offset tables. The decoded pixels stay the same.
"""

from __future__ import annotations

from functools import partial
from itertools import chain, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from gateway.pixels.codestream import BESIDE, carried, strip, strip_proven
from gateway.pixels.encapsulation import encapsulated
from gateway.pixels.frames import encoded_frames, fragments, swapped_bytes
from gateway.pixels.layout import Layout
from gateway.pixels.mask import write_decoded
from gateway.pixels.native import Samples, groups, rewrite
from gateway.records import Change
from gateway.stored import Value, parts, store

TAGS = {"PixelData": "7FE00010", "FloatPixelData": "7FE00008", "DoubleFloatPixelData": "7FE00009"}


def close_channels(dataset: Dataset, layout: Layout) -> tuple[Change, ...]:
    """Close them in place; one change for each kind that was open."""
    rules = _close_encapsulated(dataset, layout) if layout.encapsulated else _close_native(dataset, layout)
    return tuple(Change(TAGS[layout.keyword], "C", rule) for rule in rules)


# --- native ---------------------------------------------------------------------------------------------------------
def _close_native(dataset: Dataset, layout: Layout) -> list[str]:
    element, rules = dataset[layout.keyword], []
    value: Value = element.value
    at, ending = _ending(value, layout, swapped=swapped_bytes(dataset, layout))
    if len(value) != at + len(ending) or value[at:] != ending:
        element.value = store(chain(parts(value, stop=at), (ending,)))
        rules.append("bytes after the last frame")
    if layout.keyword == "PixelData" and 1 < layout.allocated != layout.stored:
        cleaned = (_without_unused_bits(samples, layout) for _, samples in groups(dataset, layout))
        if any(samples is not None for samples in cleaned):
            rewrite(dataset, layout, partial(_used_bits, layout))
            rules.append("bits outside Bits Stored")
    return rules


def _used_bits(layout: Layout, _: int, samples: Samples) -> Samples:
    clean = _without_unused_bits(samples, layout)
    return samples if clean is None else clean


def _ending(value: Value, layout: Layout, *, swapped: bool) -> tuple[int, bytes]:
    """Where the last word of the frames begins, and how the value has to end from there on.

    It is padded with zero to even length; the bits after the last 1-bit frame are zero as well.
    """
    length = layout.native_length
    at = (length - 1) // 2 * 2
    if swapped:  # the padding byte of an odd length is not the last in its word
        word = bytearray(value[at : at + 2])
        if length % 2:
            word[-2] = 0
        return at, bytes(word)
    last = bytearray(value[at:length])
    if rest := layout.frame_bits * layout.frames % 8:
        last[-1] &= (1 << rest) - 1
    return at, bytes(last) + b"\0" * (length % 2)


def _without_unused_bits(samples: NDArray[Any], layout: Layout) -> NDArray[Any] | None:
    """The samples with zeros below and zeros or sign above the stored bits; None if they are so already (PS3.5 8.1.1)."""
    low = layout.high_bit + 1 - layout.stored
    unsigned = samples.view(f"{samples.dtype.str[0]}u{samples.dtype.itemsize}")
    used = ((1 << layout.stored) - 1) << low
    plain = unsigned & unsigned.dtype.type(used)
    if np.array_equal(plain, unsigned):
        return None
    up = layout.allocated - 1 - layout.high_bit
    extended = ((samples << up) >> (up + low)) << low if layout.signed else plain.view(samples.dtype)
    extended = extended.astype(samples.dtype)
    return None if np.array_equal(extended, samples) else extended


# --- encapsulated ---------------------------------------------------------------------------------------------------
def _close_encapsulated(dataset: Dataset, layout: Layout) -> list[str]:
    rules = set()
    for number, frame in enumerate(encoded_frames(dataset, layout)):
        if number >= layout.frames:
            rules.add("frames after the last frame")
            break
        stripped = strip_proven(frame, layout)
        if stripped is None:
            write_decoded(dataset, layout, (), (0, 0, 0))
            return ["encoding that could not be checked"]
        if carried(frame, stripped):
            rules.add(BESIDE)
    if _stray_bytes(dataset, layout):
        rules.add("stray bytes in the encapsulation")
    if rules:
        _encapsulate_again(dataset, layout)
    return sorted(rules)


def _stray_bytes(dataset: Dataset, layout: Layout) -> bool:
    """Whether the encapsulation holds anything but fragments, a delimiter and a true offset table."""
    items = list(fragments(dataset.PixelData))
    rest, table, parts = items.pop()[1], items[0][1], items[1:]
    if rest not in (b"", b"\xfe\xff\xdd\xe0\0\0\0\0") or len(parts) < layout.frames:
        return True
    starts = [position - parts[0][0] for position, _ in parts]
    basic = np.frombuffer(table[: len(table) // 4 * 4], "<u4").tolist()
    if len(table) % 4 or (basic and (len(basic) != layout.frames or not set(basic) <= set(starts))):
        return True
    if "ExtendedOffsetTable" not in dataset and "ExtendedOffsetTableLengths" not in dataset:
        return False
    offsets = np.array(starts, "<u8").tobytes()
    lengths = np.frombuffer(dataset.get("ExtendedOffsetTableLengths") or b"", "<u8").tolist()
    sizes = [len(part) for _, part in parts]
    return dataset.get("ExtendedOffsetTable") != offsets or not (
        len(lengths) == len(sizes) and all(size - length in (0, 1) for size, length in zip(sizes, lengths, strict=True))
    )


def _encapsulate_again(dataset: Dataset, layout: Layout) -> None:
    frames = (strip(frame, layout) for frame in islice(encoded_frames(dataset, layout), layout.frames))
    value = encapsulated(frame for frame in frames if frame is not None)
    for keyword in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths"):
        if keyword in dataset:
            delattr(dataset, keyword)
    dataset.PixelData = value
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
