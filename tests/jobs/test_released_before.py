"""A study that was released comes again, from the same originals, and would come out otherwise now: the released copy stands."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from batches import gateway, run, tree
from builders import instance, write

PROFILE = """\
name: mine
edition: 2024c
description: {described}
options:
  - BasicApplicationConfidentialityProfile
  - CleanPixelDataOption
"""
KEPT = PROFILE + "  - CleanDescriptorsOption\n  - RetainPatientCharacteristicsOption\n"


def codes(result: Mapping[str, Any]) -> list[str]:
    return [item["code"] for item in result["items"]]


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """A place where a site's own profile released a study, and was changed since."""
    profile = tmp_path / "home" / "profiles" / "mine.yaml"
    profile.parent.mkdir(parents=True, mode=0o700)
    (tmp_path / "home").chmod(0o700)
    profile.write_text(KEPT.format(described="as it was"))
    write(instance(1), tmp_path / "in" / "1.dcm")
    run([tmp_path / "in"], tmp_path / "out", tmp_path / "home", "--profile", "mine")
    profile.write_text(PROFILE.format(described="changed"))
    return tmp_path


def again(place: Path, out: str = "out", code: int = 3) -> Mapping[str, Any]:
    return run([place / "in"], place / out, place / "home", "--profile", "mine", code=code)


def test_what_was_released_under_other_settings_stands_and_the_message_says_so(released: Path) -> None:
    before = tree(released / "out")
    write(instance(2), released / "in" / "2.dcm")
    result = again(released)
    (item,) = result["items"]
    assert (item["code"], result["released"], result["quarantined"]) == ("RELEASED_BEFORE", 1, 1)
    assert before.items() < tree(released / "out").items()
    shown = gateway("quarantine", "show", item["item"], home=released / "home").stdout
    assert "The released copy is untouched" in " ".join(shown.split())
    assert shown.count("profile mine (") == 2, "the settings then and the settings now"
    assert "--out" in shown
    assert codes(again(released)) == ["RELEASED_BEFORE"]


def test_what_the_advice_says_can_be_done(released: Path) -> None:
    again(released)
    assert again(released, out="other", code=0)["released"] == 1
    shutil.rmtree(next((released / "out").iterdir()))
    assert again(released, code=0)["released"] == 1
    assert gateway("quarantine", "list", home=released / "home").stdout.startswith("The quarantine is empty")


def test_the_settings_of_before_need_no_work_and_hold_nothing(released: Path) -> None:
    before = tree(released / "out")
    again(released)
    (released / "home" / "profiles" / "mine.yaml").write_text(KEPT.format(described="as it was"))
    assert codes(again(released, code=0)) == []
    assert tree(released / "out") == before


def test_other_originals_are_still_a_conflict(released: Path) -> None:
    before = tree(released / "out")
    write(instance(1, KVP="80"), released / "in" / "1.dcm")
    assert codes(again(released)) == ["UID_CONFLICT"]
    assert tree(released / "out") == before


def test_an_instance_that_joins_and_names_somebody_else_is_no_conflict_of_the_source(tmp_path: Path) -> None:
    """What the second instance names is taken out of the first one too, so the first comes out otherwise than it was released."""
    # Words of radiology stay, until somebody in the study has them for a name.
    write(instance(1, SeriesDescription="Axial slice number"), tmp_path / "in" / "1.dcm")
    profile = tmp_path / "keeps.yaml"
    profile.write_text(KEPT.format(described="words stay") + "rules: {SeriesDescription: C}\n")
    arguments = ([tmp_path / "in"], tmp_path / "out", tmp_path / "home", "--profile", str(profile))
    run(*arguments)
    before = tree(tmp_path / "out")
    write(instance(1, number=2, OperatorsName="SLICE^NUMBER"), tmp_path / "in" / "2.dcm")
    assert codes(run(*arguments, code=3)) == ["RELEASED_BEFORE"]
    assert tree(tmp_path / "out") == before
