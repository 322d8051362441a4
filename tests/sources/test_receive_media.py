"""DICOMDIR media, on the sample media that pydicom's package carries."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pydicom
import pytest
from builders import instance, uid, write
from pydicom.dataset import Dataset
from pydicom.uid import MediaStorageDirectoryStorage

from gateway.sources import Index, NotDicom, index, receive

PACKAGED = Path(pydicom.__file__).parent / "data/test_files/dicomdirtests"
FOLDERS = ("77654033", "98892001", "98892003")


@pytest.fixture
def media(tmp_path: Path) -> Path:
    root = tmp_path / "media"
    for folder in FOLDERS:
        shutil.copytree(PACKAGED / folder, root / folder)
    shutil.copy(PACKAGED / "DICOMDIR", root)
    return root


def count(result: Index) -> int:
    return sum(len(study.instances) for study in result.studies)


def test_the_directory_as_source_brings_what_it_references(media: Path) -> None:
    write(instance(), media / "not-referenced.dcm")
    result = index(receive([media / "DICOMDIR"]))
    assert count(result) == 31
    assert [kind for _, kind in result.not_dicom] == [NotDicom.MEDIA_DIRECTORY]
    assert result.missing_references == 0


def test_the_folder_brings_the_same_and_the_rest(media: Path) -> None:
    write(instance(), media / "not-referenced.dcm")
    assert count(index(receive([media]))) == 32


@pytest.mark.parametrize("spell", [str.lower, lambda name: name + ";1", lambda name: name + "."])
def test_names_on_media_are_found_whatever_the_mount_made_of_them(media: Path, spell: object) -> None:
    for path in sorted(media.rglob("*"), reverse=True):
        if path.is_file() and path.name != "DICOMDIR":
            path.rename(path.with_name(spell(path.name)))  # type: ignore[operator]  # a parameter of either kind
        elif path.is_dir():
            path.rename(path.with_name(path.name.lower()))
    assert index(receive([media / "DICOMDIR"])).missing_references == 0


def test_missing_references_are_counted_once(media: Path) -> None:
    shutil.rmtree(media / "98892001")
    shutil.copy(PACKAGED / "DICOMDIR-reordered", media)
    shutil.copy(media / "DICOMDIR", media / "DICOMDIR-copy")
    gone = len(list((PACKAGED / "98892001").rglob("*/*")))
    result = index(receive([media]))
    assert result.missing_references == gone
    assert count(result) == 31 - gone
    assert result.found == 31 - gone + 3


def test_media_in_an_archive(media: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "media.zip", "w") as archive:
        for path in sorted(media.rglob("*")):
            if path.is_file() and path.name != "2062":
                archive.write(path, f"CD/{path.relative_to(media)}".lower())
    result = index(receive([tmp_path / "media.zip"]))
    assert count(result) == 30
    assert result.missing_references == 1


def test_a_reference_leads_out_of_the_media_nowhere(tmp_path: Path) -> None:
    write(instance(), tmp_path / "outside.dcm")
    directory = instance(Rows=None, PixelData=None)
    directory.SOPClassUID = directory.file_meta.MediaStorageSOPClassUID = MediaStorageDirectoryStorage
    directory.DirectoryRecordSequence = [
        record(["..", "outside.dcm"]),
        record("1.DCM"),
        record(["1.DCM", "BELOW_A_FILE"]),
        record("RETIRED", in_use=0),
        Dataset(),
    ]
    write(directory, tmp_path / "cd/index")
    write(instance(number=2), tmp_path / "cd/1.dcm")
    result = index(receive([tmp_path / "cd/index"]))
    assert count(result) == 1
    assert result.missing_references == 2


def record(file_id: str | list[str], in_use: int = 0xFFFF) -> Dataset:
    item = Dataset()
    item.RecordInUseFlag = in_use
    item.ReferencedFileID = file_id
    return item


def test_a_damaged_directory_is_held(media: Path) -> None:
    data = (media / "DICOMDIR").read_bytes()
    (media / "DICOMDIR").write_bytes(data[:5000])
    result = index(receive([media / "DICOMDIR"]))
    assert [item.code for item in result.refused] == ["FILE_UNREADABLE"]
    assert result.found == 1


@pytest.mark.parametrize(
    ("vr", "value"), [("US", 5), ("OB", b"\xff\0"), ("SQ", [Dataset()]), ("PN", "A^B"), ("CS", "")]
)
def test_a_reference_of_another_vr_is_one_that_is_missing(tmp_path: Path, vr: str, value: object) -> None:
    odd = Dataset()
    odd.add_new(0x00041500, vr, value)
    directory = instance(Rows=None, PixelData=None, DirectoryRecordSequence=[odd])
    directory.SOPClassUID = directory.file_meta.MediaStorageSOPClassUID = MediaStorageDirectoryStorage
    write(directory, tmp_path / "DICOMDIR")
    write(instance(number=2), tmp_path / "1.dcm")
    result = index(receive([tmp_path / "DICOMDIR", tmp_path]))
    assert [kind for _, kind in result.not_dicom] == [NotDicom.MEDIA_DIRECTORY]
    assert (count(result), result.missing_references) == (1, 1 if value else 0)


def test_directory_records_do_not_make_an_image_a_directory(tmp_path: Path) -> None:
    write(instance(DirectoryRecordSequence=[Dataset()]), tmp_path / "1.dcm")
    meta = instance(number=2)
    meta.file_meta.MediaStorageSOPClassUID = MediaStorageDirectoryStorage
    write(meta, tmp_path / "2.dcm")
    result = index(receive([tmp_path]))
    assert (count(result), result.not_dicom) == (2, ())


@pytest.mark.parametrize("lost", ["PixelData", "SOPInstanceUID", None])
def test_what_contradicts_itself_is_held_with_its_study(tmp_path: Path, lost: str | None) -> None:
    """File meta or data set say media directory, the rest says instance: by its SOP Class no rule can be chosen."""
    write(instance(), tmp_path / "1.dcm")
    odd = instance(number=2, SOPClassUID=None if lost else MediaStorageDirectoryStorage)
    if lost:
        delattr(odd, lost)
    odd.file_meta.MediaStorageSOPClassUID = MediaStorageDirectoryStorage
    write(odd, tmp_path / "2.dcm")
    (item,) = index(receive([tmp_path])).refused
    assert (item.code, *item.studies) == ("INSTANCE_BROKEN", uid(1, 1))


def test_a_directory_whose_file_meta_names_no_class_is_one(media: Path) -> None:
    data = (media / "DICOMDIR").read_bytes()
    name = MediaStorageDirectoryStorage.encode()
    (media / "DICOMDIR").write_bytes(data.replace(name, bytes(len(name)), 1))
    result = index(receive([media / "DICOMDIR"]))
    assert count(result) == 31
