"""The figures of the model card can be measured again, and the files it and the vocabulary come from are what is committed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gateway.judge import TextJudge
from gateway.judge.vocabulary import read
from gateway.records import Identifiers, Verdict
from gateway.resources import folder
from models import build_vocabulary, train_ner, write_manifest
from models.overlay_lines import LABELS, Writer, is_held, listed

FLOORS = {"AGE_SEX": 0.92, "DATE": 0.90, "ID": 0.83, "PERSON": 0.58, "PLACE": 0.12, "all": 0.68}


@pytest.fixture(scope="module")
def figures() -> dict[str, dict[str, float]]:
    import spacy

    return train_ner.measure(spacy.load(folder("models") / "phi_ner"), seed=99, lines=800)


@pytest.mark.parametrize("label", FLOORS)
def test_held_out_lines_are_read_as_well_as_the_card_says(figures: dict[str, dict[str, float]], label: str) -> None:
    card = json.loads((folder("models") / "phi_ner" / "figures.json").read_text("utf-8"))["held_out"]
    assert figures[label]["f"] >= FLOORS[label]
    assert FLOORS[label] < card[label]["f"] < FLOORS[label] + 0.15


def test_the_card_states_the_measured_figures() -> None:
    place = folder("models") / "phi_ner"
    card = (place / "MODEL_CARD.md").read_text("utf-8")
    figures = json.loads((place / "figures.json").read_text("utf-8"))
    for label, values in figures["held_out"].items():
        assert f"| {label} | {values['p']:.3f} | {values['r']:.3f} | {values['f']:.3f} |" in card
    assert f"{figures['held_out']['all']['touched']:.1%} of the spans" in card
    assert f"the F1 is {figures['same_templates_and_names']['all']['f']:.3f}" in card


def test_held_out_names_and_templates_are_not_trained_on() -> None:
    for file in ("given_names.txt", "family_names.txt"):
        held = [word for line in listed(file) for word in line.split() if is_held(word)]
        assert 0.1 < len(held) / sum(len(line.split()) for line in listed(file)) < 0.3
    writer = Writer(1, held=False)
    trained = " ".join(writer.line().text for _ in range(3000)).casefold().split()
    assert not {"untersucher", "untersucher:", "cognome:"} & set(trained)


def test_the_same_seed_makes_the_same_lines_and_spans_cover_their_values() -> None:
    left, right = Writer(7, held=True), Writer(7, held=True)
    for _ in range(300):
        line = left.line()
        assert line == right.line()
        assert all(0 <= start < end <= len(line.text) and label in LABELS.values() for start, end, label in line.spans)


def test_the_judge_masks_held_out_lines_that_hold_somebody() -> None:
    """As a whole the judge must do far better than the recogniser: what it does not know, it masks."""
    judge, writer = TextJudge.load(), Writer(11, held=True)
    made = [line for line in (writer.line() for _ in range(600)) if line.spans]
    masked = [judge.judge(line.text, Identifiers()).verdict is not Verdict.TECHNICAL for line in made]
    assert sum(masked) / len(made) >= 0.99


def test_generated_word_lists_are_what_the_script_makes(tmp_path: Path) -> None:
    for name, words in build_vocabulary.generate().items():
        assert set(read(folder("profiles") / "vocabulary" / f"{name}.txt")) == words
    build_vocabulary.write(tmp_path, "list", "head", {"b", "a"})
    assert (tmp_path / "list.txt").read_text("utf-8") == "# head\na\nb\n"


def test_the_manifest_is_what_the_script_writes() -> None:
    committed = json.loads((folder("models") / "manifest.json").read_text("utf-8"))
    assert write_manifest.manifest() == committed


def test_ambiguous_words_are_vocabulary_and_no_list_holds_labels_or_institutions() -> None:
    place = folder("profiles") / "vocabulary"
    words = {
        word
        for name in ("console", "units", "protocol", "languages", "standard")
        for word in read(place / f"{name}.txt")
    }
    technical = TextJudge.load()
    assert len(words) > 8000
    for word in read(place / "facility.txt"):
        if not word.startswith("?") and not word.endswith("*"):
            assert technical.judge(word, Identifiers()).verdict is not Verdict.TECHNICAL
