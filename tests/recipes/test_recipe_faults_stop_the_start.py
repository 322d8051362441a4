"""A recipe that cannot be carried out to the letter stops the start: the message names file, line and remedy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from builders import instance

from gateway.errors import ConfigError
from gateway.recipes import Recipes, Route
from gateway.tags import load

HEADER = "FORMAT dicom\n%header\n"
SCREENS = "FORMAT dicom\n%filter screens\nLABEL ours\n"
MATCH = "equals Modality CT\n"


@pytest.mark.parametrize(
    ("text", "line", "remedy"),
    [
        # the whole
        ("", 1, "begins with `FORMAT dicom`"),
        ("FORMAT dicom\n", 1, "holds no rule"),
        ("this is no recipe\n", 1, "belongs to no section"),
        ("FORMAT nifti\n%header\nREMOVE StudyID\n", 1, "write `FORMAT dicom`"),
        ("format dicom\n%header\nREMOVE StudyID\n", 1, "write `FORMAT dicom`"),
        ("FORMAT dicom\n%headers\nREMOVE StudyID\n", 2, "and not %headers"),
        ("FORMAT dicom\n%header mine\nREMOVE StudyID\n", 2, "%header has no name"),
        ("FORMAT dicom\n%filter\nLABEL a\n", 2, "give %filter one name"),
        ("FORMAT dicom\n%values people\nFIELD PatientName\n", 2, "not %values"),
        ("FORMAT dicom\n%labels\nADD a b\n", 2, "not %labels"),
        # header rules
        (HEADER + "remove StudyID\n", 3, "in capitals"),
        (HEADER + "DROP StudyID\n", 3, "is one of ADD, BLANK"),
        (HEADER + "REMOVE\n", 3, "is one of ADD, BLANK"),
        (HEADER + "LABEL StudyID\n", 3, "is one of ADD, BLANK"),
        (HEADER + "\n# why\nREMOVE StudyDescripton\n", 5, "did you mean StudyDescription?"),
        (HEADER + "REMOVE xyzzyq\n", 3, "write its keyword"),
        (HEADER + "REMOVE (0008,0002)\n", 3, "DICOM knows no attribute"),
        (HEADER + "REMOVE StudyID # not needed\n", 3, "a line of its own"),
        (HEADER + "REMOVE StudyID func:is_old\n", 3, "calls no code"),
        (HEADER + "REPLACE StudyID var:new_id\n", 3, "calls no code"),
        (HEADER + "JITTER StudyDate deid_func:jitter\n", 3, "calls no code"),
        (HEADER + "REMOVE StudyID now\n", 3, "nothing else"),
        (HEADER + "ADD StationName\n", 3, "a value must follow"),
        (HEADER + "ADD ReferencedStudySequence__StudyID x\n", 3, "top level"),
        (HEADER + "REPLACE contains:Study x\n", 3, "needs one attribute"),
        (HEADER + 'REPLACE StudyID "x y"\n', 3, "quotation marks"),
        (HEADER + "REPLACE PatientAge 47\n", 3, "no legal value of VR AS"),
        (HEADER + "REPLACE StudyID abcdefghijklmnopq\n", 3, "no legal value of VR SH"),
        (HEADER + "ADD NumberOfSeriesRelatedInstances x\n", 3, "no legal value of VR IS"),
        (HEADER + "ADD EchoNumber x\n", 3, "DICOM knows no attribute"),
        (HEADER + "ADD RecommendedDisplayFrameRateInFloat x\n", 3, "no number of VR FL"),
        (HEADER + "ADD StereoPairsPresent maybe\n", 3, "no legal value of VR CS"),
        (HEADER + "ADD RegionLocationMinX0 -1\n", 3, "no number of VR UL"),
        (HEADER + "ADD RequestAttributesSequence x\n", 3, "VR SQ cannot be written"),
        (HEADER + "JITTER StudyTime 3\n", 3, "dates only"),
        (HEADER + "JITTER StudyDate soon\n", 3, "number of days"),
        (HEADER + "JITTER contains:Date 3\n", 3, "needs one attribute"),
        (HEADER + "REMOVE fields:mine\n", 3, "no list `%fields mine`"),
        (HEADER + "REMOVE includes:Study\n", 3, "the expanders are"),
        (HEADER + "REMOVE select:age\n", 3, "the expanders are"),
        (HEADER + "REMOVE contains:(Study\n", 3, "no regular expression"),
        (HEADER + "REMOVE contains:\n", 3, "what is to be looked for"),
        (HEADER + "REMOVE contains:Study\\D\n", 3, "lowers the case"),
        (HEADER + "KEEP StudyDate\nJITTER StudyDate 3\n", 4, "in line 3 already"),
        ("FORMAT dicom\n%fields mine\nSPLIT PatientName\n", 3, "FIELD <attribute"),
        ("FORMAT dicom\n%fields mine\nFIELD Nobody\n%header\nREMOVE fields:mine\n", 3, "DICOM knows no attribute"),
        # what no recipe may touch
        *(
            (HEADER + f"{rule}\n", 3, "no recipe may touch")
            for rule in (
                "REMOVE SOPInstanceUID",
                "KEEP StudyInstanceUID",
                "REPLACE ReferencedSOPInstanceUID 1.2",
                "REMOVE ReferencedStudySequence__ReferencedSOPInstanceUID",
                "REMOVE (0008,0018)",
                "REMOVE 00080018",
                "KEEP PatientID",
                "KEEP PatientName",
                "REMOVE PixelData",
                "REMOVE Rows",
                "ADD BurnedInAnnotation NO",
                "REPLACE RecognizableVisualFeatures NO",
                "REPLACE DeidentificationMethod ours",
                "BLANK SpecificCharacterSet",
                "BLANK TransferSyntaxUID",
                "KEEP (0009,1001)",
                "REMOVE (6000,3000)",
            )
        ),
        # filters
        ("FORMAT dicom\n%filter screens\nequals Modality CT\n", 3, "begins with `LABEL"),
        ("FORMAT dicom\n%filter screens\nlabel ours\nequals Modality CT\n", 3, "write `LABEL`"),
        (SCREENS + "coordinates 1,2,3,4\n", 3, "has no condition"),
        (SCREENS + MATCH + "keepcoordinates 1,2,3,4\n", 5, "read and judged in any case"),
        (SCREENS + MATCH + "ctpkeepcoordinates 1,2,3,4\n", 5, "read and judged in any case"),
        (SCREENS + MATCH + "coordinates from:SequenceOfUltrasoundRegions\n", 5, "whole numbers"),
        (SCREENS + MATCH + "coordinates all\n", 5, "whole numbers"),
        (SCREENS + MATCH + "coordinates 5,5,5,9\n", 5, "the box is empty"),
        (SCREENS + MATCH + "|| equals Modality MR\n", 5, "on one line"),
        (SCREENS + "is Modality CT\n", 4, "a condition is one of"),
        (SCREENS + "equals Modality\n", 4, "an attribute and a value"),
        (SCREENS + "missing Modality CT\n", 4, "and nothing else"),
        (SCREENS + "equals Modalty CT\n", 4, "did you mean Modality?"),
        (SCREENS + "equals 0x00080060 CT\n", 4, "DICOM knows no attribute"),
        (SCREENS + "equals (0008,0060) CT\n", 4, "by its keyword"),
        (SCREENS + "equals ImageType PRIMARY\n", 4, "write contains"),
        (SCREENS + "notequals ImageType PRIMARY\n", 4, "write notcontains"),
        (SCREENS + "equals SliceThickness 5\n", 4, "as text"),
        (SCREENS + "contains Manufacturer GE(\n", 4, "no regular expression"),
        (SCREENS + "contains Manufacturer \\S\n", 4, "lowers the case"),
        (SCREENS + "missing StationName + equals Modality CT\n", 4, "deid loses a value"),
        (SCREENS + "contains SeriesDescription a+presentation\n", 0, "cannot be read by deid"),
        (SCREENS + "contains SeriesDescription a+missing b\n", 3, "deid reads the conditions below otherwise"),
        ("FORMAT dicom\n%filter reject\nLABEL a\n" + MATCH + "coordinates 1,2,3,4\n", 5, "masks nothing"),
        ("FORMAT dicom\n%filter whitelist\nLABEL a\n" + MATCH, 2, "name the filter accept"),
        ("FORMAT dicom\n%filter profile.nobody\nLABEL a\n" + MATCH, 3, "There is no profile 'nobody'"),
    ],
)
def test_a_fault_is_named_with_its_line_and_remedy(tmp_path: Path, text: str, line: int, remedy: str) -> None:
    (tmp_path / "ours.dicom").write_text(text)
    place = f"ours.dicom, line {line}: " if line else "ours.dicom "
    with pytest.raises(ConfigError, match=rf"{re.escape(place)}.*{re.escape(remedy)}") as caught:
        Recipes.load([tmp_path], load)
    assert all(said.endswith(".") for said in str(caught.value).splitlines())


def test_all_faults_of_a_recipe_are_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "ours.dicom").write_text(
        HEADER + "REMOVE Nothing\nKEEP PatientID\n%filter x\nLABEL a\nequals Modality\n"
    )
    with pytest.raises(ConfigError) as caught:
        Recipes.load([tmp_path], load)
    assert [said.split(":")[0] for said in str(caught.value).splitlines()] == [
        f"The recipe ours.dicom, line {line}" for line in (3, 4, 7)
    ]


@pytest.mark.parametrize("name", ["büro.dicom", "Dr. Who.dicom", "_.dicom", f"{'a' * 33}.dicom"])
def test_a_recipe_bears_a_name_that_the_ledger_can_tell(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(SCREENS + MATCH)
    with pytest.raises(ConfigError, match="name the file with"):
        Recipes.load([tmp_path], load)


def test_a_recipe_is_text_in_utf8(tmp_path: Path) -> None:
    (tmp_path / "ours.dicom").write_bytes(b"FORMAT dicom\n%header\nADD StationName B\xfcro\n")
    with pytest.raises(ConfigError, match="UTF-8"):
        Recipes.load([tmp_path], load)


def test_without_recipes_nothing_is_asked_or_changed(tmp_path: Path) -> None:
    found, ds = Recipes.load([tmp_path, tmp_path / "absent"], load), instance()
    before, route = ds.to_json(), Route(found)
    assert list(route.past([ds])) == [ds]
    assert (route.boxes, route.profile, route.changes, found.apply(ds, ds)) == ([()], None, (), ())
    assert ds.to_json() == before
