"""Objects that were legal stay legal: dciodvfy finds no error in a released object that it did not find in the original.

Over sample studies, objects that highdicom builds, documents, and the corpus of real files where it is here (CORPUS). What
``basic`` makes of the corpus is examined in test_real_files, which runs it anyway.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from batches import gateway, run
from builders import instance, write
from conftest import need
from derived import derived, images
from documents.objects import document
from documents.pdfs import report
from scenarios.test_real_files import CORPUS
from validity import compared, new_contradictions, new_faults

from samples.make import make

MANY = """name: many
edition: 2026c
description: Whatever can be kept or cleaned is kept or cleaned.
options:
  - BasicApplicationConfidentialityProfile
  - CleanPixelDataOption
  - CleanGraphicsOption
  - CleanStructuredContentOption
  - CleanDescriptorsOption
  - RetainLongitudinalTemporalInformationModifiedDatesOption
  - RetainPatientCharacteristicsOption
  - RetainDeviceIdentityOption
  - RetainInstitutionIdentityOption
  - RetainSafePrivateOption
knobs:
  documents: clean
"""
OLD = """name: old
edition: "2008"
description: The first edition of the profile.
options:
  - BasicApplicationConfidentialityProfile
  - CleanPixelDataOption
knobs:
  documents: replace
"""


def built(root: Path) -> Path:
    """A study with an object of each kind, and one whose required values are the patient's own."""
    slices = images()
    for number, image in enumerate(slices):
        write(image, root / "derived" / f"{number}.dcm")
    for name, ds in derived(slices).items():
        ds.save_as(root / "derived" / f"{name}.dcm", enforce_file_format=True)
    pdf = bytes(report("CT Abdomen with contrast", "Patient: Torbjorn Lindqvist"))
    for kind, data in (("1", pdf), ("2", b"<ClinicalDocument/>"), ("3", bytes(84))):
        write(document(data, kind, number=int(kind)), root / "documents" / f"{kind}.dcm")
    own = instance(5, PatientID="4711004", SeriesNumber="4711004", AcquisitionNumber="4711004", KVP="4711004")
    write(own, root / "own.dcm")
    return root


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    place = tmp_path_factory.mktemp("originals")
    make(place / "samples")
    return [place / "samples", built(place / "built")]


@pytest.mark.parametrize("profile", ["basic", "research", pytest.param("many", marks=pytest.mark.long), "old"])
def test_no_released_object_has_an_error_that_it_did_not_have(
    profile: str, originals: list[Path], tmp_path: Path
) -> None:
    need("dciodvfy", "dicom3tools")
    corpus = [CORPUS] if profile == "many" and CORPUS.is_dir() else []
    for name, text in (("many", MANY), ("old", OLD)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    named = str(tmp_path / f"{profile}.yaml") if profile in {"many", "old"} else profile
    job = run([*originals, *corpus], tmp_path / "out", tmp_path / "home", "--profile", named, code=3)
    gateway("linkage", "export", job["job"], "--out", tmp_path / "linkage.csv", home=tmp_path / "home")
    with (tmp_path / "linkage.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    examined, errors, _ = compared(rows, tmp_path / "out", tmp_path / "before.dcm")
    assert examined >= (115 if corpus else 20)
    assert not errors
    if not corpus:  # real files contradict each other too much for a comparison to mean anything
        assert not new_contradictions(rows, tmp_path / "out", tmp_path)


def test_an_object_that_lost_what_it_needs_is_noticed(tmp_path: Path) -> None:
    """The comparison itself: what ``basic`` never does is an error that was not there before."""
    need("dciodvfy", "dicom3tools")
    whole, broken = instance(), instance(Rows=None, StudyInstanceUID=None, PatientID="A" * 70)
    write(whole, tmp_path / "whole.dcm")
    write(broken, tmp_path / "broken.dcm")
    errors, _ = new_faults(tmp_path / "whole.dcm", tmp_path / "broken.dcm", tmp_path / "anew.dcm")
    assert {keyword for keyword in ("Rows", "StudyInstanceUID") if any(keyword in error for error in errors)} == {
        "Rows",
        "StudyInstanceUID",
    }
    assert new_faults(tmp_path / "whole.dcm", tmp_path / "whole.dcm", tmp_path / "anew.dcm") == (Counter(), Counter())
