"""The state remembers an outcome for exactly the content and policy it was reached with."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.errors import HomeError
from gateway.jobs.state import State
from gateway.records import Box, Change, ChangeCount, CleanedInstance, Mask, Outcome, Problem, Thumbnail

OUTCOME = Outcome(
    study="2.25.1",
    patient="P-1",
    problems=(Problem("bytes", 0, "00100010"),),
    cleaned=(CleanedInstance("P-1/a/b/c.dcm", 12, "0" * 64, (Mask(Box(1, 2, 3, 4), (0, 1), ("date",)),)),),
    changes=(ChangeCount(Change("00100010", "D", "pseudonym"), 3, 3),),
    frames_read=2,
    regions_found=1,
    thumbnails=(Thumbnail("P-1/a/b/c.dcm", 0, "iVBORw==", ("date",)),),
)


def test_an_outcome_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    state.save("job-1", "content", OUTCOME)
    assert State(tmp_path / "state.db").find("job-1", "2.25.1", "content") == OUTCOME
    assert OUTCOME.passed
    assert OUTCOME.masks == 1


def test_other_content_another_job_and_a_forgotten_study_are_not_found(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    state.save("job-1", "content", OUTCOME)
    assert state.find("job-1", "2.25.1", "other") is None
    assert state.find("job-2", "2.25.1", "content") is None
    state.forget("job-1", "2.25.1")
    assert state.find("job-1", "2.25.1", "content") is None


def test_a_database_that_is_none_is_an_error_of_the_home(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(HomeError):
        State(tmp_path / "state.db").find("job-1", "2.25.1", "content")
    with pytest.raises(HomeError):
        State(tmp_path).find("job-1", "2.25.1", "content")
