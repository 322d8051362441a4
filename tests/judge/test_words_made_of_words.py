"""Words that no list holds stay if they are made of clinical ones, as languages make them; names that look so go."""

from __future__ import annotations

from pathlib import Path

import marisa_trie
import pytest
import yaml

from gateway.judge import TextJudge
from gateway.judge.made import Maker
from gateway.judge.ordinary import Ordinary
from gateway.judge.vocabulary import Vocabulary
from gateway.records import Identifiers
from gateway.resources import folder

JUDGE = TextJudge.load()
NOBODY = Identifiers()
BENCHMARKS = Path(__file__).parents[2] / "benchmarks"

COMPOUNDS = (
    "Mittelgesichtsfraktur", "Orbitabodenfraktur", "Rechtsherzbelastungszeichen", "Wirbelkörpersinterung", "Kniegelenkserguss",
    "Rotatorenmanschettenruptur", "Kontrastmittelunverträglichkeit", "Beckenringfrakturen", "Nierenarterienverkalkung",
    "Bauchspeicheldrüsenkopfkarzinom", "benmärgsödem", "levermetastaser", "hjärtförstoring", "nyrebækkenbetændelse",
    "galblaasontsteking", "heupfractuur", "höftledsartros", "skulderbrudd",
)  # fmt: skip
BENT = (
    "hipodensos", "degenerativních", "pleurální", "mediastinalnych", "keuhkovaltimoiden", "epehólyagban", "parenchimatoase",
    "Lymphadenopathien", "ischémiques", "iskeemisten", "metastatycznych", "vertebraliais",
)  # fmt: skip
ROOTS = (
    "gastroskopia", "cholecystektomie", "artroskopii", "osteosyntéza", "bronchoscopie", "spondylodiscitida", "laringoskopi",
    "nefrostomia", "spondyloosi", "tiroidektomisi", "pielonefritis", "tromboflebiitti", "arthroscopique",
)  # fmt: skip
# Invented people; the names are built as clinical words are, or of them.
NAMES = (
    "Bergmann", "Zimmermann", "Steinbach", "Kowalewski", "Nováková", "Virtanen", "Hämäläinen", "Rosenkranz", "Kaltenbrunner",
    "Desislava", "Yaroslava", "Kerdoncuff", "Danzeisen", "Papadopoulou", "Constantinou", "Lungström", "Hartmannová", "Bonecki",
    "Herzberg", "Halsted", "Ripamonti", "Osteraas", "Ligamari", "Cardoso", "Tendulkar", "Costanzo", "Pulmano", "Nephrowski",
)  # fmt: skip


@pytest.mark.parametrize("word", [*COMPOUNDS, *BENT, *ROOTS])
def test_made_words_stay_in_prose(word: str) -> None:
    assert JUDGE.clean(f"CT abdomen, {word}, MRI", NOBODY)[0] == f"CT abdomen, {word}, MRI"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("line", ["{x}: CT abdomen", "CT abdomen {x}", "MRI knee, {x}, lateral"])
def test_names_that_look_made_go(line: str, name: str) -> None:
    assert name not in JUDGE.clean(line.format(x=name), NOBODY)[0]


@pytest.mark.parametrize("word", ["Kniegelenkserguss", "degenerativních", "gastroskopia", "Αρθροπλαστική", "кишечная"])
def test_made_words_say_nothing_in_a_line_of_pixels(word: str) -> None:
    assert JUDGE.judge(word, NOBODY).verdict.value != "technical"


def test_hardly_any_name_of_the_lists_is_made() -> None:
    lists = (yaml.safe_load(path.read_text("utf-8")) for path in sorted(BENCHMARKS.glob("tags_*.yaml")))
    names = {part for one in lists for name in one["family"].split() for part in name.split("-") if len(part) > 6}
    vocabulary = Vocabulary.load(folder("profiles") / "vocabulary")
    made = sorted(name for name in names if vocabulary.made(name))
    assert len(names) > 1500
    assert len(made) <= len(names) / 200, made


def _maker(**lists: frozenset[str]) -> Maker:
    none = marisa_trie.Trie([])
    given = {name: lists.get(name, frozenset()) for name in ("known", "sure", "barred", "name_parts", "prefixes")}
    plain = Ordinary(
        marisa_trie.Trie(lists.get("words", frozenset())), none, marisa_trie.Trie(lists.get("names", frozenset()))
    )
    return Maker(**given, plain=plain)


def test_what_stands_among_names_is_never_made() -> None:
    bone = frozenset({"knochen", "schmerz"})
    assert _maker(known=bone).makes("knochenschmerz")
    assert not _maker(known=bone, names=frozenset({"knochenschmerz"})).makes("knochenschmerz")


def test_a_part_of_names_ends_long_compounds_only() -> None:
    maker = _maker(known=frozenset({"harnleiter", "horn"}), name_parts=frozenset({"stein"}))
    assert maker.makes("harnleiterstein")
    assert not maker.makes("hornstein")


def test_a_short_clinical_part_needs_a_long_word_behind_it() -> None:
    maker = _maker(known=frozenset({"haut"}), words=frozenset({"veranderung", "blume"}))
    assert maker.makes("hautveranderung")
    assert not maker.makes("hautblume")


def test_endings_grow_with_words() -> None:
    maker = _maker(sure=frozenset({"keuhkovaltimo", "maksa"}))
    assert maker.makes("keuhkovaltimoiden")
    assert not maker.makes("maksanen")


@pytest.mark.parametrize("name", ["Легочнов", "Почечнова", "Сердечнин", "Печеночко", "Сосудистенко"])
def test_family_names_in_cyrillic_letters_are_not_bent(name: str) -> None:
    assert name not in JUDGE.clean(f"MRI {name}", NOBODY)[0]
