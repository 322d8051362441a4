"""Zip archives among the sources: looked into wherever they are, never unpacked, never trusted."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from builders import instance, write

from gateway.errors import UnreadableArchive
from gateway.records import SourceFile
from gateway.sources import archives, fetch, index, open_file, receive


def dicom(tmp_path: Path, number: int = 1) -> bytes:
    return write(instance(number=number), tmp_path / "scratch" / f"{number}.dcm").read_bytes()


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def put(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_an_archive_is_known_by_its_content_and_its_members_read_as_they_were(tmp_path: Path) -> None:
    one, two = dicom(tmp_path, 1), dicom(tmp_path, 2)
    path = put(tmp_path / "in/no-suffix", zipped({"b/2": two, "a/1.dcm": one, "folder/": b""}))
    received = receive([tmp_path / "in"])
    assert [file.source for file in received.files] == [f"{path}!a/1.dcm", f"{path}!b/2"]
    assert [fetch(file) for file in received.files] == [one, two]
    assert sum(len(study.instances) for study in index(received).studies) == 2


def test_archives_in_archives_are_looked_into(tmp_path: Path) -> None:
    inner = zipped({"1.dcm": dicom(tmp_path)})
    path = put(tmp_path / "in/outer.zip", zipped({"inner.zip": inner, "x/also.zip": inner}))
    result = index(receive([path]))
    (study,) = result.studies
    assert study.instances[0].file.source == f"{path}!inner.zip!1.dcm"
    assert result.duplicates == ((SourceFile(str(path), "x/also.zip!1.dcm"), study.instances[0]),)


def test_a_member_name_leads_nowhere(tmp_path: Path) -> None:
    names = ["../../escape.dcm", "/etc/passwd", "C:\\x.dcm", "twice!1.dcm", "plain"]
    path = put(tmp_path / "in/a.zip", zipped({name: dicom(tmp_path, n) for n, name in enumerate(names, 1)}))
    received = receive([path])
    assert {file.member for file in received.files} == {n.replace("!", "%21") for n in names}
    assert {fetch(file) for file in received.files} == {dicom(tmp_path, n) for n in range(1, 6)}


def test_two_members_of_one_name_are_two_files(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("1.dcm", dicom(tmp_path, 1))
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("1.dcm", dicom(tmp_path, 2))
    received = receive([put(tmp_path / "in/a.zip", buffer.getvalue())])
    assert [file.member for file in received.files] == ["1.dcm", "1.dcm#2"]
    assert [fetch(file) for file in received.files] == [dicom(tmp_path, 1), dicom(tmp_path, 2)]


def test_an_encrypted_member_is_held_and_its_neighbours_are_read(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.dcm": dicom(tmp_path, 1), "b.dcm": dicom(tmp_path, 2)}, zipfile.ZIP_STORED))
    data[6] |= 1  # the encryption flag in the local header of a.dcm
    data[data.index(b"PK\x01\x02") + 8] |= 1  # and in the directory
    result = index(receive([put(tmp_path / "in/a.zip", bytes(data))]))
    assert [(item.file.member, item.code) for item in result.refused] == [("a.dcm", "ARCHIVE_UNREADABLE")]
    assert sum(len(study.instances) for study in result.studies) == 1


def test_a_member_with_a_wrong_checksum_is_held(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.dcm": dicom(tmp_path)}, zipfile.ZIP_STORED))
    data[5000] ^= 0xFF
    (item,) = index(receive([put(tmp_path / "in/a.zip", bytes(data))])).refused
    assert item.code == "ARCHIVE_UNREADABLE"


def test_a_damaged_archive_is_one_held_file(tmp_path: Path) -> None:
    put(tmp_path / "in/cut.zip", zipped({"OKONKWO.dcm": dicom(tmp_path)})[:-40])
    put(tmp_path / "in/outer.zip", zipped({"cut.zip": zipped({"x": b"y" * 90})[:-30]}))
    received = receive([tmp_path / "in"])
    assert [item.code for item in received.refused] == ["ARCHIVE_UNREADABLE"] * 2
    assert received.found == 2
    assert "OKONKWO" not in repr(received)


def test_an_empty_archive_holds_no_file(tmp_path: Path) -> None:
    assert receive([put(tmp_path / "in/empty.zip", zipped({}))]).found == 0


def test_archives_nested_without_end_are_held(tmp_path: Path) -> None:
    data = zipped({"1.dcm": dicom(tmp_path)})
    for _ in range(archives.MAX_DEPTH):
        data = zipped({"next.zip": data})
    received = receive([put(tmp_path / "in/deep.zip", data)])
    assert received.files == ()
    assert [item.reason for item in received.refused] == ["Archives are nested too deep."]


def test_a_bomb_is_held_before_it_goes_off(tmp_path: Path) -> None:
    data = bytearray(zipped({"bomb": bytes(10_000_000)}))
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (archives.FREE_BYTES + 1).to_bytes(4, "little")  # the size it claims to have
    received = receive([put(tmp_path / "in/bomb.zip", bytes(data))])
    assert [item.reason for item in received.refused] == ["The archive expands beyond reason."]


def test_archives_of_other_kinds_are_held_with_the_advice_to_unpack_them(tmp_path: Path) -> None:
    import tarfile

    with tarfile.open(put(tmp_path / "in/study.tar", b""), "w") as plain:
        plain.add(write(instance(), tmp_path / "1.dcm"), "1.dcm")
    with tarfile.open(put(tmp_path / "in/study.tgz", b""), "w:gz") as packed:
        packed.add(tmp_path / "1.dcm", "1.dcm")
    result = index(receive([tmp_path / "in"]))
    assert [item.code for item in result.refused] == ["ARCHIVE_UNREADABLE"] * 2
    assert all("Unpack" in item.kind.advice for item in result.refused)


def test_a_changed_archive_is_read_anew_and_a_lost_one_is_held(tmp_path: Path) -> None:
    path = put(tmp_path / "in/a.zip", zipped({"1.dcm": dicom(tmp_path, 1)}))
    (file,) = receive([path]).files
    put(path, zipped({"1.dcm": dicom(tmp_path, 2)}))
    os.utime(path, ns=(1, 1))
    with open_file(file) as stream:
        assert stream.read() == dicom(tmp_path, 2)
    put(path, zipped({"other": b"x"}))
    os.utime(path, ns=(2, 2))
    with pytest.raises(UnreadableArchive):
        open_file(file)
    path.unlink()
    with pytest.raises(UnreadableArchive):
        open_file(file)
