from __future__ import annotations

import csv
import os
import random
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from dataclasses import astuple, replace
from pathlib import Path

import builders
import pytest
from batches import unmeasured

from gateway.audit.linkage import Linkage, LinkageRow
from gateway.errors import HomeError, Usage

KEY = b"linkage key of the tests 32 byte"
HEADER = (
    "source,patient_id,new_patient_id,study_uid,new_study_uid,series_uid,new_series_uid,sop_uid,new_sop_uid,status,path"
)


def row(patient: int = 1, number: int = 1, status: str = "released") -> LinkageRow:
    original = builders.PEOPLE[patient - 1]
    path = f"P{patient}/2.25.{patient}1/2.25.{patient}2/2.25.{patient}{number}3.dcm" if status == "released" else ""
    return LinkageRow(
        f"/inbox/{original[0]}/{number}.dcm",
        original[1],
        f"P{patient}",
        builders.uid(patient, 1),
        f"2.25.{patient}1",
        builders.uid(patient, 1, 1),
        f"2.25.{patient}2",
        builders.uid(patient, 1, 1, number),
        f"2.25.{patient}{number}3",
        status=status,
        path=path,
    )


ROWS = (
    row(1, 1), row(1, 2), row(2, 1), row(3, 1, "quarantined"), row(1, 3, "duplicate"),
    LinkageRow("/inbox/media.zip!notes/OKONKWO.txt", status="not_dicom"),
)  # fmt: skip


@pytest.fixture
def linkage(tmp_path: Path) -> Linkage:
    linkage = Linkage(tmp_path / "linkage.db", KEY)
    assert linkage.record("job-a", ROWS) == len(ROWS)
    return linkage


def read(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8", errors="surrogateescape") as file:
        return list(csv.reader(file))


def test_the_export_holds_every_row_by_source_under_the_promised_columns(linkage: Linkage, tmp_path: Path) -> None:
    out = tmp_path / "linkage.csv"
    assert linkage.export("job-a", out) == 6
    assert out.read_text().splitlines()[0] == HEADER
    assert read(out)[1:] == sorted(list(astuple(each)) for each in ROWS)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_the_export_does_not_depend_on_the_order_of_recording(tmp_path: Path) -> None:
    exports = []
    for seed in range(3):
        linkage = Linkage(tmp_path / f"{seed}.db", KEY)
        for each in random.Random(seed).sample(ROWS, len(ROWS)):
            linkage.record("job-a", [each])
        linkage.export("job-a", tmp_path / f"{seed}.csv")
        exports.append((tmp_path / f"{seed}.csv").read_bytes())
    assert exports[0] == exports[1] == exports[2]


def test_pairs_are_unique_and_sorted(linkage: Linkage, tmp_path: Path) -> None:
    out = tmp_path / "pairs"
    assert linkage.export("job-a", out, "pairs") == 14
    uids, patients = read(out / "uids.csv"), read(out / "patients.csv")
    assert uids[0] == patients[0] == ["id_old", "id_new"]
    assert uids[1:] == sorted(
        [old, new]
        for old, new in {
            *((r.study_uid, r.new_study_uid) for r in ROWS[:-1]),
            *((r.series_uid, r.new_series_uid) for r in ROWS[:-1]),
            *((r.sop_uid, r.new_sop_uid) for r in ROWS[:-1]),
        }
    )
    assert patients[1:] == [["7730415", "P3"], ["LQ-0093318", "P2"], ["OK-4471902", "P1"]]
    assert {stat.S_IMODE(p.stat().st_mode) for p in out.iterdir()} == {0o600}
    assert stat.S_IMODE(out.stat().st_mode) == 0o700


def test_values_that_a_spreadsheet_would_calculate_are_defused_for_people_and_true_in_pairs(tmp_path: Path) -> None:
    linkage = Linkage(tmp_path / "linkage.db", KEY)
    odd = ["=1+1", "+A1", "-2+3", "@SUM(A1)", "\t=1", "'quoted", "-17", "+49,5", "4-2", 'say "a", b', "two\nlines", ""]
    rows = [
        replace(row(1, n), source=f"/{n:02d}", patient_id=value, new_patient_id=f"N{n}") for n, value in enumerate(odd)
    ]
    linkage.record("job-a", rows)
    linkage.export("job-a", tmp_path / "linkage.csv")
    linkage.export("job-a", tmp_path, "pairs")
    shown = [each[1] for each in read(tmp_path / "linkage.csv")[1:]]
    assert shown == [
        "'=1+1", "'+A1", "'-2+3", "'@SUM(A1)", "'\t=1", "''quoted", "-17", "+49,5", "4-2", 'say "a", b', "two\nlines", "",
    ]  # fmt: skip
    assert [value.removeprefix("'") for value in shown] == odd
    assert read(tmp_path / "patients.csv")[1:] == sorted([value, f"N{n}"] for n, value in enumerate(odd) if value)


def test_a_file_name_that_is_not_utf8_comes_out_as_the_bytes_it_was(tmp_path: Path) -> None:
    linkage = Linkage(tmp_path / "linkage.db", KEY)
    linkage.record(
        "job-a", [replace(row(), source=os.fsdecode(b"/inbox/M\xfcller.dcm"), patient_id="Jos\u00e9 \u6c49")]
    )
    linkage.export("job-a", tmp_path / "linkage.csv")
    assert b"\n/inbox/M\xfcller.dcm,Jos\xc3\xa9 \xe6\xb1\x89," in (tmp_path / "linkage.csv").read_bytes()
    assert linkage.lookup(os.fsdecode(b"/inbox/M\xfcller.dcm"))


def test_recording_again_changes_nothing(linkage: Linkage, tmp_path: Path) -> None:
    before = (tmp_path / "linkage.db").read_bytes()
    assert Linkage(tmp_path / "linkage.db", KEY).record("job-a", ROWS) == 0
    assert (tmp_path / "linkage.db").read_bytes() == before
    assert linkage.rows("job-a") == tuple(sorted(ROWS, key=astuple))


def test_a_later_row_for_the_same_source_replaces_the_earlier(linkage: Linkage) -> None:
    held = ROWS[3]
    again = replace(held, new_sop_uid="2.25.999")
    released = replace(again, status="released", path="P3/2.25.31/2.25.32/2.25.999.dcm")
    for later in (again, released, replace(released, new_series_uid="2.25.998")):
        assert linkage.record("job-a", [later]) == 1
        assert linkage.lookup(held.sop_uid) == linkage.lookup("2.25.999") == (later,)
        assert linkage.lookup(held.new_sop_uid) == ()
        assert len(linkage.rows("job-a")) == len(ROWS)


@pytest.mark.parametrize(
    "later",
    [
        replace(row(2, 7), source=ROWS[0].source),
        replace(row(3, 7, "quarantined"), source=ROWS[0].source),
        replace(ROWS[0], status="quarantined", path=""),
        replace(row(2, 7, "duplicate"), source=ROWS[0].source),
        LinkageRow(ROWS[0].source, status="not_dicom"),
    ],
)
def test_what_was_released_stays_traceable_when_its_file_name_is_used_again(
    linkage: Linkage, later: LinkageRow
) -> None:
    assert linkage.record("job-a", [later]) == 1
    assert linkage.record("job-a", [later]) == 0
    assert linkage.lookup(ROWS[0].path) == (ROWS[0],)
    assert set(linkage.lookup(ROWS[0].source)) == {ROWS[0], later}
    assert len(linkage.rows("job-a")) == len(ROWS) + 1
    assert linkage.record("job-a", [ROWS[0]]) == (later.status != "released")
    assert linkage.record("job-a", [ROWS[0]]) == 0


def test_a_released_file_that_became_a_duplicate_of_another_is_told_once(linkage: Linkage) -> None:
    first, same = replace(ROWS[0], source="/inbox/0.dcm"), replace(ROWS[0], status="duplicate", path="")
    linkage.record("job-a", [first, same])
    assert linkage.lookup(ROWS[0].path) == (first,)
    assert linkage.lookup(ROWS[0].source) == (same,)


def test_jobs_are_kept_apart(linkage: Linkage) -> None:
    other = replace(ROWS[0], status="duplicate", path="")
    linkage.record("job-b", [other])
    assert linkage.rows("job-b") == (other,)
    assert ROWS[0] in linkage.rows("job-a")
    assert set(linkage.lookup(ROWS[0].sop_uid)) == {ROWS[0], other}


def test_sources_that_differ_only_in_blanks_are_two_rows(tmp_path: Path) -> None:
    linkage = Linkage(tmp_path / "linkage.db", KEY)
    rows = [replace(row(), source="/inbox/a"), replace(row(), source="/inbox/a ")]
    linkage.record("job-a", rows)
    assert linkage.rows("job-a") == tuple(rows) == linkage.lookup("/inbox/a")


def test_one_identifier_finds_its_rows_either_way(linkage: Linkage) -> None:
    for identifier in (
        "OK-4471902", " OK-4471902\0", "P1", builders.uid(1, 1), "2.25.11", builders.uid(1, 1, 1), "2.25.12",
    ):  # fmt: skip
        assert linkage.lookup(identifier) == (ROWS[0], ROWS[1], ROWS[4])
    assert (
        linkage.lookup(ROWS[2].new_sop_uid)
        == linkage.lookup(ROWS[2].path)
        == linkage.lookup(ROWS[2].source)
        == (ROWS[2],)
    )
    assert linkage.lookup("/inbox/media.zip!notes/OKONKWO.txt") == (ROWS[5],)


@pytest.mark.parametrize("identifier", ["", " ", "nobody", "released", "quarantined", "OK-4471902' OR '1'='1"])
def test_what_is_no_identifier_finds_nothing(linkage: Linkage, identifier: str) -> None:
    assert linkage.lookup(identifier) == ()


def test_no_original_stands_in_the_files_in_clear(linkage: Linkage, tmp_path: Path) -> None:
    reader = sqlite3.connect(tmp_path / "linkage.db")  # keeps -wal and -shm alive
    reader.execute("SELECT count(*) FROM rows").fetchone()
    linkage.record("job-b", ROWS)
    files = sorted(tmp_path.iterdir())
    assert [f.name for f in files] == ["linkage.db", "linkage.db-shm", "linkage.db-wal"]
    assert {stat.S_IMODE(f.stat().st_mode) for f in files} == {0o600}
    clear = b"".join(f.read_bytes() for f in files)
    reader.close()
    assert b"job-b" in clear
    for value in {value for each in ROWS for value in astuple(each) if len(value) > 2}:
        assert value.encode() not in clear
        assert value.encode("utf-16-le") not in clear
    assert b"OKONKWO" not in clear
    assert b"inbox" not in clear


def test_an_exposed_database_is_closed_to_others_again(linkage: Linkage, tmp_path: Path) -> None:
    (tmp_path / "linkage.db").chmod(0o644)
    linkage.rows("job-a")
    assert stat.S_IMODE((tmp_path / "linkage.db").stat().st_mode) == 0o600


def test_a_row_does_not_print_its_originals() -> None:
    told = repr(ROWS[0]) + str(ROWS[0])
    assert not [v for v in (ROWS[0].source, ROWS[0].patient_id, ROWS[0].study_uid, ROWS[0].sop_uid) if v in told]
    assert "status='released'" in told


def test_a_status_that_the_export_does_not_know_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"^LinkageRow\.status must be one of released, quarantined, duplicate, not_dicom$"
    ):
        LinkageRow("/inbox/OKONKWO.dcm", status="OKONKWO")


def test_the_wrong_key_is_refused(linkage: Linkage, tmp_path: Path) -> None:
    assert linkage.rows("job-a")
    with pytest.raises(HomeError, match="linkage key"):
        Linkage(tmp_path / "linkage.db", b"another key of the tests 32 byte")


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE rows SET sealed = (SELECT sealed FROM rows WHERE id = 2) WHERE id = 1",
        "UPDATE rows SET sealed = substr(sealed, 1, 40)",
        "UPDATE rows SET sealed = x'00'",
        "UPDATE rows SET sealed = 'text'",
        "UPDATE rows SET job = 'job-z'",
    ],
)
def test_an_altered_row_is_refused_without_being_told(linkage: Linkage, tmp_path: Path, damage: str) -> None:
    database = sqlite3.connect(tmp_path / "linkage.db")
    with database:
        database.execute(damage)
    database.close()
    with pytest.raises(HomeError, match=r"^A row of the linkage does not decrypt: it was altered\.$"):
        linkage.rows("job-z" if "job-z" in damage else "job-a")


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "linkage.db").write_bytes(b"patient list\n" * 100)
    with pytest.raises(HomeError, match="cannot be read or written"):
        Linkage(tmp_path / "linkage.db", KEY)


def test_a_place_that_cannot_be_written_is_refused_without_the_path(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match=r"^The linkage in the home cannot be opened\.$"):
        Linkage(tmp_path / "nowhere" / "linkage.db", KEY)


def test_an_export_of_nothing_or_to_nowhere_is_wrong_usage(linkage: Linkage, tmp_path: Path) -> None:
    with pytest.raises(Usage, match="no such job"):
        linkage.export("job-z", tmp_path / "out.csv")
    with pytest.raises(Usage, match="csv or pairs"):
        linkage.export("job-a", tmp_path / "out.csv", "xlsx")
    with pytest.raises(Usage, match=r"^The linkage cannot be written there \(No such file or directory\)\.$"):
        linkage.export("job-a", tmp_path / "nowhere" / "out.csv")
    assert [p.name for p in tmp_path.iterdir()] == ["linkage.db"]


def test_a_batch_that_fails_midway_leaves_nothing(linkage: Linkage) -> None:
    def rows() -> list[LinkageRow]:
        return [row(1, 50), row(1, 51)]

    def failing() -> object:
        yield from rows()
        raise RuntimeError("the index broke")

    with pytest.raises(RuntimeError):
        linkage.record("job-c", failing())  # type: ignore[arg-type]  # a generator that fails is the situation
    assert linkage.rows("job-c") == ()


def test_reading_goes_on_while_somebody_else_writes(tmp_path: Path) -> None:
    linkage = Linkage(tmp_path / "linkage.db", KEY)
    seen: list[int] = []
    writer = threading.Thread(
        target=lambda: [
            Linkage(tmp_path / "linkage.db", KEY).record("job-a", [row(1, n), row(2, n)]) for n in range(30)
        ]
    )
    writer.start()
    while writer.is_alive():
        seen.append(len(linkage.rows("job-a")))
    writer.join()
    assert len(linkage.rows("job-a")) == 60
    assert all(count % 2 == 0 for count in seen)
    assert seen == sorted(seen)


WRITER = """
import sys
from pathlib import Path
from gateway.audit.linkage import Linkage, LinkageRow
linkage = Linkage(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
print("open", flush=True)
for study in range(10**6):
    linkage.record("job-a", [LinkageRow(f"/{study}/{n}", f"P{study}", status="released") for n in range(5)])
    print(study, flush=True)
"""


def test_a_writer_killed_at_random_moments_leaves_whole_studies(tmp_path: Path) -> None:
    chance = random.Random(5)
    for _ in range(6):
        command = [sys.executable, "-c", WRITER, str(tmp_path / "linkage.db"), KEY.hex()]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=unmeasured()) as writer:
            assert writer.stdout
            assert writer.stdout.readline() == "open\n"
            time.sleep(chance.uniform(0, 0.15))
            writer.kill()
            told = writer.stdout.read().split()
        rows = Linkage(tmp_path / "linkage.db", KEY).rows("job-a")
        studies = {each.source.split("/")[1] for each in rows}
        assert len(rows) == 5 * len(studies)
        assert set(told) <= studies
    assert Linkage(tmp_path / "linkage.db", KEY).lookup("P0")
