"""Cleaners that skip one thing each: private elements, presentation states, orders. The verifier finds what is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders import PEOPLE, instance
from drawn import annotation, drawn, presentation, written
from pydicom.dataset import Dataset, FileDataset
from verify.handmade import Staged

from gateway.verify import checks

NAME, ID, BORN, _ = PEOPLE[0]
ACCESSION = "ACC0010001"
OPTIONS = frozenset({"CleanGraphicsOption", "RetainSafePrivateOption"})
Change = Callable[[FileDataset], None]
ELEMENT, TEXT, DATE, BYTES = (
    checks.IDENTIFIER_IN_ELEMENT, checks.IDENTIFIER_IN_TEXT, checks.DATE_IN_TEXT, checks.IDENTIFIER_IN_BYTES,
)  # fmt: skip


def found(folder: Path, original: FileDataset, skipped: Change | None = None) -> set[str]:
    """What the verifier finds; the cleaner does what ``skipped`` does to its otherwise correct result."""
    study = Staged(folder)
    study.add(original, change=skipped)
    return {p.check for p in study.verify(facts=replace(study.facts(), options=OPTIONS, edition="2026c"))}


def state() -> FileDataset:
    return presentation(annotation("LESION", ["liver"], [*written("LI", 0, 0), drawn([(1, 1)])]))


@pytest.mark.parametrize(
    ("said", "check"),
    [
        ("OKONKWO ADAEZE", TEXT),
        ("by Adaeze", TEXT),
        (ID, TEXT),
        ("no. 4471902", TEXT),
        (ACCESSION, TEXT),
        ("17.04.1961", DATE),
    ],
)
def test_texts_of_presentation_states_that_were_skipped(tmp_path: Path, said: str, check: str) -> None:
    def text(ds: FileDataset) -> None:
        ds.GraphicAnnotationSequence[0].TextObjectSequence[0].UnformattedTextValue = said

    def compound(ds: FileDataset) -> None:
        item = Dataset()
        item.CompoundGraphicUnits, item.CompoundGraphicType, item.GraphicData = "PIXEL", "RULER", [0.0, 0.0, 1.0, 1.0]
        item.TickLabel = said
        ds.GraphicAnnotationSequence[0].CompoundGraphicSequence = [item]

    def label(ds: FileDataset) -> None:
        ds.GraphicLayerSequence[0].GraphicLayerDescription = said

    def description(ds: FileDataset) -> None:
        ds.ContentDescription = said

    for number, skipped in enumerate((text, compound, label, description)):
        assert check in found(tmp_path / str(number), state(), skipped), skipped


@pytest.mark.parametrize(
    ("said", "check"),
    [
        ("OKONKWO", TEXT),
        ("ADAEZE", TEXT),
        ("OK 4471902", TEXT),
        ("4471902", TEXT),
        ("ACC0010001", TEXT),
        ("19610417", DATE),
    ],
)
def test_layers_that_were_skipped(tmp_path: Path, said: str, check: str) -> None:
    def layer(ds: FileDataset) -> None:
        ds.GraphicLayerSequence[0].GraphicLayer = said
        ds.GraphicAnnotationSequence[0].GraphicLayer = said

    def overlay(ds: FileDataset) -> None:
        ds.ContentLabel = said

    assert found(tmp_path / "without", state()) == set()
    for number, skipped in enumerate((layer, overlay)):
        assert check in found(tmp_path / str(number), state(), skipped)


@pytest.mark.parametrize("accession", [ACCESSION, "77", "R1", "0815", "CHEST"])
def test_orders_that_were_skipped(tmp_path: Path, accession: str) -> None:
    def top(ds: FileDataset) -> None:
        ds.AccessionNumber = accession

    def nested(ds: FileDataset) -> None:
        for keyword in ("RequestAttributesSequence", "ReferencedRequestSequence"):
            item = Dataset()
            item.AccessionNumber = accession
            setattr(ds, keyword, [item])

    def elsewhere(ds: FileDataset) -> None:
        ds.FillerOrderNumberImagingServiceRequest = accession

    for number, skipped in enumerate((top, nested, elsewhere)):
        assert ELEMENT in found(tmp_path / str(number), instance(AccessionNumber=accession), skipped)


def private(vr: str, value: Any, tag: int = 0x0019100C, creator: str = "SIEMENS MR HEADER") -> Change:
    def change(ds: FileDataset) -> None:
        ds.add_new(tag >> 16 << 16 | 0x10, "LO", creator)
        ds.add_new(tag, vr, value)

    return change


def inside(ds: FileDataset) -> None:
    item = Dataset()
    private("LO", "of Okonkwo")(item)  # type: ignore[arg-type]  # an item is filled as a file is
    private("SQ", [item], 0x20051001, "NOBODY KNOWS")(ds)


@pytest.mark.parametrize(
    ("skipped", "check"),
    [
        (private("LO", "axial Okonkwo"), TEXT),
        (private("SH", "0447190"), TEXT),
        (private("DS", "447190"), TEXT),
        (private("IS", "447190"), TEXT),
        (private("UT", "born 17.04.1961"), DATE),
        (private("CS", "19610417"), DATE),
        (private("UN", b"by OKONKWO"), BYTES),
        (private("LO", "x", 0x0019100B), checks.PRIVATE_ELEMENT),
        (private("DS", "1", creator="OKONKWO"), checks.PRIVATE_ELEMENT),
        (inside, TEXT),
    ],
)
def test_private_elements_that_were_skipped(tmp_path: Path, skipped: Change, check: str) -> None:
    original = instance()
    original.OtherPatientIDs = ["447190", "0447190"]
    assert check in found(tmp_path, original, skipped)


def test_a_private_number_of_its_own_may_stand(tmp_path: Path) -> None:
    assert found(tmp_path, instance(), private("IS", "447190")) == set()
