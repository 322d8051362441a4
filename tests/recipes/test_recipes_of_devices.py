"""deid recipes: known screens are masked at fixed coordinates, whatever OCR finds there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from builders import instance
from pydicom.dataset import FileDataset

from gateway.errors import RejectedByRecipe
from gateway.pixels.clean import clean
from gateway.pixels.reader import FakeReader
from gateway.pixels.regions import FakeJudge
from gateway.recipes import Recipes, Route
from gateway.records import Box, Identifiers
from gateway.resources import folder
from gateway.tags import load

HEAD = "FORMAT dicom\n\n%filter screens\n\nLABEL ours\n"


def recipes(tmp_path: Path, text: str) -> Recipes:
    (tmp_path / "ours.dicom").write_text(text)
    return Recipes.load([tmp_path], load)


def boxes(found: Recipes, dataset: FileDataset) -> tuple[tuple[Box, str], ...]:
    """What the recipes mask in an instance."""
    route = Route(found)
    assert list(route.past([dataset])) == [dataset]
    return route.boxes[0]


def test_a_known_screen_is_masked_in_every_frame_and_nothing_else_changes(tmp_path: Path) -> None:
    image = np.random.default_rng(1).integers(1, 200, (2, 48, 64), np.uint8)
    ds = instance(image=image, Manufacturer="Imaginary Scanners")
    found = recipes(tmp_path, HEAD + "contains Manufacturer Imaginary\n  + equals Rows 48\n  coordinates 4,2,900,10\n")
    result = clean(ds, Identifiers(), FakeReader(), FakeJudge(), boxes(found, ds))
    assert [(mask.box, mask.frames, mask.rules) for mask in result.masks] == [
        (Box(4, 2, 60, 8), (0, 1), ("recipe.ours",))
    ]
    expected = image.copy()
    expected[:, 2:10, 4:] = ds.pixel_array[0, 2, 4]
    assert np.array_equal(ds.pixel_array, expected)


def test_coordinates_as_ctp_writes_them_are_a_corner_and_a_size(tmp_path: Path) -> None:
    found = recipes(tmp_path, HEAD + "contains Manufacturer Imaginary\nctpcoordinates 4,2,20,10\n")
    assert boxes(found, instance()) == ((Box(4, 2, 20, 10), "recipe.ours"),)


def test_another_device_or_another_size_is_left_alone(tmp_path: Path) -> None:
    found = recipes(tmp_path, HEAD + "contains Manufacturer Imaginary\n  + equals Rows 48\n  coordinates 4,2,20,10\n")
    assert not boxes(found, instance(Manufacturer="Imaginary Scanners"))
    assert not boxes(found, instance(Manufacturer="Somebody else", image=np.ones((48, 64), np.uint8)))


def test_a_screen_without_pixels_has_nothing_to_mask(tmp_path: Path) -> None:
    found = recipes(tmp_path, HEAD + "contains Manufacturer Imaginary\ncoordinates 4,2,20,10\n")
    assert not boxes(found, instance(Rows=None, Columns=None, PixelData=None))


def test_a_match_without_coordinates_holds_the_study(tmp_path: Path) -> None:
    found = recipes(tmp_path, HEAD + "contains Manufacturer Imaginary\n")
    with pytest.raises(RejectedByRecipe, match="ours"):
        boxes(found, instance(Manufacturer="Imaginary Scanners"))


def test_the_recipes_that_ship_can_be_carried_out() -> None:
    shipped = Recipes.load([folder("recipes")], load)
    assert {"aloka", "philips"} <= {name for name, _ in shipped.digests}
    assert not shipped.headers  # what ships decides nothing about headers: that is the profile's, or the site's
    assert {each.group for each in shipped.filters} == {"screens"}
    screen = instance(
        image=np.ones((600, 800), np.uint8), Manufacturer="Philips Medical Systems", ManufacturerModelName="CX50"
    )
    assert [rule for _, rule in boxes(shipped, screen)] == ["recipe.philips"] * 2
