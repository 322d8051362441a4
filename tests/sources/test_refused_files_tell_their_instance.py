"""A file that is held by itself tells its own SOP Instance UID, as far as it can be made out: others may refer to it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from builders import instance, key_object, uid, write
from pydicom import dcmwrite
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from gateway.sources import index, receive

SYNTAXES = [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian]


def told(folder: Path) -> list[str | None]:
    return [refused.sop_uid for refused in index(receive([folder])).refused]


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_file_cut_in_its_header(tmp_path: Path, syntax: UID) -> None:
    ds = instance(1, 2, 1, 3, PatientComments="long enough to be cut " * 40)
    ds.file_meta.TransferSyntaxUID = syntax
    little = syntax != ExplicitVRBigEndian
    dcmwrite(
        tmp_path / "whole.dcm",
        ds,
        implicit_vr=syntax == ImplicitVRLittleEndian,
        little_endian=little,
        enforce_file_format=True,
    )
    data = (tmp_path / "whole.dcm").read_bytes()
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "cut.dcm").write_bytes(data[: 1000 if syntax != DeflatedExplicitVRLittleEndian else -900])
    assert told(tmp_path / "in") == [uid(1, 2, 1, 3)]


def test_a_file_that_ends_before_its_uid_tells_none_nor_does_an_archive(tmp_path: Path) -> None:
    path = write(key_object(instance()), tmp_path / "in" / "1.dcm")
    path.write_bytes(path.read_bytes()[:300])
    with zipfile.ZipFile(tmp_path / "in" / "2.zip", "w") as packed:
        packed.writestr("a", b"nothing")
    archive = tmp_path / "in" / "2.zip"
    archive.write_bytes(archive.read_bytes()[:-10])
    assert told(tmp_path / "in") == [None, None]


def test_another_version_of_an_instance(tmp_path: Path) -> None:
    write(instance(1, 2, 1, 3), tmp_path / "1.dcm")
    write(instance(1, 2, 1, 3, SeriesDescription="Coronal"), tmp_path / "2.dcm")
    assert told(tmp_path) == [uid(1, 2, 1, 3)]
