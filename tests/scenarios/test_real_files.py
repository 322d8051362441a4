"""132 real files from many makers, many of them odd: every file accounted for, most released, every released one readable.

The files are not part of the project: point CORPUS at them (default: ../shared/corpus beside the checkout), else this is skipped.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from batches import gateway, leaks, unmeasured
from conftest import need
from validity import compared

from gateway.pixels.frames import read_frames
from gateway.pixels.layout import Layout, layout

CORPUS = Path(os.environ.get("CORPUS", Path(__file__).parents[3] / "shared" / "corpus"))
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real files is not here (CORPUS)")


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """The JSON of one run over the corpus, with its standard error and folders."""
    place = tmp_path_factory.mktemp("real")
    done = gateway("run", CORPUS, "--out", place / "out", "--json", home=place / "home", code=3, env=unmeasured())
    gateway("linkage", "export", json.loads(done.stdout)["job"], "--out", place / "linkage.csv", home=place / "home")
    with (place / "linkage.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    return {**json.loads(done.stdout), "stderr": done.stderr, "place": place, "rows": rows}


def released(job: Mapping[str, Any]) -> list[Path]:
    return sorted((job["place"] / "out").rglob("*.dcm"))


def test_every_file_is_accounted_for_and_at_least_a_hundred_are_released(job: Mapping[str, Any]) -> None:
    files = sum(path.is_file() for path in CORPUS.rglob("*"))
    assert job["received"] == files
    assert job["released"] + job["quarantined"] + job["duplicates"] + job["not_dicom"] == files
    assert job["released"] == len(released(job)) >= 100
    assert len(job["rows"]) == files
    assert not [item for item in job["items"] if item["code"] == "UNEXPECTED_ERROR"]


def test_there_is_no_traceback(job: Mapping[str, Any]) -> None:
    assert "Traceback" not in job["stderr"]


def test_pydicom_reads_every_released_file_to_its_end(job: Mapping[str, Any]) -> None:
    for path in released(job):
        ds = pydicom.dcmread(path)
        assert list(ds.iterall())
        assert ds.PatientIdentityRemoved == "YES"


def test_dcmdump_reads_every_released_file(job: Mapping[str, Any]) -> None:
    need("dcmdump", "dcmtk")
    for path in released(job):
        done = subprocess.run(["dcmdump", "--quiet", path], capture_output=True, check=False)
        assert done.returncode == 0, path.name


def test_no_released_file_has_an_error_that_it_did_not_have(job: Mapping[str, Any], tmp_path: Path) -> None:
    need("dciodvfy", "dicom3tools")
    examined, errors, _ = compared(job["rows"], job["place"] / "out", tmp_path / "before.dcm")
    assert examined >= 100
    assert not errors


def test_every_known_box_of_burned_in_phi_is_covered_or_its_file_is_held(job: Mapping[str, Any]) -> None:
    status = {row["source"]: row for row in job["rows"]}
    checked = 0
    for name, truth in json.loads((CORPUS / "phi_boxes.json").read_text("utf-8")).items():
        row = status[str((CORPUS / name).resolve())]
        if row["status"] != "released":
            continue
        frames = pydicom.dcmread(job["place"] / "out" / row["path"]).pixel_array
        ds = pydicom.dcmread(CORPUS / name)
        frames = frames if int(ds.get("NumberOfFrames") or 1) > 1 else frames[None]
        for number in range(len(frames)) if truth["frames"] == "all" else [int(truth["frames"])]:
            for box in truth["boxes"]:
                checked += 1
                assert _covered(frames[number], box) >= 0.9, (name, box["text"])
    assert checked


def test_images_without_text_keep_their_pixels(job: Mapping[str, Any]) -> None:
    """At most one of them, a test pattern with its date, has anything that a mask may cover."""
    status = {row["source"]: row for row in job["rows"]}
    with (CORPUS / "manifest.csv").open(newline="", encoding="utf-8") as stream:
        blank = [CORPUS / row["path"] for row in csv.DictReader(stream) if row["burned_in_text"] == "n"]
    lost = {}
    for path in blank:
        row = status[str(path.resolve())]
        before = pydicom.dcmread(path, force=True)
        if row["status"] == "released" and "PixelData" in before:
            after = pydicom.dcmread(job["place"] / "out" / row["path"])
            same = before.PixelData.rstrip(b"\0") == after.PixelData.rstrip(b"\0")
            lost[path.name] = 0.0 if same else _changed(before, after)
    assert len(lost) >= 50
    assert sum(lost.values()) < 0.005 * len(lost), lost
    assert sum(share >= 0.005 for share in lost.values()) <= 1, lost


def _changed(before: pydicom.FileDataset, after: pydicom.FileDataset) -> float:
    """The share of samples that differ in the frames of both; pydicom's own decoders do not read all of these."""
    shown = [[frame.pixels for frame in read_frames(ds, _layout(ds))] for ds in (before, after)]
    return float(np.mean([(one != other).mean() for one, other in zip(*shown, strict=False)]))


def _layout(ds: pydicom.FileDataset) -> Layout:
    found = layout(ds)
    assert found is not None
    return found


def _covered(frame: np.ndarray[Any, Any], box: Mapping[str, Any]) -> float:
    """The share of the box that has its most frequent value: a masked place has one value only."""
    cut = frame[box["y"] : box["y"] + box["h"], box["x"] : box["x"] + box["w"]]
    flat = cut.reshape(-1, cut.shape[-1]) if cut.ndim == 3 else cut.reshape(-1, 1)
    return float(np.unique(flat, axis=0, return_counts=True)[1].max() / len(flat))


def test_every_reference_that_resolved_among_the_released_files_resolves_still(job: Mapping[str, Any]) -> None:
    """Where a UID stands on two contents, the one that was released counts: the other is held by itself."""
    rows = [row for row in job["rows"] if row["status"] == "released" and "!" not in row["source"]]
    new = {row["sop_uid"]: row["new_sop_uid"] for row in rows}
    kept = Counter[str]()
    for row in rows:
        before = Counter(new[uid] for uid in referred(Path(row["source"])) if uid in new)
        after = Counter(referred(job["place"] / "out" / row["path"]))
        assert not before - after, row["source"]
        kept[pydicom.dcmread(row["source"], force=True, specific_tags=["Modality"]).get("Modality", "")] += (
            before.total()
        )
    assert kept["SEG"] > 0, kept
    assert kept["SR"] > 0, kept


def referred(path: Path) -> list[str]:
    """Every Referenced SOP Instance UID of a file, at every depth, in public sequences."""

    def walk(ds: pydicom.Dataset) -> Iterator[str]:
        for element in ds:
            if element.VR == "SQ" and not element.tag.is_private:
                yield from (uid for item in element.value for uid in walk(item))
            elif element.keyword == "ReferencedSOPInstanceUID" and element.value:
                yield str(element.value)

    return list(walk(pydicom.dcmread(path, force=True, stop_before_pixels=True)))


def test_ledger_verifies_and_no_patient_name_is_in_reports_or_released_names(job: Mapping[str, Any]) -> None:
    gateway("audit", "verify", home=job["place"] / "home")
    names = set()
    for row in job["rows"]:
        if row["status"] == "released" and "!" not in row["source"]:
            ds = pydicom.dcmread(row["source"], force=True, specific_tags=["PatientName"])
            names.add(str(ds.get("PatientName") or ""))
    distinctive = {name for name in names if "^" in name and len(name) > 8}
    assert len(distinctive) > 5
    for place in ("out", "home/ledger", "home/jobs"):
        assert not leaks(job["place"] / place, distinctive)
