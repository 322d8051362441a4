"""Editions of Table E.1-1: how many rows each has, and that a changed table stops the start."""

from __future__ import annotations

import csv
import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from builders import instance
from tags.cleaning import context

from gateway import resources
from gateway.errors import ProfileError
from gateway.tags import apply, load, standard

ROWS = {"2008": 48, "2011": 247, "2017c": 278, "2021b": 460, "2023b": 608, "2024c": 623, "2026c": 656}
ROOT = Path(__file__).parents[2]
GOOD = """
name: ours
edition: EDITION
description: A test.
options: [BasicApplicationConfidentialityProfile, CleanPixelDataOption]
"""


def test_each_edition_has_its_rows() -> None:
    assert standard.editions() == tuple(ROWS)
    assert {name: len(standard.edition(name).rows) for name in ROWS} == ROWS
    assert len({standard.edition(name).sha256 for name in ROWS}) == len(ROWS)


def test_runs_of_editions_do_not_overlap() -> None:
    path = resources.folder("profiles") / "standard" / "e1_1_history.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert all(row["first_edition"] in ROWS and row["last_edition"] in ROWS for row in rows)
    assert all(row["first_edition"] <= row["last_edition"] for row in rows)
    for before, row in itertools.pairwise(rows):
        assert (before["tag"], before["last_edition"]) < (row["tag"], row["first_edition"])
        assert before["tag"] != row["tag"] or before["name"] == row["name"]


@pytest.mark.parametrize("edition", ROWS)
def test_the_edition_is_written_into_the_instance_by_name_and_hash(tmp_path: Path, edition: str) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(GOOD.replace("EDITION", edition), encoding="utf-8")
    profile = load(str(path))
    assert profile.edition == edition
    assert profile.edition_hash == standard.edition(edition).sha256[:12]
    dataset = instance()
    out, _ = apply(dataset, profile, context(dataset))
    assert out.DeidentificationMethod == f"ours, PS3.15 E {edition} #{profile.edition_hash}"


def test_an_edition_with_another_cell_or_a_row_less_is_refused() -> None:
    edition = standard.edition("2026c")
    rows = {tag: dict(row) for tag, row in edition.rows.items()}
    assert standard.checked("2026c", rows, edition.sha256, 656).sha256 == edition.sha256
    rows["00081010"]["basic"] = "K"
    with pytest.raises(ProfileError, match="edition 2026c is not the one"):
        standard.checked("2026c", rows, edition.sha256, 656)
    rows["00081010"]["basic"] = "X/Z/D"
    with pytest.raises(ProfileError, match="edition 2026c is not the one"):
        standard.checked("2026c", rows, edition.sha256, 655)


def test_a_changed_table_stops_the_start(tmp_path: Path) -> None:
    for part in ("gateway", "profiles"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    table = tmp_path / "profiles" / "standard" / "e1_1_history.csv"
    before = table.read_text(encoding="utf-8")
    after = before.replace("00081010,Station Name,2011,2026c,X/Z/D,", "00081010,Station Name,2011,2026c,,")
    assert after != before
    table.write_text(after, encoding="utf-8")
    # What measures coverage would take the copy for the package.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    said = subprocess.run(  # our own code, on a copy of our own table
        [sys.executable, "-c", "from gateway.tags import load; load('basic')"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.returncode == 1
    assert "ProfileError: Table E.1-1 of edition 2026c is not the one that editions.csv pins" in said.stderr
