"""Overlays: bit planes in groups 6000 to 601E, or in unused bits of the pixels (PS3.3 C.9.2, PS3.5 8.1.2).

Under the Clean Graphics Option (PS3.15 E.3.3) they are read like frames; what identifies or is unsure is erased, the rest
stays. A plane from unused bits gets an Overlay Data of its own, since those bits are zeroed. A plane that cannot be read goes.
Without the option the tag step has left none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from gateway.pixels.layout import Layout
from gateway.pixels.texts import Texts
from gateway.records import Box, Change, Finding, Verdict

_ROWS, _COLUMNS, _FRAMES, _ORIGIN, _FIRST, _BITS, _POSITION, _DATA = (
    0x0010, 0x0011, 0x0015, 0x0050, 0x0051, 0x0100, 0x0102, 0x3000,
)  # fmt: skip
_SAME_INK = 0.5  # of the ink in a box: a frame that has so much of it in the same place holds the same text
_Bits = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Plane:
    """One overlay: ``bits`` is (frames, rows, columns), 0 or 1."""

    group: int
    bits: _Bits


def clean_overlays(dataset: Dataset, layout: Layout | None, texts: Texts) -> tuple[tuple[Finding, ...], list[Change]]:
    """Erase identifying and unsure text from all overlays of ``dataset``, in place.

    ``layout`` is that of its pixels, which still have their unused bits; None if there are none. Boxes of the findings are
    in pixels of the overlay, whose first row and column need not be those of the image.
    """
    found: list[Finding] = []
    changes: list[Change] = []
    planes: list[Plane] = []
    for group in _groups(dataset):
        bits = _read(dataset, group, layout)
        if bits is None:
            _remove(dataset, group)
            changes.append(Change(_path(group), "X", "an overlay that cannot be read"))
        else:
            planes.append(Plane(group, bits.copy()))
    for plane in planes:
        findings = [finding for number, frame in _frames(plane) for finding in texts.findings(frame, number)]
        found += findings
        changes += _erase(plane, findings)
    together, erased = _together(planes, texts)
    for plane in planes:
        changes += [*(_erase(plane, together) if plane.group in erased else ()), *_store(dataset, plane)]
    return (*found, *together), list(dict.fromkeys(changes))


def _path(group: int) -> str:
    return f"{group << 16 | _DATA:08X}"


def _groups(dataset: Dataset) -> list[int]:
    return sorted({tag.group for tag in dataset.keys() if tag.group & 0xFF01 == 0x6000})  # noqa: SIM118  # a data set yields elements, and reads each


def _remove(dataset: Dataset, group: int) -> None:
    for tag in [tag for tag in dataset.keys() if tag.group == group]:  # noqa: SIM118  # a data set yields elements, and reads each
        del dataset[tag]


# --- read -----------------------------------------------------------------------------------------------------------
def _number(dataset: Dataset, group: int, element: int, default: int = 0) -> int:
    """A number of an overlay; ``default`` if it is missing, -1 if it is no single number."""
    tag = group << 16 | element
    if tag not in dataset or dataset[tag].is_empty:
        return default
    try:
        return int(dataset[tag].value)
    except (ValueError, TypeError):
        return -1


def _read(dataset: Dataset, group: int, layout: Layout | None) -> _Bits | None:
    """The bits of an overlay as (frames, rows, columns); None if header and data do not describe any."""
    shape = (
        _number(dataset, group, _FRAMES, 1),
        _number(dataset, group, _ROWS),
        _number(dataset, group, _COLUMNS),
    )
    if min(shape) < 1:
        return None
    if group << 16 | _DATA not in dataset:
        return _embedded(dataset, group, layout)
    if _number(dataset, group, _BITS, 1) != 1:
        return None
    data = np.frombuffer(dataset[group << 16 | _DATA].value or b"", np.uint8)
    count = shape[0] * shape[1] * shape[2]
    if len(data) * 8 < count:
        return None
    return np.unpackbits(data, count=count, bitorder="little").reshape(shape)


def _embedded(dataset: Dataset, group: int, layout: Layout | None) -> _Bits | None:
    """An overlay in a bit of the native pixels that is not used for them; it has the frames of the image."""
    position = _number(dataset, group, _POSITION, -1)
    if layout is None or layout.keyword != "PixelData" or layout.encapsulated or layout.samples > 1:
        return None
    used = range(layout.high_bit + 1 - layout.stored, layout.high_bit + 1)
    if not 0 <= position < layout.allocated or position in used:
        return None
    if (_number(dataset, group, _ROWS), _number(dataset, group, _COLUMNS)) != (layout.rows, layout.columns):
        return None
    value = dataset.PixelData
    if len(value) < layout.native_length:
        return None
    words = np.frombuffer(value[: layout.native_length], f"<u{layout.allocated // 8}")
    bits = (words >> position & 1).astype(np.uint8)
    return bits.reshape(layout.frames, layout.rows, layout.columns)


# --- judge and erase -------------------------------------------------------------------------------------------------
def _frames(plane: Plane) -> Iterator[tuple[int, _Bits]]:
    for number, bits in enumerate(plane.bits):
        yield number, bits * np.uint8(255)


def _together(planes: Sequence[Plane], texts: Texts) -> tuple[tuple[Finding, ...], set[int]]:
    """What only shows when overlays lie over each other, as viewers show them: findings, and the groups they concern."""
    found: list[Finding] = []
    concerned: set[int] = set()
    by_shape = sorted(planes, key=lambda plane: plane.bits.shape)
    for _, alike in groupby(by_shape, key=lambda plane: plane.bits.shape):
        layers = list(alike)
        if len(layers) > 1:
            union = Plane(0, reduce(np.bitwise_or, (layer.bits for layer in layers)))
            seen = [finding for number, frame in _frames(union) for finding in texts.findings(frame, number)]
            doubtful = [finding for finding in seen if finding.verdict is not Verdict.TECHNICAL]
            found += doubtful
            concerned |= {layer.group for layer in layers if doubtful}
    return tuple(found), concerned


def _erase(plane: Plane, findings: Iterable[Finding]) -> list[Change]:
    """Zero the boxes of what is not technical, in each frame that holds the same ink there."""
    rules: set[str] = set()
    for finding in findings:
        if finding.verdict is Verdict.TECHNICAL:
            continue
        rules.update(reason.rule for reason in finding.reasons)
        across = _part(plane.bits, finding.box)
        ink = across[finding.frame].copy()
        across[(across & ink).sum(axis=(1, 2)) >= max(1, _SAME_INK * ink.sum())] = 0
    return [Change(_path(plane.group), "C", rule) for rule in sorted(rules)]


def _part(bits: _Bits, box: Box) -> _Bits:
    return bits[:, max(0, box.y) : box.y + box.h, max(0, box.x) : box.x + box.w]


# --- write ----------------------------------------------------------------------------------------------------------
def _store(dataset: Dataset, plane: Plane) -> list[Change]:
    """Write a plane as Overlay Data, without a bit behind its last one."""
    tag = plane.group << 16 | _DATA
    packed = np.packbits(plane.bits, bitorder="little").tobytes()
    packed += b"\0" * (len(packed) % 2)
    if tag in dataset:
        before: bytes = dataset[tag].value
        dataset[tag].value = packed
        return [Change(_path(plane.group), "X", "bits after the overlay")] if _spare(before, plane.bits.size) else []
    frames = plane.bits.shape[0]
    dataset.add_new(plane.group << 16 | _BITS, "US", 1)
    dataset.add_new(plane.group << 16 | _POSITION, "US", 0)
    dataset.add_new(tag, "OW", packed)
    if frames > 1:
        dataset.add_new(plane.group << 16 | _FRAMES, "IS", str(frames))
        dataset.add_new(plane.group << 16 | _FIRST, "US", 1)
    return [Change(_path(plane.group), "C", "an overlay from unused bits of the pixels")]


def _spare(data: bytes, count: int) -> bool:
    """Whether bits are set behind the last one of a plane."""
    return bool(np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")[count:].any())
