"""The knob ``readers`` of a profile: which engines read the text in pixels."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.errors import ProfileError
from gateway.tags import Knobs, load

LINES = """name: own
edition: 2026c
description: A profile.
options:
  - BasicApplicationConfidentialityProfile
  - CleanPixelDataOption
"""


def profile(place: Path, knobs: str) -> str:
    path = place / "own.yaml"
    path.write_text(LINES + knobs, "utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("[rapidocr]", "rapidocr"),
        ("[easyocr]", "easyocr"),
        ("[rapidocr, easyocr]", "rapidocr, easyocr"),
        ("[easyocr, rapidocr]", "rapidocr, easyocr"),  # the order changes nothing
    ],
)
def test_one_reader_or_several_are_named(tmp_path: Path, said: str, meant: str) -> None:
    assert load(profile(tmp_path, f"knobs:\n  readers: {said}\n")).knobs.readers == meant


def test_the_reader_of_the_default_installation_reads_unless_another_is_named(tmp_path: Path) -> None:
    assert load(profile(tmp_path, "")).knobs.readers == Knobs().readers == "rapidocr"


@pytest.mark.parametrize(
    "said",
    [
        "[]",
        "rapidocr",
        "[tesseract]",
        "[rapidocr, tesseract]",
        "[rapidocr, rapidocr]",
        "[rapidocr, 7]",
        "[[rapidocr]]",
        "5",
    ],
)
def test_what_is_no_list_of_readers_is_refused(tmp_path: Path, said: str) -> None:
    with pytest.raises(
        ProfileError, match=r"line 8: readers must be a list of engines that read text; write `readers: \["
    ):
        load(profile(tmp_path, f"knobs:\n  readers: {said}\n"))
