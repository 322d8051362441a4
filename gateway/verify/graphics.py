"""Looks at overlays and graphic annotations, where the profile keeps them: what they show, and that nothing was added.

Bits of an overlay may be gone, none may be new; its data ends with its last bit. Every frame of it is read, overlays of one
size also as they lie over each other; the objects of a presentation state are drawn, layer by layer, and read as well. So
are, under any profile, the lines that a report draws on each image (SCOORD, PS3.3 C.18.6), which no step takes away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterator, Mapping
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from gateway.records import Problem
from gateway.verify import checks
from gateway.verify.drawings import Points, pictures
from gateway.verify.elements import Element
from gateway.verify.facts import Facts
from gateway.verify.pixels import Texts
from gateway.verify.pixeltext import PixelText, spelled

OPTION: Final = "CleanGraphicsOption"
_ANNOTATION: Final = "GraphicAnnotationSequence"
#: The elements of an overlay that are not retired, and its comments (PS3.3 Table C.9-2).
_OVERLAY: Final = frozenset(
    {
        0x0010, 0x0011, 0x0015, 0x0022, 0x0040, 0x0045, 0x0050, 0x0051, 0x0100, 0x0102, 0x1001, 0x1301, 0x1302, 0x1303,
        0x1500, 0x3000, 0x4000,
    }
)  # fmt: skip
_WAVEFORMS: Final = range(0x5400, 0x5500)
_ANNOTATIONS, _COORDINATES = "00700001", "0040A730/00700022"
_Bits = NDArray[np.uint8]


def forbidden(element: Element, facts: Facts) -> bool:
    """Whether an element belongs to graphics that may not be there: curves, and without the option all of them."""
    group, number = element.tag >> 16, element.tag & 0xFFFF
    if group & 0xFF00 == 0x5000:
        return group not in _WAVEFORMS
    if group & 0xFF00 == 0x6000:
        return OPTION not in facts.options or bool(element.parents) or group > 0x601E or number not in _OVERLAY
    return element.keyword == _ANNOTATION and OPTION not in facts.options


def check(
    index: int, original: Dataset, written: Dataset, facts: Facts, words: PixelText, texts: Texts
) -> Iterator[Problem]:
    """Check the graphics of one instance; those that may not be there are the matter of ``forbidden``."""
    shown: Iterator[tuple[str, _Bits]] = ((_COORDINATES, image) for image in pictures(outlined(written).values()))
    if OPTION in facts.options:
        planes = yield from _planes(index, original, written)
        drawn = ((_ANNOTATIONS, image) for image in pictures(_annotated(written).values()))
        shown = chain(shown, _images(planes), drawn)
    for place, image in shown:
        lines = texts.lines(image)
        if any(words.identifies(line) for line in (*lines, *spelled(lines))):
            yield Problem(checks.IDENTIFIER_IN_GRAPHICS, index, place)


# --- overlays --------------------------------------------------------------------------------------------------------
def _planes(index: int, original: Dataset, written: Dataset) -> Generator[Problem, None, list[tuple[str, _Bits]]]:
    """The overlays that are described to their last bit, each with its place; the faults of all."""
    planes: list[tuple[str, _Bits]] = []
    for group in sorted({tag.group for tag in written.keys() if tag.group & 0xFF01 == 0x6000}):  # noqa: SIM118  # a data set yields elements, and reads each
        place = f"{group << 16 | 0x3000:08X}"
        bits = _stored(written, group, written, exact=True)
        if bits is None:
            yield Problem(checks.OVERLAY_UNREADABLE, index, place)
            continue
        planes.append((place, bits))
        before = _original(original, group)
        if before is None or before.shape != bits.shape or (bits & ~before & 1).any():
            yield Problem(checks.OVERLAY_CHANGED, index, place)
    return planes


def _number(ds: Dataset, tag: int, default: int) -> int:
    value = ds[tag].value if tag in ds else None
    return default if value in (None, "") else int(value)


def _shape(ds: Dataset, group: int) -> tuple[int, int, int]:
    base = group << 16
    return _number(ds, base | 0x0015, 1), _number(ds, base | 0x0010, 0), _number(ds, base | 0x0011, 0)


def _stored(ds: Dataset, group: int, file: Dataset, *, exact: bool) -> _Bits | None:
    """The bits of Overlay Data; ``exact``: its length must be that of its bits, and no spare bit be set."""
    shape, tag = _shape(ds, group), group << 16 | 0x3000
    data = bytes(ds[tag].value or b"") if tag in ds else b""
    count = int(np.prod(shape))
    if min(shape) < 1 or len(data) * 8 < count or (exact and len(data) != -(-count // 16) * 2):
        return None
    if not file.original_encoding[1] and ds[tag].VR == "OW":
        data = np.frombuffer(data[: len(data) // 2 * 2], ">u2").astype("<u2").tobytes()
    bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
    if exact and (bits[count:].any() or _number(ds, group << 16 | 0x0100, 1) != 1):
        return None
    return bits[:count].reshape(shape)


def _original(ds: Dataset, group: int) -> _Bits | None:
    """The bits of the original's overlay, wherever they are."""
    if group << 16 | 0x3000 in ds:
        return _stored(ds, group, ds, exact=False)
    if group << 16 | 0x0102 not in ds or "PixelData" not in ds:
        return None
    order = "<" if ds.original_encoding[1] else ">"
    frames, rows, columns = int(ds.get("NumberOfFrames") or 1), int(ds.Rows), int(ds.Columns)
    words = np.frombuffer(ds.PixelData[:], f"{order}u{int(ds.BitsAllocated) // 8}")
    if len(words) < frames * rows * columns:
        return None
    bits = words[: frames * rows * columns] >> _number(ds, group << 16 | 0x0102, 0) & 1
    return bits.astype(np.uint8).reshape(frames, rows, columns)


def _images(planes: list[tuple[str, _Bits]]) -> Iterator[tuple[str, _Bits]]:
    """Each frame of each overlay, and those of one size over each other."""
    by_shape: defaultdict[tuple[int, ...], list[tuple[str, _Bits]]] = defaultdict(list)
    for place, bits in planes:
        by_shape[bits.shape].append((place, bits))
    for alike in by_shape.values():
        layers = [bits for _, bits in alike]
        together = [(alike[0][0], np.bitwise_or.reduce(layers))] if len(layers) > 1 else []
        for place, bits in (*alike, *together):
            for frame in bits:
                yield place, frame * np.uint8(255)


# --- drawings --------------------------------------------------------------------------------------------------------
def _annotated(ds: Dataset) -> Mapping[tuple[str, ...], list[Points]]:
    """The points of the graphic objects of a presentation state, by layer and units."""
    layers: defaultdict[tuple[str, ...], list[Points]] = defaultdict(list)
    for annotation in ds.get(_ANNOTATION) or ():
        for keyword, units in (
            ("GraphicObjectSequence", "GraphicAnnotationUnits"),
            ("CompoundGraphicSequence", "CompoundGraphicUnits"),
        ):
            for item in annotation.get(keyword) or ():
                layers[str(annotation.get("GraphicLayer")), str(item.get(units))].append(_points(item))
    return layers


def outlined(ds: Dataset) -> Mapping[tuple[str, ...], list[Points]]:
    """The points of the lines that a report draws, by image."""
    images: defaultdict[tuple[str, ...], list[Points]] = defaultdict(list)
    for item in _content(ds):
        if item.get("ValueType") == "SCOORD" and item.get("GraphicType") == "POLYLINE":
            images[_image(item)].append(_points(item))
    return images


def _content(ds: Dataset) -> Iterator[Dataset]:
    """The items of a report's tree, without recursion, though sources refuse more than a hundred levels (NESTED_TOO_DEEP)."""
    waiting = list(ds.get("ContentSequence") or ())
    while waiting:
        item = waiting.pop()
        yield item
        waiting += item.get("ContentSequence") or ()


def _image(item: Dataset) -> tuple[str, ...]:
    """What tells the image that coordinates are in: its UID and frames, or the place of the content item that does."""
    found: list[str] = []
    for below in item.get("ContentSequence") or ():
        found.append(str(below.get("ReferencedContentItemIdentifier")))
        for one in below.get("ReferencedSOPSequence") or ():
            found += [str(one.get("ReferencedSOPInstanceUID")), str(one.get("ReferencedFrameNumber"))]
    return tuple(found)


def _points(item: Dataset) -> Points:
    """The points of Graphic Data, (points, 2)."""
    numbers = np.atleast_1d(np.asarray(item.GraphicData, dtype=np.float64))
    return numbers[: len(numbers) // 2 * 2].reshape(-1, 2)
