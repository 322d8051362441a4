"""A large file is taken into a private file once, hashed on the way; its pixel data stay there and read as from memory."""

from __future__ import annotations

import copy
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from builders import instance, write
from pydicom import dcmwrite
from pydicom.encaps import encapsulate
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEGLSLossless,
)

from gateway.errors import UnreadableFile
from gateway.records import SourceFile
from gateway.sources import fetch, index, read_dataset, receive
from gateway.sources.parsing import decode
from gateway.sources.pixels import stored_pixels
from gateway.stored import LARGE, Stored, folder, keep_in, kept_in, open_value, parts, store

LONG = np.tile(np.arange(1024, dtype=np.uint8), (1024, 1))[None].repeat(LARGE // 2**20 + 2, axis=0)


def _in_file(data: bytes) -> Stored:
    value = store([bytes(LARGE), b"\1", data])
    assert isinstance(value, Stored)
    return value.section(LARGE + 1, len(data))


def test_what_is_small_stays_in_memory_and_what_is_large_does_not() -> None:
    assert store([b"a", b"bc"]) == b"abc"
    value = store([bytes(LARGE), b"xyz"])
    assert isinstance(value, Stored)
    assert (len(value), value[-3:]) == (LARGE + 3, b"xyz")
    assert sum(len(part) for part in parts(value)) == LARGE + 3


def test_a_stored_value_reads_like_bytes_and_like_a_stream() -> None:
    value = _in_file(b"0123456789")
    assert (value[2:4], value[8:99], value[5:2], value.startswith(b"012"), value.startswith(b"x")) == (
        b"23",
        b"89",
        b"",
        True,
        False,
    )
    assert (value.read(3), value.tell(), value.read()) == (b"012", 3, b"3456789")
    assert (
        value.seek(-2, io.SEEK_END),
        value.seek(1, io.SEEK_CUR),
        value.seek(0),
        value.readable(),
        value.seekable(),
    ) == (
        8,
        9,
        0,
        True,
        True,
    )
    assert copy.deepcopy(value) is value
    assert open_value(value).read() == open_value(b"0123456789").read()


def test_files_lie_where_they_are_told_to_and_have_no_name(tmp_path: Path) -> None:
    with kept_in(tmp_path):
        assert folder() == tmp_path
        value = store([bytes(LARGE + 1)])
        assert list(tmp_path.iterdir()) == []
        assert value[:1] == b"\0"
    keep_in(None)
    assert folder() is None


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian, JPEGLSLossless])
def test_large_pixels_stay_in_the_file(tmp_path: Path, syntax: UID) -> None:
    ds = instance(image=LONG, DataSetTrailingPadding=b"\0" * 8)
    if syntax == JPEGLSLossless:
        ds.PixelData = encapsulate([bytes(1 << 20) for _ in LONG])
        ds["PixelData"].VR = "OB"
        ds["PixelData"].is_undefined_length = True
    ds.file_meta.TransferSyntaxUID = syntax
    path = tmp_path / "1.dcm"
    dcmwrite(path, ds, enforce_file_format=True)
    file = SourceFile(str(path))
    found = read_dataset(file)
    assert isinstance(found.PixelData, Stored)
    assert b"".join(parts(found.PixelData)) == ds.PixelData
    assert found.DataSetTrailingPadding == ds.DataSetTrailingPadding
    (study,) = index(receive([tmp_path])).studies
    assert fetch(file, study.instances[0].digest)[:4] == b"\0\0\0\0"


def test_a_large_file_that_changed_is_refused(tmp_path: Path) -> None:
    path = write(instance(image=LONG), tmp_path / "1.dcm")
    (study,) = index(receive([tmp_path])).studies
    with path.open("r+b") as stream:
        stream.seek(-10, io.SEEK_END)
        stream.write(b"X")
    with pytest.raises(UnreadableFile, match="changed"):
        fetch(study.instances[0].file, study.instances[0].digest)


def test_large_members_and_deflated_data_sets_are_taken_too(tmp_path: Path) -> None:
    ds = instance(image=LONG)
    ds.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    plain = write(ds, tmp_path / "made" / "1.dcm")
    assert plain.stat().st_size < LARGE
    assert isinstance(read_dataset(SourceFile(str(plain))).PixelData, Stored)
    whole = write(instance(image=LONG), tmp_path / "made" / "2.dcm")
    with zipfile.ZipFile(tmp_path / "study.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(whole, "2.dcm")
    member = SourceFile(str(tmp_path / "study.zip"), "2.dcm")
    assert b"".join(parts(fetch(member))) == whole.read_bytes()


def test_a_deflated_data_set_that_is_damaged_or_without_end_is_refused(tmp_path: Path) -> None:
    ds = instance(image=LONG)
    ds.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    data = write(ds, tmp_path / "1.dcm").read_bytes()
    for damaged in (data[:-20], data[:400] + b"\xff" * 50 + data[450:]):
        with pytest.raises(UnreadableFile):
            decode(damaged)


@pytest.mark.parametrize(
    "element",
    [
        b"\xe0\x7f\x10\x00",
        b"\xe0\x7f\x10\x00LO\0\0\x08\0\0\0" + bytes(8),
        b"\xe0\x7f\x10\x00OB\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\x00\x00\x00\x10" + bytes(8),
        b"\xe0\x7f\x10\x00OB\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\x00\x00\x00\x00",
        b"\xe0\x7f\x10\x00OB\0\0\xff\xff\xff\xffno item at all",
    ],
)
def test_pixel_data_that_make_no_sense_are_refused(element: bytes) -> None:
    with pytest.raises(UnreadableFile):
        stored_pixels(_in_file(element), 0, implicit=False, little=True)


def test_pixel_data_that_are_short_are_left_to_the_pixel_step() -> None:
    element = b"\xe0\x7f\x10\x00OW\0\0\x00\x00\x00\x40" + b"abcdef"
    found, end = stored_pixels(_in_file(element), 0, implicit=False, little=True)
    assert (found.value, found.length, end) == (b"abcdef", 0x40000000, len(element))
