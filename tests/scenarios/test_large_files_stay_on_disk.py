"""A cine larger than the memory that a run may take is cleaned, verified and released; its pixels are never whole in memory."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
from batches import burn, command, cost
from builders import instance, write
from pydicom import dcmread

from gateway.pixels.frames import read_frames
from gateway.pixels.layout import layout

SIDE = 1024  # pixels: a frame of a megabyte


def cine(path: Path, frames: int) -> Path:
    """Write an ultrasound cine with a name in its banner, frame by frame."""
    chance = np.random.default_rng(1)
    picture = chance.rayleigh(20, (SIDE, SIDE)).astype(np.uint8)
    picture[:60] = 0
    picture = burn(picture, "OKONKWO ADAEZE", "17/04/1961", y=24)
    write(instance(image=picture[None], Modality="US"), path)
    header = bytearray(path.read_bytes()[: -picture.size])
    header[-4:] = (frames * picture.size).to_bytes(4, "little")
    written = dcmread(path, stop_before_pixels=True)
    assert written.NumberOfFrames == 1
    told = b"\x28\x00\x08\x00IS\x02\x00"
    assert header.count(told) == 1
    count = str(frames).ljust(4).encode()
    at = header.index(told)
    header[at : at + len(told) + 2] = told[:6] + b"\x04\x00" + count
    with path.open("wb") as stream:
        stream.write(header)
        for number in range(frames):
            moved = picture.copy()
            moved[100:] = np.roll(picture[100:], number % 50, axis=1)
            stream.write(moved.tobytes())
    return path


def check_released(out: Path, frames: int) -> None:
    """Each frame is there, and the name is gone from each that is looked at."""
    (released,) = out.rglob("*.dcm")
    ds = dcmread(released, defer_size=1 << 20)
    assert (ds.NumberOfFrames, released.stat().st_size > frames * SIDE * SIDE) == (frames, True)
    with released.open("rb") as stream:
        start = released.stat().st_size - frames * SIDE * SIDE
        for number in (0, 1, frames // 2, frames - 1):
            stream.seek(start + number * SIDE * SIDE)
            frame = np.frombuffer(stream.read(SIDE * SIDE), np.uint8).reshape(SIDE, SIDE)
            assert not frame[5:26, 12:200].any()
            assert frame[100:].any()


@pytest.mark.parametrize(
    ("frames", "packed"), [(150, False), (80, True), pytest.param(2048, False, marks=pytest.mark.long)]
)
def test_memory_does_not_grow_with_the_file(tmp_path: Path, frames: int, *, packed: bool) -> None:
    path = cine(tmp_path / "made" / "1.dcm", frames)
    source = path.parent
    if packed:
        source = tmp_path / "packed"
        source.mkdir()
        with zipfile.ZipFile(source / "study.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.write(path, "1.dcm")
    used = cost(command("run", source, "--out", tmp_path / "out", "--workers", "1", home=tmp_path / "home"))
    assert used.code == 0
    assert used.megabytes < 1000
    check_released(tmp_path / "out", frames)
    assert not list((tmp_path / "home" / "staging").iterdir())


def test_what_is_large_is_cleaned_as_what_is_small(tmp_path: Path) -> None:
    """The same frames, below and above the size from which they stay on disk, come out alike."""
    outs = []
    for frames in (60, 70):
        path = cine(tmp_path / f"in{frames}" / "1.dcm", frames)
        line = command("run", path.parent, "--out", tmp_path / f"out{frames}", home=tmp_path / "home")
        assert cost(line).code == 0
        (released,) = (tmp_path / f"out{frames}").rglob("*.dcm")
        ds = dcmread(released)
        found = layout(ds)
        assert found is not None
        outs.append([frame.pixels for _, frame in zip(range(60), read_frames(ds, found), strict=False)])
    assert all(np.array_equal(one, other) for one, other in zip(*outs, strict=True))
