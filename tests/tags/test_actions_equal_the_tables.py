"""The action taken equals the tables, for editions, option sets, SOP Classes and attributes: by a second reading of the files.

What the gateway does otherwise on purpose is listed here, with the decision that says why, and each is proved to be met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydicom.datadict import tag_for_keyword
from tags import tables

from gateway.tags import Profile, load

DECISIONS = Path(__file__).parents[2] / "docs" / "decisions"
REQUIRED = ("BasicApplicationConfidentialityProfile", "CleanPixelDataOption")
NEWEST = tables.EDITIONS[-1]
ALL = tuple(option for option in tables.OPTIONS if option != tables.FULL)
ALL_FULL = tuple(option for option in tables.OPTIONS if option != tables.MODIFIED)
PAIRS = (
    ("RetainDeviceIdentityOption", tables.MODIFIED),
    ("RetainUidsOption", "RetainDeviceIdentityOption"),
    ("RetainPatientCharacteristicsOption", "CleanDescriptorsOption"),
)
SETS = ((), *((option,) for option in tables.OPTIONS), *PAIRS, ALL, ALL_FULL)
CT, ENHANCED_CT, KEY_OBJECT, SLIDE = (f"1.2.840.10008.5.1.4.1.1.{end}" for end in ("2", "2.1", "88.59", "77.1.6"))


class Case:
    """One attribute at one place under one profile, and what the tables ask for there."""

    def __init__(self, profile: Profile, sop_class: str | None, path: tuple[str, ...]) -> None:
        self.options = tuple(option for option in profile.options if option in tables.OPTIONS)
        self.edition, self.sop_class, self.path = profile.edition, sop_class, path
        self.tag, self.vr = int(path[-1], 16), tables.vr_of(path[-1])
        self.basic = tables.table(profile.edition)[path[-1]][0]
        self.asked = tables.action(profile.edition, self.options, sop_class, path)


def _required(case: Case) -> bool:
    kind = tables.type_at(case.sop_class, case.path)
    return case.asked == case.basic == "X" and case.vr != "SQ" and kind in {("1", "M"), ("2", "M")}


# What the gateway does otherwise than the tables ask: decision, which cases, what happens.
DEVIATIONS: dict[str, tuple[str, Callable[[Case], bool], str]] = {
    "commands, file meta, directories and padding go whatever the table says": (
        "010", lambda case: case.tag >> 16 < 8 or case.tag >> 16 >= 0xFFFA, "X"),
    "what the data dictionary does not know goes": ("010", lambda case: not case.vr, "X"),
    "annotations of presentation states go whole without Clean Graphics": (
        "012", lambda case: case.tag == 0x00700001 and case.asked != "C", "X"),
    "name and ID become the pseudonym": ("012", lambda case: case.tag in {0x00100010, 0x00100020}, "D"),
    "sequences of references stay, with replaced UIDs": (
        "003", lambda case: case.basic == "X/Z/U*" and case.asked in {"X", "Z", "U*"}, "U"),
    "a content tree is its own dummy": (
        "011", lambda case: case.tag == tag_for_keyword("ContentSequence") and case.asked in {"X", "Z"}, "D"),
    "where UIDs are retained, all are": (
        "012",
        lambda case: "RetainUidsOption" in case.options and case.vr == "UI" and case.asked in {"U", "D"},
        "K",
    ),
    "what a mandatory module requires stays as a dummy, or empty": ("012", _required, "D or Z"),
    "the dummy of a UID is a keyed UID": ("012", lambda case: case.vr == "UI" and case.asked == "D", "U"),
}  # fmt: skip


def profiles(folder: Path, edition: str) -> Iterator[Profile]:
    """A profile of every option set that the edition has."""
    lacking = {
        option
        for option, column in tables.OPTIONS.items()
        if not any(row[column] for row in tables.table(edition).values())
    }
    for options in dict.fromkeys(tuple(option for option in chosen if option not in lacking) for chosen in SETS):
        path = folder / "generated.yaml"
        lines = "".join(f"  - {option}\n" for option in (*REQUIRED, *options))
        path.write_text(
            f"name: generated\nedition: {edition}\ndescription: A test.\noptions:\n{lines}", encoding="utf-8"
        )
        yield load(str(path))


def deviation(case: Case) -> str:
    """Which deviation speaks for a case, empty if none does."""
    return next((name for name, (_, met, _) in DEVIATIONS.items() if met(case)), "")


def asked_of(case: Case) -> str:
    """What is to be done: what the tables ask for, or what a deviation says instead."""
    name = deviation(case)
    action = DEVIATIONS[name][2] if name else case.asked
    if action == "D or Z":
        action = tables.basic_action("Z/D", tables.type_at(case.sop_class, case.path))
    return "U" if action == "D" and case.vr == "UI" else action


def compare(profile: Profile, sop_class: str | None, path: tuple[str, ...]) -> str:
    """Compare the action at a path with the tables; return which deviation was met, if one was."""
    case = Case(profile, sop_class, path)
    parent = "".join(f"{tag}/" for tag in path[:-1])
    taken = profile.plan(sop_class).step(parent, case.tag).action
    assert taken == asked_of(case), (case.edition, case.options, sop_class, path, case.basic)
    return deviation(case) if taken != case.asked else ""


def listed(edition: str) -> list[str]:
    """The attributes that an edition lists, without patterns: groups 50xx and 60xx, and private elements."""
    return [tag for tag in tables.table(edition) if "x" not in tag and tag != "private"]


def test_every_attribute_under_every_edition_and_option_set(tmp_path: Path) -> None:
    classes = sorted(tables.sop_classes())
    met, number = set(), 0
    for edition in tables.EDITIONS:
        for profile in profiles(tmp_path, edition):
            # In turn, so that every SOP Class is met with some edition and option set.
            turn = {classes[(number + step) % len(classes)] for step in range(3)}
            number += 3
            for sop_class in (None, CT, ENHANCED_CT, KEY_OBJECT, SLIDE, *sorted(turn)):
                met |= {compare(profile, sop_class, (tag,)) for tag in listed(edition)}
    assert number >= len(classes)
    assert met - {""} == set(DEVIATIONS)


@pytest.mark.parametrize("options", [(), ALL, ALL_FULL], ids=["basic", "all, modified dates", "all, full dates"])
def test_every_sop_class_with_every_attribute_of_the_newest_edition(tmp_path: Path, options: tuple[str, ...]) -> None:
    profile = next(p for p in profiles(tmp_path, NEWEST) if set(p.options) == {*REQUIRED, *options})
    composite = [tag for tag in listed(NEWEST) if "/" in tables.table(NEWEST)[tag][0] or not options]
    assert len(tables.sop_classes()) == 180
    for sop_class in tables.sop_classes():
        for tag in composite:
            compare(profile, sop_class, (tag,))


@pytest.mark.parametrize("edition", ["2008", NEWEST])
def test_every_place_that_an_iod_has(tmp_path: Path, edition: str) -> None:
    profile = next(iter(profiles(tmp_path, edition)))
    compared, deepest, known = 0, 0, set(listed(edition))
    for sop_class in {iod: uid for uid, iod in tables.sop_classes().items()}.values():
        for place in tables.types()[tables.sop_classes()[sop_class]]:
            path = tuple(place.split("/"))
            if path[-1] in known:
                compare(profile, sop_class, path)
                compared, deepest = compared + 1, max(deepest, len(path))
    assert compared > {"2008": 4_000, NEWEST: 40_000}[edition]
    assert deepest > 5


def test_places_below_the_tables_own() -> None:
    """Repeated content trees and items of codes, which the tables of types hold once."""
    profile = load("basic")
    for path in (
        ("0040A730", "0040A730", "0040A730", "0040A124"),
        ("0040A730", "0040A730", "0040A073", "0040A075"),
        ("52009229", "00409096", "00080106"),
        ("00540220", "00540222", "00080107"),
    ):
        compare(profile, KEY_OBJECT, path)


def test_graphics_and_private_elements_follow_their_patterns(tmp_path: Path) -> None:
    patterns = {tag: tables.table(NEWEST)[tag][0] for tag in tables.table(NEWEST) if tag not in listed(NEWEST)}
    assert patterns == {"50xxxxxx": "X", "60xx3000": "X", "60xx4000": "X", "private": "X"}
    for profile in profiles(tmp_path, NEWEST):
        kept = "CleanGraphicsOption" in profile.options
        step = profile.plan(CT).step
        assert [step("", tag).action for tag in (0x50000010, 0x50023000, 0x00091001)] == ["X"] * 3
        assert step("", 0x60003000).action == ("K" if kept else "X")
        assert step("", 0x60024000).action == ("C" if kept else "X")


def test_each_deviation_has_its_decision() -> None:
    for number, _, _ in DEVIATIONS.values():
        assert list(DECISIONS.glob(f"{number}-*.md"))
