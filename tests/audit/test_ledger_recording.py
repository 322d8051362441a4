from __future__ import annotations

import csv
import itertools
import json
import stat
import subprocess
import sys
from dataclasses import fields, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from audit.ledgers import EVENTS, KEY, OTHER, STUDY, head_of, make, noon

from gateway.audit.chain import FRAME, GENESIS
from gateway.audit.events import Event, ItemDecided, LinkageUsed, StudyQuarantined, StudyReleased, StudyReleasing
from gateway.audit.ledger import Ledger, verify
from gateway.errors import LedgerError, Usage

RELEASED = StudyReleased(study=STUDY, instances=1, digest="4" * 64)
RETRIED = ItemDecided(item="file-ba9876543210", decision="retry")


def changed(event: Event, **values: Any) -> Event:
    return replace(event, **values)


def test_what_was_recorded_is_read_back_in_order(tmp_path: Path) -> None:
    path = make(tmp_path)
    entries = list(Ledger(path, KEY).entries())
    assert [(e.seq, e.job, e.event) for e in entries] == [
        (n, job, type(event).__name__) for n, (job, event) in enumerate(EVENTS, 1)
    ]
    assert entries[0].prev == GENESIS.hash
    assert all(after.prev == before.hash for before, after in itertools.pairwise(entries))
    assert entries[1].body["changes"][1] == {
        "path": "0040A730/0040A123", "action": "D", "rule": "e1-1:0040A123", "elements": 4, "instances": 1,
    }  # fmt: skip
    assert b"".join(e.line for e in entries) == path.read_bytes()


def test_a_line_is_json_in_the_promised_order_of_fields(tmp_path: Path) -> None:
    first = make(tmp_path).read_text().splitlines()[3]
    assert list(json.loads(first)) == ["seq", "at", "job", "event", "study", "instances", "digest", "prev", "hash"]
    assert first.startswith(
        '{"seq":4,"at":"2026-11-21T12:00:00Z","job":"job-a","event":"StudyReleased","study":"2.25.11",'
    )


def test_the_same_events_at_the_same_time_give_the_same_bytes(tmp_path: Path) -> None:
    assert make(tmp_path / "one").read_bytes() == make(tmp_path / "two").read_bytes()


def test_times_are_written_in_utc(tmp_path: Path) -> None:
    def local() -> datetime:
        return noon().astimezone(timezone(timedelta(hours=-5)))

    assert Ledger(tmp_path / "l.jsonl", KEY, clock=local).record("job-a", RELEASED).at == "2026-11-21T12:00:00Z"


def test_the_own_clock_is_used_when_none_is_given(tmp_path: Path) -> None:
    at = Ledger(tmp_path / "l.jsonl", KEY).record("job-a", RELEASED).at
    assert datetime.fromisoformat(at) > noon() - timedelta(days=3650)


def test_ledger_and_head_are_for_their_owner_only(tmp_path: Path) -> None:
    path = make(tmp_path)
    assert [stat.S_IMODE(p.stat().st_mode) for p in (path, head_of(path), path.parent)] == [0o600, 0o600, 0o700]


def test_opening_a_ledger_changes_nothing(tmp_path: Path) -> None:
    path = make(tmp_path)
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in path.parent.iterdir()}
    assert Ledger(path, KEY).says(*EVENTS[3])
    assert {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in path.parent.iterdir()} == before


def test_what_a_ledger_says_is_its_last_word_on_each_subject_of_each_job(tmp_path: Path) -> None:
    ledger = Ledger(make(tmp_path), KEY)
    assert [ledger.says(job, event) for job, event in EVENTS] == [number != 2 for number in range(len(EVENTS))]
    assert not ledger.says("job-z", EVENTS[0][1])
    assert not ledger.says("job-a", RELEASED)
    assert not ledger.says("job-a", StudyReleasing(study=STUDY, instances=2, digest="2" * 64))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (RELEASED, changed(RELEASED, digest="5" * 64)),
        (RELEASED, StudyQuarantined(item="study-0123456789ab", study=STUDY, code="FILE_UNREADABLE", instances=1)),
        (EVENTS[0][1], changed(EVENTS[0][1], profile_digest="5" * 64)),
        (EVENTS[1][1], changed(EVENTS[1][1], masks=())),
        (EVENTS[6][1], RETRIED),
        (EVENTS[7][1], changed(EVENTS[7][1], masks=2)),
    ],
    ids=["content", "held", "policy", "cleaning", "retry", "counts"],
)
def test_what_changed_and_changed_back_is_said_each_time_and_no_more(tmp_path: Path, one: Event, other: Event) -> None:
    path = tmp_path / "ledger.jsonl"
    said = [Ledger(path, KEY).record_once("job-a", event) for event in (one, one, other, other, one, one)]
    assert said == [True, False] * 3


@pytest.mark.parametrize("between", [RELEASED, EVENTS[0][1], RETRIED, EVENTS[6][1]], ids=lambda e: type(e).__name__)
def test_a_run_that_did_something_has_an_end_even_with_the_counts_of_the_last(tmp_path: Path, between: Event) -> None:
    ledger, end = Ledger(tmp_path / "ledger.jsonl", KEY), EVENTS[7][1]
    assert [ledger.record_once("job-a", end) for _ in range(2)] == [True, False]
    ledger.record("job-b", between)
    assert not ledger.record_once("job-a", end)
    ledger.record("job-a", between)
    assert [ledger.record_once("job-a", end) for _ in range(2)] == [True, False]


def test_who_only_looked_on_does_not_make_a_finished_job_end_again(tmp_path: Path) -> None:
    ledger, end = Ledger(tmp_path / "ledger.jsonl", KEY), EVENTS[7][1]
    ledger.record("job-a", end)
    ledger.record("job-a", LinkageUsed(use="export", rows=2))
    assert not ledger.record_once("job-a", end)


def test_a_resumed_run_records_a_release_once(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    intent = StudyReleasing(study=STUDY, instances=1, digest="4" * 64)
    Ledger(path, KEY).record_once("job-a", intent)
    resumed = Ledger(path, KEY)
    assert resumed.says("job-a", intent)
    assert not resumed.says("job-a", RELEASED)
    assert [resumed.record_once("job-a", e) for e in (intent, RELEASED, RELEASED)] == [False, True, False]
    assert [e.event for e in resumed.entries()] == ["StudyReleasing", "StudyReleased"]


def test_a_release_with_other_content_is_another_fact(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl", KEY)
    assert ledger.record_once("job-a", RELEASED)
    assert ledger.record_once("job-a", StudyReleased(study=STUDY, instances=2, digest="5" * 64))
    assert ledger.record_once("job-b", RELEASED)


def test_a_writer_sees_what_another_one_recorded(tmp_path: Path) -> None:
    one, two = (Ledger(tmp_path / "ledger.jsonl", KEY) for _ in range(2))
    one.record("job-a", RELEASED)
    assert two.says("job-a", RELEASED)
    assert not two.record_once("job-a", RELEASED)
    two.record("job-b", RELEASED)
    assert [e.seq for e in one.entries()] == [1, 2]
    assert one.head == two.head


def test_two_processes_write_at_once_and_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    program = """
import sys
from pathlib import Path
from gateway.audit.events import StudyReleased
from gateway.audit.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
for number in range(60):
    ledger.record(sys.argv[3], StudyReleased(study=f"2.25.{number}", instances=1, digest="0" * 64))
"""
    command = [sys.executable, "-c", program, str(path), KEY.hex()]
    writers = [subprocess.Popen([*command, job]) for job in ("job-a", "job-b")]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    assert verify(path, KEY).entries == 120
    for job in ("job-a", "job-b"):
        studies = [e.body["study"] for e in Ledger(path, KEY).entries(job)]
        assert studies == [f"2.25.{number}" for number in range(60)]


def test_jsonl_export_is_the_sealed_lines_of_the_job(tmp_path: Path) -> None:
    path, out = make(tmp_path), tmp_path / "out.jsonl"
    assert Ledger(path, KEY).export("jsonl", out) == 10
    assert out.read_bytes() == path.read_bytes()
    assert Ledger(path, KEY).export("jsonl", out, job="job-b") == 3
    assert [json.loads(line)["job"] for line in out.read_text().splitlines()] == ["job-b"] * 3
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_csv_export_has_a_line_an_entry(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert Ledger(make(tmp_path), KEY).export("csv", out) == 10
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["seq", "at", "job", "event", "study", "item", "body", "prev", "hash"]
    assert [(r["seq"], r["study"], r["item"]) for r in rows[5:7]] == [
        ("6", OTHER, "study-0123456789ab"), ("7", "", "file-ba9876543210"),
    ]  # fmt: skip
    assert json.loads(rows[8]["body"]) == {"item": "study-0123456789ab", "decision": "retry"}


def test_unknown_export_format_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(Usage):
        Ledger(make(tmp_path), KEY).export("xlsx", tmp_path / "out.xlsx")
    assert not (tmp_path / "out.xlsx").exists()


def test_the_export_of_an_unknown_job_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(Usage, match="no such job"):
        Ledger(make(tmp_path), KEY).export("csv", tmp_path / "out.csv", "job-z")
    assert not (tmp_path / "out.csv").exists()


def test_an_export_that_cannot_be_written_says_so_without_the_path(tmp_path: Path) -> None:
    with pytest.raises(Usage, match=r"^The ledger cannot be exported there \(No such file or directory\)\.$"):
        Ledger(make(tmp_path), KEY).export("csv", tmp_path / "nowhere" / "out.csv")


def test_a_ledger_that_cannot_be_made_says_so_without_the_path(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LedgerError, match=r"^The ledger cannot be opened \((Not a directory|File exists)\)\.$"):
        Ledger(tmp_path / "file" / "ledger.jsonl", KEY)


def test_a_full_disk_is_reported_and_the_half_line_is_repaired_later(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    program = """
import resource, signal, sys
from pathlib import Path
from gateway.audit.events import StudyReleased
from gateway.audit.ledger import Ledger
from gateway.errors import LedgerError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
ledger = Ledger(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
ledger.record("job-a", StudyReleased(study="2.25.1", instances=1, digest="0" * 64))
resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
try:
    ledger.record("job-a", StudyReleased(study="2.25.2", instances=1, digest="0" * 64))
except LedgerError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program, path, KEY.hex()], capture_output=True, text=True, check=True)
    assert done.stdout == "The ledger cannot be written (File too large).\n"
    assert path.stat().st_size == 500
    entries = list(Ledger(path, KEY).entries())
    assert [e.event for e in entries] == ["StudyReleased", "LedgerRepaired"]


def test_no_event_has_a_field_that_the_line_itself_uses() -> None:
    names = {each.name for event in Event.__subclasses__() for each in fields(event)}
    assert {"study", "item", "bytes_cut"} < names
    assert not names & set(FRAME)
