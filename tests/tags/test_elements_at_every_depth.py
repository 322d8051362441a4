"""Each action on each kind of element, at the top and inside one, two and three sequences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import REFERRER, code, instance, uid
from pydicom.dataset import Dataset
from tags.cleaning import PSEUDONYM, PSEUDONYMIZER, SHIFT, clean, cleaned, everything, innermost, nested, reread

from gateway.tags.dates import shift_date

DEPTHS = range(4)
MARKER = "HOLLINGBERY"


def put(depth: int, **attributes: Any) -> Dataset:
    """A CT image with attributes ``depth`` sequences deep."""
    inner = Dataset()
    for keyword, value in attributes.items():
        setattr(inner, keyword, value)
    whole = instance(PatientAge="058Y")
    whole.update(nested(inner, depth))
    return whole


TOKEN = PSEUDONYMIZER.token(MARKER)


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize(
    ("keyword", "value", "basic", "research"),
    [
        # X
        ("OtherPatientIDs", MARKER, None, None),
        ("PatientComments", MARKER, None, None),
        ("TimezoneOffsetFromUTC", "+0200", None, "+0200"),
        # Z
        ("AccessionNumber", MARKER, "", ""),
        ("ReferringPhysicianName", MARKER, "", ""),
        ("PatientBirthDate", "19610417", "", ""),
        # D
        ("ClinicalTrialSubjectID", MARKER, TOKEN, TOKEN),
        ("ContainerIdentifier", MARKER, TOKEN, TOKEN),
        ("VerifyingOrganization", MARKER, TOKEN, TOKEN),
        ("PersonName", MARKER, "DEIDENTIFIED", "DEIDENTIFIED"),
        ("DestinationAE", MARKER, TOKEN, TOKEN),
        ("SelectorASValue", "047Y", "000Y", "047Y"),
        ("SelectorURValue", "http://hollingbery", "urn:deidentified", "urn:deidentified"),
        ("SelectorOBValue", b"HOLLINGBERY ", b"\0\0", b"\0\0"),
        ("SelectorUIValue", "1.2.3.4.5", PSEUDONYMIZER.uid("1.2.3.4.5"), PSEUDONYMIZER.uid("1.2.3.4.5")),
        ("AnnotationGroupUID", "1.2.3", PSEUDONYMIZER.uid("1.2.3"), PSEUDONYMIZER.uid("1.2.3")),
        # D, and C under an option
        ("VerificationDateTime", "20230311101530", "19000101000000", "20221201101530"),
        ("DateTime", "20230311", "19000101000000", "20221201"),
        ("Date", "20230311", "19000101", "20221201"),
        ("Time", "101530", "000000", "101530"),
        ("RTPlanLabel", "Liver HOLLINGBERY", "DEIDENTIFIED", "Liver"),
        ("RTPlanLabel", MARKER, "DEIDENTIFIED", "DEIDENTIFIED"),
        # X, and C or K under an option
        ("SeriesDescription", "Axial HOLLINGBERY chest", None, "Axial chest"),
        ("SeriesDescription", MARKER, None, None),
        ("PatientSize", "1.75", None, "1.75"),
        ("PatientAge", "47", None, "047Y"),
        ("PatientAge", "103Y", None, "090Y"),
        ("PatientAge", "old", None, None),
        ("PregnancyStatus", 4, None, 4),
        ("DateOfLastCalibration", ["20230311", "20230312"], None, ["20221201", "20221202"]),
        ("DateOfLastCalibration", ["20230311", "1 May"], None, None),
        # U
        ("FrameOfReferenceUID", "1.2.3", PSEUDONYMIZER.uid("1.2.3"), PSEUDONYMIZER.uid("1.2.3")),
        ("ReferencedSOPInstanceUID", "1.2.3", PSEUDONYMIZER.uid("1.2.3"), PSEUDONYMIZER.uid("1.2.3")),
        ("IrradiationEventUID", ["1.2.3", "1.2.4"], *[[PSEUDONYMIZER.uid("1.2.3"), PSEUDONYMIZER.uid("1.2.4")]] * 2),
        ("FrameOfReferenceUID", "1.2.840.10008.1.4.1.1", "1.2.840.10008.1.4.1.1", "1.2.840.10008.1.4.1.1"),
    ],
)  # fmt: skip
def test_listed_attributes(tmp_path: Path, depth: int, keyword: str, value: Any, basic: Any, research: Any) -> None:
    for name, expected in (("basic", basic), ("research", research)):
        dataset = put(depth, **{keyword: value})
        written = innermost(reread(cleaned(dataset, name), tmp_path), depth)
        assert (written.get(keyword) if keyword in written else None) == expected
        assert MARKER not in "".join(everything(written))
        assert innermost(dataset, depth).get(keyword) == value, "the original was changed"


@pytest.mark.parametrize("depth", DEPTHS)
def test_pseudonyms_stand_for_name_and_id_at_every_depth(tmp_path: Path, depth: int) -> None:
    written = innermost(reread(cleaned(put(depth, PatientName="A^B", PatientID="17")), tmp_path), depth)
    assert (written.PatientName, written.PatientID) == (PSEUDONYM, PSEUDONYM)


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize(
    ("keyword", "basic", "research"),
    [
        ("RequestAttributesSequence", "X", "C"),
        ("OriginalAttributesSequence", "X", "X"),
        ("IconImageSequence", "X", "X"),
        ("DigitalSignaturesSequence", "X", "X"),
        ("EncryptedAttributesSequence", "X", "X"),
        ("MACParametersSequence", "X", "X"),
        ("IssuerOfTheContainerIdentifierSequence", "Z", "Z"),
        ("PersonIdentificationCodeSequence", "D", "D"),
        ("AdmittingDiagnosesCodeSequence", "X", "C"),
        ("CTReconstructionSequence", "K", "K"),
    ],
)
def test_sequences(tmp_path: Path, depth: int, keyword: str, basic: str, research: str) -> None:
    for name, action in (("basic", basic), ("research", research)):
        inner = code("H-77", "99SITE", "liver HOLLINGBERY")
        inner.OtherPatientNames, inner.StudyInstanceUID = MARKER, uid(1, 1)
        out = innermost(reread(cleaned(put(depth, **{keyword: [inner]}), name), tmp_path), depth)
        if action == "X":
            assert keyword not in out
        elif action == "Z":
            assert list(out[keyword].value) == []
        else:
            item = out[keyword].value[0]
            assert item.StudyInstanceUID == PSEUDONYMIZER.uid(uid(1, 1))
            assert "OtherPatientNames" not in item
            assert item.CodeMeaning == ("DEIDENTIFIED" if action == "D" else "liver")
            assert item.CodeValue == ("DEIDENTIFIED" if action == "D" else "H-77")
            assert item.CodingSchemeDesignator == ("99DEID" if action == "D" else "99SITE")


@pytest.mark.parametrize("sop_class", ["1.2.840.10008.5.1.4.1.1.2", "1.2.3.4.5.6"])
def test_references_stay_with_replaced_uids(sop_class: str) -> None:
    reference = Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", uid(1, 1, 1, 2)
    out, changes = clean(instance(SourceImageSequence=[reference], SOPClassUID=sop_class))
    assert out.SourceImageSequence[0].ReferencedSOPInstanceUID == PSEUDONYMIZER.uid(uid(1, 1, 1, 2))
    assert out.SourceImageSequence[0].ReferencedSOPClassUID == "1.2.840.10008.5.1.4.1.1.2"
    assert out.SOPClassUID == sop_class
    assert any(change.path == "00082112" and change.action == "U" for change in changes)


@pytest.mark.parametrize("name", ["basic", "research"])
def test_what_is_empty_stays_empty(name: str) -> None:
    dataset = instance(ContrastBolusAgent="", SeriesDescription=" ", PatientAge="", ReferencedStudySequence=[])
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.2.1"
    out = cleaned(dataset, name)
    assert out["ContrastBolusAgent"].is_empty
    assert ("SeriesDescription" in out, "PatientAge" in out) == (name == "research", name == "research")


@pytest.mark.parametrize("name", ["basic", "research"])
def test_a_change_tells_place_action_and_rule_but_no_value(name: str) -> None:
    dataset = put(2, ReferringPhysicianName=REFERRER, FrameOfReferenceUID="1.2.3")
    _, changes = clean(dataset, name)
    paths = {change.path: (change.action, change.rule) for change in changes}
    assert paths["00189301/52009229/00080090"] == ("Z", "basic:ReferringPhysicianName")
    assert paths["00189301/52009229/00200052"] == ("U", "basic:FrameOfReferenceUID")
    assert REFERRER not in repr(changes)


def test_shifted_dates_keep_their_distance() -> None:
    dataset = instance(StudyDate="20230311", SeriesDate="20230312", ContentDate="20230401")
    out = cleaned(dataset, "research")
    assert [out.StudyDate, out.SeriesDate, out.ContentDate] == [
        shift_date(d, SHIFT) for d in ("20230311", "20230312", "20230401")
    ]
    assert (out.StudyTime, out.LongitudinalTemporalInformationModified) == ("101530", "MODIFIED")


@pytest.mark.parametrize(
    ("keyword", "expected"),
    [("StudyDate", ""), ("SeriesDate", None), ("AcquisitionDateTime", "19000101000000"), ("Date", "19000101")],
)
def test_illegal_dates_do_not_survive(keyword: str, expected: str | None) -> None:
    dataset = instance()
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.2.1" if keyword == "AcquisitionDateTime" else dataset.SOPClassUID
    dataset.add_new(keyword, "LO", "born 11 May")
    dataset[keyword].VR = "DT" if keyword.endswith("Time") else "DA"
    assert cleaned(dataset, "research").get(keyword) == expected
