"""The knob ``descriptors: keep-known-words``: nothing outside the vocabulary leaves, whatever the text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from gateway.judge import TextJudge
from gateway.judge.known import listed
from gateway.judge.text import atoms
from gateway.judge.vocabulary import Vocabulary
from gateway.records import Identifiers
from gateway.resources import folder

NOBODY = Identifiers()
STUDY = Identifiers(names=frozenset({"BRAIN^ROBERT"}), ids=frozenset({"7730415"}))
VOCABULARY = Vocabulary.load(folder("profiles") / "vocabulary")
JUDGE = TextJudge.load()


@pytest.mark.parametrize(
    "text",
    [
        "AX T1 FSE 5 mm",
        "t2_tse_sag_p2",
        "CT Abdomen w/o contrast",
        "5.0 x 1.2 mm B30f",
        "Thorax nativ",
        "EF 60 %",
        "Chest^PA",
        "b1000",
        "",
    ],
)
def test_words_of_the_vocabulary_stay(text: str) -> None:
    assert JUDGE.keep_known(text, NOBODY) == (text, ())


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Chest 4711", "Chest"),  # a bare number
        ("Chest 12", "Chest"),
        ("Frobnicate the chest", "the chest"),
        ("Wakefield chest", "chest"),  # two listed words that make a name
        ("HeadBrain chest", "chest"),  # two listed words in one
        ("GAlN chest", "chest"),  # no slips of a reader
        ("chest \u2603 liver", "chest liver"),
        ("Smith, MR Brain", "MR Brain"),
        ("L4-5 disc", "L4 disc"),
    ],
)
def test_everything_else_goes(text: str, kept: str) -> None:
    cleaned, reasons = JUDGE.keep_known(text, NOBODY)
    assert cleaned == kept
    assert reasons


def test_the_studys_own_name_goes_although_it_is_a_listed_word() -> None:
    assert JUDGE.keep_known("MR Brain w/o contrast", STUDY)[0] == "MR w/o contrast"


WORDS = some.sampled_from(sorted(VOCABULARY.technical.exact | VOCABULARY.ambiguous.exact)) | some.text(max_size=8)


@settings(max_examples=400, deadline=None)
@given(some.lists(WORDS, max_size=6), some.sampled_from(" _-/^,.:\u00a0\u200b\u0301\n"))
def test_nothing_outside_the_vocabulary_survives(words: list[str], joint: str) -> None:
    cleaned, _ = JUDGE.keep_known(joint.join(words), NOBODY)
    for atom in atoms(cleaned):
        assert atom.number or listed(atom.text, VOCABULARY) or atom.text.casefold() in {"w", "o"}
    assert not re.search(r"[^\w\s_^,;:/|.+*()\[\]%=<>'\u2019\u00b4-]", cleaned)
    for number in re.findall(r"(?<![^\W_])\d+(?![^\W_])", cleaned):
        assert len(number) <= 6
