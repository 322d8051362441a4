"""Header rules of a recipe: deid carries them out on the cleaned copy; each change is told, and what it keeps most of all."""

from __future__ import annotations

import copy
import gc
from pathlib import Path

import pytest
from builders import instance
from pydicom import DataElement, config, dcmread
from pydicom.dataset import Dataset, FileDataset

from gateway.errors import RejectedByRecipe
from gateway.recipes import Recipes
from gateway.records import Change
from gateway.tags import load


def changed(
    tmp_path: Path, rules: str, cleaned: FileDataset, original: FileDataset | None = None
) -> tuple[Change, ...]:
    """Carry out ``rules`` on a data set, which they change in place."""
    (tmp_path / "ours.dicom").write_text(f"FORMAT dicom\n{rules if '%' in rules else '%header' + chr(10) + rules}\n")
    return Recipes.load([tmp_path], load).apply(cleaned, original or copy.deepcopy(cleaned))


def told(*changes: str) -> tuple[Change, ...]:
    return tuple(Change(path, action, "recipe.ours") for path, action in (each.split() for each in changes))


@pytest.mark.parametrize(
    ("rules", "changes", "keyword", "value"),
    [
        ("REMOVE StudyDescription", ("00081030 X",), "StudyDescription", None),
        ("REMOVE (0008,1030)", ("00081030 X",), "StudyDescription", None),
        ("REMOVE 00081030", ("00081030 X",), "StudyDescription", None),
        ("BLANK StudyDescription", ("00081030 Z",), "StudyDescription", None),
        ("REPLACE StudyDescription CT  body", ("00081030 D",), "StudyDescription", "CT body"),
        ("ADD StudyDescription CT body", ("00081030 D",), "StudyDescription", "CT body"),
        ("ADD ClinicalTrialSiteName Site 7", ("00120031 D",), "ClinicalTrialSiteName", "Site 7"),
        ("ADD TriggerTime 12.5", ("00181060 D",), "TriggerTime", 12.5),
        ("ADD ImagesInAcquisition 12", ("00201002 D",), "ImagesInAcquisition", 12),
        ("JITTER StudyDate 3", ("00080020 C",), "StudyDate", "20230314"),
        ("JITTER StudyDate -31", ("00080020 C",), "StudyDate", "20230208"),
        ("REMOVE contains:StudyDesc", ("00081030 X",), "StudyDescription", None),
        ("REMOVE startswith:StudyDesc", ("00081030 X",), "StudyDescription", None),
        ("REMOVE endswith:yDescription", ("00081030 X",), "StudyDescription", None),
        (
            "%fields words\nFIELD StudyDescription\n%header\nREMOVE fields:words",
            ("00081030 X",),
            "StudyDescription",
            None,
        ),
    ],
)
def test_each_action_does_what_it_says_and_is_told(
    tmp_path: Path, rules: str, changes: tuple[str, ...], keyword: str, value: object
) -> None:
    ds = instance()
    assert changed(tmp_path, rules, ds) == told(*changes)
    assert ds.get(keyword) == value


def test_dates_are_moved_wherever_they_stand(tmp_path: Path) -> None:
    ds = instance()
    changes = changed(tmp_path, "JITTER select:VR:DA 1", ds)
    assert [change.path for change in changes] == ["00080020", "00080021", "00080022", "00080023", "00100030"]
    assert {change.action for change in changes} == {"C"}
    assert (ds.StudyDate, ds.PatientBirthDate) == ("20230312", "19610418")


def test_nested_elements_are_reached_and_told_by_their_path(tmp_path: Path) -> None:
    ds = instance()
    item = Dataset()
    item.StudyDescription, item.ScheduledProcedureStepDescription = "CT", "17"
    ds.RequestAttributesSequence = [item, copy.deepcopy(item)]
    assert changed(tmp_path, "REMOVE ScheduledProcedureStepDescription\nREPLACE StudyDescription CT body", ds) == told(
        "00081030 D", *["00400275/00081030 D", "00400275/00400007 X"] * 2
    )
    assert [len(each) for each in ds.RequestAttributesSequence] == [1, 1]
    assert ds.RequestAttributesSequence[1].StudyDescription == "CT body"


def test_sequences_that_hold_themselves_are_reached(tmp_path: Path) -> None:
    ds, outer, inner, leaf = instance(), Dataset(), Dataset(), Dataset()
    leaf.RequestedProcedureDescription = inner.RequestedProcedureDescription = "CT"
    inner.ContentSequence, outer.ContentSequence = [leaf, Dataset()], [Dataset(), inner]
    ds.ContentSequence = [outer]
    assert changed(tmp_path, "REPLACE RequestedProcedureDescription CT body", copy.deepcopy(ds)) == told(
        "0040A730/0040A730/00321060 D", "0040A730/0040A730/0040A730/00321060 D"
    )
    assert changed(tmp_path, "REMOVE endswith:ProcedureDescription", ds) == told(
        "0040A730/0040A730/00321060 X", "0040A730/0040A730/0040A730/00321060 X"
    )
    assert not leaf
    assert changed(tmp_path, "REMOVE all", ds)
    assert "ContentSequence" not in ds


def test_what_no_recipe_can_touch_survives_even_all(tmp_path: Path) -> None:
    ds = instance()
    reference, deep = Dataset(), Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = ds.SOPClassUID, "1.2.3"
    reference.PurposeOfReferenceCodeSequence = [Dataset()]
    reference.PurposeOfReferenceCodeSequence[0].CodeValue = "121322"
    deep.RequestedProcedureID = "17"
    ds.ReferencedImageSequence, ds.RequestAttributesSequence = [reference], [deep]
    ds.add_new(0x00091001, "LO", "declared safe")
    before = copy.deepcopy(ds)
    changes = changed(tmp_path, "REMOVE all\nKEEP SeriesNumber", ds)
    for keyword in (
        "SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID", "PatientID",
        "PatientName", "Modality", "SpecificCharacterSet", "Rows", "Columns", "BitsAllocated", "PixelData", "SeriesNumber",
    ):  # fmt: skip
        assert ds[keyword] == before[keyword]
    assert 0x00091001 in ds
    assert ds.file_meta == before.file_meta
    assert [element.keyword for element in ds.ReferencedImageSequence[0]] == [
        "ReferencedSOPClassUID",
        "ReferencedSOPInstanceUID",
    ]
    assert "RequestAttributesSequence" not in ds
    assert "SliceThickness" not in ds
    assert {change.action for change in changes} <= {"X", "Z", "D"}
    assert Change("00081140/0040A170", "X", "recipe.ours") in changes


def test_a_sequence_named_by_itself_goes_with_all_that_is_in_it(tmp_path: Path) -> None:
    ds = instance()
    reference = Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = ds.SOPClassUID, "1.2.3"
    ds.SourceImageSequence = ds.ReferencedImageSequence = [reference]
    assert changed(tmp_path, "REMOVE SourceImageSequence\nBLANK ReferencedImageSequence", ds) == told(
        "00081140 Z", "00082112 X"
    )
    assert "SourceImageSequence" not in ds
    ds.RequestAttributesSequence = []
    assert changed(tmp_path, "REMOVE RequestAttributesSequence", ds) == told("00400275 X")
    assert len(ds.ReferencedImageSequence) == 0


def test_an_instance_stays_legal_in_its_iod(tmp_path: Path) -> None:
    ds = instance()
    item = Dataset()
    item.RequestedProcedureID = "17"
    ds.RequestAttributesSequence = [item]
    rules = "REMOVE StudyDate\nREMOVE RequestedProcedureID\nBLANK StudyTime\nREMOVE StudyDescription"
    assert changed(tmp_path, rules, ds) == told(
        "00080020 Z", "00080030 Z", "00081030 X", "00400275/00401001 D"
    )  # types 2, 2, 3 and 1C
    assert (ds["StudyDate"].is_empty, ds["StudyTime"].is_empty) == (True, True)
    assert item.RequestedProcedureID == "DEIDENTIFIED"
    assert changed(tmp_path, rules, ds) == ()


def test_an_attribute_that_the_profile_removed_comes_back_if_it_is_named_and_that_is_told(tmp_path: Path) -> None:
    original, cleaned = instance(StationName="CT-7", SoftwareVersions=["v1", "v2"]), instance()
    cleaned.StudyDescription = "CT"
    changes = changed(
        tmp_path, "KEEP StationName\nKEEP SoftwareVersions\nKEEP StudyDescription\nKEEP SeriesNumber", cleaned, original
    )
    assert changes == tuple(
        Change(path, "K", "recipe.ours.keeps") for path in ("00081010", "00081030", "00181020")
    )  # SeriesNumber was kept anyway
    assert cleaned.StationName == "CT-7"
    assert cleaned.SoftwareVersions == ["v1", "v2"]
    assert cleaned.StudyDescription == "CT Abdomen with contrast"


@pytest.mark.parametrize("rules", ["KEEP contains:Station", "KEEP all", "KEEP select:VR:SH", "REMOVE except:Station"])
def test_an_expander_brings_nothing_back(tmp_path: Path, rules: str) -> None:
    original, cleaned = instance(StationName="CT-7"), instance()
    assert not any(change.rule.endswith("keeps") for change in changed(tmp_path, rules, cleaned, original))
    assert "StationName" not in cleaned


def test_keep_protects_from_the_recipes_other_rules(tmp_path: Path) -> None:
    ds = instance()
    changes = changed(tmp_path, "REMOVE contains:Description\nKEEP SeriesDescription", ds)
    assert changes == told("00081030 X")
    assert ds.SeriesDescription == "Axial 5mm"


def test_what_is_not_legal_or_has_items_does_not_come_back(tmp_path: Path) -> None:
    original, cleaned = instance(), instance()
    original["PatientAge"] = DataElement("PatientAge", "AS", "fifty", validation_mode=config.IGNORE)
    original.RequestAttributesSequence = [Dataset()]
    cleaned.PatientAge = ""
    assert not changed(tmp_path, "KEEP PatientAge\nKEEP RequestAttributesSequence", cleaned, original)


def test_names_come_back_in_the_character_set_that_is_written(tmp_path: Path) -> None:
    original = instance()
    original.SpecificCharacterSet = ["", "ISO 2022 IR 87"]
    original.OperatorsName = "Yamada^Tarou=山田^太郎"
    original.save_as(tmp_path / "original.dcm")
    cleaned = instance()
    changed(tmp_path, "KEEP OperatorsName", cleaned, dcmread(tmp_path / "original.dcm"))
    cleaned.save_as(tmp_path / "cleaned.dcm")
    assert str(dcmread(tmp_path / "cleaned.dcm").OperatorsName) == "Yamada^Tarou=山田^太郎"


def test_recipes_are_carried_out_one_after_the_other(tmp_path: Path) -> None:
    for name, rule in (("a", "ADD StationName first"), ("b", "REPLACE StationName second")):
        (tmp_path / f"{name}.dicom").write_text(f"FORMAT dicom\n%header\n{rule}\n")
    ds = instance()
    assert Recipes.load([tmp_path], load).apply(ds, instance()) == (
        Change("00081010", "D", "recipe.a"),
        Change("00081010", "D", "recipe.b"),
    )
    assert ds.StationName == "second"


def test_what_deid_cannot_carry_out_holds_the_study(tmp_path: Path) -> None:
    ds = instance()
    ds["StudyDate"] = DataElement("StudyDate", "DA", "no date", validation_mode=config.IGNORE)
    with pytest.raises(RejectedByRecipe, match="recipe ours") as caught:
        changed(tmp_path, "JITTER StudyDate 3", ds)
    assert "no date" not in str(caught.value)


def test_deid_keeps_no_data_set_and_says_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    ds = instance(StudyDescription="a text of its own")
    changed(tmp_path, "REMOVE StudyID\nJITTER contains:nothing 3".replace("contains:nothing", "AcquisitionDate"), ds)
    assert capfd.readouterr() == ("", "")
    del ds
    gc.collect()
    texts = [
        each for each in gc.get_objects() if issubclass(type(each), FileDataset)
    ]  # torch's objects warn if asked for their class
    assert not [each for each in texts if each.get("StudyDescription") == "a text of its own"]
