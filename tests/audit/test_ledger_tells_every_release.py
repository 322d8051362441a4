"""A job's ledger tells each time a study came into the research zone, whatever it told before and whenever it was killed."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from audit.ledgers import noon
from builders import instance, write

from gateway import sources, tags
from gateway.audit import events
from gateway.audit.ledger import Ledger, verify
from gateway.errors import UnreadableFile
from gateway.home import Home, open_home
from gateway.jobs.closing import begin_job, close_job, count_job, report_of
from gateway.jobs.decisions import discard_item
from gateway.jobs.job import Job, open_job
from gateway.records import Change, ChangeCount, CleanedInstance, Outcome, Study
from gateway.sources import Refused
from gateway.tools import load_recipes


@pytest.fixture
def home(tmp_path: Path) -> Home:
    write(instance(1), tmp_path / "in" / "1.dcm")
    return open_home(tmp_path / "home")


def opened(home: Home, policy: str = "A") -> Job:
    """The job of this home's sources; ``policy`` stands for a profile's content."""
    place = home.path.parent
    job = open_job(home, [str(place / "in")], place / "out", tags.load("basic"), None, load_recipes(home.path))
    return replace(job, policy=policy)


def index(home: Home) -> sources.Index:
    return sources.index(sources.receive([home.path.parent / "in"]))


def study_of(home: Home) -> Study:
    (study,) = index(home).studies
    return study


def cleaned(job: Job, study: Study) -> Outcome:
    """Stage a file that says under which policy it was cleaned, as the cleaning does."""
    uid = job.pseudonymizer.uid(study.uid)
    data = job.policy.encode()
    path = f"P-1/{uid}/2.25.2/{job.pseudonymizer.uid(study.instances[0].sop_uid)}.dcm"
    staged = job.staging / uid / path
    staged.parent.mkdir(parents=True)
    staged.write_bytes(data)
    written = CleanedInstance(path, len(data), sha256(data).hexdigest())
    rule = ChangeCount(Change("00100010", "D", "pseudonym" if job.policy == "A" else "basic"), 1, 1)
    return Outcome(uid, "P-1", cleaned=(written,), changes=(rule,))


def run(home: Home, policy: str = "A") -> None:
    """What a run does with its one study."""
    job, study = opened(home, policy), study_of(home)
    job.finish(study, job.remembered(study) or cleaned(job, study))


def ledger_at(home: Home, hour: float) -> Ledger:
    """The home's ledger with a clock that stands at this hour after noon."""
    at = noon() + timedelta(hours=hour)
    return Ledger(home.ledger, home.key("ledger"), clock=lambda: at)


def empty_the_zone(home: Home) -> None:
    shutil.rmtree(home.path.parent / "out", ignore_errors=True)


def told(home: Home, *kinds: str) -> list[str]:
    """The entries' kinds in order; a release with the first letters of its digest."""
    entries = Ledger(home.ledger, home.key("ledger")).entries()
    told = [f"{entry.event} {entry.body.get('digest', '')[:8]}".strip() for entry in entries]
    return [one for one in told if not kinds or one.split()[0] in kinds]


def test_a_policy_that_changes_back_is_told_with_what_it_released(home: Home) -> None:
    for policy in "ABA":
        empty_the_zone(home)
        run(home, policy)
    first, second, third = told(home, "StudyReleased")
    assert first == third != second
    assert [line.split()[0] for line in told(home)] == ["StudyCleaned", "StudyReleasing", "StudyReleased"] * 3


def test_the_same_release_into_an_emptied_zone_is_told_again(home: Home) -> None:
    for times in (1, 2, 3):
        empty_the_zone(home)
        run(home)
        run(home)
        assert len(told(home, "StudyReleased")) == times
    assert len(told(home, "StudyReleasing")) == 3


def test_another_way_to_the_same_bytes_is_told_and_is_no_release(home: Home) -> None:
    run(home)
    job, study = replace(opened(home), policy="B"), study_of(home)
    outcome = cleaned(replace(job, policy="A"), study)
    job.finish(study, replace(outcome, changes=()))
    assert [line.split()[0] for line in told(home)] == [
        "StudyCleaned",
        "StudyReleasing",
        "StudyReleased",
        "StudyCleaned",
    ]
    job.finish(study, replace(outcome, changes=()))
    assert len(told(home)) == 4


def test_a_study_held_and_released_in_turn_is_told_each_time_and_leaves_the_quarantine(home: Home) -> None:
    for _ in range(2):
        job, study = opened(home), study_of(home)
        away = Outcome(job.pseudonymizer.uid(study.uid), "", code=UnreadableFile.code, message="The file went away.")
        job.finish(study, away)
        job.finish(study, away)
        assert (home.quarantine / job.item(study)).is_dir()
        run(home)
        assert not (home.quarantine / job.item(study)).exists()
    assert told(home, "StudyQuarantined", "StudyReleased", "ItemDecided")[::3] == ["StudyQuarantined"] * 2
    assert len(told(home, "StudyReleased")) == 2


def test_of_a_file_that_a_person_discarded_nothing_more_is_told(home: Home) -> None:
    job, (original,) = opened(home), study_of(home).instances
    refused = Refused(original.file, UnreadableFile, "It ends early.", instance=original)
    job.hold_file(refused)
    job.hold_file(refused)
    item = job.item_of_refused(refused)
    discard_item(home, item)
    job.hold_file(refused)
    assert told(home) == ["FileQuarantined", "ItemDecided"]
    assert not (home.quarantine / item).exists()


def test_the_policy_is_told_when_it_changes_and_when_it_changes_back(home: Home) -> None:
    for name in ("basic", "basic", "research", "research", "basic"):
        begin_job(replace(opened(home), profile=tags.load(name)))
    assert len(told(home, "JobStarted")) == 3


def test_the_report_ends_with_the_last_run_not_with_who_looked_at_the_linkage_since(home: Home) -> None:
    for hour in range(4):
        job = replace(opened(home), ledger=ledger_at(home, hour))
        if hour == 2:
            empty_the_zone(home)
        study = study_of(home)
        outcome = job.finish(study, job.remembered(study) or cleaned(job, study))
        result = count_job(job, index(home), [outcome], 0.0, dry_run=False)
        close_job(job, index(home), [outcome], result, 0)
        end = "12:00:00" if hour < 2 else "14:00:00"
        assert f"2026-11-21 12:00:00 UTC to 2026-11-21 {end} UTC" in report_of(home, job.name).decode()
        ledger_at(home, hour + 0.5).record(job.name, events.LinkageUsed(use="export", rows=1))
    assert len(told(home, "JobFinished")) == 2


# --- kills -------------------------------------------------------------------------------------------------------
def finished(home: Home, moment: int) -> bool:
    """Finish the study in a process that kills itself at its ``moment``-th lock taken, file renamed or database opened."""
    child = os.fork()
    if child:
        status = os.waitpid(child, 0)[1]
        assert os.waitstatus_to_exitcode(status) in (0, -signal.SIGKILL)
        return status == 0
    left = moment

    def count(event: str, _: tuple[object, ...]) -> None:
        nonlocal left
        if event in ("fcntl.flock", "os.rename", "sqlite3.connect"):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    status = 1
    try:
        job, study = opened(home), study_of(home)
        outcome = job.remembered(study) or cleaned(job, study)
        sys.addaudithook(count)
        job.finish(study, outcome)
        status = 0
    finally:
        os._exit(status)


@pytest.mark.parametrize("before", [0, 1], ids=["first", "again"])
def test_a_kill_neither_loses_nor_doubles_the_entry_of_a_release(home: Home, tmp_path: Path, before: int) -> None:
    """The first release of a study, and the release of the same bytes after the research zone was emptied."""
    for _ in range(before):
        run(home)
    kept, seen = tmp_path / "kept", set()
    shutil.copytree(home.path, kept)
    for moment in range(1, 100):
        empty_the_zone(home)
        shutil.rmtree(home.path)
        shutil.copytree(kept, home.path)
        survived = finished(home, moment)
        there = [path.read_bytes() for path in (tmp_path / "out").rglob("*.dcm")]
        seen.add((len(told(home, "StudyReleased")) - before, len(there)))
        run(home)
        run(home)
        assert len(told(home, "StudyReleased")) == before + 1
        assert len(told(home, "StudyReleasing")) == before + 1
        assert verify(home.ledger, home.key("ledger")).ok
        if survived:
            break
    assert seen == {(0, 0), (0, 1), (1, 1)}
