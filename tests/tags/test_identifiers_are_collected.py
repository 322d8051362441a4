"""The study's own identifying values are found wherever they stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import INSTITUTION, REFERRER, instance, write
from pydicom import dcmread
from pydicom.dataset import Dataset
from tags.cleaning import READERS, Read, nested, put_raw

from gateway.tags import collect


def test_names_ids_dates_and_places_of_a_study() -> None:
    found = collect([instance(patient=1), instance(patient=1, number=2, OperatorsName=["Tindall^Wilf", "Umber^Sal"])])
    assert {"OKONKWO^ADAEZE^M", REFERRER, "Tindall^Wilf", "Umber^Sal"} == found.names
    assert {"OK-4471902", "ACC0010001", "S11"} == found.ids
    assert {"19610417", "20230311"} == found.dates
    assert {INSTITUTION} == found.places
    assert "OKONKWO" not in repr(found)


@pytest.mark.parametrize("depth", range(4))
def test_nested_values_count(depth: int) -> None:
    inner = Dataset()
    inner.PhysiciansOfRecord, inner.AdmissionID, inner.PatientAddress = "Varnish^Una", "AD-77", "7  Mill Lane"
    inner.ScheduledProcedureStepStartDateTime = "20221224101530+0100"
    dataset = instance()
    dataset.update(nested(inner, depth))
    found = collect([dataset])
    assert "Varnish^Una" in found.names
    assert "AD-77" in found.ids
    assert "7 Mill Lane" in found.places
    assert "20221224" in found.dates


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "ANONYMOUS",
        "Anonymized^Patient",
        "UNKNOWN",
        "none",
        "X",
        "XXXX",
        "-",
        "000",
        "Last Name^First Name",
        "not available",
    ],
)
def test_values_that_identify_nobody_are_left_out(text: str) -> None:
    dataset = instance(
        PatientName=text, PatientID=text, ReferringPhysicianName=None, AccessionNumber=text, StudyID=text
    )
    found = collect([dataset])
    assert found.names == found.ids == frozenset()


def test_short_and_ordinary_names_count() -> None:
    assert collect([instance(patient=4), instance(patient=5)]).names >= {"NG^BO", "BRAIN^ROBERT"}


def test_private_and_unknown_elements_are_read_for_names_and_dates() -> None:
    dataset = instance(PatientName="", ReferringPhysicianName="")
    block = dataset.private_block(0x0009, "INVENTED", create=True)
    block.add_new(1, "PN", "Willow^Tam")
    block.add_new(2, "DA", "20220202")
    inner = Dataset()
    inner.add_new(0x00091010, "PN", "Yarrow^Kit")
    block.add_new(3, "SQ", [inner])
    put_raw(dataset, 0x00091004, "UN", b"Zinnia^Lou ")
    put_raw(dataset, 0x00091005, "UN", b"5^3 is 2 and more than")
    put_raw(dataset, 0x00091006, "UN", b"A^B" * 200)
    put_raw(dataset, 0x00091007, "UN", b"none at all ")
    put_raw(dataset, 0x00540220, "UN", b"no sequence ")
    dataset.add_new(0x00189301, "LO", "no sequence")
    dataset.add_new(0x00100020, "US", 5)
    found = collect([dataset])
    assert found.names == {"Willow^Tam", "Yarrow^Kit", "Zinnia^Lou"}
    assert "20220202" in found.dates


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    ("charset", "name"),
    [
        ("ISO_IR 100", "Müller^Jörg"), ("ISO_IR 144", "Иванов^Пётр"), ("ISO_IR 192", "Łoś^Zoë"), ("GB18030", "王^小东"),
        ("ISO_IR 13", "ﾔﾏﾀﾞ^ﾀﾛｳ"), ("ISO_IR 126", "Διονυσιος"),
    ],
)  # fmt: skip
def test_names_in_any_character_set(tmp_path: Path, charset: str, name: str, read: Read) -> None:
    path = write(instance(SpecificCharacterSet=charset, PatientName=name), tmp_path / "a.dcm")
    assert name in collect([read(path)]).names


def test_japanese_names_have_groups(tmp_path: Path) -> None:
    dataset = instance(SpecificCharacterSet=["", "ISO 2022 IR 87"], PatientName="Yamada^Tarou=山田^太郎=やまだ^たろう")
    found = collect([dcmread(write(dataset, tmp_path / "a.dcm"))])
    assert {"Yamada^Tarou", "山田^太郎", "やまだ^たろう"} <= found.names


def test_only_dates_that_a_calendar_has_count() -> None:
    dataset = instance(PatientBirthDate="", StudyDate="", SeriesDate="2023.01.02", ContentDate="", AcquisitionDate="")
    put_raw(dataset, 0x00100030, "DA", b"1 May 61")
    put_raw(dataset, 0x0008002A, "DT", b"2023")
    assert collect([dataset]).dates == {"20230102"}
