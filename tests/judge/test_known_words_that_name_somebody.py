"""Words that the lists know, where somebody is called by them: with the neighbours that must stay."""

from __future__ import annotations

from time import process_time

import pytest

from gateway.judge import TextJudge, called, technical
from gateway.judge.ordinary import Ordinary
from gateway.judge.text import fold
from gateway.judge.vocabulary import Vocabulary, read
from gateway.records import Identifiers
from gateway.resources import folder

NOBODY = Identifiers()


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("Bill Sharp, cranial sonography", "cranial sonography"),
        ("BLACK SHEILA mammografia", "mammografia"),
        ("PET-CT. Gene Short. Becken", "PET-CT Becken"),
        ("Consultant Pelgrims, testis torsion", "Consultant testis torsion"),
        ("the Pelgrims family, knee", "family, knee"),
        ("dhr. de Wit knie", "knie"),
        ("dual energy bone, Langstrumpf T., tib fib LT", "dual energy bone tib fib LT"),
        ("CT abdomen Rufina ten Langstrumpf", "CT abdomen ten"),
        ("Della Dekkers, knee lateral", "knee lateral"),
        ("Williams chest ap", "chest ap"),
        ("Smith 3D", "3D"),
        ("MR knee Taylor", "MR knee"),
    ],
)
def test_they_go_where_they_name(judge: TextJudge, text: str, stays: str) -> None:
    assert judge.clean(text, NOBODY)[0] == stays


@pytest.mark.parametrize(
    "text",
    [
        "CHEST LONG AXIS",
        "Short axis cine",
        "Black blood, sharp kernel",
        "Bosniak 2F cyst",
        "Baker cyst, brown fat uptake",
        "hepatitis C, vitamin D",
        "patient uncooperative, please repeat the scan",
        "Regelrechte Darstellung der Nieren und ableitenden Harnwege",
        "MR af hjernen uden kontrast",
        "Lichte degeneratieve afwijkingen van de wervelkolom",
        "examen réalisé sans puis avec injection",
        "Kein Anhalt für Raumforderung, Knorpelschaden retropatellar",
        "Embolisation was performed with particles until stasis",
        "IMAGES WERE REVIEWED ON AN INDEPENDENT WORKSTATION",
        "skyline 30 60 90",
        "Frische Blutung im Oberlappen",
    ],
)
def test_they_stay_where_they_do_not(judge: TextJudge, text: str) -> None:
    assert judge.clean(text, NOBODY) == (text, ())


@pytest.mark.parametrize("line", ["snuffbox", "please repeat", "outstretched", "af"])
def test_everyday_words_are_not_enough_for_a_line_of_pixels(judge: TextJudge, line: str) -> None:
    assert judge.judge(line, NOBODY).verdict.value != "technical"


@pytest.mark.parametrize("line", ["GUZEK", "Guzek, Pia", "SKORA", "JRA", "TBM/RTC", "HAWKINS 1", "SMITH (BODY)"])
def test_clinical_words_of_prose_are_not_enough_for_a_line_of_pixels(judge: TextJudge, line: str) -> None:
    assert judge.judge(line, NOBODY).verdict.value != "technical"


@pytest.mark.parametrize(
    "text", ["PATIENT: RABBIT", "PRADOS^CALADO", "Technologist: Radice", "REQUESTED BY TONNELIER", "Patient: Guzek"]
)
def test_labelled_names_that_are_words_go(judge: TextJudge, text: str) -> None:
    assert judge.clean(text, NOBODY)[0] == ""


@pytest.mark.parametrize("text", ["\u2460 3000 100", "SUV 10\u00b2 45 678", "M\u00fcller\udce9 CT", "", ":", "^"])
def test_odd_characters_stop_nothing(judge: TextJudge, text: str) -> None:
    judge.clean(text, NOBODY)
    judge.judge(text, NOBODY)


def test_no_everyday_word_is_a_name_that_we_know() -> None:
    lists = Ordinary.load()
    lines = [line for kind in ("given", "family") for line in read(folder("models") / "training" / f"{kind}_names.txt")]
    names = {fold(part) for line in lines for part in line.split()}
    assert len(names) > 1500
    assert [name for name in sorted(names) if name in lists.words] == []
    assert "snuffbox" in lists


@pytest.mark.parametrize("piece", ["Outstretched O. ", "snuffbox A, ", "Quux JRA - "])
def test_long_texts_take_time_by_their_length(piece: str) -> None:
    took, vocabulary = [], Vocabulary.load(folder("profiles") / "vocabulary")
    for times in (500, 5000):
        tokens = technical.tokens(piece * times, vocabulary, prose=True)
        before = process_time()
        list(called.find(piece * times, tokens, vocabulary))
        took.append(process_time() - before)
    assert took[1] < 25 * took[0]
