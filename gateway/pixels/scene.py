"""What is known of an image beside its text: how large it is, and where an ultrasound device says that its data stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydicom.dataset import Dataset

from gateway.records import Box

_EDGES = (
    "RegionLocationMinX0",
    "RegionLocationMinY0",
    "RegionLocationMaxX1",
    "RegionLocationMaxY1",
)


@dataclass(frozen=True, slots=True)
class Scene:
    """An image of ``rows`` x ``columns`` pixels. ``regions`` hold ultrasound data, as the header says; none if it does not."""

    rows: int
    columns: int
    regions: tuple[Box, ...] = ()


def scene(dataset: Dataset, rows: int, columns: int) -> Scene:
    """Look up the regions of an ultrasound image (PS3.3 C.8.5.5.1.1 and .2): pixels of the frame, corners included.

    A region that makes no sense is left out: nothing depends on regions but which technical text stays.
    """
    frame = Box(0, 0, columns, rows)
    return Scene(
        rows, columns, tuple(box for box in _regions(dataset) if box.w > 0 and box.h > 0 and _inside(box, frame))
    )


def _regions(dataset: Dataset) -> Iterator[Box]:
    for item in dataset.get("SequenceOfUltrasoundRegions") or ():
        try:
            left, top, right, bottom = (int(item[keyword].value) for keyword in _EDGES)
        except (KeyError, TypeError, ValueError):
            continue
        yield Box(left, top, right - left + 1, bottom - top + 1)


def _inside(box: Box, frame: Box) -> bool:
    return box.x >= 0 and box.y >= 0 and box.x + box.w <= frame.w + 1 and box.y + box.h <= frame.h + 1
