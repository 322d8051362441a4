"""A home that does not tell from which originals a study was released.

An earlier version of the gateway left it so, a run that was killed between the release and the note, or a lost state.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from batches import gateway, run, tree
from builders import instance, write

PROFILE = """\
name: mine
edition: 2024c
description: As it was.
options:
  - BasicApplicationConfidentialityProfile
  - CleanPixelDataOption
"""
KEPT = PROFILE + "  - CleanDescriptorsOption\n  - RetainPatientCharacteristicsOption\n"
# The state databases that earlier versions left, with the rows that they had a place for: the first remembered outcomes, the
# second where instances are as well.
OUTCOMES = """
CREATE TABLE outcomes (
    job TEXT NOT NULL, study TEXT NOT NULL, content TEXT NOT NULL, outcome BLOB NOT NULL, PRIMARY KEY (job, study)
) WITHOUT ROWID;
INSERT INTO main.outcomes SELECT * FROM now.outcomes;
"""
INSTANCES = """
CREATE TABLE released (
    zone TEXT NOT NULL, instance TEXT NOT NULL, study TEXT NOT NULL, PRIMARY KEY (zone, instance)
) WITHOUT ROWID;
CREATE TABLE held (
    zone TEXT NOT NULL, instance TEXT NOT NULL, item TEXT NOT NULL, PRIMARY KEY (zone, instance, item)
) WITHOUT ROWID;
CREATE TABLE refers (
    zone TEXT NOT NULL, instance TEXT NOT NULL, study TEXT NOT NULL, PRIMARY KEY (zone, instance, study)
) WITHOUT ROWID;
INSERT INTO main.released SELECT * FROM now.released;
INSERT INTO main.held SELECT * FROM now.held;
INSERT INTO main.refers SELECT * FROM now.refers;
"""


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """A place where a study of two instances was released, under a profile that was changed since."""
    profile = tmp_path / "home" / "profiles" / "mine.yaml"
    profile.parent.mkdir(parents=True, mode=0o700)
    (tmp_path / "home").chmod(0o700)
    profile.write_text(KEPT)
    for number in (1, 2):
        write(instance(1, number=number), tmp_path / "in" / f"{number}.dcm")
    again(tmp_path, 0)
    profile.write_text(PROFILE)
    return tmp_path


def again(place: Path, code: int = 3) -> Mapping[str, Any]:
    return run([place / "in"], place / "out", place / "home", "--profile", "mine", code=code)


def make_older(state: Path, schema: str) -> None:
    """Write a state database anew by an earlier schema."""
    new = state.with_suffix(".new")
    with sqlite3.connect(new) as older:
        older.execute("ATTACH ? AS now", (str(state),))
        older.executescript(schema)
    older.close()
    new.replace(state)


def forget_one_origin(state: Path) -> None:
    """As if one instance had been released by an earlier version, and the other had joined it since."""
    with sqlite3.connect(state) as database:
        database.execute("DELETE FROM origins WHERE instance = (SELECT min(instance) FROM origins)")
    database.close()


@pytest.mark.parametrize("schema", [OUTCOMES, OUTCOMES + INSTANCES], ids=["outcomes", "outcomes and instances"])
def test_what_an_earlier_version_released_stands_and_the_message_names_both_possible_reasons(
    released: Path, schema: str
) -> None:
    make_older(released / "home" / "state.db", schema)
    before = tree(released / "out")
    (item,) = again(released)["items"]
    assert item["code"] == "ORIGINALS_UNKNOWN"
    assert "the settings changed since, or the source has other content" in item["message"]
    assert "profile mine (" in item["message"], "the settings now"
    assert tree(released / "out") == before
    assert [each["code"] for each in again(released)["items"]] == ["ORIGINALS_UNKNOWN"]
    assert tree(released / "out") == before


def forget_the_study(state: Path) -> None:
    """As a run leaves it that is killed when the study stands in the research zone, and before it is remembered."""
    with sqlite3.connect(state) as database:
        database.executescript("DELETE FROM outcomes; DELETE FROM released; DELETE FROM origins; DELETE FROM refers;")
    database.close()


@pytest.mark.parametrize("lose", [forget_the_study, Path.unlink], ids=["cut off", "state lost"])
def test_other_content_under_the_same_uids_is_to_be_compared_before_a_release_is_taken_out(
    released: Path, lose: Callable[[Path], None]
) -> None:
    """No earlier version and no other settings: this version released the study, and its note is missing."""
    (released / "home" / "profiles" / "mine.yaml").write_text(KEPT)
    lose(released / "home" / "state.db")
    before = tree(released / "out")
    other = instance(1, KVP="80")
    write(other, released / "other" / "1.dcm")
    (item,) = run([released / "other"], released / "out", released / "home", "--profile", "mine", code=3)["items"]
    assert item["code"] == "ORIGINALS_UNKNOWN"
    assert all(why in item["message"] for why in ("an earlier version", "the run was cut off", "the state was lost"))
    shown = " ".join(gateway("quarantine", "show", item["item"], home=released / "home").stdout.split())
    assert "Nothing need be done" not in shown
    assert "Next: First compare the source" in shown
    assert tree(released / "out") == before
    told = gateway("linkage", "lookup", str(other.StudyInstanceUID), home=released / "home").stdout.splitlines()
    (was,) = [line for line in told if str(released / "in" / "1.dcm") in line]
    assert ",released," in was, "the linkage names the file to compare with"


@pytest.mark.parametrize("lose", [forget_the_study, Path.unlink], ids=["cut off", "state lost"])
def test_a_missing_note_holds_nothing_that_comes_out_the_same(released: Path, lose: Callable[[Path], None]) -> None:
    (released / "home" / "profiles" / "mine.yaml").write_text(KEPT)
    lose(released / "home" / "state.db")
    before = tree(released / "out")
    assert again(released, 0)["items"] == []
    assert tree(released / "out") == before


def test_the_advice_can_be_followed(released: Path) -> None:
    make_older(released / "home" / "state.db", OUTCOMES)
    (item,) = again(released)["items"]
    assert "--out" in gateway("quarantine", "show", item["item"], home=released / "home").stdout
    shutil.rmtree(next((released / "out").iterdir()))
    assert again(released, 0)["released"] == 2
    assert gateway("quarantine", "list", home=released / "home").stdout.startswith("The quarantine is empty")
    (released / "home" / "profiles" / "mine.yaml").write_text(KEPT)
    assert "released under gateway" in again(released)["items"][0]["message"], "from now on it is noted"


def test_a_source_that_was_changed_since_overwrites_nothing_and_is_not_said_to_be_the_same(released: Path) -> None:
    make_older(released / "home" / "state.db", OUTCOMES)
    before = tree(released / "out")
    write(instance(1, KVP="80"), released / "in" / "1.dcm")
    (item,) = again(released)["items"]
    assert (item["code"], "or the source has other content" in item["message"]) == ("ORIGINALS_UNKNOWN", True)
    assert tree(released / "out") == before


def test_what_comes_out_as_it_was_released_is_no_reason_to_hold_anything(released: Path) -> None:
    (released / "home" / "profiles" / "mine.yaml").write_text(KEPT)
    make_older(released / "home" / "state.db", OUTCOMES)
    with sqlite3.connect(released / "home" / "state.db") as database:
        database.execute("UPDATE outcomes SET content = 'by another policy'")
    database.close()
    before = tree(released / "out")
    assert again(released, 0)["released"] == 2
    assert tree(released / "out") == before


def test_of_a_study_of_which_one_original_is_noted_that_one_decides(released: Path) -> None:
    """The other one may be the same or not; a noted one that is another now is a conflict for sure."""
    forget_one_origin(released / "home" / "state.db")
    assert [each["code"] for each in again(released)["items"]] == ["ORIGINALS_UNKNOWN"]
    before = tree(released / "out")
    for number in (1, 2):
        write(instance(1, number=number, KVP="80"), released / "in" / f"{number}.dcm")
    assert [each["code"] for each in again(released)["items"]] == ["UID_CONFLICT"]
    assert tree(released / "out") == before
