"""What recipes/README.md shows can be carried out, and does what is said beside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from builders import instance

from gateway.recipes import Recipes, Route
from gateway.records import Box
from gateway.resources import folder
from gateway.tags import load


@pytest.fixture
def examples(tmp_path: Path) -> Recipes:
    page = (folder("recipes") / "README.md").read_text("utf-8")
    for number, text in enumerate(re.findall(r"```\n(.*?)```", page, re.DOTALL)):
        (tmp_path / f"example-{number}.dicom").write_text(text)
    return Recipes.load([tmp_path], load)


def test_the_examples_load(examples: Recipes) -> None:
    assert len(examples.headers) == 1
    assert [each.group for each in examples.filters] == ["reject", "reject", "profile.research", "screens"]


def test_the_header_rules_do_what_is_said(examples: Recipes) -> None:
    original = instance(ProtocolName="Abdomen routine", ImageComments="none", CurrentPatientLocation="W3", StudyID="7")
    cleaned = instance(ImageComments="none", CurrentPatientLocation="W3", StudyID="7")
    examples.apply(cleaned, original)
    for gone in ("SeriesDescription", "ImageComments", "CurrentPatientLocation"):
        assert gone not in cleaned
    assert cleaned["StudyID"].is_empty
    assert (cleaned.StudyDescription, cleaned.ClinicalTrialSiteID) == ("CT of the trial", "07")
    assert (cleaned.AcquisitionDate, cleaned.ProtocolName) == ("20230314", "Abdomen routine")


def test_the_filters_do_what_is_said(examples: Recipes) -> None:
    heart = instance(BodyPartExamined="HEART", ManufacturerModelName="U5", Rows=480, Columns=640)
    route = Route(examples)
    assert list(route.past([heart])) == [heart]
    assert route.profile == load("research")
    assert route.boxes == [((Box(0, 0, 640, 24), "recipe.example-1"),)]
