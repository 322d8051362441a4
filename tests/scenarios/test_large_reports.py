"""Reports of thousands of items: the work and the memory grow as the report does, and it is released."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from batches import command, cost, leaks
from builders import code, instance, key_object, write
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import ComprehensiveSRStorage

PROFILE = """\
name: reports
edition: 2026c
description: reports, cleaned
options:
  - BasicApplicationConfidentialityProfile
  - CleanPixelDataOption
  - CleanDescriptorsOption
  - CleanStructuredContentOption
"""
_A_GROUP = 20  # items of one measurement group
_SYLLABLES = "ba ner lo stig mur pel ti ov shan drew kat won".split()  # noqa: SIM905  # as one text


def _name(draw: random.Random) -> str:
    return "".join(draw.choices(_SYLLABLES, k=3)).title()


def _item(number: int) -> Dataset:
    """A text that names somebody else each time, a person, a measurement, a code or a UID."""
    draw, item = random.Random(number), Dataset()
    item.RelationshipType = "CONTAINS"
    match number % 5:
        case 0:
            item.ValueType, item.ConceptNameCodeSequence = "TEXT", [code("121071", "DCM", "Finding")]
            item.TextValue = f"Lesion {number} of the left lung, discussed with {_name(draw)} {_name(draw)}"
        case 1:
            item.ValueType, item.ConceptNameCodeSequence = "PNAME", [code("121008", "DCM", "Person Observer Name")]
            item.PersonName = f"{_name(draw)}^{_name(draw)}"
        case 2:
            measured = Dataset()
            measured.NumericValue = f"{number / 10:.1f}"
            measured.MeasurementUnitsCodeSequence = [code("mm", "UCUM", "millimeter")]
            item.ValueType, item.ConceptNameCodeSequence = "NUM", [code("410668003", "SCT", "Length")]
            item.MeasuredValueSequence = [measured]
        case 3:
            item.ValueType, item.ConceptNameCodeSequence = "CODE", [code("363698007", "SCT", "Finding Site")]
            item.ConceptCodeSequence = [code("64033007", "SCT", "Kidney")]
        case _:
            concept = code("112040", "DCM", "Tracking Unique Identifier")
            item.ValueType, item.ConceptNameCodeSequence = "UIDREF", [concept]
            item.UID = f"1.2.826.0.1.3680043.9.9999.77.{number}"
    return item


def report(items: int) -> FileDataset:
    ds = key_object(instance())
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = ComprehensiveSRStorage
    ds.Modality, ds.CompletionFlag, ds.VerificationFlag = "SR", "COMPLETE", "UNVERIFIED"
    groups = []
    for first in range(0, items, _A_GROUP):
        group = Dataset()
        group.RelationshipType, group.ValueType, group.ContinuityOfContent = "CONTAINS", "CONTAINER", "SEPARATE"
        group.ConceptNameCodeSequence = [code("125007", "DCM", "Measurement Group")]
        group.ContentSequence = [_item(number) for number in range(first, first + _A_GROUP)]
        groups.append(group)
    ds.ContentSequence = groups
    return ds


@pytest.mark.parametrize(
    ("items", "seconds", "megabytes"),
    [(2_000, 40, 1200), pytest.param(20_000, 400, 2200, marks=pytest.mark.long)],
)
def test_a_large_report_is_released_in_bounded_time_and_memory(
    tmp_path: Path, items: int, seconds: float, megabytes: int
) -> None:
    """Measured: 20,000 items take 70 s of processor time on a machine under load, and 1.8 GB; 0.7 GB are the models."""
    (tmp_path / "reports.yaml").write_text(PROFILE)
    write(report(items), tmp_path / "in" / "1.dcm")
    options = ("--profile", tmp_path / "reports.yaml", "--json")
    line = command("run", tmp_path / "in", "--out", tmp_path / "out", *options, home=tmp_path / "home")
    used = cost(line)
    assert used.code == 0
    assert used.seconds < seconds
    assert used.megabytes < megabytes
    draw = random.Random(0)
    assert not leaks(tmp_path / "out", [_name(draw), _name(draw)])
