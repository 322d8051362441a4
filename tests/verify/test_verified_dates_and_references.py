"""Dates keep their intervals, UIDs are renamed one to one, references stay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import code, instance, key_object, uid
from pydicom.dataset import Dataset, FileDataset
from verify.handmade import Staged, clean, new_uid

from gateway.verify import checks


def referring(number: int, to: str, **attributes: Any) -> FileDataset:
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", to
    return instance(number=number, ReferencedInstanceSequence=[item], **attributes)


def study_of_three(tmp_path: Path) -> Staged:
    study = Staged(tmp_path)
    first = instance(number=1)
    for original in (first, referring(2, first.SOPInstanceUID), key_object(first)):
        study.add(original)
    return study


def test_whole_study_passes(tmp_path: Path) -> None:
    assert study_of_three(tmp_path).verify() == ()


def test_reference_to_another_instance_is_found(tmp_path: Path) -> None:
    study = study_of_three(tmp_path)
    study.add(
        referring(4, uid(1, 1, 1, 1)),
        change=lambda ds: setattr(
            ds.ReferencedInstanceSequence[0], "ReferencedSOPInstanceUID", new_uid(uid(1, 1, 1, 2))
        ),
    )
    assert study.found() == {checks.UID_MAPPING}


def test_lost_reference_is_found(tmp_path: Path) -> None:
    study = study_of_three(tmp_path)
    study.add(referring(4, uid(1, 1, 1, 1)), change=lambda ds: delattr(ds, "ReferencedInstanceSequence"))
    assert study.found() == {checks.REFERENCE_LOST}


def test_reference_that_led_nowhere_may_go(tmp_path: Path) -> None:
    study = study_of_three(tmp_path)
    study.add(referring(4, "1.2.3.4.5.6"), change=lambda ds: delattr(ds, "ReferencedInstanceSequence"))
    assert study.verify() == ()


@pytest.mark.parametrize("keyword", ["ReferencedStudySequence", "SourceImageSequence"])
def test_reference_that_the_standard_lets_go_may_go(tmp_path: Path, keyword: str) -> None:
    study = study_of_three(tmp_path)
    item = Dataset()
    item.ReferencedSOPInstanceUID = uid(1, 1, 1, 1)
    original = instance(number=4)
    setattr(original, keyword, [item])
    study.add(original, change=lambda ds: delattr(ds, keyword))
    assert study.verify() == ()


def test_half_of_an_optional_sequence_may_not_go(tmp_path: Path) -> None:
    study = study_of_three(tmp_path)
    items = [Dataset(), Dataset()]
    for number, item in enumerate(items, 1):
        item.ReferencedSOPInstanceUID = uid(1, 1, 1, number)
    study.add(instance(number=4, SourceImageSequence=items), change=lambda ds: ds.SourceImageSequence.pop())
    assert study.found() == {checks.REFERENCE_LOST}


def test_two_series_made_one_are_found(tmp_path: Path) -> None:
    study = study_of_three(tmp_path)
    study.add(instance(series=2), change=lambda ds: setattr(ds, "SeriesInstanceUID", new_uid(uid(1, 1, 1))))
    assert study.found() == {checks.UID_MAPPING}


def test_frame_of_reference_taken_apart_is_found(tmp_path: Path) -> None:
    study = study_of_three(tmp_path)
    study.add(instance(number=4), change=lambda ds: setattr(ds, "FrameOfReferenceUID", "2.25.99"))
    assert study.found() == {checks.UID_MAPPING}


def test_same_new_instance_uid_twice_is_found(tmp_path: Path) -> None:
    study = Staged(tmp_path)
    study.add(instance(number=1))

    def same(ds: FileDataset) -> None:
        ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = clean(instance(number=1)).SOPInstanceUID

    study.add(instance(number=2), change=same)
    assert study.found() == {checks.SOP_UID_TWICE, checks.UID_MAPPING}


def test_version_of_a_code_table_stays(tmp_path: Path) -> None:
    study = Staged(tmp_path)
    item = code("T-D1100", "SRT", "Head")
    item.ContextGroupVersion = "20020904"
    study.add(instance(AnatomicRegionSequence=[item]))
    assert study.verify() == ()


@pytest.mark.parametrize(
    ("original", "written", "found"),
    [
        ("20230311101530.5", "20230311101530.5", {checks.DATE_INTERVAL}),
        ("20230311101530.5", "20230129101530.5", set()),
        ("20230311101530.5", "20230130101530.5", {checks.DATE_INTERVAL}),
        ("202303", "202303", {checks.DATE_UNCHANGED}),
        ("202303", "202302", set()),
        ("202303", "19000101", set()),
        ("00010105", "19000101", {checks.DATE_INTERVAL}),
    ],
)
def test_date_times_move_with_the_dates(tmp_path: Path, original: str, written: str, found: set[str]) -> None:
    study = Staged(tmp_path)
    study.add(
        instance(AcquisitionDateTime=original, AnnotationGroupNumber=1),
        change=lambda ds: setattr(ds, "AcquisitionDateTime", written),
    )
    assert study.found() == found


def test_no_date_moved_is_found(tmp_path: Path) -> None:
    study = Staged(tmp_path)
    study.add(instance(), clean(instance(), shift=0))
    assert study.found() == {checks.DATE_UNCHANGED}


def test_items_that_went_leave_the_other_dates_comparable(tmp_path: Path) -> None:
    study = Staged(tmp_path)
    items = [Dataset(), Dataset()]
    items[0].TreatmentDate, items[1].TreatmentDate = "20230315", "20230316"
    study.add(instance(TreatmentSessionBeamSequence=items), change=lambda ds: ds.TreatmentSessionBeamSequence.pop())
    assert study.verify() == ()


def test_removed_dates(tmp_path: Path) -> None:
    study = Staged(tmp_path, longitudinal="REMOVED")
    study.add(instance())
    study.add(instance(number=2), change=lambda ds: setattr(ds, "ContentDate", "20230311"))
    study.add(instance(number=3, ContentDate="20000101"), change=lambda ds: setattr(ds, "ContentDate", "20000101"))
    assert [(problem.check, problem.instance, problem.place) for problem in study.verify()] == [
        (checks.DATE_UNCHANGED, 1, "00080023")
    ]


def test_retained_dates_are_not_looked_at(tmp_path: Path) -> None:
    study = Staged(tmp_path, longitudinal="UNMODIFIED")

    def say(ds: FileDataset) -> None:
        ds.LongitudinalTemporalInformationModified = "UNMODIFIED"
        ds.SeriesDescription = "Axial 20230311"

    study.add(instance(), clean(instance(), shift=0), change=say)
    assert study.verify() == ()


def test_unknown_term_for_the_dates_is_found(tmp_path: Path) -> None:
    study = Staged(tmp_path, longitudinal="SHIFTED")
    study.add(instance(), change=lambda ds: setattr(ds, "LongitudinalTemporalInformationModified", "SHIFTED"))
    assert study.found() == {checks.MARKS}
