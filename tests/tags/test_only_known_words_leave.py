"""A profile with ``descriptors: keep-known-words``: every cleaned text of an instance keeps words of the vocabulary only."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from builders import instance
from tags.cleaning import context

from gateway.judge import TextJudge
from gateway.tags import apply, load

PROFILE = """
name: known words
edition: 2026c
description: Only listed words in descriptions.
options: [BasicApplicationConfidentialityProfile, CleanPixelDataOption, CleanDescriptorsOption]
knobs: {descriptors: DESCRIPTORS}
"""


@cache
def judge() -> TextJudge:
    return TextJudge.load()


@pytest.mark.parametrize(("knob", "kept"), [("clean", "CT Abdomen, 12"), ("keep-known-words", "CT Abdomen")])
def test_texts_keep_listed_words_only(tmp_path: Path, knob: str, kept: str) -> None:
    path = tmp_path / "known.yaml"
    path.write_text(PROFILE.replace("DESCRIPTORS", knob), "utf-8")
    dataset = instance(StudyDescription="CT Abdomen, 12; Frobisher", SeriesDescription="OKONKWO Brain 5 mm")
    out, _ = apply(dataset, load(str(path)), replace(context(dataset), judge=judge()))
    assert out.StudyDescription == kept
    assert out.SeriesDescription == "Brain 5 mm"
