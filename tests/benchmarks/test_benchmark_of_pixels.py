"""The bench of burned-in text, in small: its truth is where the ink is, and it notices what is missed, lost or wasted."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
import pytest
from batches import Cost
from numpy.typing import NDArray

from benchmarks import pixels
from benchmarks.pixels_corpus import truth as truths
from benchmarks.pixels_corpus.canvas import Canvas, Style, plain, strip
from benchmarks.pixels_corpus.grounds import Ground
from benchmarks.pixels_corpus.making import families, make
from benchmarks.pixels_corpus.truth import Box, Truth
from benchmarks.pixels_corpus.words import Role, Segment, Writer
from benchmarks.pixels_score import Score, add, hold, wilson
from benchmarks.pixels_systems import Result, frames_of

LISTS = Writer.of("dev", 1).lists
pytestmark = pytest.mark.skipif(
    not families(LISTS), reason="the fonts of the bench are not here: install the Debian package fonts-dejavu"
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Truth, ...]]:
    """Ten or more files, one of each layout."""
    folder = tmp_path_factory.mktemp("pixels") / "corpus"
    return folder, make(folder, "dev", 70, 6)


def test_every_box_has_ink_that_stands_out_and_says_where_it_is(corpus: tuple[Path, tuple[Truth, ...]]) -> None:
    folder, made = corpus
    assert len(made) >= 10
    assert sum(len(one.phi) for one in made) >= 70
    assert {one.modality for one in made} >= {"CT", "MR", "US", "CR", "MG", "XA", "ES"}
    for one in made:
        ink = truths.read_ink(folder / "ink", one.name)
        frames = frames_of(pydicom.dcmread(folder / "in" / f"{one.name}.dcm")).astype(float)
        assert len(frames) == one.frames
        for number, box in enumerate(one.boxes, 1):
            own = ink == number
            rows, columns = np.flatnonzero(own.any(axis=1)), np.flatnonzero(own.any(axis=0))
            assert [box.x, box.y] == [columns[0], rows[0]]
            assert [box.x + box.w, box.y + box.h] == [columns[-1] + 1, rows[-1] + 1]
            shown = frames[box.frames[0]] if frames.ndim == 3 else frames[box.frames[0]].mean(axis=-1)
            around = np.median(shown[box.area][ink[box.area] == 0]) if (ink[box.area] == 0).any() else 0
            assert abs(np.median(shown[own]) - around) > 0.08 * np.ptp(shown), (one.name, box)


def test_what_the_header_tells_is_known_and_what_it_does_not_is_not(corpus: tuple[Path, tuple[Truth, ...]]) -> None:
    folder, made = corpus
    seen = set()
    for one in made:
        ds = pydicom.dcmread(folder / "in" / f"{one.name}.dcm")
        header = "\n".join(
            str(element.value) for element in ds if element.VR != "SQ" and element.keyword != "PixelData"
        )
        for _, box in one.phi:
            if box.kind in {"id", "accession", "hospital", "exam"}:
                assert box.known == (plain(box.text) in plain(header)), box
                seen.add(box.kind)
            if box.kind == "operator":
                assert not box.known
            if ds.PatientName == f"SUBJECT^{int(one.name):04d}":
                assert not box.known
                seen.add("replaced")
    assert {"id", "hospital", "replaced"} <= seen


def test_the_same_seed_makes_the_same_files(tmp_path: Path) -> None:
    one, other = make(tmp_path / "one", "dev", 20, 5), make(tmp_path / "other", "dev", 20, 5)
    assert one == other == truths.read(tmp_path / "one")
    assert make(tmp_path / "third", "dev", 20, 6) != one
    for name in (truth.name for truth in one):
        left, right = (tmp_path / place / "in" / f"{name}.dcm" for place in ("one", "other"))
        assert left.read_bytes() == right.read_bytes()


def test_lists_that_were_developed_with_share_nothing_with_those_that_measure() -> None:
    held_out = Writer.of("held_out", 1).lists
    for key in ("family", "given"):
        assert not set(LISTS[key].split()) & set(held_out[key].split()), key
    for key in ("towns", "hospitals", "ids", "scripts"):
        assert not set(LISTS[key]) & set(held_out[key]), key
    for key, lines in LISTS["technical"].items():
        assert not set(lines) & set(held_out["technical"][key]), key
    for key in ("name", "file"):
        assert not {font[key] for font in LISTS["fonts"]} & {font[key] for font in held_out["fonts"]}
    assert not {layout["name"] for layout in LISTS["layouts"]} & {layout["name"] for layout in held_out["layouts"]}
    assert len(held_out["layouts"]) >= 8


def screen(frames: int = 2, dark: float = 0.2) -> tuple[Truth, NDArray[np.uint16], NDArray[np.uint8]]:
    """A name, and a technical word below it; the word in all ``frames``, the name from the second frame on."""
    canvas = Canvas(Ground("plain", tuple(np.full((80, 200), dark, np.float32) for _ in range(frames))))
    drawn = families(LISTS)[0].at(20, smooth=False)
    name = strip(drawn, [Segment("OKONKWO ADA", Role.PHI, "name", known=True)])
    word = strip(drawn, [Segment("Gain 52", Role.TECHNICAL, "us")])
    assert name
    assert word
    assert canvas.burn(name, 10, 8, Style(), (1, frames))
    assert canvas.burn(word, 10, 50, Style())
    pixels_ = np.stack([np.rint(frame * 255) for frame in canvas.frames]).astype(np.uint8)
    return Truth("1", "1.2", "US", "made", "plain", 8, frames, "", tuple(canvas.boxes)), canvas.ink, pixels_


def masked(
    pixels_: NDArray[np.uint8], box: Box, frames: range, share: float = 1.0, value: int = 0
) -> NDArray[np.uint8]:
    after = pixels_.copy()
    for frame in frames:
        after[frame, box.y : box.y + box.h, box.x : box.x + round(box.w * share)] = value
    return after


@pytest.mark.parametrize("dark", [0.0, 0.2])
def test_a_box_is_masked_if_ninety_percent_of_it_is_gone_on_every_frame(dark: float) -> None:
    truth, ink, before = screen(3, dark)
    (_, name), *_ = truth.phi
    for frames, share, good in (
        (range(3), 1.0, True), (range(1, 3), 1.0, True), (range(1, 3), 0.95, True), (range(1, 3), 0.6, False),
        (range(1, 2), 1.0, False), (range(0), 1.0, False),
    ):  # fmt: skip
        score = Score()
        add(score, truth, ink, before, masked(before, name, frames, share))
        assert [one.good for one in score.phi] == [good], (frames, share)
        assert score.kept == 1.0
        assert len(score.frames) == 2
        assert all(score.frames) == good


def test_dark_letters_under_a_dark_mask_are_masked_only_if_the_mask_covers_the_box() -> None:
    truth, ink, before = screen()
    (_, name), *_ = truth.phi
    for share, good in ((1.0, True), (0.5, False)):
        score = Score()
        add(score, truth, ink, 255 - before, masked(255 - before, name, range(2), share))
        assert score.recall == good


def test_a_masked_word_is_lost_and_its_pixels_are_outside_truth() -> None:
    truth, ink, before = screen()
    word = next(box for box in truth.boxes if box.text == "Gain")
    after = masked(before, word, range(1))
    for every_text in (False, True):
        score = Score()
        add(score, truth, ink, before, after, every_text=every_text)
        assert [(one.box.text, one.good) for one in score.words] == [("Gain", False), ("52", True)]
        assert score.lost == (0 if every_text else pytest.approx((before != after).sum() / before.size))
    score = Score()
    hold(score, truth)
    assert (score.held, score.kept, score.phi) == (["1"], 0.0, [])


def test_a_change_below_the_loss_of_jpeg_is_no_mask() -> None:
    truth, ink, before = screen()
    score = Score()
    add(score, replace(truth, syntax="JPEG Baseline (Process 1)"), ink, before, before + (before < 250) * np.uint8(4))
    assert (score.recall, score.kept, score.outside) == (0.0, 1.0, 0)


def test_intervals_hold_the_share() -> None:
    low, high = wilson(2997, 3000)
    assert 0.996 < low < 0.999 < high < 1
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(10, 10)[1] == pytest.approx(1)


@pytest.mark.filterwarnings("ignore")
def test_the_whole_run_counts_released_files(tmp_path: Path) -> None:
    asked = pixels.parsed(["--lists", "dev", "--boxes", "8", "--seed", "2", "--only", "ours", "--policies", "phi"])
    (result,) = pixels.bench(asked, tmp_path)
    told = pixels.told(result)
    assert told["boxes"] == len(result.score.phi) >= 8
    assert told["recall"] > 0.6
    assert told["outside"] < 0.2
    assert told["peak_mib"] > 100
    assert json.dumps(told)


def test_goals_that_are_missed_are_told() -> None:
    truth, ink, before = screen()
    (_, name), *_ = truth.phi
    good, bad = Score(), Score()
    for score, after in ((good, masked(before, name, range(2))), (bad, np.zeros_like(before))):
        add(score, truth, ink, before, after)
    cost = Cost(0, 1.0, 100.0)
    assert not pixels.missed(Result("ours, phi", 1, 2, cost, good))
    assert len(pixels.missed(Result("ours, phi", 1, 2, cost, bad))) == 2  # words lost, and pixels outside
    assert len(pixels.missed(Result("ours, text", 1, 2, cost, Score(phi=[replace(good.phi[0], good=False)])))) == 1
