"""RLE: a last run may hold more bytes than the frame; no decoder shows them, so they are not passed on (PS3.5 annex G)."""

from __future__ import annotations

import numpy as np
from pixels.pictures import compressed, frames, mask, packbits, rle_frame, smooth
from pydicom.uid import ExplicitVRLittleEndian, RLELossless

IMAGE = smooth(40, 60).astype(np.uint8)
TEXT = b"SCHWARZENBECK 19620407"


def test_bytes_in_the_last_run_that_no_pixel_shows_go() -> None:
    data = IMAGE.tobytes()
    whole = b"".join(packbits(data[at : at + 100]) for at in range(0, len(data) - 100, 100))
    last = data[-100:] + TEXT
    ds = compressed(str(RLELossless), IMAGE, [rle_frame([whole + bytes((len(last) - 1,)) + last])])
    assert np.array_equal(frames(ds)[0].pixels, IMAGE[0])
    result = mask(ds)
    assert TEXT not in ds.PixelData
    assert np.array_equal(frames(ds)[0].pixels, IMAGE[0])
    assert ds.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
    assert [change.rule for change in result.changes if change.path == "7FE00010"] == [
        "encoding that could not be checked"
    ]


def test_runs_that_end_with_the_frame_stay_as_they_are() -> None:
    data = IMAGE.tobytes()
    whole = b"".join(packbits(data[at : at + 100]) for at in range(0, len(data), 100))
    ds = compressed(str(RLELossless), IMAGE, [rle_frame([whole + b"\0" * (len(whole) % 2)])])
    mask(ds)
    assert ds.file_meta.TransferSyntaxUID == RLELossless
