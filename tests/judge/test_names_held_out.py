"""The figures of the model card can be measured again, and the files it and the vocabulary come from are what is committed."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from spacy.language import Language

from gateway.judge import TextJudge
from gateway.judge.text import fold
from gateway.judge.vocabulary import read
from gateway.records import Identifiers, Verdict
from gateway.resources import folder
from models import build_vocabulary, evaluate, train_ner, write_manifest
from models.made_lines import Author
from models.made_names import Names
from models.overlay_lines import LABELS, Line, Writer, is_held, listed
from models.wear import Wear, replaced

FLOORS = {"AGE_SEX": 0.88, "DATE": 0.9, "ID": 0.85, "PERSON": 0.7, "PLACE": 0.33, "all": 0.75}
PLACE = folder("models") / "phi_ner"


@pytest.fixture(scope="module")
def card() -> dict[str, evaluate.Figures]:
    figures: dict[str, evaluate.Figures] = json.loads((PLACE / "figures.json").read_text("utf-8"))
    return figures


@pytest.fixture(scope="module")
def recogniser() -> Language:
    import spacy

    return spacy.load(PLACE)


@pytest.fixture(scope="module")
def figures(recogniser: Language) -> evaluate.Figures:
    return evaluate.measure(recogniser, evaluate.held_out(seed=99, lines=800))


@pytest.mark.parametrize("label", FLOORS)
def test_held_out_lines_are_read_as_well_as_the_card_says(
    figures: evaluate.Figures, card: dict[str, evaluate.Figures], label: str
) -> None:
    assert figures[label]["f"] >= FLOORS[label]
    assert FLOORS[label] < card["held_out"][label]["f"] < FLOORS[label] + 0.2


def test_the_lines_of_another_hand_are_read_as_the_card_says(
    recogniser: Language, card: dict[str, evaluate.Figures]
) -> None:
    measured = evaluate.measure(recogniser, evaluate.independent())
    for label, values in card["independent"].items():
        assert measured[label] == pytest.approx(values, abs=0.02)


def test_the_judge_does_with_them_what_the_card_says(card: dict[str, evaluate.Figures]) -> None:
    """The lists of words grow with time, so a share may be better than the card's, but hardly worse."""
    measured = evaluate.through_the_judge(TextJudge.load())
    for name, values in card["judge"].items():
        assert measured[name]["masked"] >= values["masked"] - 0.005
        assert measured[name]["kept"] >= values["kept"] - 0.02


def test_the_card_states_the_measured_figures(card: dict[str, evaluate.Figures]) -> None:
    text = (PLACE / "MODEL_CARD.md").read_text("utf-8")
    for name in ("independent", "held_out"):
        for label, values in card[name].items():
            assert f"| {label} | {values['p']:.3f} | {values['r']:.3f} | {values['f']:.3f} |" in text
        overall = card[name]["all"]
        assert f"{overall['touched']:.1%} of the spans and {overall['clean']:.1%} of the lines" in text
    assert f"the F1 is {card['trained_forms']['all']['f']:.3f}" in text
    for values in card["judge"].values():
        assert f"| {values['masked']:.2%} | {values['kept']:.2%} |" in text


def test_held_out_names_and_templates_are_not_trained_on() -> None:
    held = {
        fold(word)
        for file in ("given_names.txt", "family_names.txt")
        for line in listed(file)
        for word in line.split()
        if is_held(word)
    }
    assert len(held) > 200
    names = Names(random.Random(1))
    made = [part for _ in range(4000) for part in (names.family(), names.given(), names.person().order)]
    pieces = {fold(piece) for part in made for piece in re.split(r"[-\s']+", part)}
    assert not {piece for piece in pieces if len(piece) > 3} & held
    author = Author(1)
    trained = " ".join(author.line().text for _ in range(6000)).casefold().split()
    assert not {"untersucher", "untersucher:", "cognome", "cognome:", "azienda", "hospitalier"} & set(trained)


def test_the_independent_lines_share_two_names_with_training() -> None:
    known = {
        fold(word) for file in ("given_names.txt", "family_names.txt") for line in listed(file) for word in line.split()
    }
    people = [
        fold(line.text[start:end])
        for line in evaluate.independent()
        for start, end, label in line.spans
        if label == "PERSON"
    ]
    assert len(people) > 100
    shared = {piece for person in people for piece in re.split(r"[^a-z]+", person) if len(piece) > 4} & known
    assert shared == {"ellis", "ilona"}  # the second halves of a Welsh and a Hungarian name


def test_a_culture_gives_many_names() -> None:
    names = Names(random.Random(5))
    people = [names.person() for _ in range(2000)]
    assert len({person.family for person in people}) > 1500
    assert len({person.given for person in people}) > 1200
    assert all(person.family and person.given and person.middle for person in people)


def test_the_same_seed_trains_the_same_recogniser(tmp_path: Path) -> None:
    """Byte for byte, on one machine; few lines here, the order of everything is that of the whole training."""
    for name in ("left", "right"):
        train_ner.train(train_ner.BATCH * 3).to_disk(tmp_path / name)
    left, right = (
        sorted(file for file in (tmp_path / name).rglob("*") if file.is_file()) for name in ("left", "right")
    )
    assert [file.name for file in left] == [file.name for file in right]
    assert [file.read_bytes() for file in left] == [file.read_bytes() for file in right]


def test_wear_keeps_spans_on_what_they_marked() -> None:
    line = Line("NAME: VAN MOOR, ANN  ID 4711", ((6, 19, "PERSON"), (24, 28, "ID")))
    assert replaced(line, 0, 5, "N").spans == ((2, 15, "PERSON"), (20, 24, "ID"))
    assert replaced(line, 9, 10, "") == Line("NAME: VANMOOR, ANN  ID 4711", ((6, 18, "PERSON"), (23, 27, "ID")))
    assert replaced(line, 6, 7, "VV").spans[0] == (6, 20, "PERSON")
    wear = Wear(random.Random(3))
    for _ in range(300):
        worn = wear.line(line)
        assert [label for _, _, label in worn.spans] == ["PERSON", "ID"]
        for start, end, _ in worn.spans:
            assert 0 <= start < end <= len(worn.text)
            assert not worn.text[start:end].startswith(" ")


def test_marked_lines_are_read_as_they_are_written() -> None:
    line = evaluate.marked("{PERSON|Foo Bar} MI 0.9 {DATE|1.2.2003}")
    assert line == Line("Foo Bar MI 0.9 1.2.2003", ((0, 7, "PERSON"), (15, 23, "DATE")))


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


def test_the_recogniser_is_trained_from_what_stands_in_the_tree() -> None:
    trained = json.loads((PLACE / "meta.json").read_text("utf-8"))["trained_from"]
    now = train_ner.inputs()
    changed = sorted(name for name in trained.keys() | now.keys() if trained.get(name) != now.get(name))
    assert not changed, (
        f"{', '.join(changed)} changed since models/phi_ner was trained. New technical words belong in "
        "profiles/vocabulary/additions.txt, which training does not draw from; anything else needs python -m models.train_ner."
    )


@pytest.mark.parametrize("name", ["additions", "protocol"])
def test_a_word_more_tells_unless_it_is_an_addition(name: str, tmp_path: Path) -> None:
    """In a copy of the tree, so that the code runs on lists of its own."""
    root = folder("models").parent
    for part in ("gateway", "models", "profiles"):
        shutil.copytree(root / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__", "phi_ner"))
    with (tmp_path / "profiles" / "vocabulary" / f"{name}.txt").open("a", encoding="utf-8") as file:
        file.write("zzquilf\n")
    script = "import json; from models import train_ner; print(json.dumps(train_ner.inputs()))"
    told = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, check=True, text=True)
    assert (json.loads(told.stdout) == train_ner.inputs()) is (name == "additions")


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
