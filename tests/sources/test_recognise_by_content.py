"""What a file is told from its bytes alone, and each file gets one status."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from builders import instance, uid, write
from pydicom import dcmwrite
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import UID, ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from gateway.sources import Index, NotDicom, index, read_dataset, receive
from gateway.sources.sniff import HEAD, Kind, kind


def part_10(ds: FileDataset) -> bytes:
    buffer = io.BytesIO()
    dcmwrite(buffer, ds, enforce_file_format=True)
    return buffer.getvalue()


def indexed(tmp_path: Path, data: bytes) -> Index:
    (tmp_path / "file").write_bytes(data)
    result = index(receive([tmp_path]))
    assert result.found == 1
    return result


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian])
def test_a_data_set_without_file_meta_is_read_in_the_encoding_it_has(tmp_path: Path, syntax: UID) -> None:
    plain = Dataset(instance())
    del plain.PixelData
    buffer = io.BytesIO()
    dcmwrite(buffer, plain, implicit_vr=syntax.is_implicit_VR, little_endian=syntax.is_little_endian)
    (study,) = indexed(tmp_path, buffer.getvalue()).studies
    assert study.uid == uid(1, 1)
    dataset = read_dataset(study.instances[0].file)
    assert dataset.file_meta.TransferSyntaxUID == syntax
    assert dataset.PatientName == "OKONKWO^ADAEZE^M"
    assert dataset.Rows == 64


def test_file_meta_without_preamble_is_dicom(tmp_path: Path) -> None:
    (study,) = indexed(tmp_path, part_10(instance())[132:]).studies
    assert read_dataset(study.instances[0].file).PatientID == "OK-4471902"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", NotDicom.EMPTY),
        (b"Notes about a study\n", NotDicom.OTHER),
        (b"1.2.840.10008.1.2 is a transfer syntax\n" * 9, NotDicom.OTHER),
        (bytes(400), NotDicom.OTHER),
        (b"\x89PNG\r\n\x1a\n" + bytes(300), NotDicom.OTHER),
        (b"\x08\x00\x05", NotDicom.OTHER),
        (b"\x08\x00\x05\x00OB\x00\x00\x01", NotDicom.OTHER),
        (b"\x08\x00\x05\x00CS\x03\x00abc\x08\x00", NotDicom.OTHER),
        (b"\x08\x00\x05\x00\x08\x00\x00\x00ISO_IR 6" + b"no element follows", NotDicom.OTHER),
    ],
)
def test_what_is_not_dicom_is_counted_with_its_kind(tmp_path: Path, data: bytes, reason: NotDicom) -> None:
    ((_, found),) = indexed(tmp_path, data).not_dicom
    assert found is reason


def test_dicom_behind_a_stray_byte_does_not_vanish_as_no_dicom() -> None:
    (item,) = index(receive([str(get_testdata_file("no_meta.dcm"))])).refused
    assert item.code == "FILE_UNREADABLE"


def test_a_first_element_that_fills_the_head_is_believed() -> None:
    long = b"\x08\x00\x05\x00" + (HEAD - 8).to_bytes(4, "little") + bytes(HEAD)
    assert kind(long[:HEAD]) is Kind.DICOM


@pytest.mark.parametrize("cut", [140, 160, 300, 600, 700, 701])
def test_a_file_cut_in_its_header_is_unreadable(tmp_path: Path, cut: int) -> None:
    (item,) = indexed(tmp_path, part_10(instance())[:cut]).refused
    assert item.code in ("FILE_UNREADABLE", "INSTANCE_BROKEN")


def test_a_cut_file_tells_its_study_if_that_was_read(tmp_path: Path) -> None:
    data = part_10(instance())
    (item,) = indexed(tmp_path, data[: data.index(b"Axial") + 2]).refused
    assert item.study_uid is None
    (item,) = indexed(tmp_path, data[: data.index(uid(1, 1, 1, 999).encode()) + 9]).refused
    assert (item.code, item.study_uid) == ("FILE_UNREADABLE", uid(1, 1))


@pytest.mark.parametrize(
    "tail",
    [
        b"OKONKWO^ADAEZE",  # no element
        b"\x10\x00\x10\x00PN\xff\xff",  # an element cut after its length
        b"\x10\x00\x10",  # cut inside a tag
        b"\x09\x00\x10\x10UN\x00\x00\xff\xff\xff\x7f",  # two gigabytes announced
        b"\x08\x00\x40\x11SQ\x00\x00\xff\xff\xff\xff\xfe\xff\x00\xe0",  # a sequence without end
        b"\xfe\xff\x0d\xe0\x00\x00\x00\x00OKONKWO^ADAEZE",  # an item ends where none began
        bytes(20) + b"ADAEZE",
    ],
)
def test_what_follows_the_last_element_is_not_passed_over(tmp_path: Path, tail: bytes) -> None:
    ds = instance(PixelData=None)
    (item,) = indexed(tmp_path, part_10(ds) + tail).refused
    assert item.code == "FILE_UNREADABLE"
    assert "ADAEZE" not in item.reason


def test_zeros_that_fill_up_a_file_are_no_fault(tmp_path: Path) -> None:
    (study,) = indexed(tmp_path, part_10(instance(PixelData=None)) + bytes(501)).studies
    assert len(read_dataset(study.instances[0].file)) == len(instance()) - 1


def test_garbage_behind_the_prefix_is_unreadable(tmp_path: Path) -> None:
    (item,) = indexed(tmp_path, bytes(128) + b"DICM" + b"\x93\x1f\x07\xc2" * 200).refused
    assert item.code == "FILE_UNREADABLE"


@pytest.mark.parametrize("sop_class", [None, ""])
def test_an_instance_without_sop_class_is_broken_and_tells_its_study(tmp_path: Path, sop_class: str | None) -> None:
    ds = instance(SOPClassUID=sop_class)
    del ds.file_meta.MediaStorageSOPClassUID
    ds.save_as(tmp_path / "file", enforce_file_format=False)
    (item,) = index(receive([tmp_path])).refused
    assert (item.code, item.study_uid) == ("INSTANCE_BROKEN", uid(1, 1))


def test_file_meta_alone_is_broken(tmp_path: Path) -> None:
    data = part_10(instance())
    end = data.index(b"\x08\x00\x05\x00CS")
    (item,) = indexed(tmp_path, data[:end]).refused
    assert item.code == "INSTANCE_BROKEN"


def test_a_file_that_became_an_archive_after_the_walk_is_held(tmp_path: Path) -> None:
    file = write(instance(), tmp_path / "1.dcm")
    received = receive([file])
    file.write_bytes(b"PK\x05\x06" + bytes(18))
    assert [item.code for item in index(received).refused] == ["ARCHIVE_UNREADABLE"]
