"""The released tree depends on content, keys and policy alone: not on workers, order, names of folders or an earlier kill."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from batches import command, gateway, small_batch, tree, unmeasured
from batches import run as run_with

from gateway.audit.linkage import Linkage
from gateway.home import Home

Tree = dict[str, str]
PROFILE = ("--profile", "research")  # it shifts dates and keeps words, where basic writes dummies


def run(sources: Sequence[Path], out: Path, home: Path, *options: str) -> Mapping[str, Any]:
    return run_with(sources, out, home, *PROFILE, *options)


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_batch(tmp_path_factory.mktemp("batch") / "in")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory, batch: Path) -> Path:
    """A home with its keys; each test begins with a copy of it."""
    home = tmp_path_factory.mktemp("keys") / "home"
    gateway("run", batch, "--out", home.parent / "unused", "--dry-run", home=home)
    shutil.rmtree(home / "staging")
    return home


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory, batch: Path, keys: Path) -> dict[str, str]:
    """The tree that one worker writes."""
    place = tmp_path_factory.mktemp("expected")
    shutil.copytree(keys, place / "home")
    result = run([batch], place / "out", place / "home", "--workers", "1")
    assert result["released"] == result["received"]
    return tree(place / "out")


def ways_back(root: Path, studies: Iterable[Path]) -> set[str]:
    """The released files of the studies that the linkage knows."""
    home = Home(root)
    linkage = Linkage(home.linkage, home.key("linkage"))
    return {row.path for study in studies for row in linkage.lookup(study.name)}


def test_two_workers_and_shuffled_input_give_the_same_bytes(
    tmp_path: Path, batch: Path, keys: Path, expected: Tree
) -> None:
    shutil.copytree(keys, tmp_path / "home")
    files = [path for path in batch.rglob("*") if path.is_file()]
    random.Random(5).shuffle(files)
    for number, path in enumerate(files):
        (tmp_path / "shuffled").mkdir(exist_ok=True)
        shutil.copy(path, tmp_path / "shuffled" / f"{number:03d}{random.Random(number).random()}")
    run([tmp_path / "shuffled"], tmp_path / "out", tmp_path / "home", "--workers", "2")
    assert tree(tmp_path / "out") == expected


def test_running_a_finished_batch_again_changes_nothing(
    tmp_path: Path, batch: Path, keys: Path, expected: Tree
) -> None:
    shutil.copytree(keys, tmp_path / "home")
    first = run([batch], tmp_path / "out", tmp_path / "home")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}
    ledger = (tmp_path / "home" / "ledger" / "ledger.jsonl").read_bytes()
    second = run([batch], tmp_path / "out", tmp_path / "home")
    assert {key: value for key, value in second.items() if key != "seconds"} == {
        k: v for k, v in first.items() if k != "seconds"
    }
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")} == before
    assert (tmp_path / "home" / "ledger" / "ledger.jsonl").read_bytes() == ledger
    assert tree(tmp_path / "out") == expected


@pytest.mark.parametrize("kills", [4, pytest.param(20, marks=pytest.mark.long)])
def test_killed_at_random_moments_the_batch_still_ends_the_same(
    kills: int, tmp_path: Path, batch: Path, keys: Path, expected: Tree
) -> None:
    moments = random.Random(kills)
    kept = tmp_path / "whole"
    shutil.copytree(keys, kept)
    begun = time.monotonic()
    run([batch], tmp_path / "unkilled", kept, "--workers", "2")
    whole = time.monotonic() - begun
    shutil.copytree(keys, tmp_path / "home")
    killed = 0
    while killed < kills:
        process = subprocess.Popen(
            command("run", batch, "--out", tmp_path / "out", *PROFILE, "--workers", "2", home=tmp_path / "home"),
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=unmeasured(),
        )
        time.sleep(moments.uniform(0, whole))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        shown = tree(tmp_path / "out")
        studies = {path.parent.parent for path in map(Path, shown)}
        assert shown == {path: digest for path, digest in expected.items() if Path(path).parent.parent in studies}, (
            "a study stands there half, or with other bytes"
        )
        assert set(shown) <= ways_back(tmp_path / "home", studies), "it came out before the way back was on disk"
        if process.returncode < 0:
            killed += 1
            continue
        assert process.returncode == 0
        whole *= 0.9  # it ended before the moment came: begin afresh, and strike earlier
        shutil.rmtree(tmp_path / "out")
        shutil.rmtree(tmp_path / "home")
        shutil.copytree(keys, tmp_path / "home")
    result = run([batch], tmp_path / "out", tmp_path / "home")
    assert tree(tmp_path / "out") == expected
    assert result["released"] == len(expected)
    gateway("audit", "verify", home=tmp_path / "home")
    rows = gateway("audit", "export", result["job"], "--out", tmp_path / "ledger.csv", home=tmp_path / "home")
    assert rows.returncode == 0
    released = [line for line in (tmp_path / "ledger.csv").read_text().splitlines() if ",StudyReleased," in line]
    assert len(released) == result["studies"]
