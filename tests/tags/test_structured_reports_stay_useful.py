"""Structured content: the tree stays legal and useful, and names nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import code, instance, key_object, uid
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import Comprehensive3DSRStorage
from tags.cleaning import PSEUDONYMIZER, clean, cleaned, everything, put_raw, reread


def item(value_type: str, concept: Dataset | None, relationship: str = "CONTAINS", **attributes: Any) -> Dataset:
    content = Dataset()
    content.RelationshipType, content.ValueType = relationship, value_type
    if concept is not None:
        content.ConceptNameCodeSequence = [concept]
    for keyword, value in attributes.items():
        setattr(content, keyword, value)
    return content


def report(*content: Dataset) -> FileDataset:
    dataset = key_object(instance())
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = Comprehensive3DSRStorage
    dataset.Modality = "SR"
    dataset.ConceptNameCodeSequence = [code("126000", "DCM", "Imaging Measurement Report")]
    dataset.ContentSequence = list(content)
    return dataset


def content_of(dataset: Dataset) -> list[Dataset]:
    return list(dataset.ContentSequence)


FINDING = code("121071", "DCM", "Finding")


@pytest.mark.parametrize(
    ("value_type", "concept", "value", "basic", "research"),
    [
        ("TEXT", code("121022", "DCM", "Accession Number"), {"TextValue": "ACC1"}, None, None),
        ("TEXT", code("121106", "DCM", "Comment"), {"TextValue": "liver Okonkwo"}, None, "liver"),
        ("TEXT", FINDING, {"TextValue": "liver Okonkwo"}, "DEIDENTIFIED", "liver"),
        ("TEXT", code("121008", "DCM", "Person Observer Name"), {"TextValue": "Foo"}, "DEIDENTIFIED", "DEIDENTIFIED"),
        ("TEXT", code("77", "99SITE", "liver"), {"TextValue": "liver Okonkwo"}, "liver", "liver"),
        ("TEXT", None, {"TextValue": "Okonkwo"}, "DEIDENTIFIED", "DEIDENTIFIED"),
        ("PNAME", code("121008", "DCM", "Person Observer Name"), {"PersonName": "A^B"}, "DEIDENTIFIED", "DEIDENTIFIED"),
        ("PNAME", code("77", "99SITE", "liver"), {"PersonName": "A^B"}, None, None),
        ("DATE", code("111060", "DCM", "Study Date"), {"Date": "20230311"}, "19000101", "20221201"),
        ("TIME", code("77", "99SITE", "liver"), {"Time": "101530"}, "000000", "101530"),
        ("DATETIME", code("122165", "DCM", "DateTime of Death"), {"DateTime": "20230311"}, None, "20221201"),
        ("UIDREF", code("112040", "DCM", "Tracking UID"), {"UID": "1.2.3"}, *[PSEUDONYMIZER.uid("1.2.3")] * 2),
        ("CODE", code("121032", "DCM", "Subject Sex"), {"ValueType": "CODE"}, None, "CODE"),
        ("CODE", FINDING, {"ValueType": "CODE"}, "CODE", "CODE"),
        ("CONTAINER", code("121000", "DCM", "Unique Device Identifiers"), {"ValueType": "CONTAINER"}, None, None),
    ],
)  # fmt: skip
def test_content_items(
    value_type: str, concept: Dataset, value: dict[str, str], basic: str | None, research: str | None
) -> None:
    keyword, original = next(iter(value.items()))
    for name, expected in (("basic", basic), ("research", research)):
        section = item(
            "CONTAINER", code("121070", "DCM", "Findings"), ContentSequence=[item(value_type, concept, **value)]
        )
        top = cleaned(report(item(value_type, concept, **value)), name)
        deep = cleaned(report(section), name).ContentSequence[0]
        for tree in (top, deep):
            found = str(tree.ContentSequence[0].get(keyword)) if "ContentSequence" in tree else None
            assert found == expected
            assert original == expected or "Okonkwo" not in "".join(everything(tree))


def test_a_report_keeps_its_root_title_measurements_geometry_and_references(tmp_path: Path) -> None:
    value = Dataset()
    value.NumericValue, value.MeasurementUnitsCodeSequence = "12.5", [code("mm", "UCUM", "millimeter")]
    reference = Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", uid(1, 1, 1, 1)
    length = item("NUM", code("410668003", "SCT", "Length"), MeasuredValueSequence=[value])
    shape = item(
        "SCOORD", code("121080", "DCM", "Best illustration"), GraphicType="POLYLINE", GraphicData=[1.0, 2.0, 3.0, 4.0]
    )
    image = item("IMAGE", code("121342", "DCM", "Dose Image"), ReferencedSOPSequence=[reference])
    out = reread(cleaned(report(length, shape, image)), tmp_path)
    assert (out.ValueType, out.ContinuityOfContent) == ("CONTAINER", "SEPARATE")
    assert out.ConceptNameCodeSequence[0].CodeMeaning == "Imaging Measurement Report"
    measured, drawn, shown = content_of(out)
    assert measured.MeasuredValueSequence[0].NumericValue == 12.5
    assert measured.MeasuredValueSequence[0].MeasurementUnitsCodeSequence[0].CodeValue == "mm"
    assert drawn.GraphicData == [1.0, 2.0, 3.0, 4.0]
    assert shown.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == PSEUDONYMIZER.uid(uid(1, 1, 1, 1))


@pytest.mark.parametrize("name", ["basic", "research"])
def test_a_key_object_keeps_what_it_is_for(tmp_path: Path, name: str) -> None:
    image = instance()
    out = reread(cleaned(key_object(image), name), tmp_path)
    series = out.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0]
    assert series.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == cleaned(image, name).SOPInstanceUID
    assert out.ConceptNameCodeSequence[0].CodeMeaning == "Of Interest"
    assert out.ContentSequence[0].ConceptCodeSequence[0].CodeMeaning == "Key Image"


def test_positions_hold_where_items_refer_to_each_other() -> None:
    order = item("TEXT", code("121022", "DCM", "Accession Number"), TextValue="ACC1")
    person = item("PNAME", code("77", "99SITE", "liver"), PersonName="A^B")
    by_reference = Dataset()
    by_reference.RelationshipType, by_reference.ReferencedContentItemIdentifier = "INFERRED FROM", [1, 1]
    finding = item("CODE", FINDING, ContentSequence=[by_reference])
    out = cleaned(report(order, person, finding))
    assert [found.get("ValueType") for found in content_of(out)] == ["TEXT", "PNAME", "CODE"]
    assert out.ContentSequence[0].TextValue == "DEIDENTIFIED"
    assert out.ContentSequence[1].PersonName == "DEIDENTIFIED"
    assert out.ContentSequence[2].ContentSequence[0].ReferencedContentItemIdentifier == [1, 1]


def test_a_tree_that_loses_all_its_items_is_left_out() -> None:
    out, changes = clean(report(item("TEXT", code("121022", "DCM", "Accession Number"), TextValue="ACC1")))
    assert "ContentSequence" not in out
    assert {(change.action, change.rule) for change in changes if change.path == "0040A730"} == {
        ("D", "basic:ContentSequence"),
        ("X", "content-item"),
    }


def test_odd_trees_do_no_harm() -> None:
    nameless = item("TEXT", Dataset(), TextValue="Okonkwo")
    broken = put_raw(item("TEXT", None, TextValue="Okonkwo"), 0x0040A043, "LO", b"Okonkwo ")
    deeper = put_raw(item("CONTAINER", None), 0x0040A730, "UN", b"Okonkwo ")
    out = cleaned(report(nameless, broken, deeper))
    assert "Okonkwo" not in "".join(everything(out))


def test_legacy_codes_are_recognised() -> None:
    history = item("TEXT", code("371524004", "SRT", "Clinical Report"), TextValue="liver")
    assert "ContentSequence" not in cleaned(report(history))
