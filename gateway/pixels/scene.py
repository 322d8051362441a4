"""What is known of an image beside its text: its size, where an ultrasound device says that its data stand, who writes on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydicom.dataset import Dataset

from gateway.records import Box

_SIDES = frozenset("LRAPHFSI")
_LETTERS = 3  # of an oblique orientation: RAH
_MIDDLE, _EDGE = 0.06, 0.15  # of the image: how far off the middle of an edge, and how far from the edge
# Here operators write on the picture, in abbreviations, what it shows: ultrasound, angiography, endoscopy.
_ANNOTATED = frozenset({"US", "IVUS", "BDUS", "XA", "RF", "ES", "EC", "OPT", "OCT", "IVOCT", "ECG", "HD", "BI"})
_EDGES = (
    "RegionLocationMinX0",
    "RegionLocationMinY0",
    "RegionLocationMaxX1",
    "RegionLocationMaxY1",
)


@dataclass(frozen=True, slots=True)
class Scene:
    """An image of ``rows`` x ``columns`` pixels. ``regions`` hold ultrasound data, as the header says; none if it does not.

    ``annotated``: operators write on images of this kind what they show, or nothing is known of the kind.
    """

    rows: int
    columns: int
    regions: tuple[Box, ...] = ()
    annotated: bool = True

    def shows_side(self, box: Box, text: str) -> bool:
        """Whether a letter of orientation stands where displays write it: in the middle of an edge (PS3.3 C.7.6.1.1.1)."""
        across, down = box.x + box.w / 2, box.y + box.h / 2
        middle_across = abs(across - self.columns / 2) <= _MIDDLE * self.columns
        middle_down = abs(down - self.rows / 2) <= _MIDDLE * self.rows
        at_edge_across = min(across, self.columns - across) <= _EDGE * self.columns
        at_edge_down = min(down, self.rows - down) <= _EDGE * self.rows
        place = (middle_across and at_edge_down) or (middle_down and at_edge_across)
        return place and 0 < len(text) <= _LETTERS and set(text) <= _SIDES


def scene(dataset: Dataset, rows: int, columns: int) -> Scene:
    """Look up the regions of an ultrasound image (PS3.3 C.8.5.5.1.1 and .2): pixels of the frame, corners included.

    A region that makes no sense is left out: nothing depends on regions but which technical text stays.
    """
    frame = Box(0, 0, columns, rows)
    regions = tuple(box for box in _regions(dataset) if box.w > 0 and box.h > 0 and _inside(box, frame))
    return Scene(rows, columns, regions, annotated=dataset.get("Modality", "") in {"", *_ANNOTATED})


def _regions(dataset: Dataset) -> Iterator[Box]:
    for item in dataset.get("SequenceOfUltrasoundRegions") or ():
        try:
            left, top, right, bottom = (int(item[keyword].value) for keyword in _EDGES)
        except (KeyError, TypeError, ValueError):
            continue
        yield Box(left, top, right - left + 1, bottom - top + 1)


def _inside(box: Box, frame: Box) -> bool:
    return box.x >= 0 and box.y >= 0 and box.x + box.w <= frame.w + 1 and box.y + box.h <= frame.h + 1
