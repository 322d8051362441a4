"""Decoders that ask for more memory or time than a frame can need are stopped, whatever the bytes were that made them."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys

import numpy as np
import pytest
from pixels.pictures import GREY_ENCODERS, compressed, frames, smooth
from pydicom.dataset import FileDataset
from pydicom.uid import JPEG2000Lossless

from gateway.errors import UnreadablePixels
from gateway.pixels.bounded import bounded
from gateway.pixels.layout import Layout, layout

IMAGE = smooth().astype(np.uint8)
GOOD = GREY_ENCODERS[str(JPEG2000Lossless)](IMAGE[0])


def jpeg_2000(frame: bytes) -> FileDataset:
    return compressed(str(JPEG2000Lossless), IMAGE, [frame])


def small() -> Layout:
    found = layout(jpeg_2000(GOOD))
    assert found is not None
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts what a process has")
def test_memory_that_no_frame_needs_is_refused() -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with bounded(small()), pytest.raises(MemoryError):
        np.zeros(3 << 30, np.uint8)
    assert resource.getrlimit(resource.RLIMIT_DATA) == before
    assert len(np.zeros(3 << 30, np.uint8)) == 3 << 30
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_a_decoder_without_end_ends_with_its_process() -> None:
    code = (
        "from gateway.pixels.bounded import bounded\n"
        "from gateway.pixels.layout import Layout\n"
        "with bounded(Layout('PixelData', '', True, 1, 8, 8, 1, 'MONOCHROME2', 8, 8, 7, False, False), 0.1):\n"
        "    while True: pass\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -signal.SIGPROF  # ours


def test_components_that_the_header_does_not_know_are_not_decoded() -> None:
    assert len(frames(jpeg_2000(GOOD))) == 1
    length = int.from_bytes(GOOD[4:6], "big")
    many = GOOD[:4] + (38 + 3 * 60).to_bytes(2, "big") + GOOD[6:40] + b"\0\x3c" + GOOD[42:45] * 60 + GOOD[4 + length :]
    with pytest.raises(UnreadablePixels):
        frames(jpeg_2000(many))
