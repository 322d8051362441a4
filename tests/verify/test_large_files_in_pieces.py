"""The verifier looks at what is large piece by piece, and sees in it what it sees in what is small."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from builders import instance
from pydicom import dcmread, dcmwrite
from pydicom.encaps import encapsulate
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEGLSLossless,
)
from verify.handmade import Staged

from gateway.verify import checks
from gateway.verify.elements import read
from gateway.verify.frames import Frames
from gateway.verify.identifiers import Secrets
from gateway.verify.octets import Search
from gateway.verify.section import LARGE, Section, fragments, take_pixels, whole

LONG = np.tile(np.arange(1024, dtype=np.uint8), (1024, 1))[None].repeat(LARGE // 2**20 + 2, axis=0)


def test_a_section_reads_like_bytes() -> None:
    data = bytes(range(100))
    section = Section(io.BytesIO(data), 10, 50)
    assert (len(section), section[:3], section[48:90], section[-2:], section[5:2]) == (
        50,
        data[10:13],
        data[58:60],
        data[58:60],
        b"",
    )
    assert section.part(5, 9)[:] == data[15:19]


def test_what_is_small_is_bytes() -> None:
    assert whole(io.BytesIO(b"small")) == b"small"


def test_fragments_are_found_and_damaged_ones_are_told() -> None:
    value = encapsulate([b"one!", b"second"])
    found = [part[:] for part in fragments(Section(io.BytesIO(value), 0, len(value)))]
    assert found[1:] == [b"one!", b"second"]
    ended = value + b"\xfe\xff\xdd\xe0\0\0\0\0and more"
    assert len(list(fragments(Section(io.BytesIO(ended), 0, len(ended))))) == 3
    for damaged in (value + b"\0\0", value + b"anything"):
        with pytest.raises(ValueError, match="fragments"):
            list(fragments(Section(io.BytesIO(damaged), 0, len(damaged))))


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian, JPEGLSLossless])
def test_pixels_are_taken_as_they_are_parsed(syntax: UID) -> None:
    ds = instance(DataSetTrailingPadding=b"\0" * 8)
    if syntax == JPEGLSLossless:
        ds.PixelData = encapsulate([b"frame!"])
        ds["PixelData"].VR = "OB"
        ds["PixelData"].is_undefined_length = True
    ds.file_meta.TransferSyntaxUID = syntax
    stream = io.BytesIO()
    dcmwrite(stream, ds, enforce_file_format=True)
    stream.seek(0)
    taken = dcmread(stream, stop_before_pixels=True)
    take_pixels(taken, stream)
    stream.seek(0)
    parsed = dcmread(stream)
    assert taken.PixelData == parsed.PixelData
    assert taken.DataSetTrailingPadding == parsed.DataSetTrailingPadding


def test_pixels_that_end_in_the_middle_are_told() -> None:
    stream = io.BytesIO()
    instance().save_as(stream, enforce_file_format=True)
    cut = io.BytesIO(stream.getvalue()[:-10])
    taken = dcmread(cut, stop_before_pixels=True)
    with pytest.raises(ValueError, match="middle"):
        take_pixels(taken, cut)
    without = io.BytesIO(stream.getvalue()[:-8300])
    bare = dcmread(without, stop_before_pixels=True)
    without.seek(0, io.SEEK_END)
    take_pixels(bare, without)
    assert "PixelData" not in bare


def test_a_large_file_passes_and_what_is_wrong_in_it_is_found(tmp_path: Path) -> None:
    study = Staged(tmp_path)
    written = study.add(instance(image=LONG))
    with written.open("rb") as stream:
        ds = read(stream)
        assert isinstance(ds.PixelData, Section)
        assert np.array_equal(Frames(ds).decode(65)[..., 0], LONG[65])
    assert study.verify() == ()
    with written.open("r+b") as file:
        file.seek(-5000, io.SEEK_END)
        file.write(b"X")
    assert study.found() == {checks.PIXEL_CHANGED}
    with written.open("r+b") as file:
        file.seek(-(1 << 25), io.SEEK_END)
        file.write(b"OKONKWO^ADAEZE^CHIDINMA")
    assert checks.IDENTIFIER_IN_BYTES in study.found()


def test_a_large_deflated_original_is_read(tmp_path: Path) -> None:
    ds = instance(image=np.random.default_rng(0).integers(0, 255, (2, 6000, 6000), np.uint8))
    ds.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    path = tmp_path / "1.dcm"
    ds.save_as(path, enforce_file_format=True)
    assert path.stat().st_size > LARGE
    with path.open("rb") as stream:
        assert len(read(stream).PixelData) == 72_000_000


def test_large_encapsulated_frames_are_found_where_they_lie(tmp_path: Path) -> None:
    frames = [bytes([number]) * (LARGE // 4) for number in range(5)]
    ds = instance(NumberOfFrames=5)
    ds.PixelData = encapsulate(frames)
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    ds.file_meta.TransferSyntaxUID = JPEGLSLossless
    ds.save_as(tmp_path / "1.dcm", enforce_file_format=True)
    with (tmp_path / "1.dcm").open("rb") as stream:
        found = Frames(read(stream))
        assert [found.stream(number) == frame for number, frame in enumerate(frames)] == [True] * 5


@pytest.mark.parametrize("before", [40, 6, 1, 0, -1])
def test_a_name_where_two_pieces_meet_is_found_once(before: int) -> None:
    at = (1 << 24) - before
    data = bytes(at - 1) + b" Okonkwo " + bytes(100)
    search = Search(Secrets(names=frozenset({("okonkwo",)})))
    assert {offset for offset, _ in search.hits(data)} == {at}
    assert len(list(search.hits(data))) == len(list(search.hits(b" Okonkwo ")))
