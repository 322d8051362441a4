"""Files and folders given as sources: each physical file once, in an order of its own, nothing followed for ever."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from builders import instance, write

from gateway.errors import SourceNotFound
from gateway.sources import NotDicom, index, receive


def names(found: tuple[object, ...], root: Path) -> list[str]:
    return [os.path.relpath(getattr(file, "source"), root) for file in found]  # noqa: B009  # SourceFile and alike


def test_a_folder_brings_hidden_and_nested_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b.dcm", "a/deep/er/x", ".hidden", "a/.h/y"):
        write(instance(), tmp_path / name)
    received = receive([tmp_path])
    assert names(received.files, tmp_path) == [".hidden", "a/.h/y", "a/deep/er/x", "b.dcm"]
    assert received.found == 4


def test_the_order_of_the_sources_does_not_matter_and_overlap_counts_once(tmp_path: Path) -> None:
    for name in ("one/1", "one/sub/2", "two/3"):
        write(instance(), tmp_path / name)
    forward = receive([tmp_path / "one", tmp_path / "one/sub/2", tmp_path / "one", tmp_path / "two", tmp_path])
    assert forward == receive([tmp_path, tmp_path / "two", tmp_path / "one/sub"])
    assert forward.found == 3


def test_links_are_followed_once_and_loops_end(tmp_path: Path) -> None:
    file = write(instance(), tmp_path / "real/1.dcm")
    (tmp_path / "real/loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "again").symlink_to(tmp_path / "real", target_is_directory=True)
    (tmp_path / "alias.dcm").symlink_to(file)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    received = receive([tmp_path, tmp_path / "alias.dcm"])
    assert [file.path for file in received.files] == [str(file)]
    assert [item.code for item in received.refused] == ["FILE_UNREADABLE"]


def test_a_link_that_leads_nowhere_is_held_for_a_person(tmp_path: Path) -> None:
    (tmp_path / "gone.dcm").symlink_to(tmp_path / "missing/1.dcm")
    result = index(receive([tmp_path]))
    assert [item.code for item in result.refused] == ["FILE_UNREADABLE"]
    assert result.found == 1


def test_pipes_and_sockets_are_counted_and_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.dcm")
    monkeypatch.chdir(tmp_path)  # a socket's address has a length limit
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.dcm")
        result = index(receive([tmp_path, tmp_path / "pipe.dcm"]))
    assert [kind for _, kind in result.not_dicom] == [NotDicom.SPECIAL, NotDicom.SPECIAL]


def test_a_folder_named_like_a_file_is_walked(tmp_path: Path) -> None:
    write(instance(), tmp_path / "study.dcm" / "1.dcm")
    assert receive([tmp_path]).found == 1


def test_excluded_folders_are_not_walked(tmp_path: Path) -> None:
    write(instance(), tmp_path / "in/1.dcm")
    write(instance(), tmp_path / "out/study/2.dcm")
    (tmp_path / "in/link").symlink_to(tmp_path / "out/study")
    assert names(receive([tmp_path], exclude=[tmp_path / "out"]).files, tmp_path) == ["in/1.dcm"]


@pytest.mark.parametrize("bad", ["OKONKWO_ADAEZE", "nul\0byte"])
def test_a_missing_source_is_named_by_its_position_only(tmp_path: Path, bad: str) -> None:
    with pytest.raises(SourceNotFound, match="Source 2 ") as caught:
        receive([tmp_path, tmp_path / bad])
    assert "OKONKWO" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.skipif(not hasattr(os, "seteuid") or os.geteuid() != 0, reason="needs root, to become somebody else")
def test_what_may_not_be_read_is_held_or_refused(tmp_path: Path) -> None:
    locked_file = write(instance(), tmp_path / "in/locked.dcm")
    locked_folder = tmp_path / "in/locked"
    locked_folder.mkdir()
    for folder in (tmp_path, *tmp_path.parents):
        if "pytest-of-" in str(folder):  # pytest's own folders, closed to others, however deep this one lies in them
            folder.chmod(0o755)
    locked_file.chmod(0)
    locked_folder.chmod(0)
    os.seteuid(65534)
    try:
        result = index(receive([tmp_path / "in"]))
        with pytest.raises(SourceNotFound):
            receive([locked_folder])
    finally:
        os.seteuid(0)
    assert [item.code for item in result.refused] == ["FILE_UNREADABLE", "FILE_UNREADABLE"]


def test_a_file_that_vanishes_before_it_is_indexed_is_held(tmp_path: Path) -> None:
    file = write(instance(), tmp_path / "1.dcm")
    received = receive([tmp_path])
    file.unlink()
    assert [item.code for item in index(received).refused] == ["FILE_UNREADABLE"]
    file.mkdir()
    assert [item.code for item in index(received).refused] == ["FILE_UNREADABLE"]
