"""Filters of recipes look at the originals: they hold a study, or choose the profile that cleans it."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import instance, key_object, write
from pydicom import dcmread
from pydicom.dataset import FileDataset

from gateway.errors import RejectedByRecipe
from gateway.recipes import Recipes, Route
from gateway.records import Change
from gateway.tags import load


def route(tmp_path: Path, text: str, *study: FileDataset) -> Route:
    """Show a study to the filters; its instances are read from files, as the pipeline reads them."""
    (tmp_path / "ours.dicom").write_text("FORMAT dicom\n" + text)
    files = [write(each, tmp_path / f"{number}.dcm") for number, each in enumerate(study)]
    found = Route(Recipes.load([tmp_path], load))
    assert len(list(found.past(map(dcmread, files)))) == len(study)
    return found


REJECT = "%filter reject\nLABEL no such series\n"


@pytest.mark.parametrize(
    "conditions",
    [
        "equals Modality CT",
        "equals Modality ct",
        "contains Manufacturer imag.*scan",
        "contains ImageType 'PRIMARY'",
        "notcontains ImageType LOCALIZER",
        "notequals SeriesDescription Scout",
        "missing StationName",
        "present SeriesDescription",
        "empty PositionReferenceIndicator",
        "equals Rows 64",
        "contains SliceThickness ^5(\\.0*)?$",
        "equals Modality MR || equals Modality CT",
        "contains SeriesDescription axial + missing StationName",
        "equals Modality CT\n# a comment\n  + contains SeriesDescription Axial\n  + missing StationName",
    ],
)
@pytest.mark.parametrize("name", ["reject", "blacklist"])
def test_a_match_holds_the_study_and_says_which_recipe_and_label(tmp_path: Path, name: str, conditions: str) -> None:
    text = f"%filter {name}\nLABEL no such series\n{conditions}\n"
    ds = instance(PositionReferenceIndicator="")
    with pytest.raises(RejectedByRecipe, match=r"recipe ours .*: no such series\.") as held:
        route(tmp_path, text, key_object(ds), ds)
    assert held.value.code == "RECIPE_REJECTED"


@pytest.mark.parametrize(
    "conditions",
    [
        "equals Modality MR",
        "equals Modality CT\n+ missing SeriesDescription",
        "equals Modality MR || equals Modality US",
        "empty StationName",
        "contains SeriesDescription ^mm",
        "equals Manufacturer Imaginary",
    ],
)
def test_what_does_not_match_passes(tmp_path: Path, conditions: str) -> None:
    found = route(tmp_path, f"{REJECT}{conditions}\n", instance())
    assert (found.profile, found.boxes) == (None, [()])


def test_with_accept_every_instance_must_match_one_of_its_entries(tmp_path: Path) -> None:
    text = "%filter accept\nLABEL images\nequals Modality CT\nLABEL key objects\nequals Modality KO\n"
    assert route(tmp_path, text, instance(), key_object(instance())).profile is None
    with pytest.raises(RejectedByRecipe, match="accept"):
        route(tmp_path, text, instance(), instance(number=2, Modality="MR"))


def test_a_study_is_routed_as_a_whole(tmp_path: Path) -> None:
    text = "%filter profile.research\nLABEL all CT\nequals Modality CT\nLABEL the same again\nequals Rows 64\n"
    found = route(tmp_path, text, key_object(instance()), instance())
    assert found.profile == load("research")
    assert found.changes == (Change("00120063", "D", "recipe.ours.profile.research"),)


def test_two_profiles_for_one_study_hold_it(tmp_path: Path) -> None:
    text = (
        "%filter profile.research\nLABEL CT\nequals Modality CT\n%filter profile.basic\nLABEL KO\nequals Modality KO\n"
    )
    found = route(tmp_path, text, key_object(instance()), instance())
    with pytest.raises(RejectedByRecipe, match="basic and research"):
        assert found.profile


def test_filters_decode_a_view_and_leave_the_original_as_it_was_read(tmp_path: Path) -> None:
    ds = instance(InstitutionName="Krankenhaus Jülich")
    ds.SpecificCharacterSet = "ISO_IR 100"
    (tmp_path / "ours.dicom").write_text(f"FORMAT dicom\n{REJECT}contains InstitutionName jülich\n")
    original = dcmread(write(ds, tmp_path / "a.dcm"))
    with pytest.raises(RejectedByRecipe):
        list(Route(Recipes.load([tmp_path], load)).past([original]))
    assert original.get_item("InstitutionName").value == "Krankenhaus Jülich".encode("latin-1")
