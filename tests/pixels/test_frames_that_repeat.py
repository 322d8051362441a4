"""Encoded frames that repeat are masked once, and each still has its own masks."""

from __future__ import annotations

import numpy as np
from pixels.jpegs import BOX, jpeg, masked, noisy, pillow
from pixels.pictures import frames

from gateway.records import Mask


def test_equal_frames_are_masked_where_their_masks_say() -> None:
    image, other = noisy()[..., 0], noisy(seed=3)[..., 0]
    ds = jpeg(image, *map(pillow, (image, image, image, other)))
    ds.NumberOfFrames = 4
    before = [frame.pixels.copy() for frame in frames(ds)]
    (mask,), _ = masked(ds, Mask(BOX, (0, 1, 3), ("name",)))
    after = [frame.pixels for frame in frames(ds)]
    area = slice(mask.box.y, mask.box.y + mask.box.h), slice(mask.box.x, mask.box.x + mask.box.w)
    assert [np.ptp(pixels[area]) == 0 for pixels in after] == [True, True, False, True]
    assert np.array_equal(after[0], after[1])
    assert np.array_equal(after[2], before[2])
    for one, two in zip(before, after, strict=True):
        one[area] = two[area] = 0
        assert np.array_equal(one, two)
