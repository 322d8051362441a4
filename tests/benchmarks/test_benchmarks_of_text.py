"""The benchmarks of text, in small: they run, count what they planted, and notice a judge that lets everything through."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import tags, tags_writer, ten_actions


@pytest.mark.filterwarnings("ignore")
def test_descriptors_of_real_headers_lose_identifiers_and_keep_words(tmp_path: Path) -> None:
    score = tags.run("seen", 24, 3, tmp_path)
    assert score.files == 24
    assert score.planted.total() > 250
    assert score.words.total() > 900
    assert score.gone > 0.985
    assert score.stayed > 0.97


def test_the_same_seed_plants_the_same() -> None:
    left, right = tags_writer.Writer("dev", 5), tags_writer.Writer("dev", 5)
    for _ in range(50):
        person = left.person()
        assert person == right.person()
        assert left.text(person, 64) == right.text(person, 64)


def test_what_is_left_and_what_is_lost_is_counted() -> None:
    told = tags_writer.Identifier("people", own=False, text="Zork Quux", telling=frozenset({"zork", "quux"}))
    text = tags_writer.Text("chest Zork Quux left", (told,), (("xr", ("chest", "left")),))
    score = tags.Score()
    for written in ("chest left", "chest Quux", ""):
        tags.count_text(tags.Planted("StudyDescription", text), written, frozenset(), score)
    assert score.planted.total() == 3
    assert score.left.total() == 1
    assert (score.words.total(), score.kept.total()) == (6, 3)
    assert 0.25 < tags.wilson(50, 100) < 0.5 < tags.wilson(999, 1000) < 0.999


def test_ten_actions_are_scored_each() -> None:
    score = ten_actions.bench(1, 2, "seen_7")
    assert set(score.asked) == set(ten_actions.ACTIONS)
    assert {action: score.done[action] for action in ten_actions.ACTIONS} == {
        action: score.asked[action] for action in ten_actions.ACTIONS
    }, score.faults


def test_a_missing_file_fails_every_action(tmp_path: Path) -> None:
    score = ten_actions.score(ten_actions.make(tmp_path, 1, 2, "seen_7"), {})
    assert score.asked.keys() == set(ten_actions.ACTIONS)
    assert score.done.total() == 0
    assert not score.reached
