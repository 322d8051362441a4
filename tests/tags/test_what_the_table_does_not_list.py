"""Elements that Table E.1-1 does not list: kept only if they cannot say who."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import code, instance
from pydicom.dataset import Dataset
from tags.cleaning import PSEUDONYMIZER, clean, cleaned, everything, put_raw, reread

NAME = "OKONKWO"  # the family name of the builders' first patient


@pytest.mark.parametrize("profile_name", ["basic", "research"])
@pytest.mark.parametrize(
    ("keyword", "value", "expected"),
    [
        # numbers
        ("KVP", "120", 120),
        ("EchoTime", "0.3333333333333333333333", 0.33333333333333),
        ("EchoTrainLength", "12", 12),
        ("ExposureInuAs", "7.0", 7),
        ("RecommendedDisplayFrameRateInFloat", 25.5, 25.5),
        ("CineRate", None, None),
        ("FrameIncrementPointer", 0x00181063, 0x00181063),
        ("DimensionIndexPointer", 0x00209056, 0x00209056),
        # code strings
        ("BodyPartExamined", "CHEST", "CHEST"),
        ("BodyPartExamined", "abdomen", "ABDOMEN"),
        ("BodyPartExamined", "T-SPINE", "T-SPINE"),
        ("BodyPartExamined", NAME, None),
        ("BodyPartExamined", "SEEN/BY", None),
        ("BodyPartExamined", "ROOM-7", None),
        ("FilterMaterial", ["COPPER", NAME], ["COPPER", ""]),
        ("Modality", NAME, "DEIDENTIFIED"),
        ("PhotometricInterpretation", "monochrome2", "MONOCHROME2"),
        ("ImageType", ["ORIGINAL", "PRI/MARY"], ["ORIGINAL", ""]),
        # text
        ("TargetLabel", f"left lesion {NAME}", "left lesion"),
        ("FrameLabelVector", "Hollingbery", "DEIDENTIFIED"),
        ("FrameLabelVector", ["left", "Hollingbery"], ["left", ""]),
        ("SegmentDescription", "--- 7.", "DEIDENTIFIED"),
        # technical text
        ("ConvolutionKernel", "B30f", "B30f"),
        ("Manufacturer", "Imaginary Scanners", "Imaginary Scanners"),
        ("SoftwareVersions", ["syngo 7", f"left {NAME}"], ["syngo 7", "left"]),
        ("SoftwareVersions", "OK4471902", "DEIDENTIFIED"),
        ("SoftwareVersions", "v20230311-b", "DEIDENTIFIED"),
        ("SoftwareVersions", "at Saint Brannoc Infirmary", "DEIDENTIFIED"),
        ("MultiCoilConfiguration", "scan 4471902", "DEIDENTIFIED"),
        # what identifies, addresses, names
        ("DeviceID", "D-1", None),
        ("SecondaryReviewerName", "A^B", None),
        ("RetrieveURL", "http://pacs", None),
        ("HL7InstanceIdentifier", "1.2^x", None),
        # UIDs
        ("VolumeFrameOfReferenceUID", "1.2.3", PSEUDONYMIZER.uid("1.2.3")),
        ("CodingSchemeUID", "1.2.276.0.1", "1.2.276.0.1"),
        # binary
        ("PointCoordinatesData", b"\0\0\x80?", b"\0\0\x80?"),
        ("ICCProfile", b"abc", None),
        ("BodyPartExamined", "TRELAWNISSON", None),
        ("HPGLDocument", b"PD;", None),
        ("ThreatROIBitmap", b"\1\0", None),
    ],
)  # fmt: skip
def test_by_kind_of_value(tmp_path: Path, profile_name: str, keyword: str, value: Any, expected: Any) -> None:
    dataset = instance(PatientID="0004471902", **({} if value is None else {keyword: value}))
    written = reread(cleaned(dataset, profile_name), tmp_path)
    assert (written.get(keyword) if keyword in written else None) == expected


def test_dates_follow_the_profile() -> None:
    dataset = instance(ExpiryDate="20230311", SecondaryReviewTime="101530", StudyUpdateDateTime="20230311")
    strict, shifted = cleaned(dataset), cleaned(dataset, "research")
    assert (strict.ExpiryDate, strict.SecondaryReviewTime, strict.StudyUpdateDateTime) == (
        "19000101",
        "000000",
        "19000101000000",
    )
    assert (shifted.ExpiryDate, shifted.SecondaryReviewTime, shifted.StudyUpdateDateTime) == (
        "20221201",
        "101530",
        "20221201",
    )


@pytest.mark.parametrize(
    ("tag", "vr", "data", "rule"),
    [
        (0x00180060, "DS", b"seen by Okonkwo ", "unlisted-number"),
        (0x00180060, "DS", b"1.0\\nan", "unlisted-number"),
        (0x00180060, "DS", b"1e999999", "unlisted-number"),
        (0x00180060, "DS", b"9" * 120, "unlisted-number"),
        (0x00280008, "IS", b"99999999999 ", "unlisted-number"),
        (0x00280008, "IS", b"1.5 ", "unlisted-number"),
        (0x00280010, "US", b"\1", "unlisted-number"),
        (0x00280010, "LO", b"OKONKWO ", "unreadable"),
        (0x00080060, "UL", b"OKON", "unreadable"),
        (0x00540220, "UN", b"OKONKWO ", "unreadable"),
        (0x00540220, "LO", b"OKONKWO ", "unreadable"),
        (0x00180060, "SQ", b"", "unreadable"),
        (0x00540220, "SQ", b"\xfe\xff\x00\xe0\x01", "unreadable"),
        (0x00091001, "LO", b"OKONKWO ", "private"),
        (0x00090010, "LO", b"OKONKWO ", "private"),
        (0x00089999, "LO", b"OKONKWO ", "unknown"),
        (0x00102162, "UC", b"OKONKWO ", "retain_patient_chars:Ethnic Groups"),
        (0x00041500, "CS", b"OKONKWO ", "misplaced"),
        (0xFFFCFFFC, "OB", b"OKONKWO ", "misplaced"),
        (0x00080000, "UL", b"\4\0\0\0", "group-length"),
        (0x60003000, "OW", b"OKONKWO ", "curves-and-overlays"),
        (0x60004000, "LT", b"OKONKWO ", "curves-and-overlays"),
        (0x50020030, "SH", b"OKONKWO ", "curves-and-overlays"),
        (0x7F010010, "OW", b"OKONKWO ", "private"),
        (0x00081190, "UR", b"http://a", "unlisted-address"),
        (0x00420011, "OB", b"", "basic:EncapsulatedDocument"),
    ],
)
def test_what_goes(tag: int, vr: str, data: bytes, rule: str) -> None:
    dataset = put_raw(instance(), tag, vr, data)
    if rule.startswith("basic"):
        assert cleaned(dataset)[tag].is_empty
        return
    out, changes = clean(dataset, "research")
    if rule == "unlisted-number":  # its type is not known: empty is legal as type 2 and as type 3
        assert out[tag].is_empty
    else:
        assert tag not in out
    assert [change.rule for change in changes if change.path == f"{tag:08X}"] == [rule]


def test_more_numbers_than_the_dictionary_allows_are_cut_off() -> None:
    out, changes = clean(put_raw(instance(), 0x00280010, "US", b"\x40\0OKONKWO MORE "))
    assert out.Rows == 64
    assert any(change.rule == "excess" for change in changes)
    out, _ = clean(put_raw(instance(), 0x00280010, "US", b"\x40\0\1"))
    assert out.Rows == 64


@pytest.mark.parametrize(
    ("vr", "data", "expected"),
    [
        ("LO", b"left\0OKONKWO", "left"),
        ("LO", b"left\x07lesion", "left lesion"),
        ("LO", b"left \\ right  ", ["left", "right"]),
        ("SH", b"left left left left left ", "left left left l"),
    ],
)
def test_rubbish_inside_values_goes(vr: str, data: bytes, expected: Any) -> None:
    tag = 0x00081080 if vr == "LO" else 0x00182002
    assert cleaned(put_raw(instance(), tag, vr, data), "research")[tag].value == expected


@pytest.mark.parametrize(
    ("value", "scheme", "meaning", "expected"),
    [
        # what the scheme itself says, in one wording or another
        ("10200004", "SCT", "Liver", ("10200004", "SCT", "Liver")),
        ("10200004", "SCT", "liver  structure", ("10200004", "SCT", "liver  structure")),
        ("121022", "DCM", "Accession Number", ("121022", "DCM", "Accession Number")),
        # what it does not say, judged as free text
        ("T-D3000", "SRT", "Chest with contrast", ("T-D3000", "SRT", "Chest with contrast")),
        ("T-D3000", "SRT", "Chest of Hollingbery", ("T-D3000", "SRT", "Thoracic structure")),
        ("121022", "DCM", "Dr Hollingbery", ("121022", "DCM", "Accession Number")),
        ("121022", "DCM", "Okonkwo", ("121022", "DCM", "Accession Number")),
        ("987654", "DCM", "chest of Hollingbery", ("987654", "DCM", "chest")),
        ("987654", "RADLEX", "Hollingbery", ("987654", "RADLEX", "DEIDENTIFIED")),
        ("OKONKWO", "DCM", "Okonkwo", ("DEIDENTIFIED", "DCM", "DEIDENTIFIED")),
        ("77", "99SITE", "liver of Hollingbery", ("77", "99SITE", "liver")),
        ("seen by", "99SITE", "Hollingbery", ("DEIDENTIFIED", "99SITE", "DEIDENTIFIED")),
        ("77", "OKONKWO", "liver", ("77", "99DEID", "liver")),
        ("77", "DR SMITH CODES", "liver", ("77", "99DEID", "liver")),
        ("77", "99SECTRA", "liver", ("77", "99SECTRA", "liver")),
        ("77", "a scheme that is far too long", "liver", ("77", "99DEID", "liver")),
        ("77", "", "", ("77", "", "")),
    ],
)
@pytest.mark.parametrize("depth", [1, 2])
def test_codes(depth: int, value: str, scheme: str, meaning: str, expected: tuple[str, str, str]) -> None:
    item = code(value, scheme, meaning)
    if depth == 2:
        outer = Dataset()
        outer.MeasurementUnitsCodeSequence = [item]
        out = cleaned(instance(MeasuredValueSequence=[outer])).MeasuredValueSequence[0]
        found = out.MeasurementUnitsCodeSequence[0]
    else:
        found = cleaned(instance(ProcedureCodeSequence=[item])).ProcedureCodeSequence[0]
    assert (found.CodeValue, found.CodingSchemeDesignator, found.CodeMeaning) == expected


def test_a_patient_called_brain_keeps_the_anatomy() -> None:
    dataset = instance(patient=5, BodyPartExamined="BRAIN", ProcedureCodeSequence=[code("12738006", "SCT", "Brain")])
    out = cleaned(dataset)
    assert out.BodyPartExamined == "BRAIN"
    assert out.ProcedureCodeSequence[0].CodeMeaning == "Brain"


def test_long_codes_and_urns() -> None:
    item = Dataset()
    item.LongCodeValue, item.CodingSchemeDesignator, item.CodeMeaning = "1" * 30, "SCT", "Liver"
    urn = Dataset()
    urn.URNCodeValue, urn.CodeMeaning = "urn:oid:2.16.840.1.113883.6.1", "Liver mass"
    out = cleaned(instance(ProcedureCodeSequence=[item, urn]))
    assert out.ProcedureCodeSequence[0].LongCodeValue == "1" * 30
    assert out.ProcedureCodeSequence[1].URNCodeValue == "urn:oid:2.16.840.1.113883.6.1"


def test_graphic_annotations_go_with_their_module() -> None:
    text = Dataset()
    text.UnformattedTextValue = "Okonkwo"
    layer = Dataset()
    layer.TextObjectSequence = [text]
    dataset = instance(GraphicAnnotationSequence=[layer])
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.11.1"
    out, _ = clean(dataset)
    assert "Okonkwo" not in "".join(everything(out))
    dataset.SOPClassUID = "1.2.3.4"
    assert "GraphicAnnotationSequence" not in cleaned(dataset)


@pytest.mark.parametrize("tag", [0x00080005, 0x00080070, 0x00120063, 0x00280103, 0x00080100])
def test_values_that_cannot_be_encoded_go(tag: int) -> None:
    dataset = instance()
    dataset.add_new(tag, *(("SH", "x") if tag == 0x00280103 else ("US", 5)))
    out = cleaned(dataset)
    assert tag not in out or str(out[tag].value) != "5"
    assert out.PatientIdentityRemoved == "YES"
