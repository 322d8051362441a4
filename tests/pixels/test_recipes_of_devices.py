"""deid recipes: known screens are masked at fixed coordinates; a recipe that cannot be carried out stops the start."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from builders import instance

from gateway.errors import ConfigError, UnsupportedContent
from gateway.pixels.clean import clean
from gateway.pixels.reader import FakeReader
from gateway.pixels.recipe import Recipes
from gateway.pixels.regions import FakeJudge
from gateway.records import Box, Identifiers
from gateway.resources import folder
from gateway.tags import load

HEAD = "FORMAT dicom\n\n%filter screens\n\nLABEL ours\n"


def recipes(tmp_path: Path, text: str) -> Recipes:
    (tmp_path / "ours.dicom").write_text(text)
    return Recipes.load([tmp_path])


def test_a_known_screen_is_masked_in_every_frame_and_nothing_else_changes(tmp_path: Path) -> None:
    image = np.random.default_rng(1).integers(1, 200, (2, 48, 64), np.uint8)
    ds = instance(image=image, Manufacturer="Imaginary Scanners")
    found = recipes(tmp_path, HEAD + "contains Manufacturer Imaginary\n  + equals Rows 48\n  coordinates 4,2,900,10\n")
    result = clean(ds, Identifiers(), FakeReader(), FakeJudge(), found)
    assert [(mask.box, mask.frames, mask.rules) for mask in result.masks] == [
        (Box(4, 2, 60, 8), (0, 1), ("recipe.ours",))
    ]
    expected = image.copy()
    expected[:, 2:10, 4:] = ds.pixel_array[0, 2, 4]
    assert np.array_equal(ds.pixel_array, expected)


def test_another_device_or_another_size_is_left_alone(tmp_path: Path) -> None:
    found = recipes(tmp_path, HEAD + "contains Manufacturer Imaginary\n  + equals Rows 48\n  coordinates 4,2,20,10\n")
    assert not found.boxes(instance(Manufacturer="Imaginary Scanners"))
    assert not found.boxes(instance(Manufacturer="Somebody else", image=np.ones((48, 64), np.uint8)))


def test_a_match_without_coordinates_holds_the_study(tmp_path: Path) -> None:
    found = recipes(tmp_path, HEAD + "contains Manufacturer Imaginary\n")
    with pytest.raises(UnsupportedContent, match="ours"):
        found.boxes(instance(Manufacturer="Imaginary Scanners"))


@pytest.mark.parametrize(
    "text",
    [
        "this is no recipe\n",
        "FORMAT dicom\n\n%header\n\nREMOVE PatientName\n",
        HEAD + "contains Manufacturer Imaginary\n  keepcoordinates 1,2,3,4\n",
        HEAD + "contains Manufacturer Imaginary\n  coordinates from:SequenceOfUltrasoundRegions\n",
        HEAD + "  coordinates 1,2,3,4\n",
    ],
)
def test_what_cannot_be_carried_out_stops_the_start(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"ours\.dicom"):
        recipes(tmp_path, text)


def test_the_recipes_that_ship_can_be_carried_out_and_look_at_attributes_that_profiles_keep() -> None:
    shipped = Recipes.load([folder("recipes")])
    assert {name for name, _ in shipped.parsed} == {"aloka", "philips"}
    screen = instance(
        image=np.ones((600, 800), np.uint8), Manufacturer="Philips Medical Systems", ManufacturerModelName="CX50"
    )
    assert [rule for _, rule in shipped.boxes(screen)] == ["recipe.philips"] * 2
    for name in ("basic", "research"):
        rules = {rule.keyword: rule.action for rule in load(name).rules}
        assert rules.get("Manufacturer", "K") == rules.get("ManufacturerModelName", "K") == "K"
