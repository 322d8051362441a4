"""What stands where: banners, columns of details, forms, pages, and the surroundings of ultrasound data."""

from __future__ import annotations

from dataclasses import dataclass
from time import process_time

import pytest
from builders import instance
from pixels.pictures import line
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from gateway.judge import TextJudge
from gateway.pixels.reader import Line
from gateway.pixels.regions import findings
from gateway.pixels.scales import scales
from gateway.pixels.scene import Scene, scene
from gateway.records import Box, Identifiers, Verdict

T, U, P = Verdict.TECHNICAL, Verdict.UNSURE, Verdict.PHI
OWN = Identifiers(names=frozenset({"OKONKWO^ADA"}), ids=frozenset({"77120934"}))
SCREEN = Scene(480, 640)


@pytest.fixture(scope="module")
def judge() -> TextJudge:
    return TextJudge.load()


@dataclass(frozen=True)
class Screen:
    """The lines of a screen, and what becomes of each."""

    judge: TextJudge
    scene: Scene = SCREEN

    def verdicts(self, *lines: Line) -> list[Verdict]:
        return [finding.verdict for finding in findings(lines, 0, OWN, self.judge, scene=self.scene)]

    def rules(self, *lines: Line) -> list[str]:
        return [finding.reasons[-1].rule for finding in findings(lines, 0, OWN, self.judge, scene=self.scene)]


@pytest.mark.parametrize("text", ["58", "4711", "12/120", "arm"])
def test_weak_words_on_a_banner_go_and_stay_elsewhere(judge: TextJudge, text: str) -> None:
    name = line(10, 8, 90, 14, "OKONKWO ADA")
    assert Screen(judge).verdicts(name, line(500, 8, 30, 14, text)) == [P, U]
    assert Screen(judge).rules(name, line(500, 8, 30, 14, text))[1] == "a row of a banner"
    middle = [line(10, 240, 90, 14, "OKONKWO ADA"), line(500, 240, 30, 14, text)]
    assert Screen(judge).verdicts(*middle) == [P, T]
    assert Screen(judge).verdicts(line(10, 8, 60, 14, "MI 1.1"), line(500, 8, 30, 14, text))[1] is T


@pytest.mark.parametrize(
    "text", ["MI 1.1", "TIs 0.4", "C5-1", "28Hz", "Gn 54", "2D 65%", "Depth 14.0cm", "120 kV", "Abdomen", "Frq 5.0"]
)
def test_technical_words_on_a_banner_stay(judge: TextJudge, text: str) -> None:
    assert Screen(judge).verdicts(line(10, 8, 90, 14, "OKONKWO ADA"), line(400, 8, 60, 14, text)) == [P, T]


def test_a_scale_beside_a_banner_stays(judge: TextJudge) -> None:
    figures = [line(200 + 60 * i, 10, 12, 12, str(10 - 2 * i)) for i in range(5)]
    assert Screen(judge).verdicts(line(10, 10, 90, 14, "OKONKWO ADA"), *figures) == [P, T, T, T, T, T]


def test_figures_that_are_read_twice_are_one(judge: TextJudge) -> None:
    figures = [line(500, 100 + 60 * i, 12, 12, str(i)) for i in (1, 1, 2, 3, 3)]
    assert Screen(judge).verdicts(line(10, 10, 90, 14, "OKONKWO ADA"), *figures) == [P, T, T, T, T, T]


@pytest.mark.parametrize(("below", "expected"), [("58", U), ("4711", U), ("F", U), ("120 kV", T), ("SE 4", T)])
def test_short_rows_of_a_column_of_details_go(judge: TextJudge, below: str, expected: Verdict) -> None:
    found = Screen(judge).verdicts(line(10, 200, 90, 14, "OKONKWO ADA"), line(10, 218, 30, 14, below))
    assert found == [P, expected]


def test_what_stands_far_from_details_is_no_row_of_them(judge: TextJudge) -> None:
    name = line(10, 200, 90, 14, "OKONKWO ADA")
    assert Screen(judge).verdicts(name, line(10, 260, 30, 14, "58"), line(300, 218, 30, 14, "58")) == [P, T, T]


def test_a_value_stands_below_its_label(judge: TextJudge) -> None:
    label, value = line(300, 200, 60, 14, "Name:"), line(300, 218, 60, 14, "WHITE")
    assert Screen(judge).verdicts(label, value) == [P, U]
    assert Screen(judge).verdicts(label, line(380, 200, 60, 14, "WHITE"), value) == [P, U, T]
    assert Screen(judge).verdicts(label, line(300, 260, 60, 14, "WHITE")) == [P, T]
    assert Screen(judge).verdicts(label, line(300, 218, 60, 14, "120 kV")) == [P, T]


def test_values_of_a_table_stand_far_from_their_labels(judge: TextJudge) -> None:
    labels = [line(10, 200, 60, 14, "Name:"), line(10, 230, 60, 14, "Operator:")]
    values = [line(400, 200, 60, 14, "STONE"), line(400, 230, 60, 14, "WHITE")]
    assert Screen(judge).verdicts(*labels, *values) == [P, P, U, U]
    assert Screen(judge).verdicts(labels[0], values[0]) == [P, T]


# --- pages ------------------------------------------------------------------------------------------------------------
def page(*rows: tuple[str, ...]) -> list[Line]:
    return [
        line(20 + 150 * column, 20 + 24 * row, 9 * len(text), 14, text)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    ]


DOSE = (
    ("Patient Name:", "OKONKWO ADA"),
    ("Patient ID:", "77120934"),
    ("Dose Report",),
    ("Series", "Type", "CTDIvol", "DLP"),
    ("1", "Scout", "0.12", "4.10"),
    ("2", "Helical", "12.45", "623.20"),
    ("3", "Helical", "8.31", "310.77"),
    ("4", "Axial", "8.40", "112.90"),
    ("Total DLP", "1050.97", "mGy*cm"),
    ("Phantom", "32", "kVp 120", "mAs 210"),
)


def test_a_dose_page_keeps_its_words_and_figures(judge: TextJudge) -> None:
    lines = page(*DOSE)
    found = dict(zip((one.text for one in lines), Screen(judge, Scene(400, 640)).verdicts(*lines), strict=True))
    assert found.pop("OKONKWO ADA") is P
    assert found.pop("77120934") is P
    assert {found.pop("Patient Name:"), found.pop("Patient ID:")} == {P}
    assert set(found.values()) == {T}


def test_a_page_keeps_no_weak_words_beside_details(judge: TextJudge) -> None:
    rows = [("OKONKWO ADA", "58", "4711", "arm"), *DOSE[2:], ("arm",)]
    lines = page(*rows)
    found = Screen(judge, Scene(400, 640)).verdicts(*lines)
    assert found[:4] == [P, U, U, U]


def test_a_page_by_hand_goes_whole(judge: TextJudge) -> None:
    written = [line(200, 40 + 40 * row, 220, 18, "wWmh", score=0.4, detection=0.8) for row in range(10)]
    lines = [*page(*DOSE), *written]
    whole = findings(lines, 0, OWN, judge, scene=Scene(400, 640))[-1]
    assert (whole.box, whole.verdict, whole.reasons[-1].rule) == (Box(0, 0, 640, 400), U, "a page that cannot be read")
    assert all(one.box != whole.box for one in findings(page(*DOSE), 0, OWN, judge, scene=Scene(400, 640)))
    nobody = [one for one in lines if one.text not in {"Patient Name:", "OKONKWO ADA", "Patient ID:", "77120934"}]
    assert all(one.box != whole.box for one in findings(nobody, 0, OWN, judge, scene=Scene(400, 640)))


# --- ultrasound regions -----------------------------------------------------------------------------------------------
def region(left: object, top: object, right: object, bottom: object) -> Dataset:
    item = Dataset()
    item.RegionLocationMinX0, item.RegionLocationMinY0 = left, top
    item.RegionLocationMaxX1, item.RegionLocationMaxY1 = right, bottom
    return item


def test_regions_are_looked_up_and_nonsense_is_left_out() -> None:
    ds = instance()
    assert scene(ds, 480, 640).regions == ()
    ds.SequenceOfUltrasoundRegions = Sequence(
        [
            region(100, 60, 539, 419),
            region(500, 10, 20, 400),
            region(0, 0, 4000, 4000),
            Dataset(),
            region(0, 0, 639, 479),
        ]
    )
    assert scene(ds, 480, 640).regions == (Box(100, 60, 440, 360), Box(0, 0, 640, 480))


def test_outside_the_regions_only_firm_words_stay(judge: TextJudge) -> None:
    outside = Screen(judge, Scene(480, 640, (Box(100, 60, 440, 360),)))
    lines = [line(10, 30, 40, 14, text) for text in ("4711", "arm", "MI 1.1", "C5-1")]
    assert [outside.verdicts(one) for one in lines] == [[U], [U], [T], [T]]
    assert outside.rules(lines[0]) == ["outside the ultrasound regions"]
    assert outside.verdicts(line(300, 200, 40, 14, "4711")) == [T]
    assert outside.verdicts(line(10, 30, 9, 14, "5")) == [T]


def test_lying_regions_release_nothing_and_black_out_nothing(judge: TextJudge) -> None:
    lines = [line(10, 8, 90, 14, "OKONKWO ADA"), line(200, 200, 60, 14, "MI 1.1"), line(300, 300, 80, 14, "XYZZYQ")]
    for regions in ((), (Box(0, 0, 640, 480),), (Box(0, 0, 1, 1),), (Box(5, 5, 2, 2), Box(630, 470, 9, 9))):
        assert Screen(judge, Scene(480, 640, regions)).verdicts(*lines) == [P, T, U]


def test_a_page_full_of_figures_is_looked_through_once() -> None:
    """Each figure has a row and a column of others; 1,800 of them took more than a minute."""
    grid = [line(x, y, 15, 14, str((7 * x + 13 * y) % 89)) for y in range(0, 1200, 20) for x in range(0, 1200, 40)]
    column = [line(1300, 40 * number, 15, 14, str(5 * number)) for number in range(20)]
    begun = process_time()
    assert scales([*grid, *column]) == frozenset(range(len(grid), len(grid) + len(column)))
    assert process_time() - begun < 10
