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


def deep(to: str, more: str = "") -> dict[str, Any]:
    """References to two instances, four sequences deep."""
    items = []
    for each in filter(None, (to, more)):
        item = Dataset()
        item.ReferencedSOPInstanceUID = each
        items.append(item)
    for keyword in ("SourceImageSequence", "DerivationImageSequence", "PerFrameFunctionalGroupsSequence"):
        outer = Dataset()
        setattr(outer, keyword, items)
        items = [outer]
    return {"SharedFunctionalGroupsSequence": items}


def inner(ds: Dataset) -> list[Dataset]:
    frame = ds.SharedFunctionalGroupsSequence[0].PerFrameFunctionalGroupsSequence[0]
    found: list[Dataset] = frame.DerivationImageSequence[0].SourceImageSequence
    return found


def test_reference_to_another_study_is_renamed_alike_at_every_depth(tmp_path: Path) -> None:
    study = study_of_three(tmp_path)
    study.add(referring(4, "1.2.3.4.5.6"))
    study.add(instance(number=5, **deep("1.2.3.4.5.6")))
    assert study.verify() == ()
    study.add(
        instance(number=6, **deep("1.2.3.4.5.6")),
        change=lambda ds: setattr(inner(ds)[0], "ReferencedSOPInstanceUID", "2.25.99"),
    )
    assert study.found() == {checks.UID_MAPPING}


def test_study_named_where_an_instance_is_expected_is_renamed_as_the_study(tmp_path: Path) -> None:
    def contours(ds: FileDataset, uid: str) -> FileDataset:
        item, frame = Dataset(), Dataset()
        item.ReferencedSOPInstanceUID = uid
        frame.RTReferencedStudySequence = [item]
        ds.ReferencedFrameOfReferenceSequence = [frame]
        return ds

    study = study_of_three(tmp_path)
    study.add(contours(instance(number=4), uid(1, 1)))
    assert study.verify() == ()
    original = contours(instance(number=5), uid(1, 1))
    study.add(original, contours(clean(original), new_uid(uid(1, 2))))
    assert study.found() == {checks.UID_MAPPING}


@pytest.mark.parametrize(
    ("left", "found"),
    [
        (new_uid("1.2.3.4.5.6"), set()),
        ("2.25.99", set()),  # the other one, which stands nowhere else
        (new_uid(uid(1, 1, 1, 1)), {checks.UID_MAPPING}),
    ],
)
def test_what_is_left_of_references_is_one_of_them(tmp_path: Path, left: str, found: set[str]) -> None:
    study = study_of_three(tmp_path)
    study.add(referring(4, "1.2.3.4.5.6"))

    def one(ds: FileDataset) -> None:
        del inner(ds)[1]
        inner(ds)[0].ReferencedSOPInstanceUID = left

    study.add(instance(number=5, **deep("1.2.3.4.5.6", "1.2.3.4.5.7")), change=one)
    assert study.found() == found


def test_more_unknown_uids_than_there_were_are_found(tmp_path: Path) -> None:
    study = study_of_three(tmp_path)
    study.add(referring(4, "1.2.3.4.5.6"))

    def add(ds: FileDataset) -> None:
        inner(ds)[0].ReferencedSOPInstanceUID = "2.25.98"
        inner(ds).append(Dataset())
        inner(ds)[1].ReferencedSOPInstanceUID = "2.25.99"

    study.add(instance(number=5, **deep("1.2.3.4.5.6")), change=add)
    assert study.found() == {checks.UID_MAPPING}


@pytest.mark.parametrize(("uids", "found"), [((1, 1), set()), ((1,), set()), ((1, 2), {checks.UID_MAPPING})])
def test_sequence_that_may_go_is_renamed_alike_where_it_stays(
    tmp_path: Path, uids: tuple[int, ...], found: set[str]
) -> None:
    def requests(studies: tuple[int, ...]) -> list[Dataset]:
        items = [Dataset() for _ in studies]
        for item, study in zip(items, studies, strict=True):
            item.StudyInstanceUID = uid(1, study)
        return items

    study = study_of_three(tmp_path)
    original = instance(number=4, RequestAttributesSequence=requests((1, 1)))
    study.add(original, clean(instance(number=4, RequestAttributesSequence=requests(uids))))
    assert study.found() == found


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


@pytest.mark.parametrize(
    ("written", "found"),
    [("19000101", set()), ("19610417", {checks.DATE_UNCHANGED}), ("19000102", {checks.DATE_INTERVAL})],
)
def test_copies_of_a_birth_date_may_become_dummies(tmp_path: Path, written: str, found: set[str]) -> None:
    starts = "FrameAcquisition", "FrameReference", "StartAcquisition", "EndAcquisition", "DecayCorrection"

    def copied(ds: FileDataset, day: str = written) -> None:
        for start in starts:  # more than there are other dates
            setattr(ds, f"{start}DateTime", day)

    original = instance(PatientBirthDate="19610417")
    copied(original, "19610417")
    study = Staged(tmp_path)
    study.add(original, change=copied)
    assert study.found() == found
