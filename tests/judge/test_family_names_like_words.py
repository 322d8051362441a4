"""Family names of Europe that begin as clinical words do, and the words made as those are: names go, words stay."""

from __future__ import annotations

import pytest

from gateway.judge import TextJudge
from gateway.judge.vocabulary import Vocabulary
from gateway.records import Identifiers
from gateway.resources import folder

NOBODY = Identifiers()
# Invented: parts of clinical words with endings of family names.
NAMES = (
    "Mastoropoulos", "Mastorakos", "Chondropoulos", "Kefalopoulos", "Dermatopoulos", "Keratopoulos", "Thymopoulos",
    "Stenopoulos", "Melanopoulos", "Kardiasmenos", "Lipovicka", "Lipovicky", "Stenicka", "Kolonicki", "Trombicka",
    "Cisternicki", "Condronico", "Chondrodimos", "Strahlendorf", "Wassersteiner", "Rechtsteiner", "Stammschroer",
    "Blasensteiner", "Adernsteiner", "Achselvater", "Blutstetter", "Scheibenpflug", "Untersteiner", "Kefalogianni",
    "Kammersteiner", "Nefrakis", "Melanakis", "Kardiadis", "Mastelloni", "Tendelli", "Fibrovic", "Sklerenko", "Kolonenko",
    "Rippenhofer", "Lungenhuber", "Magenheimer", "Kniebauer", "Nierenmayer", "Gallenmeier", "Halsbacher", "Magenbrunner",
    "Brustmeister", "Schenkelberg", "Lungqvist", "Bloemendijk", "Cardinescu", "Pulmonescu", "Cardioglu", "Kardashvili",
    "Hartenhoven",
)  # fmt: skip
# Made of clinical parts, in twelve languages; hardly one of them stands in the lists.
WORDS = (
    "Nierenbeckenkelchstein", "Harnblasenwandverdickung", "Lungenoberlappenkarzinom", "Hüftkopfnekrose",
    "Sprunggelenksdistorsion", "Schultergelenksarthrose", "Brustwirbelsäulenaufnahme", "Schilddrüsenknoten",
    "Nebennierenadenom", "Aortenklappenersatz", "Milzvergrößerung", "Thoraxwandtumor", "Kreuzbandplastik", "Magenwandödem",
    "Knöchelfraktur", "Herzbeutelerguss", "Zungengrundtumor", "bloedvatvernauwing", "njurcystor", "leverförändringar",
    "knäledsartros", "gallblåsepolyp", "bukspottkörtelcancer", "leverforandringer", "knæledsartrose", "skulderledsprotese",
    "rygmarvskompression", "gastroenterostomia", "colecistopancreatitis", "ureterohidronefrosis", "osteocondritis",
    "esofagogastroduodenoscopia", "pneumomediastino", "hepatectomia", "nefroureterectomia", "laparoscópicas",
    "cholangiopancréatographie", "splénectomisée", "laparoscopiques", "colecistectomizzato", "nefrolitiasi",
    "cholecystektomia", "nefrektomii", "bronchoskopowa", "tromboembolizm", "limfadenopatii", "artroskopowo",
    "angiograficznie", "bronchoskopická", "tromboembolie", "artroskopická", "nefrektómia", "hepatosplenomegália",
    "nefrektomisi", "bronkoskopide", "artroskopik", "keuhkoembolian", "bronkoskopiassa", "polvinivelartroosi",
    "hepatosplenomegaliaa", "bronhoscopie", "nefrektomija", "hepatosplenomegalija", "bronhoskopija",
    "Neurodermitis", "ortopediska",
)  # fmt: skip


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.load(folder("profiles") / "vocabulary")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "line", ["Anna {x}", "{x}, Anna", "Kontrolle bei Anna {x} am Knie", "CT abdomen {x}", "CT Thorax {x} 1952"]
)
def test_names_go(judge: TextJudge, line: str, name: str) -> None:
    assert name not in judge.clean(line.format(x=name), NOBODY)[0]


@pytest.mark.parametrize("name", ["kefalogianni", "MASTOROPOULOS", "SCHEIBENPFLUG", "untersteiner", "lipovicka"])
def test_names_go_however_they_are_written(judge: TextJudge, name: str) -> None:
    assert name not in judge.clean(f"{name} thorax", NOBODY)[0]


@pytest.mark.parametrize("word", WORDS)
def test_words_stay(judge: TextJudge, vocabulary: Vocabulary, word: str) -> None:
    assert vocabulary.made(word)
    assert judge.clean(f"CT abdomen: {word}, MRI", NOBODY)[0] == f"CT abdomen: {word}, MRI"


@pytest.mark.parametrize(
    "text",
    [
        "Z. n. Kreuzbandplastik links, Verlaufskontrolle",
        "Bekannte Niereninsuffizienz seit Jahren, keine Leberzirrhose",
        "Keine Knöchelfraktur nachweisbar",
        "MRT Knie: Verdacht auf Zungengrundtumor mit Ödem",
        "V. a. Herzbeutelerguss",
    ],
)
def test_nouns_stay_in_sentences(judge: TextJudge, text: str) -> None:
    assert judge.clean(text, NOBODY)[0] == text


@pytest.mark.parametrize("line", ["CT thorax, Quilfoyle {x}", "CT thorax, Dr. {x}", "CT thorax, {x}, J."])
@pytest.mark.parametrize("word", ["Knorpelspindel", "Knochenkammer", "SCHULTERBLUME"])
def test_a_made_word_with_a_capital_goes_where_it_names(
    judge: TextJudge, vocabulary: Vocabulary, line: str, word: str
) -> None:
    assert vocabulary.made(word)
    assert word not in judge.clean(line.format(x=word), NOBODY)[0]
    assert word in judge.clean(f"CT thorax mit {word} links", NOBODY)[0]
