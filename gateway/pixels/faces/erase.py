"""Writes what was decided: erased pixels take the lowest value of their instance, erased points of outlines go."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset

from gateway.errors import RecognizableFeatures
from gateway.pixels.channels import TAGS
from gateway.pixels.faces.decide import Decision
from gateway.pixels.faces.field import Field
from gateway.pixels.faces.geometry import Plane
from gateway.pixels.faces.survey import Kind, Seen
from gateway.pixels.frames import read_frames, swapped_bytes
from gateway.pixels.layout import Layout, layout
from gateway.pixels.mask import Extremes, background, write_decoded
from gateway.pixels.native import Samples, rewrite
from gateway.records import Change, Erased

RULE = "recognizable visual features"
_FEWEST = {"CLOSED_PLANAR": 3, "CLOSEDPLANAR_XOR": 3, "OPEN_PLANAR": 2, "OPEN_NONPLANAR": 2}


def erase(dataset: FileDataset, seen: Seen, decision: Decision) -> tuple[tuple[Erased, ...], tuple[Change, ...]]:
    """Erase in place what was decided for an instance; say in the header that no face is left (PS3.15 E.3.2).

    Raises:
        UnreadablePixels, UnsupportedPixels: as ``layout`` and ``read_frames``.
        RecognizableFeatures: the pixels are stored in a form in which they cannot be erased.
    """
    if seen.kind is Kind.CONTOURS:
        return (), _outlines(dataset, decision.fields)
    found = layout(dataset)
    if found is None:
        return (), ()
    erased = _pixels(dataset, found, seen, decision) if decision.fields or decision.everything else ()
    changes = [Change(TAGS[found.keyword], "C", RULE)] if erased else []
    if dataset.get("RecognizableVisualFeatures") != "NO":
        dataset.RecognizableVisualFeatures = "NO"
        changes.append(Change("00280302", "D", RULE))
    return erased, tuple(changes)


def _pixels(dataset: FileDataset, found: Layout, seen: Seen, decision: Decision) -> tuple[Erased, ...]:
    wanted = [_wanted(number, found, seen.planes, decision) for number in range(found.frames)]
    if not any(mask is not None for mask in wanted):
        return ()
    if found.subsampled or swapped_bytes(dataset, found):
        raise RecognizableFeatures("The pixels of a head are stored in a form in which a face cannot be erased.")
    fill = (0.0,) if seen.kind is Kind.LABELS else _fill(dataset, found, seen.planes)
    if found.encapsulated:
        write_decoded(dataset, found, (), fill)
        found = layout(dataset) or found
    _write(dataset, found, wanted, fill)
    return tuple(
        Erased(number, zlib.compress(np.packbits(mask).tobytes()))
        for number, mask in enumerate(wanted)
        if mask is not None
    )


def _wanted(number: int, found: Layout, placed: tuple[Plane, ...], decision: Decision) -> NDArray[np.bool_] | None:
    """What is erased of a frame; None if nothing is."""
    shape = found.rows, found.columns
    if decision.everything:
        return np.ones(shape, np.bool_)
    masks = [mask for one in decision.fields if (mask := one.erased(placed[number], shape)) is not None]
    return np.logical_or.reduce(masks) if masks else None


def _fill(dataset: FileDataset, found: Layout, placed: tuple[Plane, ...]) -> tuple[float, ...]:
    """The stored value of what is erased: the lowest of the instance in the modality's units, which is its background."""
    extremes, photometric = Extremes(0.0, 0.0), found.photometric
    for number, frame in enumerate(read_frames(dataset, found)):
        here = Extremes.of(frame.pixels)
        extremes, photometric = (here if number == 0 else extremes.joined(here)), frame.photometric
    if placed and placed[0].units and dataset.get("Modality") == "CT" and photometric.startswith("MONOCHROME"):
        return (extremes.high if placed[0].slope < 0 else extremes.low,)
    return background(dataset, photometric, extremes)


def _write(dataset: Dataset, found: Layout, wanted: list[NDArray[np.bool_] | None], fill: tuple[float, ...]) -> None:
    """Overwrite pixels of native data; every other stored bit stays as it is."""
    shift = found.high_bit + 1 - found.stored if found.keyword == "PixelData" and found.allocated > 1 else 0

    def erased(first: int, samples: Samples) -> Samples:
        values = np.array(
            [value if samples.dtype.kind == "f" else int(value) << shift for value in fill], samples.dtype
        )
        for frame, mask in zip(samples, wanted[first:], strict=False):
            if mask is None:
                continue
            pixels = frame.reshape(_shape(found))
            if found.planar:
                pixels[:, mask] = values[:, None]
            else:
                pixels[mask] = values if found.samples > 1 else values[0]
        return samples

    rewrite(dataset, found, erased)


def _shape(found: Layout) -> tuple[int, ...]:
    if found.samples == 1:
        return found.rows, found.columns
    return (3, found.rows, found.columns) if found.planar else (found.rows, found.columns, 3)


def _outlines(dataset: Dataset, fields: tuple[Field, ...]) -> tuple[Change, ...]:
    """Drop the points of contours that lie in what is erased; a contour of which too little is left goes."""
    dropped = False
    for roi in dataset.get("ROIContourSequence") or ():
        kept = []
        for contour in roi.get("ContourSequence") or ():
            left, lost = _shortened(contour, fields)
            dropped |= lost
            if left:
                kept.append(contour)
        if "ContourSequence" in roi and len(kept) < len(roi.ContourSequence):
            if kept:
                roi.ContourSequence = kept
            else:
                del roi.ContourSequence
    return (Change("30060039/30060040/30060050", "C", RULE),) if dropped else ()


def _shortened(contour: Dataset, fields: tuple[Field, ...]) -> tuple[bool, bool]:
    """Take the erased points out of a contour; return whether it still is one, and whether it lost any."""
    values = list(contour.get("ContourData") or ())
    try:
        points = np.array(values, np.float64).reshape(-1, 3)
    except (TypeError, ValueError):
        raise RecognizableFeatures("An outline of a head holds what is no coordinate.") from None
    inside = np.zeros(len(points), np.bool_)
    for one in fields:
        inside |= one.level(points) > 0
    if not inside.any():
        return True, False
    left = int((~inside).sum())
    if left < _FEWEST.get(str(contour.get("ContourGeometricType")), 1):
        return False, True
    contour.ContourData = [value for number, value in enumerate(values) if not inside[number // 3]]
    contour.NumberOfContourPoints = left
    return True, True
