"""Retain Safe Private (PS3.15 E.3.10): what Table E.3.10-1 lists stays, cleaned; everything else goes."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from builders import instance, uid
from pydicom import dcmread
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import UID, ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian
from tags.cleaning import PSEUDONYMIZER, READERS, Read, context, reread

from gateway.records import Change
from gateway.tags import Profile, apply, load

SIEMENS, GE, PHILIPS = "SIEMENS MR HEADER", "GEMS_PARM_01", "Philips Imaging DD 001"
NAME, BORN = "OKONKWO", "19610417"  # of the builders' first patient
VALUES: dict[str, Any] = {
    "AT": 0x00181063, "CS": "AXIAL", "DS": "1.5", "FD": 2.5, "FL": 0.5, "IS": "7", "LO": "abdomen", "LT": "liver mass",
    "OB": b"\1\2", "OB or OW": b"\1\2", "OW": b"\1\2", "OW/OB": b"\1\2", "SH": "axial", "SL": -7, "SS": -3, "ST": "chest",
    "UI": "1.2.3.4", "UL": 70000, "US": 9, "SQ": [Dataset()], "": 1.5,
}  # fmt: skip


def rows() -> list[dict[str, str]]:
    """The table, read a second time."""
    path = Path(__file__).parents[2] / "profiles" / "standard" / "safe_private.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def profile(folder: Path, edition: str = "2026c", private: str = "safe", dates: str = "Modified") -> Profile:
    path = folder / f"{edition}{private}{dates}.yaml"
    option = f"  - RetainLongitudinalTemporalInformation{dates}DatesOption\n" if dates else ""
    path.write_text(
        f"name: own\nedition: {edition}\ndescription: for a test\noptions:\n  - BasicApplicationConfidentialityProfile\n"
        f"  - CleanPixelDataOption\n  - RetainSafePrivateOption\n{option}knobs:\n  private: {private}\n"
    )
    return load(str(path))


@pytest.fixture
def kept(tmp_path: Path) -> Profile:
    return profile(tmp_path)


def clean(dataset: Dataset, by: Profile) -> tuple[FileDataset, tuple[Change, ...]]:
    return apply(dataset, by, context(dataset))


def put(dataset: Any, tag: int, creator: str | None, vr: str, value: Any) -> Any:
    """Add a private element, and its creator in the block that the tag names."""
    if creator is not None:
        dataset.add_new(tag >> 16 << 16 | tag >> 8 & 0xFF, "LO", creator)
    dataset.add_new(tag, vr, value)
    return dataset


def private(dataset: Dataset) -> list[DataElement]:
    return [element for element in dataset.iterall() if element.tag.is_private]


def of_row(row: dict[str, str], block: int = 0x11) -> tuple[int, Dataset]:
    tag = int(row["tag"].replace("xx", f"{block:02X}"), 16)
    vr = {"OW/OB": "OW", "": "FD"}.get(row["vr"], row["vr"])
    value = VALUES[row["vr"]]
    least = row["vm"].split("-")[0]
    if least.isdigit() and int(least) > 1 and vr != "SQ":
        value = [value] * int(least)
    return tag, put(instance(), tag, row["creator"], vr, value)


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['creator']} {row['tag']}")
def test_every_row_stays_with_the_option_and_goes_without(row: dict[str, str], kept: Profile, tmp_path: Path) -> None:
    tag, dataset = of_row(row)
    if row["last_edition"] != "2026c":
        assert not private(clean(dataset, kept)[0])
        return
    written = reread(clean(dataset, kept)[0], tmp_path)
    assert written[tag >> 16 << 16 | 0x11].value == row["creator"]
    expected = PSEUDONYMIZER.uid("1.2.3.4") if row["vr"] == "UI" else dataset[tag].value
    assert written[tag].value == expected
    assert written[tag].VR == dataset[tag].VR
    assert not private(clean(dataset, load("basic"))[0])
    assert not private(clean(dataset, load("research"))[0])


@pytest.mark.parametrize("edition", ["2011", "2017c", "2021b", "2023b", "2024c", "2026c"])
def test_an_edition_keeps_its_own_rows(edition: str, tmp_path: Path) -> None:
    by = profile(tmp_path, edition)
    counts = {"2011": 0, "2017c": 130, "2021b": 479, "2023b": 479, "2024c": 479, "2026c": 479}
    stay = 0
    for row in rows():
        tag, dataset = of_row(row)
        written, _ = clean(dataset, by)
        listed = row["first_edition"] <= edition <= row["last_edition"]
        assert (tag in written) == listed
        stay += tag in written
    assert stay == counts[edition]


def test_the_2011_edition_does_not_know_self_declaration(tmp_path: Path) -> None:
    dataset = put(instance(), 0x00990102 + 0x1000, "ACME", "DS", "1.5")
    declare(dataset, 0x0099, "ACME", "SAFE")
    assert private(clean(dataset, profile(tmp_path, "2017c"))[0])
    assert not private(clean(dataset, profile(tmp_path, "2011"))[0])


@pytest.mark.parametrize("block", [0x10, 0x11, 0xFF])
def test_the_block_may_be_any(kept: Profile, block: int) -> None:
    tag = 0x00190000 | block << 8 | 0x0C
    written, _ = clean(put(instance(), tag, SIEMENS, "IS", "1000"), kept)
    assert {int(element.tag) for element in private(written)} == {0x00190000 | block, tag}


def test_two_creators_in_one_group_are_told_apart(kept: Profile) -> None:
    dataset = put(instance(), 0x0019100C, SIEMENS, "IS", "1000")
    put(dataset, 0x0019110C, "SOMEBODY ELSE", "IS", "2000")
    put(dataset, 0x0019120D, SIEMENS, "CS", "DIRECTIONAL")  # a creator may reserve twice
    written, changes = clean(dataset, kept)
    assert {int(element.tag) for element in private(written)} == {0x00190010, 0x0019100C, 0x00190012, 0x0019120D}
    assert {change.path for change in changes if change.rule == "private"} == {"00190011", "0019110C"}


@pytest.mark.parametrize("creator", [None, "", "Siemens MR Header", "SIEMENS MR HEADER 2", "SIEMENS"])
def test_without_the_right_creator_it_goes(kept: Profile, creator: str | None) -> None:
    dataset = put(instance(), 0x0019100C, creator, "IS", "1000")
    written, changes = clean(dataset, kept)
    assert not private(written)
    assert ("0019100C", "X", "private") in {(change.path, change.action, change.rule) for change in changes}


def test_a_creator_in_another_block_or_group_or_item_reserves_nothing(kept: Profile) -> None:
    dataset = instance()
    dataset.add_new(0x00190010, "LO", SIEMENS)
    dataset.add_new(0x0019110C, "IS", "1000")
    dataset.add_new(0x0021100C, "IS", "1000")
    dataset.add_new(0x00191000 - 0xF00, "IS", "1")  # 0019,0100: below the first block
    dataset.add_new(0x0005100C, "IS", "1")
    item = Dataset()
    item.add_new(0x0019100C, "IS", "1000")
    dataset.SharedFunctionalGroupsSequence = [item]
    assert not private(clean(dataset, kept)[0])


def save(dataset: Any, folder: Path, syntax: UID) -> Path:
    path = folder / "source.dcm"
    plain = Dataset()
    plain.update(dataset)
    plain.file_meta, plain.preamble = dataset.file_meta, b"\0" * 128
    plain.file_meta.TransferSyntaxUID = syntax
    plain.save_as(path, implicit_vr=syntax == ImplicitVRLittleEndian, little_endian=syntax != ExplicitVRBigEndian)
    return path


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian])
@pytest.mark.parametrize("read", READERS)
def test_diffusion_survives_in_every_encoding(kept: Profile, tmp_path: Path, syntax: UID, read: Read) -> None:
    """What converters to NIfTI need: Siemens, GE and Philips b-values and directions."""
    dataset = instance()
    put(dataset, 0x0019100C, SIEMENS, "IS", "1000")
    put(dataset, 0x0019100E, SIEMENS, "FD", [0.0, 0.6, -0.8])
    put(dataset, 0x00191027, SIEMENS, "FD", [1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    put(dataset, 0x00431039, GE, "IS", ["1000", "8", "0", "0"])
    put(dataset, 0x20011003, PHILIPS, "FL", 1000.0)
    put(dataset, 0x7FD11010, "SIEMENS Ultrasound SC2000", "OB", b"\1\2\3\4")
    path = save(dataset, tmp_path, syntax)
    written = reread(clean(read(path), kept)[0], tmp_path)
    assert written[0x0019100C].value == 1000
    assert written[0x0019100E].value == [0.0, 0.6, -0.8]
    assert written[0x00191027].value == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    assert written[0x00431039].value == [1000, 8, 0, 0]
    assert written[0x20011003].value == 1000.0
    assert bytes(written[0x7FD11010].value) == b"\1\2\3\4"


def test_unknown_vr_is_read_by_the_table(kept: Profile, tmp_path: Path) -> None:
    dataset = instance()
    put(dataset, 0x0019100C, SIEMENS, "UN", b"1000")
    put(dataset, 0x00191027, SIEMENS, "UN", bytes(48))
    put(dataset, 0x0019100E, SIEMENS, "LO", "not three numbers")
    put(dataset, 0x01191011, "SIEMENS Ultrasound SC2000", "UN", bytes(8))  # no VR in the table
    written = reread(clean(dataset, kept)[0], tmp_path)
    assert (written[0x0019100C].VR, written[0x0019100C].value) == ("IS", 1000)
    assert written[0x00191027].value == [0.0] * 6
    assert 0x0019100E not in written
    assert 0x01191011 not in written


def nest() -> Dataset:
    """A listed private sequence: in its item a listed element, a private one that is not, standard ones, a sequence below."""
    below, item = Dataset(), Dataset()
    put(below, 0x20011033, PHILIPS, "CS", "AP")
    below.PatientName = "OKONKWO^ADAEZE"
    put(item, 0x20011032, PHILIPS, "FL", 1.5)
    put(item, 0x20011199, "UNKNOWN 99", "LO", NAME)
    item.Rows = 12
    item.ReferencedSOPInstanceUID = uid(1, 1, 1, 7)
    item.OperatorsName = "SOMEBODY^ELSE"
    put(item, 0x20011068, PHILIPS, "SQ", [below])
    return item


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian])
@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(("tag", "creator"), [(0x2001105F, PHILIPS), (0x20051199, "NOBODY KNOWS")])
def test_private_sequences_are_judged_item_by_item(
    kept: Profile, tmp_path: Path, syntax: UID, read: Read, tag: int, creator: str
) -> None:
    dataset = put(instance(), tag, creator, "SQ", [nest()])
    dataset[tag].is_undefined_length = True
    path = save(dataset, tmp_path, syntax)
    written = reread(clean(read(path), kept)[0], tmp_path)
    assert written[tag >> 16 << 16 | tag >> 8 & 0xFF].value == creator
    item = written[tag].value[0]
    assert item[0x20011032].value == 1.5
    assert item.Rows == 12
    assert item.ReferencedSOPInstanceUID == PSEUDONYMIZER.uid(uid(1, 1, 1, 7))
    assert item[0x20011068].value[0][0x20011033].value == "AP"
    assert NAME not in str(written)
    assert 0x20010011 not in item
    assert 0x20011199 not in item
    assert "SOMEBODY" not in str(item.get("OperatorsName", ""))


def test_a_sequence_in_bytes_of_unknown_vr_is_judged_too(kept: Profile, tmp_path: Path) -> None:
    dataset = put(instance(), 0x20051199, "NOBODY KNOWS", "SQ", [nest()])
    dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    path = tmp_path / "source.dcm"
    dataset.save_as(path, implicit_vr=True)  # of defined length: a reader without the creator sees bytes
    assert dcmread(path)[0x20051199].VR == "UN"
    written = reread(clean(dcmread(path), kept)[0], tmp_path)
    assert written[0x20051199].value[0][0x20011032].value == 1.5
    broken = put(instance(), 0x20051199, "NOBODY KNOWS", "UN", b"\xfe\xff\x00\xe0\x10\0\0\0no element of ours")
    assert not private(clean(broken, kept)[0])


def test_a_sequence_without_safe_elements_goes_with_its_creator(kept: Profile) -> None:
    item = Dataset()
    item.Rows = 12
    dataset = put(instance(), 0x20051199, "NOBODY KNOWS", "SQ", [item])
    put(dataset, 0x20051198, None, "SQ", [])
    written, changes = clean(dataset, kept)
    assert not private(written)
    assert {change.path for change in changes if change.rule == "private"} == {"20050011", "20051198", "20051199"}


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ((0x0019109E, "GEMS_ACQU_01", "LO", "EFGRE3D"), "EFGRE3D"),
        ((0x0019109E, "GEMS_ACQU_01", "LO", f"axial {NAME}"), "axial"),
        ((0x0019109E, "GEMS_ACQU_01", "LO", "Hollingbery OK-4471902"), None),
        ((0x2001105A, PHILIPS, "ST", "liver mass of Hollingbery"), "liver mass"),
        ((0x2001116B, "Philips Imaging DD 002", "LO", "chest Hollingbery"), "chest"),
        ((0x00991005, "NQHeader", "LT", f"{NAME} liver"), "liver"),
        ((0x20011004, PHILIPS, "CS", NAME), None),
        ((0x20011086, PHILIPS, "IS", "4471902"), None),
        ((0x20011086, PHILIPS, "IS", "12"), 12),
        ((0x0119110C - 0x1008, "SIEMENS Ultrasound SC2000", "OB", b"made for okonkwo "), None),
        ((0x01191104, "SIEMENS Ultrasound SC2000", "OB", "Adaeze".encode("utf-16-le")), None),
        ((0x01191104, "SIEMENS Ultrasound SC2000", "OB", b"of 1.2.3.4.5"), None),
        ((0x01191104, "SIEMENS Ultrasound SC2000", "OB", BORN.encode()), None),
        ((0x01191104, "SIEMENS Ultrasound SC2000", "OB", b"\0" * 200), b"\0" * 200),
    ],
)  # fmt: skip
def test_what_is_listed_is_still_cleaned(
    kept: Profile, tmp_path: Path, element: tuple[int, str, str, Any], expected: Any
) -> None:
    tag, creator, vr, value = element
    dataset = put(instance(PatientID="0004471902"), tag, creator, vr, value)
    written = reread(clean(dataset, kept)[0], tmp_path)
    assert (written[tag].value or None if tag in written else None) == expected
    assert (written[tag >> 16 << 16 | tag >> 8 & 0xFF].value if tag in written else creator) == creator


def test_a_short_name_in_many_bytes_is_chance(kept: Profile) -> None:
    volume = bytes(range(256)) * 4000 + b"bo"
    dataset = put(instance(4), 0x7FD11010, "SIEMENS Ultrasound SC2000", "OB", volume)
    put(dataset, 0x01191104, "SIEMENS Ultrasound SC2000", "OB", b"bo")
    written, _ = clean(dataset, kept)
    assert 0x7FD11010 in written
    assert 0x01191104 not in written


def test_numbers_only(tmp_path: Path) -> None:
    by = profile(tmp_path, private="safe-numeric")
    stay = set()
    for row in rows():
        tag, dataset = of_row(row)
        written, _ = clean(dataset, by)
        if tag in written:
            stay.add(row["vr"])
    assert stay == {"DS", "FD", "FL", "IS", "SL", "SQ", "SS", "UL", "US", ""}


# --- what the instance says itself ---------------------------------------------------------------------------------------
def declare(
    dataset: Dataset, group: int, creator: str, status: str, safe: list[int] | None = None, **actions: list[int]
) -> Dataset:
    item = Dataset()
    item.PrivateGroupReference = group
    item.PrivateCreatorReference = creator
    item.BlockIdentifyingInformationStatus = status
    if safe:
        item.NonidentifyingPrivateElements = safe
    item.DeidentificationActionSequence = []
    for action, elements in actions.items():
        below = Dataset()
        below.IdentifyingPrivateElements = elements
        below.DeidentificationAction = action
        item.DeidentificationActionSequence.append(below)
    known = dataset.get("PrivateDataElementCharacteristicsSequence", [])
    dataset.PrivateDataElementCharacteristicsSequence = [*known, item]
    return item


def acme(*elements: tuple[int, str, Any]) -> FileDataset:
    dataset = instance()
    for low, vr, value in elements:
        put(dataset, 0x00991000 | low, "ACME", vr, value)
    return dataset


def low_bytes(dataset: Dataset) -> set[int]:
    return {element.tag.element & 0xFF for element in private(dataset) if element.tag.element > 0xFF}


def test_a_safe_block_stays_cleaned(kept: Profile, tmp_path: Path) -> None:
    dataset = acme(
        (1, "DS", "1.5"), (2, "LO", f"liver {NAME} Hollingbery"), (3, "PN", "A^B"), (4, "OB", b"\1\2"), (5, "UI", "1.2.9"),
        (6, "DA", "20230311"), (7, "CS", "AXIAL"), (8, "CS", "WHOKNOWS"), (9, "AE", "STORE"), (10, "UT", "mass"),
        (11, "UR", "http://x"), (12, "UN", b"\1\2"), (13, "AS", "095Y"), (14, "US", 7), (15, "LO", "Hollingbery"),
    )  # fmt: skip
    declare(dataset, 0x0099, "ACME", "SAFE")
    written = reread(clean(dataset, kept)[0], tmp_path)
    assert {low: written[0x00991000 | low].value for low in sorted(low_bytes(written))} == {
        1: 1.5, 2: "liver", 5: PSEUDONYMIZER.uid("1.2.9"), 6: "20221201", 7: "AXIAL", 10: "mass", 13: "090Y", 14: 7,
    }  # fmt: skip
    item = written.PrivateDataElementCharacteristicsSequence[0]
    assert (item.PrivateGroupReference, item.PrivateCreatorReference) == (0x0099, "ACME")
    assert item.BlockIdentifyingInformationStatus == "SAFE"
    assert len(item) == 3


@pytest.mark.parametrize(("dates", "expected"), [("Modified", "20221201"), ("Full", "20230311"), ("", None)])
def test_private_dates_follow_the_profile(tmp_path: Path, dates: str, expected: str | None) -> None:
    dataset = acme((6, "DA", "20230311"), (7, "TM", "101530"))
    declare(dataset, 0x0099, "ACME", "SAFE")
    written, _ = clean(dataset, profile(tmp_path, dates=dates))
    assert (written[0x00991006].value if expected else None) == expected
    assert (0x00991006 in written) == (0x00991007 in written) == (expected is not None)


def test_a_mixed_block_keeps_what_it_lists_and_does_what_it_asks(kept: Profile, tmp_path: Path) -> None:
    inside = Dataset()
    inside.Rows = 3
    dataset = acme(
        (1, "DS", "1.5"), (2, "LO", "liver"), (3, "LO", NAME), (4, "LO", NAME), (5, "UI", "1.2.9"), (6, "LO", NAME),
        (7, "LO", NAME), (8, "LO", NAME), (9, "OB", b"ab"), (10, "SQ", [inside]), (11, "US", 7), (12, "PN", "OKONKWO^B"),
    )  # fmt: skip
    declare(dataset, 0x0099, "ACME", "MIXED", [1, 2], D=[3, 9, 11, 12], Z=[4, 10], U=[5, 6], X=[7], K=[8])
    written = reread(clean(dataset, kept)[0], tmp_path)
    assert {low: written[0x00991000 | low].value for low in sorted(low_bytes(written))} == {
        1: 1.5, 2: "liver", 3: "DEIDENTIFIED", 4: None, 5: PSEUDONYMIZER.uid("1.2.9"), 10: [], 11: 0,
    } | {4: written[0x00991004].value, 10: written[0x0099100A].value}  # fmt: skip
    assert not written[0x00991004].value
    assert not written[0x0099100A].value
    assert NAME not in str(written)


@pytest.mark.parametrize("status", ["UNSAFE", "WRONG", ""])
def test_what_is_not_called_safe_goes(kept: Profile, status: str) -> None:
    dataset = acme((1, "DS", "1.5"))
    declare(dataset, 0x0099, "ACME", status)
    written, _ = clean(dataset, kept)
    assert not private(written)
    assert "PrivateDataElementCharacteristicsSequence" not in written


def test_a_warning_counts_more_than_the_table(kept: Profile) -> None:
    dataset = put(instance(), 0x0019100C, SIEMENS, "IS", "1000")
    put(dataset, 0x0019100D, SIEMENS, "CS", "AXIAL")
    declare(dataset, 0x0019, SIEMENS, "MIXED", [0x0D])
    assert low_bytes(clean(dataset, kept)[0]) == {0x0D}
    declare(dataset, 0x0019, SIEMENS, "UNSAFE")  # two items for one block: the stricter one wins
    assert not low_bytes(clean(dataset, kept)[0])


def test_the_definition_tells_an_unknown_vr(kept: Profile, tmp_path: Path) -> None:
    dataset = acme((1, "UN", b"1.5 "), (2, "UN", b"7 "))
    item = declare(dataset, 0x0099, "ACME", "SAFE")
    defined = Dataset()
    defined.PrivateDataElement = 1
    defined.PrivateDataElementValueRepresentation = "DS"
    item.PrivateDataElementDefinitionSequence = [defined]
    written = reread(clean(dataset, kept)[0], tmp_path)
    assert low_bytes(written) == {1}
    assert written[0x00991001].value == 1.5


def test_a_creator_that_names_the_patient_goes_with_its_block(kept: Profile) -> None:
    dataset = put(instance(), 0x00991001, f"FOR {NAME}", "DS", "1.5")
    declare(dataset, 0x0099, f"FOR {NAME}", "SAFE")
    written, _ = clean(dataset, kept)
    assert not private(written)
    assert NAME not in str(written)


@pytest.mark.parametrize("creator", ["BRANNOC HOSPITAL PACS", "DR SMITH"])
def test_a_creator_that_names_somebody_goes_with_its_block(kept: Profile, creator: str) -> None:
    dataset = put(instance(), 0x00991001, creator, "DS", "1.5")
    put(dataset, 0x00991101, "ACME", "DS", "1.5")
    declare(dataset, 0x0099, creator, "SAFE")
    declare(dataset, 0x0099, "ACME", "SAFE")
    inside = put(Dataset(), 0x0019100C, SIEMENS, "IS", "1000")
    put(dataset, 0x20051199, creator, "SQ", [inside])
    put(dataset, 0x20051299, "NOBODY BUT SECTRA", "SQ", [inside])
    written, _ = clean(dataset, kept)
    assert low_bytes(written) == {0x01, 0x99, 0x0C}
    assert {str(element.value) for element in private(written) if element.tag.is_private_creator} == {
        "ACME", "NOBODY BUT SECTRA", SIEMENS,
    }  # fmt: skip
    assert creator not in str(written)


def test_a_maker_that_is_called_as_a_person_stays(kept: Profile) -> None:
    dataset = put(instance(PatientName="SIEMENS^MED"), 0x00291008, "SIEMENS MED NM", "CS", "AXIAL")
    declare(dataset, 0x0029, "SIEMENS MED NM", "SAFE")
    assert low_bytes(clean(dataset, kept)[0]) == {8}


def test_statements_that_cannot_be_read_say_nothing(kept: Profile) -> None:
    dataset = acme((1, "DS", "1.5"))
    item = declare(dataset, 0x0099, "ACME", "SAFE")
    item.PrivateGroupReference = None
    assert not private(clean(dataset, kept)[0])
    item.PrivateGroupReference = 0x0099
    item.PrivateCreatorReference = None
    assert not private(clean(dataset, kept)[0])
    del item.PrivateCreatorReference
    assert not private(clean(dataset, kept)[0])
    item.PrivateCreatorReference = "ACME"
    assert private(clean(dataset, kept)[0])
    item[0x00080301] = DataElement(0x00080301, "US", 70000)
    assert not private(clean(dataset, kept)[0])
    item.PrivateGroupReference = 0x0099
    item[0x00080302] = DataElement(0x00080302, "SQ", [Dataset()])
    assert not private(clean(dataset, kept)[0])
    dataset[0x00080300] = DataElement(0x00080300, "LO", "ACME")
    assert not private(clean(dataset, kept)[0])


def test_each_change_names_its_rule(kept: Profile) -> None:
    dataset = put(acme((1, "LO", f"liver {NAME}")), 0x0019109E, "GEMS_ACQU_01", "LO", f"axial {NAME}")
    declare(dataset, 0x0099, "ACME", "SAFE")
    _, changes = clean(dataset, kept)
    assert {(change.path, change.action, change.rule) for change in changes if change.path[3] == "9"} == {
        ("0019109E", "C", "safe-private"),
        ("00991001", "C", "self-declared-private"),
    }
