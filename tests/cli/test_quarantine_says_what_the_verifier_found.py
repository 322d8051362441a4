"""``gateway quarantine show`` tells a person what the verifier found in sentences, with the places, and scripts the same."""

from __future__ import annotations

import json
from pathlib import Path

from batches import gateway

from gateway.home import open_home
from gateway.jobs.quarantine import Item, hold
from gateway.records import Problem
from gateway.verify import CHECKS

PROBLEMS = (
    Problem("date-in-text", 0, "0008103E"),
    Problem("instance-missing", -1, "staging"),
    Problem("date-in-text", 2, "00081030"),
    Problem("a check of long ago", 0, "00100010"),
)


def test_each_check_is_a_sentence_once_with_all_its_places(tmp_path: Path) -> None:
    item = Item("q-0123456789ab", "job-a", "VERIFICATION_FAILED", "Faults.", "Read them.", 1, problems=PROBLEMS)
    hold(open_home(tmp_path / "home").quarantine, item, [])
    shown = " ".join(gateway("quarantine", "show", item.item, home=tmp_path / "home").stdout.split())
    assert shown.count(CHECKS["date-in-text"]) == shown.count(CHECKS["instance-missing"]) == 1
    said = shown.partition(CHECKS["date-in-text"])[2]
    assert said.startswith(" instance 1, (0008,103E) instance 3, (0008,1030)")
    assert "a check of long ago" in shown
    told = json.loads(gateway("quarantine", "show", item.item, "--json", home=tmp_path / "home").stdout)
    assert told["checks"]["date-in-text"] == CHECKS["date-in-text"]
    assert [problem["check"] for problem in told["problems"]] == [problem.check for problem in PROBLEMS]


def test_a_file_that_somebody_put_into_the_quarantine_stops_nothing(tmp_path: Path) -> None:
    folder = open_home(tmp_path / "home").quarantine
    hold(folder, Item("q-0123456789ab", "job-a", "FILE_UNREADABLE", "Cut.", "Fetch it.", 1), [])
    (folder / "notes.txt").write_text("ask radiology about this one")
    listed = json.loads(gateway("quarantine", "list", "--json", home=tmp_path / "home").stdout)
    assert [item["item"] for item in listed["items"]] == ["q-0123456789ab"]
