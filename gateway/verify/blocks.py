"""What may differ where blocks of a JPEG frame were made flat and colour has fewer samples than luminance.

A decoder smooths such colour over the edge of a block (ISO/IEC 10918-5 calls it centred chroma), so a pixel on each side of the
edge shows a colour of both. Its luminance is its own: it is compared by itself.
"""

from __future__ import annotations

from typing import Final

import imagecodecs
import numpy as np
from numpy.typing import NDArray

SYNTAXES: Final = frozenset({"1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51"})
_SEQUENTIAL: Final = (0xC0, 0xC1)
_SCAN: Final = 0xDA


def subsampled(stream: bytes) -> bool:
    """Whether the components of a JPEG frame have different sampling factors."""
    at = 2
    while at + 4 <= len(stream) and stream[at + 1] != _SCAN:
        end = at + 2 + int.from_bytes(stream[at + 2 : at + 4], "big")
        if stream[at + 1] in _SEQUENTIAL:
            return len(set(stream[at + 11 : end : 3])) > 1
        at = end
    return False


def edge(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The pixels of (rows, columns) that touch the edge of what is ``inside``, on both sides; the frame's border is no edge."""
    return _grown(inside) & _grown(~inside)


def _grown(area: NDArray[np.bool_]) -> NDArray[np.bool_]:
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(area, 1), (3, 3))
    return np.asarray(windows.any(axis=(2, 3)))


def same_luminance(before: bytes, after: bytes, inside: NDArray[np.bool_]) -> bool:
    """Whether two JPEG frames can be decoded, have the same luminance outside, and the second one has but one inside."""
    try:
        old, new = (imagecodecs.jpeg8_decode(stream, outcolorspace="YCBCR")[..., 0] for stream in (before, after))
    except (RuntimeError, IndexError):
        return False
    if not old.shape == new.shape == inside.shape:
        return False
    flat = new[inside]
    return np.array_equal(old[~inside], new[~inside]) and bool((flat == flat[:1]).all())
