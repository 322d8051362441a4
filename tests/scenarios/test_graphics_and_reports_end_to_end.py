"""A study with overlays, a presentation state, a segmentation's labels and a report, through the real command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from batches import run
from builders import code, instance, pixels, write
from conftest import need
from drawn import annotation, bits_of, drawn, embed, overlay, presentation, written
from numpy.typing import NDArray
from pixels.pictures import write_text
from pydicom import dcmread
from pydicom.dataset import FileDataset
from pydicom.uid import UID
from tags.test_structured_templates import dose, found, measurement
from validity import examine

PROFILE = """\
name: graphics
edition: 2026c
description: graphics and reports, cleaned
options:
  - BasicApplicationConfidentialityProfile
  - CleanPixelDataOption
  - CleanDescriptorsOption
  - CleanStructuredContentOption
  - CleanGraphicsOption
  - RetainLongitudinalTemporalInformationModifiedDatesOption
  - RetainPatientCharacteristicsOption
"""
MARKED = ("okonkwo", "adaeze", "hollingbery", "whittingstall", "brannoc", "drwhitt")


def text_bits() -> NDArray[np.uint8]:
    picture = np.zeros((512, 512), np.uint8)
    for said, row in (("OKONKWO ADAEZE", 40), ("CT Abdomen with contrast", 200)):
        picture, _ = write_text(picture, said, 40, row, 22)
    bits: NDArray[np.uint8] = (picture > 100).astype(np.uint8)
    return bits


def originals() -> dict[str, FileDataset]:
    image = overlay(instance(image=pixels(512, 512)), 0x6000, text_bits())
    image.add_new(0x60000022, "LO", "Drawn by Okonkwo on liver")
    image.add_new(0x60001001, "CS", "DRWHITT")
    hidden = embed(instance(number=2, image=pixels(512, 512)), 0x6002, text_bits(), 13)
    by_hand = [*written("OKONKWO", 50, 60), drawn([(200, 200), (300, 260)])]
    state = presentation(
        annotation("DRWHITT", ["liver lesion", "Adaeze Okonkwo"], by_hand),
        annotation("NOTES", ["Whittingstall"]),
        of=image,
    )
    state.ContentCreatorName = "WHITTINGSTALL^HUGO"
    reports = {"measurement": measurement(), "dose": dose()}
    for number, report in enumerate(reports.values(), 20):
        report.SOPInstanceUID = report.file_meta.MediaStorageSOPInstanceUID = UID(f"{image.StudyInstanceUID}.{number}")
        report.CompletionFlag, report.VerificationFlag = "COMPLETE", "UNVERIFIED"
        report.PerformedProcedureCodeSequence = [code("P5-09051", "SRT", "CT of abdomen")]
    return {"image": image, "hidden": hidden, "state": state, **reports}


@dataclass(frozen=True)
class Ran:
    """What the command said, and the files before and after, by what they are."""

    said: Mapping[str, Any]
    before: Mapping[str, Path]
    after: Mapping[str, Path]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    root = tmp_path_factory.mktemp("graphics")
    (root / "graphics.yaml").write_text(PROFILE)
    before = {name: write(ds, root / "in" / f"{name}.dcm") for name, ds in originals().items()}
    said = run([root / "in"], root / "out", root / "home", "--profile", str(root / "graphics.yaml"))
    written_files = {(read(path).Modality, read(path).InstanceNumber): path for path in (root / "out").rglob("*.dcm")}
    after = {
        "image": written_files["CT", 1],
        "hidden": written_files["CT", 2],
        "state": written_files["PR", 7],
    }
    reports = [path for path in (root / "out").rglob("*.dcm") if read(path).Modality == "SR"]
    after |= {"dose" if found(read(path), "113706") else "measurement": path for path in reports}
    return Ran(said, before, after)


def read(path: Path) -> FileDataset:
    return dcmread(path)


def test_all_is_released_and_nobody_is_named(ran: Ran) -> None:
    assert (ran.said["released"], ran.said["quarantined"]) == (5, 0)
    assert set(ran.after) == set(ran.before)
    for path in ran.after.values():
        data = path.read_bytes().lower()
        assert not [mark for mark in MARKED if mark.encode() in data]


@pytest.mark.parametrize(("name", "group"), [("image", 0x6000), ("hidden", 0x6002)])
def test_overlays_keep_what_names_nobody(ran: Ran, name: str, group: int) -> None:
    left = bits_of(read(ran.after[name]), group)[0]
    assert not left[:100].any()
    assert np.array_equal(left[100:], text_bits()[100:])


def test_layers_are_still_the_same_everywhere(ran: Ran) -> None:
    image, state = read(ran.after["image"]), read(ran.after["state"])
    layers = [layer.GraphicLayer for layer in state.GraphicLayerSequence]
    assert image[0x60001001].value in layers
    assert [item.GraphicLayer for item in state.GraphicAnnotationSequence] == [image[0x60001001].value]
    kept = state.GraphicAnnotationSequence[0]
    assert [text.UnformattedTextValue for text in kept.TextObjectSequence] == ["liver lesion"]
    assert [list(item.GraphicData) for item in kept.GraphicObjectSequence] == [[200.0, 200.0, 300.0, 260.0]]
    assert state.ReferencedSeriesSequence[0].ReferencedImageSequence[0].ReferencedSOPInstanceUID == image.SOPInstanceUID


def test_the_instances_say_what_was_done(ran: Ran) -> None:
    said = {item.CodeValue for item in read(ran.after["state"]).DeidentificationMethodCodeSequence}
    assert {"113103", "113104"} <= said  # Clean Graphics, Clean Structured Content


@pytest.mark.parametrize("name", ["image", "hidden", "state", "measurement", "dose"])
def test_no_instance_is_less_legal_than_before(ran: Ran, name: str) -> None:
    need("dciodvfy", "dicom3tools")
    assert examine(ran.after[name]).errors - examine(ran.before[name]).errors == {}
