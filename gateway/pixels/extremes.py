"""What the header says of the values of the pixels stays true when they are masked (PS3.3 C.7.6.3, C.11.5)."""

from __future__ import annotations

from collections.abc import Iterator

from pydicom.dataset import Dataset

from gateway.pixels.frames import read_frames
from gateway.pixels.layout import Layout
from gateway.pixels.mask import Extremes
from gateway.records import Change

_RULE = "values of pixels that were masked"
_OWN = {"SmallestImagePixelValue": "00280106", "LargestImagePixelValue": "00280107"}
#: What cannot be told from one instance, or is seldom there and never needed.
_GONE = {
    "SmallestPixelValueInSeries": "00280108",
    "LargestPixelValueInSeries": "00280109",
    "SmallestImagePixelValueInPlane": "00280110",
    "LargestImagePixelValueInPlane": "00280111",
    "HistogramSequence": "00603000",
    "IconImageSequence": "00880200",
}
_LARGEST = 1 << 16  # Smallest and Largest Image Pixel Value have 16 bits


def tell_extremes(dataset: Dataset, layout: Layout) -> tuple[Change, ...]:
    """Tell Smallest and Largest Image Pixel Value anew, if they are there; remove histogram, icon and what is told of a series.

    ``layout`` is that of the pixels as they are now.

    Raises:
        UnreadablePixels, UnsupportedPixels: as ``read_frames``.
    """
    return (*_own(dataset, layout), *_gone(dataset))


def _own(dataset: Dataset, layout: Layout) -> Iterator[Change]:
    present = [keyword for keyword in _OWN if keyword in dataset]
    if not present:
        return
    extremes: Extremes | None = None
    for frame in read_frames(dataset, layout):
        here = Extremes.of(frame.pixels)
        extremes = extremes.joined(here) if extremes else here
    for keyword in present:
        value = int((extremes.low if keyword == "SmallestImagePixelValue" else extremes.high) if extremes else 0)
        fits = layout.samples == 1 and layout.keyword == "PixelData" and abs(value) < _LARGEST >> layout.signed
        if fits and dataset.get(keyword) == value:
            continue
        if fits:
            dataset[keyword].VR = "SS" if layout.signed else "US"
            dataset[keyword].value = value
        else:
            delattr(dataset, keyword)
        yield Change(_OWN[keyword], "D" if fits else "X", _RULE)


def _gone(dataset: Dataset) -> Iterator[Change]:
    for keyword, tag in _GONE.items():
        if keyword in dataset:
            delattr(dataset, keyword)
            yield Change(tag, "X", _RULE)
