"""PHI of many kinds goes in, one kind a study; none of it comes out, and nearly every study does.

Two runs over all kinds: profile ``basic`` with the coordinator's ID table, and ``research``. Everything under the research zone
is searched as names, bytes, decoded elements and text in pixels; so is what the home tells people (ledger, report, notes).
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import planted
import pytest
import reading_back
from batches import gateway
from conftest import need
from planted import BURNED_IN, Place, Planted, plant
from planted_pixels import TECHNICAL, screen
from pydicom import dcmread
from pydicom.uid import DeflatedExplicitVRLittleEndian

PROFILES = ("basic", "research")
KINDS = tuple(planted.names())

# Studies that may be held, and why.
MAY_BE_HELD = {
    "encapsulated_pdf": "documents are not cleaned yet",
    "bytes_after_the_end": "the file does not end where its data set does, as one that was damaged",
}


@dataclass(frozen=True)
class Batch:
    """All kinds on disk."""

    root: Path
    kinds: tuple[Planted, ...]

    @cached_property
    def by_kind(self) -> Mapping[str, Planted]:
        return {one.kind: one for one in self.kinds}

    def strings(self) -> list[str]:
        return [string for one in self.kinds for string in (one.marker, *one.own)]


@dataclass(frozen=True)
class Released:
    """What a run made of the batch: the research zone, the home, and all that the command said."""

    batch: Batch
    place: Path
    said: str

    @cached_property
    def rows(self) -> list[dict[str, str]]:
        """The linkage of the run."""
        with (self.place / "linkage.csv").open(encoding="utf-8") as table:
            return list(csv.DictReader(table))

    def of(self, kind: str) -> list[dict[str, str]]:
        """The rows of the instances of one kind."""
        folder = self.batch.root / kind
        return [row for row in self.rows if Path(row["source"]).is_relative_to(folder) and row["status"] != "not_dicom"]

    @cached_property
    def found(self) -> set[tuple[str, str]]:
        return reading_back.found(self.place / "out", self.batch.strings())

    @cached_property
    def read(self) -> Mapping[str, str]:
        return reading_back.read_pixels(self.place / "out", self.place / "pictures")


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    root = tmp_path_factory.mktemp("planted") / "in"
    return Batch(root, plant(root))


@pytest.fixture(scope="module", params=PROFILES)
def released(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, batch: Batch) -> Released:
    place = tmp_path_factory.mktemp(request.param)
    keys = place / "home" / "keys"  # given, so that every run of this test makes the same bytes
    keys.mkdir(parents=True, mode=0o700)
    for name in ("pseudonym", "linkage", "ledger"):
        (keys / f"{name}.key").write_bytes(name.encode().ljust(32, b"."))
        (keys / f"{name}.key").chmod(0o600)
    options = ["--profile", request.param]
    if request.param == "basic":
        lines = (f"{one.patient_id},TRIAL-{number:04d}\n" for number, one in enumerate(batch.kinds, 1))
        (place / "table.csv").write_text("patient_id,research_id\n" + "".join(lines))
        options += ["--ids", str(place / "table.csv")]
    done = gateway("run", batch.root, "--out", place / "out", "--json", *options, home=place / "home", code=None)
    assert done.returncode == 3, done.stderr
    job = next((place / "home" / "jobs").iterdir()).name
    gateway("linkage", "export", job, "--out", place / "linkage.csv", home=place / "home")
    shown = gateway("quarantine", "list", home=place / "home")
    return Released(batch, place, done.stdout + done.stderr + shown.stdout + shown.stderr)


# --- the search itself ------------------------------------------------------------------------------------------------
def test_the_search_finds_every_kind_where_it_was_planted(batch: Batch, tmp_path: Path) -> None:
    need("tesseract", "tesseract-ocr")
    hits = reading_back.found(batch.root, batch.strings())
    read = reading_back.read_pixels(batch.root, tmp_path / "pictures")
    for one in batch.kinds:
        if one.kind in BURNED_IN:
            text = " ".join(text for source, text in read.items() if source.split("/")[0] == one.kind)
            assert reading_back.shows(text, one.marker), f"{one.kind}: {text}"
        else:
            places = {where.split("/")[0] for string, where in hits if string == one.marker}
            assert places == {one.kind}


def test_a_dirty_copy_is_caught(tmp_path: Path) -> None:
    need("tesseract", "tesseract-ocr")
    at = Place(tmp_path / "dirty", 1)
    ds = at.image(screen("THISTLEWOODY"), FilterType="Umfrevilleby")
    ds.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    at.write(ds, "Zuckerbrodt/1.dcm")
    strings = ("Umfrevilleby", "Zuckerbrodt", "Thistlewoody", "Wrigglesford")
    assert {string for string, _ in reading_back.found(tmp_path, strings)} == {"Umfrevilleby", "Zuckerbrodt"}
    read = " ".join(reading_back.read_pixels(tmp_path, tmp_path / "pictures").values())
    assert [reading_back.shows(read, string) for string in strings] == [False, False, True, False]


# --- nothing comes out ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", KINDS)
def test_is_not_released(released: Released, kind: str) -> None:
    one = released.batch.by_kind[kind]
    assert not {string for string, _ in released.found if string in (one.marker, *one.own)}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind in BURNED_IN])
def test_cannot_be_read_in_released_pixels(released: Released, kind: str) -> None:
    need("tesseract", "tesseract-ocr")
    marker = released.batch.by_kind[kind].marker
    assert not [path for path, text in released.read.items() if reading_back.shows(text, marker)]
    own = " ".join(released.read.get(row["path"], "") for row in released.of(kind))
    assert reading_back.shows(own, TECHNICAL) or kind.startswith("drawn_in"), "the technical line stays"


def test_no_date_of_a_study_is_released(released: Released) -> None:
    for one in released.batch.kinds:
        for row in released.of(one.kind):
            if row["status"] == "released":
                for ds in reading_back.datasets(released.place / "out" / row["path"]):
                    values = [str(element.value) for element in ds if element.VR not in ("SQ", "UI", "OW", "OB")]
                    assert not [v for v in values if any(date in v for date in one.dates)], one.kind


# --- nothing is told --------------------------------------------------------------------------------------------------
def test_messages_ledger_report_state_and_notes_name_nobody(released: Released, tmp_path: Path) -> None:
    need("tesseract", "tesseract-ocr")
    home = tmp_path / "home"
    shutil.copytree(released.place / "home", home, ignore=shutil.ignore_patterns("[0-9]*.dcm", "keys"))
    (home / "messages").write_text(released.said)
    assert {path.suffix for path in home.rglob("*") if path.is_file()} >= {".html", ".jsonl", ".json", ".db"}
    assert not reading_back.found(home, released.batch.strings())
    report = next((home / "jobs").rglob("report.html")).read_text("utf-8")
    read = reading_back.read_pictures(report, tmp_path / "pictures")
    assert reading_back.shows(read, TECHNICAL)
    assert not [
        one.kind for one in released.batch.kinds if one.kind in BURNED_IN and reading_back.shows(read, one.marker)
    ]


# --- and nearly everything is of use ----------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", KINDS)
def test_is_of_use(released: Released, kind: str) -> None:
    """Its study is released, or it is one of the few that may be held."""
    states = {row["status"] for row in released.of(kind)}
    assert states == {"released"} or (states == {"quarantined"} and kind in MAY_BE_HELD)
    for row in released.of(kind):
        if row["status"] == "released":
            assert dcmread(released.place / "out" / row["path"]).PatientIdentityRemoved == "YES"


def test_few_may_be_held() -> None:
    assert set(MAY_BE_HELD) <= set(KINDS)
    assert len(KINDS) >= 45
    assert len(MAY_BE_HELD) <= len(KINDS) // 10
