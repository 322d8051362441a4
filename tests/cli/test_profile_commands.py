"""``gateway profile``: listed, explained, checked and compared, for a person and for a script."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from batches import gateway


def told(*arguments: str | Path, home: Path, code: int = 0) -> Any:
    return json.loads(gateway("profile", *arguments, "--json", home=home, code=code).stdout)


def test_the_list_shows_editions_and_options_and_survives_a_broken_profile(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "broken.yaml").write_text("name: broken\n")
    listed = {each["name"]: each for each in told("list", home=tmp_path)["profiles"]}
    assert listed["us-research"]["edition"] == "2021b"
    assert "CleanDescriptorsOption" in listed["research"]["options"]
    assert "gateway profile check broken" in listed["broken"]["description"]
    page = gateway("profile", "list", home=tmp_path).stdout
    assert "Retain modified dates" in page
    assert "Clean graphics" in page


def test_show_names_knobs_options_and_rules_of_its_own(tmp_path: Path) -> None:
    page = gateway("profile", "show", "research-mr", home=tmp_path).stdout
    for said in (
        "accession: numeric",
        "pixels: phi",
        "CleanDescriptorsOption",
        "StationName is replaced",
        "2026c, pinned as",
    ):
        assert said in page


@pytest.mark.parametrize(
    ("arguments", "edition"), [(("basic@2017c",), "2017c"), (("basic", "--edition", "2011"), "2011")]
)
def test_a_profile_is_explained_under_another_edition(tmp_path: Path, arguments: tuple[str, ...], edition: str) -> None:
    said = told("explain", *arguments, "--sop-class", "1.2.840.10008.5.1.4.1.1.2", home=tmp_path)
    assert (said["profile"], said["edition"]) == ("basic", edition)
    study_date = next(rule for rule in said["rules"] if rule["keyword"] == "StudyDate")
    assert study_date["action"] == "Z"
    assert edition in study_date["sentence"]
    assert "(0008,0020)" in gateway("profile", "explain", *arguments, home=tmp_path).stdout


def test_check_tells_every_problem_with_its_line(tmp_path: Path) -> None:
    text = "name: ours\nedition: 2021c\ndescription: Ours.\noptions: [CleanPixelDataOptoin]\nrules:\n  StudyDescripton: K\n"
    (tmp_path / "ours.yaml").write_text(text)
    found = told("check", tmp_path / "ours.yaml", home=tmp_path, code=2)["problems"]
    assert {problem["line"] for problem in found} >= {2, 4}
    assert all(problem["remedy"] for problem in found)
    page = gateway("profile", "check", tmp_path / "ours.yaml", home=tmp_path, code=2).stdout
    assert "ours.yaml, line 4: the option 'CleanPixelDataOptoin' is not known; did you mean" in page
    assert told("check", "basic", home=tmp_path)["problems"] == []
    assert "basic is sound" in gateway("profile", "check", "basic", home=tmp_path).stdout


def test_diff_compares_profiles_and_editions(tmp_path: Path) -> None:
    found = {each["keyword"]: each for each in told("diff", "basic", "research", home=tmp_path)["differences"]}
    assert (found["StudyDate"]["first"], found["StudyDate"]["second"]) == ("Z", "C")
    assert found["CleanDescriptorsOption"]["second"] == "yes"
    page = gateway("profile", "diff", "basic@2021b", "basic@2026c", home=tmp_path).stdout
    assert "(0008,0012)" in page
    assert "Clean descriptors" in gateway("profile", "diff", "basic", "research", home=tmp_path).stdout
    assert "do the same" in gateway("profile", "diff", "basic", "basic@2026c", home=tmp_path).stdout
    assert "1999" in gateway("profile", "diff", "basic@1999", "basic", home=tmp_path, code=2).stderr
