"""The sample studies: reproducible, readable, and as the truth beside them says."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.pixels.utils import iter_pixels
from pydicom.uid import KeyObjectSelectionDocumentStorage

from gateway.records import SourceFile
from gateway.sources import fetch, index, read_dataset, receive
from samples.make import make
from samples.people import PEOPLE

CODECS = {"ISO_IR 100": "latin-1", "ISO_IR 144": "iso8859_5"}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("samples")
    make(out)
    return out


def truths(out: Path, *expected: str) -> list[dict[str, Any]]:
    files = json.loads((out / "truth.json").read_text(encoding="utf-8"))["files"]
    return [file for file in files if not expected or file["expected"] in expected]


def source(out: Path, truth: dict[str, Any]) -> SourceFile:
    path, _, member = truth["path"].partition("!")
    return SourceFile(str(out / "studies" / path), member)


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_uids(out: Path, tmp_path: Path) -> None:
    make(tmp_path / "again")
    make(tmp_path / "again")  # over an earlier one
    assert tree(tmp_path / "again") == tree(out)
    make(tmp_path / "other", seed=1)
    uids = {truth["study"] for truth in truths(out, "released")}
    assert uids.isdisjoint(truth["study"] for truth in truths(tmp_path / "other", "released"))


def test_every_file_ends_as_the_truth_expects(out: Path) -> None:
    result = index(receive([out / "studies"]))
    assert result.refused == ()
    assert result.missing_references == 0
    found = {item.file.source: "instance" for study in result.studies for item in study.instances}
    found |= {file.source: "duplicate" for file, _ in result.duplicates}
    found |= {file.source: "not_dicom" for file, _ in result.not_dicom}
    names = {"released": "instance", "quarantined": "instance"}
    assert found == {source(out, t).source: names.get(t["expected"], t["expected"]) for t in truths(out)}
    assert {study.patient_id for study in result.studies} == {person.patient_id for person in PEOPLE}
    assert len(result.studies) == 9


def test_one_study_is_broken_and_all_others_decode(out: Path) -> None:
    for truth in truths(out, "released"):
        dataset = read_dataset(source(out, truth))
        if "PixelData" in dataset:
            assert len(list(iter_pixels(dataset))) == int(dataset.get("NumberOfFrames", 1))
    held = truths(out, "quarantined")
    assert len({truth["study"] for truth in held}) == 1
    short = [t for t in held if len(read_dataset(source(out, t)).PixelData) < 64 * 64 * 2]
    assert len(short) == 1


def test_every_planted_string_is_in_its_file(out: Path) -> None:
    for truth in truths(out, "released", "quarantined"):
        data, dataset = fetch(source(out, truth)), read_dataset(source(out, truth))
        codec = CODECS[dataset.SpecificCharacterSet]
        assert truth["header"]
        for string in truth["header"] + truth["common"]:
            assert string.encode(codec) in data, (truth["path"], string)


def test_every_line_is_drawn_where_the_truth_says(out: Path) -> None:
    burned = [truth for truth in truths(out, "released") if truth["burned_in"]]
    assert len(burned) >= 9
    for truth in burned:
        for frame in iter_pixels(read_dataset(source(out, truth))):
            for line in truth["burned_in"]:
                x, y, w, h = line["box"]
                part = frame[y : y + h, x : x + w].astype(np.int64)
                assert part.shape[:2] == (h, w)
                assert np.ptp(part) >= 100, (truth["path"], line["text"])


def test_each_burned_study_has_words_that_must_go_and_words_that_must_stay(out: Path) -> None:
    for truth in truths(out, "released"):
        if truth["burned_in"]:
            assert {line["identifying"] for line in truth["burned_in"]} == {True, False}


def test_the_key_object_finds_its_slice(out: Path) -> None:
    datasets = [read_dataset(source(out, truth)) for truth in truths(out, "released")]
    uids = {dataset.SOPInstanceUID for dataset in datasets}
    (key_object,) = [dataset for dataset in datasets if dataset.SOPClassUID == KeyObjectSelectionDocumentStorage]
    assert key_object.ContentSequence[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID in uids


@pytest.mark.skipif(shutil.which("dcmdump") is None, reason="needs dcmdump (Debian package dcmtk)")
def test_dcmdump_reads_every_file(out: Path) -> None:
    for truth in truths(out, "released"):
        if "!" not in truth["path"]:
            path = str(out / "studies" / truth["path"])
            done = subprocess.run(["dcmdump", "-q", path], capture_output=True, check=False)
            assert (done.returncode, done.stderr) == (0, b""), truth["path"]
