"""The values of a grey frame and the grey in which each is shown: one table for each view instead of work for each pixel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

_TABLE = 1 << 16  # values: tables are this long at most, else they hold the values that occur
_OUTLIERS = 0.2  # of the whole range: if the middle 99 % of the values take less of it, the ends are outliers
_SEEN, _CHARACTER = 24, 12  # a character is at least 12 pixels that differ by 24 grey levels from what is around it
_MIDDLE = (0.05, 0.95)  # of the pixels: what a window without a header would show
_NARROW = 0.02  # of the whole range: values beyond a window that differ by less show nothing more
_DARK, _LIGHT = 127, 128  # greys: half of them for what lies below a window, half for what lies above
_BYTE = 256  # values: so many are told apart in the greys of one view


@dataclass(frozen=True, slots=True)
class Shades:
    """The ``values`` of a frame, ascending, how many pixels have each (``counts``), and which each pixel has (``place``)."""

    values: NDArray[Any]
    counts: NDArray[np.int64]
    place: NDArray[np.integer[Any]]

    @classmethod
    def of(cls, pixels: NDArray[Any]) -> Shades:
        """The values of ``pixels``, (rows, columns) or (rows, columns, 3)."""
        if pixels.dtype == np.uint8 and pixels.size:
            values = np.arange(_BYTE).astype(np.uint8)
            return cls(values, _histogram(pixels), pixels)
        if pixels.dtype.kind in "iu" and pixels.size:
            low, high = int(pixels.min()), int(pixels.max())
            if high - low < _TABLE:
                place = pixels.astype(np.intp) - low
                values = np.arange(low, high + 1).astype(pixels.dtype.newbyteorder("="))
                return cls(values, np.bincount(place.ravel()), place)
        values, place, counts = np.unique(pixels, return_inverse=True, return_counts=True)
        return cls(values, counts, place.reshape(pixels.shape))

    def image(self, greys: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The frame with its values shown in ``greys``."""
        if self.place.dtype == np.uint8:
            return np.asarray(cv2.LUT(self.place, greys), np.uint8)
        return np.asarray(greys[self.place], np.uint8)

    def stretched(self, shown: NDArray[Any]) -> NDArray[np.uint8]:
        """Map what is ``shown`` for the values to 0..255; what is infinite or undefined counts as the lowest.

        Where a few outliers would leave nothing of the rest, the middle 99 % of the pixels get most of the grey levels.
        """
        values = shown.astype(np.float64)
        occurs = np.isfinite(values) & (self.counts > 0)
        if not occurs.any():
            return np.zeros(values.shape, np.uint8)
        low, high = float(values[occurs].min()), float(values[occurs].max())
        if low == high:
            return np.zeros(values.shape, np.uint8)
        values = np.clip(np.where(np.isfinite(values), values, low), low, high)
        first, last = self._shares(values, occurs, (0.005, 0.995))
        if 0 < last - first < _OUTLIERS * (high - low):
            return np.interp(values, (low, first, last, high), (0, 40, 215, 255)).astype(np.uint8)
        return ((values - low) * (255 / (high - low))).astype(np.uint8)

    def hidden(self, first: NDArray[np.uint8], windowed: NDArray[np.uint8] | None) -> tuple[NDArray[np.uint8], ...]:
        """What the view in the greys ``first`` hides: one image with colours, or none if it hides nothing.

        Red and blue are the whole range (or, where the header has no window, the middle of it), green is what lies beyond the
        window: text that stands in either is found as surely as in a view of its own (docs/decisions/030). Without a window and
        with no more values than there are greys the first view tells apart what lies beyond: the middle alone is left.
        """
        other = self._middle() if windowed is None else self.stretched(self.values)
        if windowed is None and len(self.values) <= _BYTE:
            hides = int(self.counts[np.abs(other.astype(np.int16) - first) > _SEEN].sum()) >= _CHARACTER
            return (self.image(other),) if hides else ()
        beyond = self._beyond(other if windowed is None else windowed)
        lost = np.abs(other.astype(np.int16) - first) > _SEEN
        if windowed is not None:
            lost |= ((first == 0) | (first == 255)) & (np.abs(beyond.astype(np.int16) - first) > _SEEN)
        if int(self.counts[lost].sum()) < _CHARACTER:
            return ()
        whole = self.image(other)
        return (np.asarray(cv2.merge((whole, self.image(beyond), whole)), np.uint8),)

    def _middle(self) -> NDArray[np.uint8]:
        """What a window without a header would show: all but the darkest and the lightest pixels."""
        values = self.values.astype(np.float64)
        occurs = np.isfinite(values) & (self.counts > 0)
        if not occurs.any():
            return np.zeros(values.shape, np.uint8)
        low, high = self._shares(values, occurs, _MIDDLE)
        if low == high:
            return np.where(values > low, 255, 0).astype(np.uint8)
        inside = np.clip(np.where(np.isnan(values), low, values), low, high)
        return np.asarray(np.interp(inside, (low, high), (0, 255)), np.uint8)

    def _beyond(self, windowed: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Values that a window shows black and those that it shows white, each spread over half of the greys."""
        greys = np.full(windowed.shape, _DARK, np.uint8)
        occurring = self.values[np.isfinite(self.values) & (self.counts > 0)].astype(np.float64)
        whole = float(np.ptp(occurring)) if occurring.size else 0.0
        for shown, least in ((0, 0), (255, _LIGHT)):
            ends = (windowed == shown) & np.isfinite(self.values) & (self.counts > 0)
            if ends.any():
                values = self.values[ends].astype(np.float64)
                span = float(np.ptp(values)) if np.ptp(values) > _NARROW * whole else 0.0
                spread = (values - values.min()) / span if span else np.full(values.shape, float(least > 0))
                greys[ends] = (least + 127 * spread).astype(np.uint8)
        return greys

    def _shares(
        self, values: NDArray[np.float64], occurs: NDArray[np.bool_], shares: tuple[float, float]
    ) -> tuple[float, float]:
        """The values below which such shares of the pixels lie."""
        order = np.argsort(values[occurs], kind="stable")
        ascending, pixels = values[occurs][order], np.cumsum(self.counts[occurs][order])
        low, high = (int(np.searchsorted(pixels, share * pixels[-1])) for share in shares)
        return float(ascending[low]), float(ascending[min(high, len(ascending) - 1)])


def _histogram(pixels: NDArray[np.uint8]) -> NDArray[np.int64]:
    """How many pixels have each of the 256 values."""
    flat = np.ascontiguousarray(pixels).reshape(1, -1)
    return np.asarray(cv2.calcHist([flat], [0], None, [_BYTE], [0, _BYTE]), np.float64).astype(np.int64).ravel()
