"""A file that is huge, or built to cost time, is told from the others by what it is, and the others are indexed."""

from __future__ import annotations

import time
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import instance, uid, write
from pydicom.dataset import Dataset
from pydicom.uid import MediaStorageDirectoryStorage

from gateway.sources import NotDicom, index, receive


def enlarge(path: Path, size: int = 8 << 40) -> None:
    """Make a file sparse: it says that it is so large, and takes no room."""
    with path.open("r+b") as stream:
        stream.truncate(size)


def test_a_file_of_eight_terabytes_that_is_no_dicom_is_not_read(tmp_path: Path) -> None:
    write(instance(), tmp_path / "1.dcm")
    for name in ("backup.iso", "copy.iso"):
        (tmp_path / name).write_bytes(b"CD001")
        enlarge(tmp_path / name)
    result = index(receive([tmp_path]))
    assert [kind for _, kind in result.not_dicom] == [NotDicom.OTHER, NotDicom.OTHER]
    assert (len(result.studies), result.found) == (1, 3)


def test_dicom_that_fits_in_no_memory_is_held_with_its_study(tmp_path: Path) -> None:
    write(instance(), tmp_path / "1.dcm")
    enlarge(write(instance(number=2), tmp_path / "2.dcm"))
    (item,) = index(receive([tmp_path, tmp_path / "2.dcm"])).refused
    assert (item.code, *item.studies) == ("FILE_UNREADABLE", uid(1, 1))
    assert "larger" in item.reason


def test_a_member_that_is_no_dicom_is_read_to_its_end_all_the_same(tmp_path: Path) -> None:
    """Its bytes may be those of a damaged image: the checksum says that they are not what was packed."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("whole.txt", "x" * 9000)
        archive.writestr("damaged.txt", "y" * 9000)
    data = bytearray((tmp_path / "a.zip").read_bytes())
    data[data.index(b"y" * 9000) + 8000] ^= 1
    (tmp_path / "a.zip").write_bytes(data)
    result = index(receive([tmp_path]))
    assert [file.member for file, _ in result.not_dicom] == ["whole.txt"]
    assert [(item.file.member, item.code) for item in result.refused] == [("damaged.txt", "ARCHIVE_UNREADABLE")]


def many_zeros(root: Path, number: int) -> None:
    """A hole of zeros where the header ends: each eight of them read as an element."""
    data = write(instance(), root / "1.dcm").read_bytes()
    (root / "1.dcm").write_bytes(data[: data.index(b"\xe0\x7f\x10\x00")] + bytes(64 * number) + data[-4096:])


def many_members_of_one_name(root: Path, number: int) -> None:
    with zipfile.ZipFile(root / "a.zip", "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for _ in range(number):
            archive.writestr("IMG", b"")


def media_of_one_folder(root: Path, number: int) -> None:
    (root / "DICOM").mkdir()
    directory = instance(Rows=None, PixelData=None)
    directory.SOPClassUID = directory.file_meta.MediaStorageSOPClassUID = MediaStorageDirectoryStorage
    directory.DirectoryRecordSequence = [Dataset() for _ in range(number)]
    for count, record in enumerate(directory.DirectoryRecordSequence):
        record.ReferencedFileID = ["DICOM", f"I{count:06d}"]
        (root / "DICOM" / f"I{count:06d}").touch()
    write(directory, root / "DICOMDIR")


@pytest.mark.parametrize(
    ("build", "number"), [(many_zeros, 2000), (many_members_of_one_name, 1500), (media_of_one_folder, 250)]
)
def test_four_times_as_much_takes_about_four_times_as_long(
    tmp_path: Path, build: Callable[[Path, int], None], number: int
) -> None:
    def seconds(number: int) -> float:
        root = tmp_path / str(number)
        root.mkdir()
        build(root, number)
        start = time.process_time()
        index(receive([root, *root.glob("DICOMDIR")]))
        return time.process_time() - start

    seconds(10)
    assert seconds(4 * number) < 10 * max(seconds(number), 0.05), "it grows with the square"
