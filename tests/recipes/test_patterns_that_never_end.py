"""A regular expression that searches for ever holds the study it was asked of; the run goes on."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest
from batches import run
from builders import instance, write

from gateway.errors import RejectedByRecipe
from gateway.recipes.limit import limited

ENDLESS = re.compile("(a+)+$")


def test_a_search_ends_and_the_recipe_is_named() -> None:
    with pytest.raises(RejectedByRecipe, match="recipe ours takes too long"), limited("ours", 0.1):
        ENDLESS.search("a" * 60 + "!")
    assert signal.getitimer(signal.ITIMER_VIRTUAL)[0] == 0


def test_it_ends_too_if_somebody_catches_the_first_error() -> None:
    def caught() -> None:
        try:
            ENDLESS.search("a" * 60 + "!")
        except BaseException:  # noqa: BLE001  # as deid does
            ENDLESS.search("a" * 60 + "!")

    with pytest.raises(RejectedByRecipe), limited("ours", 0.1):
        caught()


def test_what_is_in_time_goes_on_and_other_errors_go_up() -> None:
    with limited("ours", 5):
        assert ENDLESS.search("aaa")
    with pytest.raises(TimeoutError, match="of another"), limited("ours", 5):
        raise TimeoutError("of another")


def test_one_study_is_held_and_the_others_go(tmp_path: Path) -> None:
    recipes = tmp_path / "home" / "recipes"
    recipes.mkdir(parents=True)
    (tmp_path / "home").chmod(0o700)
    rule = "FORMAT dicom\n%filter reject\nLABEL shouting\ncontains SeriesDescription (a+)+$\n"
    (recipes / "ours.dicom").write_text(rule)
    write(instance(1, SeriesDescription="a" * 60 + "!"), tmp_path / "in" / "1.dcm")
    write(instance(2), tmp_path / "in" / "2.dcm")
    result = run([tmp_path / "in"], tmp_path / "out", tmp_path / "home", code=3)
    assert (result["released"], [item["code"] for item in result["items"]]) == (1, ["RECIPE_REJECTED"])
