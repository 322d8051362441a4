"""Labels: they keep their clinical words, different ones stay different, and what refers to one by its name still does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from builders import instance
from drawn import annotation, presentation
from pydicom.dataset import Dataset
from tags.cleaning import clean, cleaned, everything, reread

from gateway.records import Identifiers

MARK = "[BCDFGHJKLMNPQRSTVWXZ2-9]{5}"


def segments(*labels: str) -> list[Dataset]:
    made = []
    for number, label in enumerate(labels, 1):
        item = Dataset()
        item.SegmentNumber, item.SegmentLabel, item.TrackingID, item.TrackingUID = (
            number,
            label,
            label,
            f"1.2.3.{number}",
        )
        made.append(item)
    return made


def test_segments_and_what_they_track_stay_told_apart(tmp_path: Path) -> None:
    labels = ["liver", "Okonkwo", "Hollingbery", "liver Okonkwo", "3", "liver Hollingbery", "liver"]
    out = reread(cleaned(instance(SegmentSequence=segments(*labels)), "research"), tmp_path)
    new = [item.SegmentLabel for item in out.SegmentSequence]
    assert new[0] == new[6] == "liver"
    assert new[4] == "3"
    assert re.fullmatch(f"LABEL {MARK}", new[1])
    assert re.fullmatch(f"LABEL {MARK}", new[2])
    assert re.fullmatch(f"liver {MARK}", new[3])
    assert len(set(new)) == 6
    assert new == [item.TrackingID for item in out.SegmentSequence]
    assert not re.search("okonkwo|hollingbery", "".join(everything(out)), re.IGNORECASE)


@pytest.mark.parametrize(
    ("keyword", "basic", "research"),
    [
        ("ROIName", "", f"liver {MARK}"),
        ("ROIObservationLabel", None, f"liver {MARK}"),
        ("AnnotationGroupLabel", f"LABEL {MARK}", f"liver {MARK}"),
        ("UserContentLabel", f"LABEL {MARK}", f"liver {MARK}"),
        ("GraphicGroupLabel", f"liver {MARK}", f"liver {MARK}"),
    ],
)
def test_each_kind_of_label(keyword: str, basic: str | None, research: str) -> None:
    for name, expected in (("basic", basic), ("research", research)):
        item = Dataset()
        setattr(item, keyword, "liver Okonkwo")
        out = cleaned(instance(StructureSetROISequence=[item]), name).StructureSetROISequence[0]
        assert (keyword in out) == (expected is not None)
        assert expected is None or re.fullmatch(expected, out[keyword].value)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("LESION", "LESION"),
        ("1", "1"),
        ("DRSMITH", f"LABEL {MARK}"),
        ("0010", f"LABEL {MARK}"),  # the Patient ID
        ("lesion", f"LABEL {MARK}"),  # not legal: no code string holds small letters
        ("", ""),
    ],
)
def test_layers_are_code_strings(label: str, expected: str) -> None:
    layer = Dataset()
    layer.GraphicLayer = label
    known = Identifiers(ids=frozenset({"0010"}))
    out, changes = clean(instance(GraphicLayerSequence=[layer]), "research", identifiers=known)
    assert re.fullmatch(expected, out.GraphicLayerSequence[0].GraphicLayer or "")
    assert any(change.rule == "label" for change in changes) == (label != expected)


def test_annotations_and_their_layers_are_named_alike(tmp_path: Path, graphics: str) -> None:
    state = presentation(annotation("DRSMITH", ["liver"]), annotation("LESION", ["mass"]))
    state.add_new(0x60001001, "CS", "DRSMITH")
    out = reread(clean(state, graphics, identifiers=Identifiers())[0], tmp_path)
    layers = {layer.GraphicLayer for layer in out.GraphicLayerSequence}
    assert {item.GraphicLayer for item in out.GraphicAnnotationSequence} == layers
    assert "LESION" in layers
    assert out[0x60001001].value in layers - {"LESION"}
    assert "DRSMITH" not in layers


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("LiverMass", "LiverMass"),
        ("liver_mass", "liver_mass"),
        ("LiverOkonkwo", f"Liver {MARK}"),
        ("massOKONKWO", f"mass {MARK}"),
        ("Okonkwo@^Liver:Mass", f"Liver Mass {MARK}"),
        ("CT-liver", "CT-liver"),
        ("Okonkwo9", f"LABEL {MARK}"),
    ],
)
def test_labels_that_programs_write_in_one_word(label: str, expected: str) -> None:
    out = cleaned(instance(SegmentSequence=segments(label)), "research")
    assert re.fullmatch(expected, out.SegmentSequence[0].SegmentLabel)


def test_a_long_label_leaves_room_for_its_mark() -> None:
    out = cleaned(instance(SegmentSequence=segments(" ".join(["liver", "mass", "brain"] * 6) + " Okonkwo")), "research")
    label = out.SegmentSequence[0].SegmentLabel
    assert len(label) <= 64
    assert re.fullmatch(f"liver mass brain .* {MARK}", label)
