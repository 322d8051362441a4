"""Frames as a person sees them: 8-bit images after Modality LUT, VOI LUT, palette and polarity.

Burned-in text often stands at the highest or lowest stored values, outside the window of the header. So a grey
frame is also shown by what its window hides (``shades.py``), and a frame with a palette by what the palette hides (PS3.3
C.11.1 modality, C.11.2 VOI, C.7.6.3.1.5 palette).
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut, apply_voi_lut
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian

from gateway.errors import UnreadablePixels
from gateway.pixels.frames import Frame, rgb
from gateway.pixels.shades import Shades


def views(frame: Frame, dataset: Dataset) -> tuple[NDArray[np.uint8], ...]:
    """Show ``frame`` as one or more 8-bit images, (rows, columns) or (rows, columns, 3) in RGB, the displayed one first."""
    if frame.pixels.ndim == 3:
        return (_eight_bit(rgb(frame).pixels),)
    if frame.photometric == "PALETTE COLOR":
        coloured = _palette(frame, dataset)
        hidden = _same_colour(frame.pixels, coloured)
        return (coloured,) if hidden is None else (coloured, hidden)
    shades = Shades.of(frame.pixels)
    windowed = _windowed(shades, frame, dataset)
    first = shades.stretched(shades.values) if windowed is None else windowed
    images = (shades.image(first), *shades.hidden(first, windowed))
    return tuple(255 - image for image in images) if frame.photometric == "MONOCHROME1" else images


def _eight_bit(pixels: NDArray[Any]) -> NDArray[np.uint8]:
    """Colour of any depth: 8 bits as they are, more by the range that occurs."""
    if pixels.dtype == np.uint8:
        return np.ascontiguousarray(pixels)
    shades = Shades.of(pixels)
    return shades.image(shades.stretched(shades.values))


def _palette(frame: Frame, dataset: Dataset) -> NDArray[np.uint8]:
    colours = apply_palette(frame.pixels, dataset)
    # Some writers store 8-bit entries where the descriptor announces 16 bits: a palette without light shows nothing.
    return (colours >> 8).astype(np.uint8) if int(colours.max()) > 255 else colours.astype(np.uint8)


def _same_colour(pixels: NDArray[Any], shown: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """What the palette hides: stored values of one colour told apart by their order within it; None if none share one.

    Entries of a palette may be equal, and values beyond its end take the last one: text may stand in such values.
    """
    values, first, place = np.unique(pixels, return_index=True, return_inverse=True)
    colours = shown.reshape(-1, 3)[first]
    _, colour, count = np.unique(colours, axis=0, return_inverse=True, return_counts=True)
    if len(count) == len(values):
        return None
    colour = colour.reshape(-1)
    groups = np.argsort(colour, kind="stable")  # colour by colour, each in the order of its values
    order = np.empty(len(values), np.int64)
    order[groups] = np.arange(len(values)) - np.repeat(np.cumsum(count) - count, count)
    grey = 255 * order // np.maximum(count[colour] - 1, 1)
    return grey.astype(np.uint8)[place].reshape(pixels.shape)


def apply_palette(pixels: NDArray[Any], dataset: Dataset) -> NDArray[Any]:
    """Look up (rows, columns) in the palette of ``dataset``: (rows, columns, 3).

    Raises:
        UnreadablePixels: it has no palette, or one that cannot be applied.
    """
    try:
        return apply_color_lut(pixels.astype(pixels.dtype.newbyteorder("=")), _little_endian_palette(dataset))[..., :3]
    except (ValueError, AttributeError, LookupError, TypeError, struct.error):
        raise UnreadablePixels("The palette cannot be applied.") from None


def _little_endian_palette(dataset: Dataset) -> Dataset:
    """A data set with the palette alone, its words in the order in which pydicom takes them."""
    palette = Dataset()
    palette.update({element.tag: element for element in dataset if "PaletteColorLookupTable" in element.keyword})
    big = dataset.file_meta.TransferSyntaxUID == ExplicitVRBigEndian
    for colour in ("Red", "Green", "Blue") if big else ():
        for kind in ("PaletteColorLookupTableData", "SegmentedPaletteColorLookupTableData"):
            keyword = kind.replace("Palette", f"{colour}Palette")
            if keyword in palette:
                words = np.frombuffer(dataset[keyword].value, ">u2").astype("<u2")
                palette[keyword] = DataElement(dataset[keyword].tag, "OW", words.tobytes())
    palette.file_meta = FileMetaDataset()
    palette.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return palette


def _windowed(shades: Shades, frame: Frame, dataset: Dataset) -> NDArray[np.uint8] | None:
    """The grey of each value through the first window or VOI LUT of the header; None if there is none that can be applied."""
    header = _grey_attributes(dataset, frame.number)
    if "WindowCenter" not in header and "VOILUTSequence" not in header:
        return None
    try:
        shown = apply_voi_lut(apply_modality_lut(shades.values, header), header, prefer_lut=False)
    except (ValueError, AttributeError, LookupError, TypeError, NotImplementedError):
        return None  # the view of the whole range shows everything
    return shades.stretched(np.asarray(shown))


def _grey_attributes(dataset: Dataset, number: int) -> Dataset:
    """The attributes of rescale and window: of the image, or of frame ``number`` in an enhanced one (PS3.3 C.7.6.16)."""
    if "WindowCenter" in dataset or "VOILUTSequence" in dataset:
        return dataset
    found = Dataset()
    found.update({element.tag: element for element in dataset if element.tag.group == 0x0028 and element.VR != "SQ"})
    groups = [*dataset.get("SharedFunctionalGroupsSequence", ())[:1]]
    groups += dataset.get("PerFrameFunctionalGroupsSequence", ())[number : number + 1]
    for group in groups:
        for keyword in ("PixelValueTransformationSequence", "FrameVOILUTSequence"):
            for item in group.get(keyword, ())[:1]:
                found.update(item)
    return found
