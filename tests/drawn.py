"""Overlays and presentation states by number: bit planes, texts, drawn objects, and words written by hand in polylines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from builders import instance
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import GrayscaleSoftcopyPresentationStateStorage

Stroke = list[tuple[float, float]]
# Letters of 4 by 6, one stroke after the other, as a hand would draw them.
LETTERS: dict[str, list[Stroke]] = {
    "A": [[(0, 6), (2, 0), (4, 6)], [(0.7, 4), (3.3, 4)]],
    "C": [[(4, 1), (3, 0), (1, 0), (0, 1), (0, 5), (1, 6), (3, 6), (4, 5)]],
    "D": [[(0, 0), (0, 6), (2.5, 6), (4, 4.5), (4, 1.5), (2.5, 0), (0, 0)]],
    "E": [[(4, 0), (0, 0), (0, 6), (4, 6)], [(0, 3), (3, 3)]],
    "H": [[(0, 0), (0, 6)], [(4, 0), (4, 6)], [(0, 3), (4, 3)]],
    "I": [[(2, 0), (2, 6)]],
    "K": [[(0, 0), (0, 6)], [(4, 0), (0, 3), (4, 6)]],
    "L": [[(0, 0), (0, 6), (4, 6)]],
    "M": [[(0, 6), (0, 0), (2, 3), (4, 0), (4, 6)]],
    "N": [[(0, 6), (0, 0), (4, 6), (4, 0)]],
    "O": [[(1, 0), (3, 0), (4, 1), (4, 5), (3, 6), (1, 6), (0, 5), (0, 1), (1, 0)]],
    "R": [[(0, 6), (0, 0), (3, 0), (4, 1), (4, 2), (3, 3), (0, 3)], [(2, 3), (4, 6)]],
    "S": [[(4, 0.7), (3, 0), (1, 0), (0, 1), (0, 2), (1, 3), (3, 3), (4, 4), (4, 5), (3, 6), (1, 6), (0, 5.3)]],
    "T": [[(0, 0), (4, 0)], [(2, 0), (2, 6)]],
    "U": [[(0, 0), (0, 5), (1, 6), (3, 6), (4, 5), (4, 0)]],
    "V": [[(0, 0), (2, 6), (4, 0)]],
    "W": [[(0, 0), (1, 6), (2, 2), (3, 6), (4, 0)]],
}


def overlay(ds: FileDataset, group: int, bits: NDArray[Any]) -> FileDataset:
    """Put ``bits`` ((rows, columns) or with frames in front; 0 or 1) into an overlay of ``ds``."""
    frames = bits[None] if bits.ndim == 2 else bits
    _header(ds, group, frames, "G")
    packed = np.packbits(frames.astype(np.uint8), bitorder="little").tobytes()
    ds.add_new(group << 16 | 0x3000, "OW", packed + b"\0" * (len(packed) % 2))
    return ds


def embed(ds: FileDataset, group: int, bits: NDArray[Any], position: int) -> FileDataset:
    """Put ``bits`` into bit ``position`` of the pixels, which uses 12 bits of 16."""
    ds.BitsStored, ds.HighBit = 12, 11
    words = np.frombuffer(ds.PixelData, "<u2") | (bits.ravel().astype(np.uint16) << position)
    ds.PixelData = words.astype("<u2").tobytes()
    _header(ds, group, bits[None] if bits.ndim == 2 else bits[:1], "R")
    ds.add_new(group << 16 | 0x0100, "US", 16)
    ds.add_new(group << 16 | 0x0102, "US", position)
    return ds


def _header(ds: FileDataset, group: int, frames: NDArray[Any], kind: str) -> None:
    base = group << 16
    if len(frames) > 1:
        ds.add_new(base | 0x0015, "IS", len(frames))
    for element, vr, value in (
        (0x0010, "US", frames.shape[1]),
        (0x0011, "US", frames.shape[2]),
        (0x0040, "CS", kind),
        (0x0050, "SS", [1, 1]),
        (0x0100, "US", 1),
        (0x0102, "US", 0),
    ):
        ds.add_new(base | element, vr, value)


def bits_of(ds: Dataset, group: int = 0x6000) -> NDArray[np.uint8]:
    """The bits of an overlay, (frames, rows, columns)."""
    base = group << 16
    shape = int(ds[base | 0x15].value) if base | 0x15 in ds else 1, ds[base | 0x10].value, ds[base | 0x11].value
    packed = np.frombuffer(ds[base | 0x3000].value, np.uint8)
    return np.unpackbits(packed, count=int(np.prod(shape)), bitorder="little").reshape(shape)


def drawn(points: Sequence[tuple[float, float]], kind: str = "POLYLINE") -> Dataset:
    """A graphic object in pixels."""
    item = Dataset()
    item.GraphicAnnotationUnits = "PIXEL"
    item.GraphicDimensions = 2
    item.NumberOfGraphicPoints = len(points)
    item.GraphicData = [float(number) for point in points for number in point]
    item.GraphicType = kind
    if kind in {"CIRCLE", "ELLIPSE"}:
        item.GraphicFilled = "N"
    return item


def written(text: str, x: float, y: float, height: float = 24, *, one_stroke: bool = False) -> list[Dataset]:
    """A word by hand: one object per stroke, or the whole word in one."""
    unit = height / 6
    strokes = [
        [(x + unit * (6 * place + dx), y + unit * dy) for dx, dy in stroke]
        for place, letter in enumerate(text)
        if letter != " "
        for stroke in LETTERS[letter]
    ]
    return [drawn([point for stroke in strokes for point in stroke])] if one_stroke else [drawn(s) for s in strokes]


def said(text: str) -> Dataset:
    """A text object at a point."""
    item = Dataset()
    item.AnchorPointAnnotationUnits, item.UnformattedTextValue = "PIXEL", text
    item.AnchorPoint, item.AnchorPointVisibility = [10.0, 10.0], "N"
    return item


def annotation(layer: str, texts: Sequence[str] = (), objects: Sequence[Dataset] = ()) -> Dataset:
    """An item of Graphic Annotation Sequence."""
    item = Dataset()
    item.GraphicLayer = layer
    if texts:
        item.TextObjectSequence = [said(text) for text in texts]
    if objects:
        item.GraphicObjectSequence = list(objects)
    return item


def presentation(*annotations: Dataset, of: FileDataset | None = None, number: int = 7) -> FileDataset:
    """A greyscale presentation state of ``of`` with a layer for each name that its annotations use."""
    image = of or instance()
    state = instance(number=number)
    for keyword in (
        "PixelData", "Rows", "Columns", "SamplesPerPixel", "PhotometricInterpretation", "BitsAllocated", "BitsStored",
        "HighBit", "PixelRepresentation", "ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "SliceThickness",
        "RescaleIntercept", "RescaleSlope", "WindowCenter", "WindowWidth", "FrameOfReferenceUID", "ImageType",
        "BodyPartExamined", "AcquisitionDate", "ContentDate", "ContentTime", "PatientAge",
    ):  # fmt: skip
        delattr(state, keyword)
    state.SOPClassUID = state.file_meta.MediaStorageSOPClassUID = GrayscaleSoftcopyPresentationStateStorage
    state.Modality, state.SeriesInstanceUID = "PR", f"{image.StudyInstanceUID}.77"
    state.ContentLabel, state.ContentDescription, state.ContentCreatorName = "STATE", "", ""
    state.PresentationCreationDate, state.PresentationCreationTime = image.StudyDate, image.StudyTime
    state.PresentationLUTShape = "IDENTITY"
    series, sop, area = Dataset(), Dataset(), Dataset()
    sop.ReferencedSOPClassUID, sop.ReferencedSOPInstanceUID = image.SOPClassUID, image.SOPInstanceUID
    series.SeriesInstanceUID, series.ReferencedImageSequence = image.SeriesInstanceUID, [sop]
    state.ReferencedSeriesSequence = [series]
    area.DisplayedAreaTopLeftHandCorner, area.DisplayedAreaBottomRightHandCorner = (
        [1, 1],
        [int(image.Columns), int(image.Rows)],
    )
    area.PresentationSizeMode, area.PresentationPixelAspectRatio = "SCALE TO FIT", [1, 1]
    state.DisplayedAreaSelectionSequence = [area]
    state.GraphicAnnotationSequence = list(annotations)
    names = sorted({item.GraphicLayer for item in annotations})
    state.GraphicLayerSequence = [_layer(name, order) for order, name in enumerate(names, 1)]
    return state


def _layer(name: str, order: int) -> Dataset:
    layer = Dataset()
    layer.GraphicLayer, layer.GraphicLayerOrder, layer.GraphicLayerDescription = name, order, f"Layer of {name}"
    return layer
