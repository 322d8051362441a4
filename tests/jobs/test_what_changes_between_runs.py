"""Sources, ID tables and decisions change between two runs, and in the middle of one: nothing is lost, mixed up or stuck."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from batches import command, gateway, leaks, run, tree
from builders import PEOPLE, code, instance, uid, write
from pydicom import dcmread
from pydicom.dataset import Dataset

from gateway.home import open_home
from gateway.jobs.request import Request
from gateway.pipeline import run_job
from gateway.watch import Unwatched


def codes(result: Mapping[str, Any]) -> list[str]:
    return [item["code"] for item in result["items"]]


def lookup(home: Path, identifier: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(gateway("linkage", "lookup", identifier, home=home).stdout)))


class Swap(Unwatched):
    """Changes a source after it was indexed."""

    def __init__(self, path: Path, other: bytes | None) -> None:
        self.path, self.other = path, other

    def begin(self, stage: str, total: int | None) -> None:  # noqa: ARG002  # as a Watch is told
        if stage == "Cleaning studies":
            self.path.write_bytes(self.other) if self.other is not None else self.path.unlink()


def test_a_source_that_changes_or_goes_while_the_run_works_is_held_and_cleaned_when_it_is_back(tmp_path: Path) -> None:
    path = write(instance(1), tmp_path / "in" / "1.dcm")
    mine, others = path.read_bytes(), write(instance(2), tmp_path / "other.dcm").read_bytes()
    request = Request((str(tmp_path / "in"),), tmp_path / "out", workers=1)
    for other in (others, None):
        path.write_bytes(mine)
        result = run_job(request, tmp_path / "home", Swap(path, other))
        assert [item.code for item in result.items] == ["FILE_UNREADABLE"]
        assert tree(tmp_path / "out") == {}
    path.write_bytes(mine)
    result = run_job(request, tmp_path / "home")
    assert result.released == 1
    assert gateway("quarantine", "list", home=tmp_path / "home").stdout.startswith("The quarantine is empty")
    assert not leaks(tmp_path / "out", ["OKONKWO", "LINDQVIST"])


def test_the_next_batch_under_the_same_file_names_leaves_the_last_one_traceable(tmp_path: Path) -> None:
    for patient in (1, 2):
        write(instance(patient), tmp_path / "in" / "IM0001.dcm")
        run([tmp_path / "in"], tmp_path / "out", tmp_path / "home")
    for patient in (1, 2):
        (row,) = lookup(tmp_path / "home", uid(patient, 1))
        assert row["patient_id"] == PEOPLE[patient - 1][1]
        released = dcmread(tmp_path / "out" / row["path"])
        assert lookup(tmp_path / "home", released.PatientID) == [row]


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place with a finished job that holds a study with short pixel data, and a file that ends in its header."""
    place = tmp_path_factory.mktemp("held")
    broken = write(instance(1, 1, 1, 1), place / "in" / "1.dcm")
    broken.write_bytes(broken.read_bytes()[:-4000])
    write(instance(1, 1, 1, 2), place / "in" / "2.dcm")
    cut = write(instance(2), place / "in" / "3.dcm")
    cut.write_bytes(cut.read_bytes()[:700])
    assert codes(run([place / "in"], place / "out", place / "home", code=3)) == ["FILE_UNREADABLE", "PIXELS_UNREADABLE"]
    return place


def again(held: Path, tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A copy of the home (its job stands for the same sources), and the held items by code."""
    home = tmp_path / "home"
    shutil.copytree(held / "home", home)
    items = json.loads(gateway("quarantine", "list", "--json", home=home).stdout)["items"]
    return home, {item["code"]: item["item"] for item in items}


def test_what_a_person_discarded_stays_discarded_and_is_still_counted(held: Path, tmp_path: Path) -> None:
    home, items = again(held, tmp_path)
    for item in items.values():
        gateway("quarantine", "discard", item, "--yes", home=home)
    result = run([held / "in"], held / "out", home, code=3)
    assert codes(result) == ["FILE_UNREADABLE", "PIXELS_UNREADABLE"]
    assert gateway("quarantine", "list", home=home).stdout.startswith("The quarantine is empty")


def test_a_retry_does_not_throw_away_the_last_copy_of_what_has_gone_from_the_source(held: Path, tmp_path: Path) -> None:
    home, items = again(held, tmp_path)
    away = Path(shutil.move(held / "in", tmp_path / "away"))
    (held / "in").mkdir()
    shutil.copy(away / "2.dcm", held / "in" / "2.dcm")
    try:
        for item in items.values():
            before = tree(home / "quarantine" / item)
            done = gateway("quarantine", "retry", item, "--json", home=home)
            assert json.loads(done.stdout)["quarantined"] == 0
            assert "is kept" in done.stderr
            assert tree(home / "quarantine" / item) == before
    finally:
        shutil.rmtree(held / "in")
        shutil.move(away, held / "in")


def test_other_content_under_the_same_names_does_not_replace_what_is_held(held: Path, tmp_path: Path) -> None:
    home, items = again(held, tmp_path)
    kept = shutil.copytree(held / "in", tmp_path / "kept")
    cut = held / "in" / "3.dcm"
    try:
        cut.write_bytes(cut.read_bytes()[:600])
        write(instance(1, 1, 1, 2, SeriesDescription="Coronal"), held / "in" / "2.dcm")
        run([held / "in"], held / "out", home, code=3)
    finally:
        shutil.rmtree(held / "in")
        shutil.copytree(kept, held / "in")
    now = {path.name for path in (home / "quarantine").iterdir()}
    assert len(now) == 4
    assert now > set(items.values())


def test_a_patient_has_one_research_id_in_a_research_zone(tmp_path: Path) -> None:
    write(instance(1), tmp_path / "in" / "1.dcm")
    write(instance(2), tmp_path / "in" / "2.dcm")
    table = tmp_path / "ids.csv"

    def run_with(first: str, second: str, code: int) -> list[str]:
        lines = ["patient_id,research_id", *(f"{PEOPLE[n][1]},{r}" for n, r in enumerate((first, second)) if r)]
        table.write_text("\n".join(lines))
        return codes(run([tmp_path / "in"], tmp_path / "out", tmp_path / "home", "--ids", str(table), code=code))

    assert run_with("R1", "", 3) == ["UNKNOWN_PATIENT"]
    assert run_with("R1", "unknown", 0) == []
    assert gateway("quarantine", "list", home=tmp_path / "home").stdout.startswith("The quarantine is empty")
    assert run_with("R9", "unknown", 3) == ["RELEASED_BEFORE"]
    assert sorted(folder.name for folder in (tmp_path / "out").iterdir()) == ["R1", "unknown"]
    assert {row["path"].split("/")[0] for row in lookup(tmp_path / "home", PEOPLE[0][1])} == {"R1", ""}


def test_odd_instances_do_not_stop_the_run(tmp_path: Path) -> None:
    """Items nested deeper than the ledger tells; an instance without Patient ID among others that have one."""
    inner = Dataset()
    inner.ConceptNameCodeSequence = [code("113012", "DCM", "Key Object Description")]
    for _ in range(80):
        outer = Dataset()
        outer.ContentSequence = [inner]
        inner = outer
    write(instance(2, ContentSequence=[inner]), tmp_path / "in" / "deep.dcm")
    for number, patient_id in enumerate((PEOPLE[0][1], "", None), 1):
        write(instance(1, 1, 1, number, PatientID=patient_id), tmp_path / "in" / f"{number}.dcm")
    result = run([tmp_path / "in"], tmp_path / "out", tmp_path / "home", "--profile", "research", code=None)
    assert result["released"] + result["quarantined"] == 4
    assert "UNEXPECTED_ERROR" not in codes(result)
    dates = {dcmread(path).StudyDate for path in (tmp_path / "out").rglob("*.dcm") if dcmread(path).InstanceNumber > 1}
    assert len(dates) == 1


def test_paths_that_are_not_utf8_and_a_closed_stdout_do_no_harm(tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/in\xff"))
    write(instance(1), odd / os.fsdecode(b"\xe4.dcm"))
    out = Path(os.fsdecode(os.fsencode(tmp_path) + b"/out\xfe"))
    run([odd], out, tmp_path / "home")
    run([odd], out, tmp_path / "home")
    closed = command("run", odd, "--out", out, "--json", home=tmp_path / "home")
    done = subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh", *closed], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_zones_are_kept_apart_by_where_they_are_not_by_how_they_are_written(tmp_path: Path) -> None:
    write(instance(1), tmp_path / "in" / "1.dcm")
    home, out = tmp_path / "home", tmp_path / "out"
    home.mkdir()
    (tmp_path / "link").symlink_to(home)
    for inside in (tmp_path / "link" / "out", tmp_path / "in" / ".." / "home" / "out"):
        assert "inside one another" in gateway("run", tmp_path / "in", "--out", inside, home=home, code=2).stderr
    first = run([tmp_path / "in"], out, home)
    for zone in (home, out):
        (tmp_path / "in" / zone.name).symlink_to(zone)
    second = run([tmp_path / "in"], out, home)
    assert {**first, "seconds": 0} == {**second, "seconds": 0}


def test_a_home_in_which_a_run_works_is_not_used_by_another(tmp_path: Path) -> None:
    write(instance(1), tmp_path / "in" / "1.dcm")
    arguments = ("run", tmp_path / "in", "--out", tmp_path / "out")
    with open_home(tmp_path / "home").locked():
        assert "Another run" in gateway(*arguments, home=tmp_path / "home", code=1).stderr
    assert not tree(tmp_path / "out")
    gateway(*arguments, home=tmp_path / "home")
