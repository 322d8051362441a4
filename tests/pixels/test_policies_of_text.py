"""What the profile's knob ``pixels`` makes of text in pixels: what identifies goes, all of it, or the recipes' regions alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from batches import run
from builders import instance, write
from pixels.pictures import NAME, covered, line, speckle, write_text

from gateway.errors import TextOutsideRegions
from gateway.judge import TextJudge
from gateway.pixels.clean import clean
from gateway.pixels.policy import Policy, is_marker, require_covered
from gateway.pixels.reader import FakeReader, Line
from gateway.pixels.readers.rapidocr import RapidOcrReader
from gateway.pixels.regions import FakeJudge
from gateway.pixels.scene import Scene
from gateway.records import Box, Finding, PixelResult, Verdict

PROFILE = """name: ours
edition: 2026c
description: For tests.
options: [BasicApplicationConfidentialityProfile, CleanPixelDataOption]
knobs: {pixels: CHOICE}
"""
RECIPE = "FORMAT dicom\n\n%filter screens\n\nLABEL ours\ncontains Manufacturer Imaginary\n  coordinates 0,0,300,40\n"
AWAY = line(60, 150, 90, 14, "OKONKWO")


def cleaned(choice: str, *lines: Line, boxes: tuple[Box, ...] = ()) -> PixelResult:
    ds = instance(image=speckle(256, 320))
    fixed = tuple((box, "recipe.ours") for box in boxes)
    return clean(ds, NAME, FakeReader(*lines), FakeJudge(), fixed, Policy(choice))


@pytest.mark.parametrize("text", ["MI 1.1", "120 kV", "M", "7", "Abdomen", "Left Kidney"])
def test_under_text_technical_words_go_too(text: str) -> None:
    word = line(60, 100, 9 * len(text), 14, text)
    result = cleaned("text", word)
    assert [covered(word.box, [mask.box]) for mask in result.masks] == [1.0]
    assert "all text" in result.masks[0].rules
    assert ("7FE00010", "pixels.text") in [(change.path, change.rule) for change in result.changes]
    assert cleaned("phi", word).masks == ()


@pytest.mark.parametrize("text", ["L", "R", "lt", "(R)", "MLO", "Erect"])
def test_under_text_markers_stay_where_they_stand_alone(text: str) -> None:
    assert cleaned("text", line(60, 100, 9 * len(text), 14, text)).masks == ()


@pytest.mark.parametrize("text", ["M", "F", "Y", "LI", "AL", "LEFT SMITH", ""])
def test_no_marker_is_a_sex_an_age_or_a_name(text: str) -> None:
    assert not is_marker(text)


@pytest.mark.parametrize(("score", "detection"), [(0.2, 0.45), (0.0, 0.4), (0.5, 0.2)])
def test_under_text_what_has_its_shape_goes_although_nothing_is_sure_of_it(score: float, detection: float) -> None:
    weak = line(60, 100, 60, 14, "Okonkwo", score=score, detection=detection)
    assert cleaned("phi", weak).masks == ()
    assert [covered(weak.box, [mask.box]) for mask in cleaned("text", weak).masks] == [1.0]


def test_under_text_anatomy_stays() -> None:
    organ = line(60, 60, 30, 26, "O", score=0.9, detection=0.3)
    large = line(20, 20, 250, 120, "WAN", score=0.85, detection=0.7)
    assert cleaned("text", line(60, 60, 30, 26, "ON", score=0.3, detection=0.3), large).masks != ()  # half sure
    assert cleaned("text", organ, line(20, 20, 250, 160, "O", score=0.97, detection=0.8)).masks == ()
    assert cleaned("text", large).masks == ()
    assert cleaned("text", line(60, 60, 30, 26, "O", score=0.1, detection=0.3)).masks == ()


def test_under_text_masks_reach_farther_than_what_was_detected() -> None:
    word = Finding(0, Box(100, 100, 60, 20), Verdict.UNSURE, ())
    within = Scene(300, 400)
    assert Policy("text").widened(word, within).box == Box(94, 98, 72, 24)
    upright = Finding(0, Box(2, 100, 20, 60), Verdict.UNSURE, ())
    assert Policy("text").widened(upright, within).box == Box(0, 94, 24, 72)
    page = Finding(0, Box(0, 0, 400, 300), Verdict.UNSURE, ())
    assert Policy("text").widened(page, within).box == page.box
    assert Policy("text").widened(Finding(0, word.box, Verdict.TECHNICAL, ()), within).box == word.box


def test_under_regions_the_boxes_of_recipes_alone_are_masked() -> None:
    box = Box(0, 0, 300, 40)
    inside = line(10, 10, 90, 14)
    result = cleaned("regions", inside, line(60, 150, 60, 14, "MI 1.1"), boxes=(box,))
    assert [(mask.box, mask.rules) for mask in result.masks] == [(box, ("recipe.ours",))]
    assert ("7FE00010", "pixels.regions") in [(change.path, change.rule) for change in result.changes]


def test_under_regions_identifying_text_outside_holds_the_study() -> None:
    with pytest.raises(TextOutsideRegions, match=r"Frame 1 .* 1 place\(s\): 1 identifying, 0 that may be") as held:
        cleaned("regions", AWAY, line(10, 10, 90, 14), boxes=(Box(0, 0, 300, 40),))
    assert held.value.code == "TEXT_OUTSIDE_REGIONS"
    assert "OKONKWO" not in str(held.value)
    with pytest.raises(TextOutsideRegions):
        cleaned("regions", AWAY)


def test_boxes_of_several_recipes_cover_a_text_together() -> None:
    found = [Finding(4, Box(10, 10, 100, 20), Verdict.UNSURE, ()), Finding(2, Box(0, 0, 9, 9), Verdict.TECHNICAL, ())]
    require_covered(found, [Box(0, 0, 60, 60), Box(60, 0, 60, 60)])
    with pytest.raises(TextOutsideRegions, match=r"Frame 5 .* 0 identifying, 1 that may be"):
        require_covered(found, [Box(0, 0, 60, 60)])


@pytest.fixture(scope="module")
def reader() -> RapidOcrReader:
    return RapidOcrReader.load()


def test_real_pictures_under_text_keep_no_word(reader: RapidOcrReader) -> None:
    image = speckle(300, 400)
    boxes = []
    for row, text in enumerate(("MI 1.1 TIs 0.4", "Okonkwo Ada", "Gn 52 Frq 5.0", "14:22")):
        image, box = write_text(image, text, 20, 20 + 50 * row, 18)
        boxes.append(box)
    image, marker = write_text(image, "RLAT", 20, 250, 18)
    ds = instance(image=image)
    result = clean(ds, NAME, reader, TextJudge.load(), policy=Policy("text"))
    masks = [mask.box for mask in result.masks]
    assert all(covered(box, masks) > 0.9 for box in boxes)
    assert not np.array_equal(ds.pixel_array, image)
    assert covered(marker, masks) > 0.9


def test_a_run_holds_what_stands_outside_the_recipes(tmp_path: Path) -> None:
    source, home = tmp_path / "in", tmp_path / "home"
    inside, _ = write_text(np.full((256, 320), 20, np.uint8), "Lindqvist", 10, 10, 18)
    outside, _ = write_text(inside, "Lindqvist", 60, 150, 18)
    for number, image in enumerate((inside, outside)):
        write(instance(number, study=number, image=image, PatientName="Lindqvist^Torbjorn"), source / f"{number}.dcm")
    profile = tmp_path / "ours.yaml"
    (home / "recipes").mkdir(parents=True, mode=0o700)
    home.chmod(0o700)
    (home / "recipes" / "ours.dicom").write_text(RECIPE)
    profile.write_text(PROFILE.replace("CHOICE", "regions"))
    said = run([source], tmp_path / "out", home, "--profile", str(profile), code=3)
    assert [item["code"] for item in said["items"]] == ["TEXT_OUTSIDE_REGIONS"]
    assert (said["released"], said["masks"]) == (1, 1)
    profile.write_text(PROFILE.replace("CHOICE", "text"))
    assert run([source], tmp_path / "all", home, "--profile", str(profile))["released"] == 2
