from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from audit.ledgers import KEY, head_of, make

from gateway.audit.ledger import Ledger, verify

WRITER = """
import sys
from pathlib import Path
from gateway.audit.events import StudyReleased
from gateway.audit.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
print("open", flush=True)
number = 0
while True:
    event = StudyReleased(study=f"2.25.{number}", instances=1, digest="0" * 64)
    if ledger.record_once("job-a", event):
        print(event.study, flush=True)
    number += 1
"""


def test_a_writer_killed_at_random_moments_loses_no_acknowledged_entry(tmp_path: Path) -> None:
    path, acknowledged, chance = tmp_path / "ledger.jsonl", 0, random.Random(2)
    for _ in range(8):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, path, KEY.hex()], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout
            assert writer.stdout.readline() == "open\n"
            time.sleep(chance.uniform(0, 0.15))
            writer.kill()
            told = writer.stdout.read().splitlines()
        assert verify(path, KEY).ok
        ledger = Ledger(path, KEY)
        studies = [e.body["study"] for e in ledger.entries("job-a") if e.event == "StudyReleased"]
        assert studies == [f"2.25.{number}" for number in range(len(studies))]
        assert len(studies) in (acknowledged + len(told), acknowledged + len(told) + 1)
        acknowledged = len(studies)
    assert acknowledged > 8


@pytest.mark.parametrize("lost", [1, 2, 60, 200])
def test_a_torn_last_line_is_cut_off_and_noted(tmp_path: Path, lost: int) -> None:
    path = make(tmp_path)
    lines = path.read_bytes().splitlines(keepends=True)
    before = list(Ledger(path, KEY).entries())[-2]
    path.write_bytes(b"".join(lines)[:-lost])
    head_of(path).write_text(f'{{"seq":{before.seq},"hash":"{before.hash}"}}\n')
    torn = verify(path, KEY)
    assert (torn.ok, torn.entries) == (True, 9)
    assert torn.message == "All 9 entries verify; a torn last line will be cut off at the next write."
    entries = list(Ledger(path, KEY).entries())
    assert [e.line for e in entries[:-1]] == lines[:-1]
    assert (entries[-1].job, entries[-1].event, dict(entries[-1].body)) == (
        "ledger", "LedgerRepaired", {"bytes_cut": len(lines[-1]) - lost},
    )  # fmt: skip
    assert verify(path, KEY).message == "All 10 entries verify."


def test_a_kill_before_the_head_was_written_is_healed(tmp_path: Path) -> None:
    path = make(tmp_path)
    head = head_of(path).read_bytes()
    before = list(Ledger(path, KEY).entries())[-2]
    head_of(path).write_text(f'{{"seq":{before.seq},"hash":"{before.hash}"}}\n')
    assert verify(path, KEY).ok
    assert Ledger(path, KEY).head.seq == 10
    assert head_of(path).read_bytes() == head


def test_a_kill_during_the_very_first_line_is_healed(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    Ledger(path, KEY)
    path.write_bytes(b'{"seq":1,"at":"2026')
    assert [e.event for e in Ledger(path, KEY).entries()] == ["LedgerRepaired"]
