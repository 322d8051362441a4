"""Pixel data that are too long for the memory pass as they are in memory: little endian, and only where the plan keeps them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from builders import instance
from pydicom import dcmwrite
from pydicom.dataset import FileDataset
from pydicom.uid import ExplicitVRBigEndian
from tags.cleaning import clean, context

from gateway import stored
from gateway.records import SourceFile
from gateway.sources import pixels, read_dataset, reading
from gateway.stored import Stored
from gateway.tags import apply, load

PIXELS = 0x7FE00010
IMAGE = np.arange(64 * 64, dtype=np.uint16).reshape(64, 64) * 13


@pytest.fixture
def swapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FileDataset:
    """A big endian image whose pixels are too long for the memory, as this test has it."""
    for module in (stored, reading, pixels):
        monkeypatch.setattr(module, "LARGE", 4096)
    ds = instance(image=IMAGE)
    path = tmp_path / "1.dcm"
    ds.PixelData = IMAGE.byteswap().tobytes()
    ds.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    dcmwrite(path, ds, enforce_file_format=True)
    found = read_dataset(SourceFile(str(path)))
    assert isinstance(found.get_item(PIXELS).value, Stored)
    return found


def test_big_endian_pixels_are_turned_in_the_file(swapped: FileDataset) -> None:
    released, _ = clean(swapped)
    value = released[PIXELS].value
    assert isinstance(value, Stored)
    assert value[:] == IMAGE.tobytes()


def test_pixels_that_the_plan_does_not_keep_go(swapped: FileDataset) -> None:
    profile = load("basic")
    plan = profile.plan(str(swapped.SOPClassUID))
    plan.steps("")[PIXELS] = replace(plan.step("", PIXELS), action="Z")
    released, changes = apply(swapped, profile, context(swapped))
    assert PIXELS not in released
    assert ("7FE00010", "X") in {(change.path, change.action) for change in changes}
