"""Where each instance is: released, held, referred to; by research zone, and quickly among many."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from gateway.errors import HomeError
from gateway.jobs.state import Origin, State
from gateway.records import Outcome, Reference

PASSED = Outcome("2.25.1", "P-1", references=(Reference("2.25.90", "1.2"), Reference("2.25.91", "", stored=False)))


def made_from(*instances: str) -> dict[str, Origin]:
    return {instance: Origin(f"original of {instance}", "settings") for instance in instances}


def state(tmp_path: Path) -> State:
    found = State(tmp_path / "state.db")
    found.save("job-1", "content", PASSED, "zone-a", made_from("2.25.10", "2.25.11"))
    found.hold("zone-a", ["2.25.20", "2.25.90", "2.25.10"], "q-1")
    found.hold("zone-a", ["2.25.20"], "q-2")
    return found


def test_released_and_held_instances_are_found_in_their_zone(tmp_path: Path) -> None:
    found = state(tmp_path)
    asked = ["2.25.10", "2.25.11", "2.25.12", "2.25.20"]
    assert found.released("zone-a", asked) == {"2.25.10", "2.25.11"}
    assert found.held("zone-a", asked) == {"2.25.20": {"q-1", "q-2"}}, "of a released one no other version counts"
    assert found.released("zone-b", asked) == frozenset()
    assert found.held("zone-b", asked) == {}


def test_what_released_instances_were_made_from_is_found_in_their_zone(tmp_path: Path) -> None:
    found = state(tmp_path)
    assert found.origins("zone-a", ["2.25.11", "2.25.20"]) == made_from("2.25.11")
    assert found.origins("zone-b", ["2.25.11"]) == {}


def test_items_are_told_which_released_studies_refer_to_them(tmp_path: Path) -> None:
    found = state(tmp_path)
    assert found.referrers("zone-a") == (("q-1", "2.25.1"),)
    assert found.referrers("zone-b") == ()
    found.save("job-1", "other", Outcome("2.25.9", "P-1"), "zone-a", made_from("2.25.90"))
    assert found.referrers("zone-a") == ()


def test_the_instances_of_a_held_study_are_not_released_by_its_outcome(tmp_path: Path) -> None:
    found = State(tmp_path / "state.db")
    found.save("job-1", "content", Outcome("2.25.1", "", code="REFERENCE_HELD"), "zone-a", made_from("2.25.10"))
    assert found.released("zone-a", ["2.25.10"]) == frozenset()


def test_references_come_back_with_the_outcome(tmp_path: Path) -> None:
    assert state(tmp_path).find("job-1", "2.25.1", "content") == PASSED


def test_a_save_that_fails_leaves_neither_outcome_nor_instances(tmp_path: Path) -> None:
    found = State(tmp_path / "state.db")
    with pytest.raises(HomeError):
        found.save("job-1", "content", PASSED, "zone-a", {"2.25.10": Origin("a", "b"), None: Origin("a", "b")})  # type: ignore[dict-item]  # refused by the table
    assert found.find("job-1", "2.25.1", "content") is None
    assert found.released("zone-a", ["2.25.10"]) == frozenset()


def test_among_a_hundred_thousand_instances_as_many_are_looked_up_in_seconds(tmp_path: Path) -> None:
    """Half a second on one core of a laptop; a scan per instance would take hours."""
    found = State(tmp_path / "state.db")
    uids = [f"2.25.{10**36 + number * 7919 * 10**20}" for number in range(100_000)]
    found.save("job-1", "content", PASSED, "zone-a", made_from(*uids[::2]))
    found.hold("zone-a", uids[1::2], "q-1")
    begun = time.monotonic()
    assert len(found.released("zone-a", uids)) == 50_000
    assert len(found.held("zone-a", uids)) == 50_000
    assert time.monotonic() - begun < 10
