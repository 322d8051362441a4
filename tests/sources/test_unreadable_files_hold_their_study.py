"""A file that cannot be read belongs to a study all the same, and that study is not whole without it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from batches import run
from builders import instance, key_object, uid, write
from pydicom import dcmread, dcmwrite
from pydicom.dataset import Dataset
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    MediaStorageDirectoryStorage,
)

from gateway.sources import index, receive

NOISE = np.random.default_rng(3).integers(0, 4000, (64, 64), np.uint16)


def held(folder: Path) -> list[tuple[str, list[UID]]]:
    """The refused files of a folder: reason code and the studies that each holds."""
    return [(item.code, sorted(map(UID, item.studies))) for item in index(receive([folder])).refused]


def archive(path: Path, method: int, *members: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", method) as packed:
        for member in members:
            packed.write(member, member.name)
    return path


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def damaged_member(tmp_path: Path, method: int, number: int = 2) -> None:
    """An archive of one member, with a flipped bit among its last pixels."""
    member = write(instance(number=number, image=NOISE), tmp_path / "scratch/2.dcm")
    path = archive(tmp_path / "in/2.zip", method, member)
    flip(path, path.read_bytes().index(b"PK\x01\x02") - 900)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_flipped_bit_in_an_archive(tmp_path: Path, method: int) -> None:
    write(instance(), tmp_path / "in/1.dcm")
    write(instance(2), tmp_path / "in/other.dcm")
    damaged_member(tmp_path, method)
    assert held(tmp_path / "in") == [("ARCHIVE_UNREADABLE", [uid(1, 1)])]


def test_a_study_that_has_the_instance_whole_is_whole(tmp_path: Path) -> None:
    write(instance(), tmp_path / "in/1.dcm")
    damaged_member(tmp_path, zipfile.ZIP_STORED, number=1)
    write(instance(), tmp_path / "in/3.dcm").write_bytes((tmp_path / "in/1.dcm").read_bytes()[1:])
    assert held(tmp_path / "in") == [("ARCHIVE_UNREADABLE", []), ("FILE_UNREADABLE", [])]


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian])
@pytest.mark.parametrize("lost", ["StudyInstanceUID", "SeriesInstanceUID"])
def test_a_byte_that_is_missing_at_the_start(tmp_path: Path, syntax: UID, lost: str) -> None:
    write(instance(), tmp_path / "1.dcm")
    ds = instance(number=2, **{lost: None})  # type: ignore[arg-type]  # attributes by keyword
    ds.set_original_encoding(syntax == ImplicitVRLittleEndian, syntax != ExplicitVRBigEndian)
    ds.file_meta.TransferSyntaxUID = syntax
    path = write(ds, tmp_path / "2.dcm")
    path.write_bytes(path.read_bytes()[1:])
    assert held(tmp_path) == [("FILE_UNREADABLE", [uid(1, 1)])]


def test_a_deflated_data_set_that_is_cut_short(tmp_path: Path) -> None:
    write(instance(), tmp_path / "1.dcm")
    ds = instance(number=2, image=NOISE)
    ds.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    path = write(ds, tmp_path / "2.dcm")
    path.write_bytes(path.read_bytes()[:-4000])
    assert held(tmp_path) == [("FILE_UNREADABLE", [uid(1, 1)])]


def test_a_header_that_can_be_read_names_one_study_and_not_those_it_refers_to(tmp_path: Path) -> None:
    prior = Dataset()
    prior.StudyInstanceUID = uid(2, 1)
    write(instance(), tmp_path / "1.dcm")
    write(instance(2), tmp_path / "prior.dcm")
    ds = instance(number=2, RelatedSeriesSequence=[prior], PixelData=None)
    path = write(ds, tmp_path / "2.dcm")
    path.write_bytes(path.read_bytes()[:-10])
    assert held(tmp_path) == [("FILE_UNREADABLE", [uid(1, 1)])]


def test_of_several_studies_that_may_lack_the_file_each_is_held(tmp_path: Path) -> None:
    write(instance(), tmp_path / "1.dcm")
    write(instance(2), tmp_path / "other.dcm")
    ko = key_object(instance(), 7)
    ko.RelatedSeriesSequence = [Dataset()]
    ko.RelatedSeriesSequence[0].StudyInstanceUID = uid(2, 1)
    path = write(ko, tmp_path / "ko.dcm")
    path.write_bytes(path.read_bytes()[1:])
    assert held(tmp_path) == [("FILE_UNREADABLE", [uid(1, 1), uid(2, 1)])]


def test_what_only_names_studies_holds_none(tmp_path: Path) -> None:
    write(instance(), tmp_path / "in/1.dcm")
    (tmp_path / "in/list.txt").write_text(f"{uid(1, 1)}\n")
    archive(tmp_path / "in/cut.zip", zipfile.ZIP_STORED, tmp_path / "in/1.dcm")
    (tmp_path / "in/cut.zip").write_bytes((tmp_path / "in/cut.zip").read_bytes()[:-40])
    directory, record = instance(number=2), Dataset()
    record.DirectoryRecordType, record.StudyInstanceUID = "STUDY", uid(1, 1)
    for keyword in [element.keyword for element in directory]:
        delattr(directory, keyword)
    directory.file_meta.MediaStorageSOPClassUID = MediaStorageDirectoryStorage
    directory.DirectoryRecordSequence = [record]
    path = write(directory, tmp_path / "in/DICOMDIR")
    path.write_bytes(path.read_bytes()[:-10])
    assert sorted(held(tmp_path / "in")) == [("ARCHIVE_UNREADABLE", []), ("FILE_UNREADABLE", [])]


def test_a_conflict_holds_the_study_whose_version_does_not_stay(tmp_path: Path) -> None:
    write(instance(), tmp_path / "a.dcm")
    write(instance(SeriesDescription="Other"), tmp_path / "b.dcm")
    for name in ("c", "d"):
        write(instance(2, SOPInstanceUID=uid(1, 1, 1, 1)), tmp_path / f"{name}.dcm")
    write(instance(2, number=2), tmp_path / "e.dcm")
    assert held(tmp_path) == [("UID_CONFLICT", []), ("UID_CONFLICT", [uid(2, 1)]), ("UID_CONFLICT", [uid(2, 1)])]


def test_a_file_without_file_meta_and_sop_class(tmp_path: Path) -> None:
    write(instance(), tmp_path / "1.dcm")
    plain = Dataset(instance(number=2, SOPClassUID=None, StudyInstanceUID=None, PixelData=None))
    buffer = io.BytesIO()
    dcmwrite(buffer, plain, implicit_vr=False, little_endian=True)
    (tmp_path / "2.dcm").write_bytes(buffer.getvalue())
    assert held(tmp_path) == [("INSTANCE_BROKEN", [uid(1, 1)])]


def test_a_run_releases_whole_studies_beside_every_sort_of_damage(tmp_path: Path) -> None:
    """One run over: a flipped bit in an archive, a byte short, a conflict across studies, odd media, a file of 8 TB."""
    source = tmp_path / "in"
    write(instance(1), source / "1/1.dcm")
    damaged_member(tmp_path, zipfile.ZIP_STORED)
    for number in (1, 2):
        path = write(instance(2, number=number), source / f"2/{number}.dcm")
    path.write_bytes(path.read_bytes()[1:])
    write(instance(3), source / "3/1.dcm")
    write(instance(4, SOPInstanceUID=uid(3, 1, 1, 1)), source / "4/1.dcm")
    write(instance(4, number=2), source / "4/2.dcm")
    record = Dataset()
    record.add_new(0x00041500, "US", 5)
    record.PatientName = "BRAIN^ROBERT"
    for number in (1, 2):
        write(instance(5, number=number, DirectoryRecordSequence=[record]), source / f"5/{number}.dcm")
    directory = instance(Rows=None, PixelData=None, DirectoryRecordSequence=[record])
    directory.SOPClassUID = directory.file_meta.MediaStorageSOPClassUID = MediaStorageDirectoryStorage
    write(directory, source / "5/DICOMDIR")
    with (source / "backup.iso").open("wb") as sparse:
        sparse.truncate(8 << 40)
    result = run([source], tmp_path / "out", tmp_path / "home", code=3)
    written = [dcmread(path) for path in (tmp_path / "out").rglob("*.dcm")]
    assert sorted(ds.InstanceNumber for ds in written) == [1, 1, 2]  # of the third patient and of the fifth
    assert not any(element.tag.group == 4 for ds in written for element in ds)
    assert {key: result[key] for key in ("received", "released", "quarantined", "duplicates", "not_dicom")} == {
        "received": 11,
        "released": 3,
        "quarantined": 6,
        "duplicates": 0,
        "not_dicom": 2,
    }
