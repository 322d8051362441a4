"""A second reading of the standard's tables for tests: its own CSV reader, its own choice among composite actions.

Nothing here is taken from ``gateway``; what the tests compare with it, they owe to the files alone.
"""

from __future__ import annotations

import csv
import gzip
from functools import cache
from pathlib import Path

from pydicom.datadict import dictionary_has_tag, dictionary_VR

FOLDER = Path(__file__).parents[2] / "profiles" / "standard"
EDITIONS = ("2008", "2011", "2017c", "2021b", "2023b", "2024c", "2026c")
OPTIONS = {
    "RetainSafePrivateOption": 1,
    "RetainUidsOption": 2,
    "RetainDeviceIdentityOption": 3,
    "RetainInstitutionIdentityOption": 4,
    "RetainPatientCharacteristicsOption": 5,
    "RetainLongitudinalTemporalInformationFullDatesOption": 6,
    "RetainLongitudinalTemporalInformationModifiedDatesOption": 7,
    "CleanDescriptorsOption": 8,
    "CleanStructuredContentOption": 9,
    "CleanGraphicsOption": 10,
}
FULL, MODIFIED = (f"RetainLongitudinalTemporalInformation{kind}DatesOption" for kind in ("Full", "Modified"))
Found = tuple[str, str]


@cache
def table(edition: str) -> dict[str, tuple[str, ...]]:
    """Tag to the cells of an edition: the basic action, then those of the options."""
    with (FOLDER / "e1_1_history.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))[1:]
    order = {name: number for number, name in enumerate(EDITIONS)}
    return {row[0]: tuple(row[4:]) for row in rows if order[row[2]] <= order[edition] <= order[row[3]]}


@cache
def sop_classes() -> dict[str, str]:
    """SOP Class UID to the name of its IOD."""
    with (FOLDER / "sop_iod.csv").open(encoding="utf-8", newline="") as lines:
        return {row[0]: row[1] for row in list(csv.reader(lines))[1:]}


@cache
def types() -> dict[str, dict[str, Found]]:
    """IOD to path to (type, usage); IOD ``""`` has the strictest type of each path, as of a mandatory module."""
    read: dict[str, dict[str, Found]] = {"": {}}
    with gzip.open(FOLDER / "iod_types.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        for iod, path, kind, usage in list(csv.reader(lines))[1:]:
            read.setdefault(iod, {})[path] = (kind, usage)
            strictest = read[""].get(path, ("9", ""))[0]
            read[""][path] = (min(strictest, kind), "M")
    return read


def type_at(sop_class: str | None, path: tuple[str, ...]) -> Found | None:
    """Type and usage of the attribute at a path of tags in a SOP Class, None if the tables do not say."""
    iod = sop_classes().get(sop_class or "", "")
    trees = [place for place, tag in enumerate(path[:-1]) if tag == "0040A730"]
    folded = tuple(tag for place, tag in enumerate(path) if place not in trees[1:])
    found = types()[iod].get("/".join(folded))
    return found or (types()["*"].get(f"*/{path[-1]}") if len(path) > 1 else None)


def vr_of(tag: str) -> str:
    """VR of a tag in PS3.6; empty for patterns and for what the dictionary does not know."""
    if "x" in tag or tag == "private" or not dictionary_has_tag(int(tag, 16)):
        return ""
    return dictionary_VR(int(tag, 16))


def basic_action(cell: str, kind: Found | None) -> str:
    """The action that a basic cell asks for where an attribute has this type (PS3.15 Table E.1-1a)."""
    asked = cell.split("/")
    number = kind[0][0] if kind else "?"
    if cell == "Z" and number == "1":
        return "D"  # a dummy is a legal Z, and the only legal value here
    if len(asked) == 1:
        return cell
    wanted = {"1": "DZX", "2": "ZDX", "3": "XZD", "?": "DZX"}[number]
    return min(asked, key=lambda action: wanted.index(action[0]) if action[0] in wanted else 9)


def action(edition: str, options: tuple[str, ...], sop_class: str | None, path: tuple[str, ...]) -> str:
    """What an edition's table asks for at a path, for an attribute that it lists."""
    cells = table(edition)[path[-1]]
    asked = {cells[OPTIONS[option]] for option in options} - {""}
    if asked:
        return "C" if "C" in asked else "K" if "K" in asked else asked.pop()
    if cells[0] == "P":
        return "U" if vr_of(path[-1]) == "UI" else basic_action("X/Z/D", type_at(sop_class, path))
    return basic_action(cells[0], type_at(sop_class, path))
