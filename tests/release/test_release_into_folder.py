"""A study reaches the research zone whole, once, and never over other content."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

import pytest

from gateway.errors import OutputError, UidConflict
from gateway.release.folder import FolderDestination, remove_partial


def stage(root: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


def tree(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def zone(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


FILES = {"P1/study/s1/a.dcm": b"a", "P1/study/s1/b.dcm": b"b", "P1/study/s2/c.dcm": b"c"}


def test_a_new_study_appears_whole(tmp_path: Path) -> None:
    out = zone(tmp_path)
    FolderDestination(out).release(stage(tmp_path / "staged", FILES))
    assert tree(out) == FILES
    assert FolderDestination(out).holds(dict.fromkeys(FILES, 1))
    assert not FolderDestination(out).holds({"P1/study/s1/a.dcm": 2})


def test_releasing_the_same_again_changes_nothing(tmp_path: Path) -> None:
    out = zone(tmp_path)
    for turn in ("first", "second"):
        FolderDestination(out).release(stage(tmp_path / turn, FILES))
    assert tree(out) == FILES


def test_instances_that_come_later_join_their_study(tmp_path: Path) -> None:
    out = zone(tmp_path)
    FolderDestination(out).release(stage(tmp_path / "first", FILES))
    later = {"P1/study/s9/ko.dcm": b"ko", "P1/study/s1/a.dcm": b"a"}
    FolderDestination(out).release(stage(tmp_path / "later", later))
    assert tree(out) == FILES | later


def test_other_content_under_the_same_name_is_refused_and_nothing_moves(tmp_path: Path) -> None:
    out = zone(tmp_path)
    FolderDestination(out).release(stage(tmp_path / "first", FILES))
    other = {"P1/study/s0/new.dcm": b"new", "P1/study/s1/a.dcm": b"other"}
    with pytest.raises(UidConflict):
        FolderDestination(out).release(stage(tmp_path / "other", other))
    assert tree(out) == FILES


def test_a_study_staged_on_another_file_system_is_copied_beside_its_place_first(tmp_path: Path) -> None:
    out = zone(tmp_path)
    other = Path("/dev/shm")  # noqa: S108  # a second file system, if this machine has one
    if not other.is_dir() or other.stat().st_dev == out.stat().st_dev:
        pytest.skip("there is one file system only")
    staged = other / f"gateway-test-{tmp_path.name}"
    try:
        FolderDestination(out).release(stage(staged, FILES))
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    assert tree(out) == FILES


def test_what_a_killed_copy_left_is_removed(tmp_path: Path) -> None:
    out = zone(tmp_path)
    stage(out, {".study.partial/s1/a.dcm": b"a", "P1/study/s1/a.dcm": b"a"})
    remove_partial(out)
    assert tree(out) == {"P1/study/s1/a.dcm": b"a"}


def test_a_research_zone_that_cannot_be_written_is_an_error_without_paths(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file where the folder should be")
    with pytest.raises(OutputError) as error:
        FolderDestination(tmp_path / "out").release(stage(tmp_path / "staged", FILES))
    assert str(tmp_path) not in str(error.value)


@pytest.mark.parametrize("there", [{}, FILES], ids=["new", "joined"])
def test_a_kill_at_any_moment_shows_a_study_as_it_was_or_as_it_becomes(tmp_path: Path, there: dict[str, bytes]) -> None:
    later = {f"P1/study/s9/{number}.dcm": bytes([number]) for number in range(4)}
    seen = set()
    for moment in range(1, 400):
        place = tmp_path / str(moment)
        out = place / "out"
        out.mkdir(parents=True)
        FolderDestination(out).release(stage(place / "first", there))
        stage(place / "later", later)
        survived = release_until(moment, place / "later", out)
        remove_partial(out)
        seen.add(len(tree(out)))
        assert tree(out) in (there, there | later)
        stage(place / "later", later)
        FolderDestination(out).release(place / "later")
        assert tree(out) == there | later
        if survived:
            break
    assert seen == {len(there), len(there) + 4}


def release_until(moment: int, staged: Path, out: Path) -> bool:
    """Release in a process that kills itself at its ``moment``-th call of the system; whether it came to its end."""
    child = os.fork()
    if child:
        status = os.waitpid(child, 0)[1]
        assert os.waitstatus_to_exitcode(status) in (0, -signal.SIGKILL)
        return status == 0
    left = moment

    def count(event: str, _: tuple[object, ...]) -> None:
        nonlocal left
        left -= event.startswith(("open", "os.", "shutil.", "ctypes."))
        if left == 0:  # and not later: this call is counted too
            os.kill(os.getpid(), signal.SIGKILL)

    status = 1
    try:
        sys.addaudithook(count)
        FolderDestination(out).release(staged)
        status = 0
    finally:
        os._exit(status)


def test_a_study_that_does_not_fit_leaves_nothing_behind(tmp_path: Path) -> None:
    out = zone(tmp_path)
    FolderDestination(out).release(stage(tmp_path / "first", FILES))
    (out / "P1" / "study" / "s2" / "more").mkdir()
    staged = stage(tmp_path / "staged", {"P1/study/s2/more": b"a file where the zone has a folder"})
    with pytest.raises(OutputError) as error:
        FolderDestination(out).release(staged)
    assert "None" not in str(error.value)
    assert tree(out) == FILES
    assert sorted(path.name for path in out.iterdir()) == ["P1"]
