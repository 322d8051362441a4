"""A head CT through the whole gateway: released without its face under the option, and as ever without the option."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from batches import run
from builders import write
from derived_heads import outlines
from heads import Scan, inside, series
from pydicom import dcmread
from pydicom.uid import VLPhotographicImageStorage

SCAN = Scan(shape=(34, 48, 44), spacing=(7, 5, 5), table=False)
PROFILE = """
name: faces
edition: 2026c
description: The face is removed.
options:
  - BasicApplicationConfidentialityProfile
  - CleanPixelDataOption
"""
OPTION = "  - CleanRecognizableVisualFeaturesOption\n"


def test_a_study_of_a_head_is_released_without_its_face(tmp_path: Path) -> None:
    for ds in series(SCAN):
        write(ds, tmp_path / "in" / f"{ds.InstanceNumber}.dcm")
    write(outlines(SCAN), tmp_path / "in" / "rt.dcm")
    (tmp_path / "plain.yaml").write_text(PROFILE)
    (tmp_path / "faces.yaml").write_text(PROFILE.replace("name: faces", "name: plain") + OPTION)
    images = {}
    for name in ("plain", "faces"):
        out = tmp_path / name
        result = run([tmp_path / "in"], out, tmp_path / "home", "--profile", str(tmp_path / f"{name}.yaml"))
        assert result["released"] == 35
        written = [dcmread(path) for path in out.rglob("*.dcm")]
        pictures = sorted((ds for ds in written if "PixelData" in ds), key=lambda ds: float(ds.ImagePositionPatient[2]))
        images[name] = np.stack([ds.pixel_array for ds in pictures])
        codes = {item.CodeValue for ds in written for item in ds.DeidentificationMethodCodeSequence}
        assert ("113102" in codes) == (name == "faces")
        marks = {ds.get("RecognizableVisualFeatures") for ds in pictures}
        assert marks == ({"NO"} if name == "faces" else {None})
    original = np.stack([ds.pixel_array for ds in series(SCAN)])
    assert (images["plain"] == original).all()
    changed = images["faces"] != original
    assert changed.sum() > 3000
    assert not changed[inside(SCAN)[1]].any()


def test_a_photograph_is_held_and_says_why(tmp_path: Path) -> None:
    image = np.clip(220 - np.hypot(*np.mgrid[-60:60, -60:60]), 0, 255).astype(np.uint8)
    photograph = series(SCAN)[0]
    photograph.SOPClassUID = photograph.file_meta.MediaStorageSOPClassUID = VLPhotographicImageStorage
    photograph.Rows = photograph.Columns = 120
    photograph.BitsAllocated = photograph.BitsStored = 8
    photograph.HighBit = 7
    photograph.PixelData = image.tobytes()
    write(photograph, tmp_path / "in" / "1.dcm")
    (tmp_path / "faces.yaml").write_text(PROFILE + OPTION)
    profile = str(tmp_path / "faces.yaml")
    result = run([tmp_path / "in"], tmp_path / "out", tmp_path / "home", "--profile", profile, code=3)
    assert [item["code"] for item in result["items"]] == ["RECOGNIZABLE_FEATURES"]
