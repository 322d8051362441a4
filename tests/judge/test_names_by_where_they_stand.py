"""Words that the lists know, as names of strangers: alone, where somebody signs, put together of syllables. Others stay."""

from __future__ import annotations

from time import process_time

import pytest

from gateway.judge import TextJudge, called, technical
from gateway.judge.vocabulary import Vocabulary
from gateway.records import Identifiers
from gateway.resources import folder

NOBODY = Identifiers()


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("CT THORAX NACHTIGALL", "CT THORAX"),
        ("RX torace Rebhuhn", "RX torace"),
        ("Prados, Calado. Becken ap", "Becken ap"),
        ("MRI knee left (Hiver)", "MRI knee left"),
        ("[Raaf]: mammo screening", "mammo screening"),
        ("Tonnelier CT abdomen", "CT abdomen"),
        ("chest ap - Queijo", "chest ap"),
        ("NACHTIGALL chest ap portable", "chest ap portable"),
        ("MRI knee left. K L'Estrange.", "MRI knee left"),
        ("bone scan, D'Etoffe", "bone scan"),
        ("Szewczyk: brain axial", "brain axial"),
        ("bone scan Her", "bone scan"),
        ("bone scan (H\u1ed3)", "bone scan"),
        ("knee. Quilfoyle, Hiver lateral", "knee lateral"),
        ("Valkeapaa MRI knee", "MRI knee"),
        ("hiver_quilfoyle knee", "knee"),
        ("knee, quilfoyle hiver", "knee"),
        ("Becken ap Quilfoyle \u00c5ge", "Becken ap"),
        ("Ibn Battuta: knee", "knee"),
        ("Pia K. Quilfoyle MRI knee", "MRI knee"),
        ("MRI knee Quilfoyle (Pia)", "MRI knee"),
        ("QUILFOYLE^PREM knee", "knee"),
    ],
)
def test_everyday_words_that_stand_alone_go(judge: TextJudge, text: str, stays: str) -> None:
    assert judge.clean(text, NOBODY)[0] == stays


@pytest.mark.parametrize(
    "text",
    [
        "Unauff\u00e4llige Darstellung, kein suspekter Befund",
        "Mismatch ratio 3.4",
        "Saddle embolus with evidence of right heart strain.",
        "sent to PACS",
        "Gipskontrolle",
        "Allergie \u00e0 l'iode",
        "FALL FROM LADDER, UNABLE TO BEAR WEIGHT",
        "KNEE LOCKING, SUSPECTED MENISCAL TEAR",
        "Impress\u00e3o: exame normal",
        "MRI of the brain with and without contrast",
        "Ax In Phase, Out Of Phase",
        "NO LUNG NODULE",
        "Pre And Post Contrast",
        "from Field of view to level",
        "X-Ray chest",
        "Patient Protocol",
        "PARENT STAYED IN THE SCANNER ROOM",
        "HOMOGENEOUS DENSITY B",
        "Verwackelt",
        "Hangman's",
    ],
)
def test_what_is_no_name_stays(judge: TextJudge, text: str) -> None:
    assert judge.clean(text, NOBODY) == (text, ())


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("Thorax pa, refertato da Walls", "Thorax pa, refertato"),
        ("CT chest. gelesen von Nagel", "CT chest. gelesen"),
        ("granskad av Schwach, knee", "granskad knee"),
        ("bone scan z.Hd. Stone", "bone scan z.Hd"),
        ("chest, refertato da J. Walls - knee", "chest, refertato knee"),
        ("liver dynamic i.A. Palm", "liver dynamic"),
        ("knee cc: Weeks", "knee cc"),
        ("chest d/w Fields", "chest"),
        ("Becken ap via Pepper", "Becken ap"),
        ("us abdomen popsal korte", "us abdomen popsal korte"),
        ("us abdomen popsal lange", "us abdomen popsal"),
        ("twin B of Stone, US abdomen", "twin US abdomen"),
        ("Rakel sensei MRI knee", "sensei MRI knee"),
        ("chest, Steel MD", "chest"),
        ("Quilfoyle Sample of bone", "Sample of bone"),
        ("the Stone family, knee", "family, knee"),
        ("J. Stone, knee", "knee"),
        ("bone scan. Weeks's.", "bone scan"),
        ("Iris Quilf Zwanikken, knee", "knee"),
        ("knee Quilf Zwanikken Silver", "knee"),
        ("lausunut Korte XR chest", "lausunut XR chest"),
        ("knee (T Stone)", "knee"),
        ("Beat da Quilfoyle, knee", "knee"),
        ("Corazon al-Quilfoyle knee", "knee"),
    ],
)
def test_words_that_sign_or_are_told_go(judge: TextJudge, text: str, stays: str) -> None:
    assert judge.clean(text, NOBODY)[0] == stays


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("brain von Nagel", "brain"),
        ("MRI brain Von Nagel", "MRI brain"),
        ("MRI brain von Stone today", "MRI brain today"),
        ("knee van der Wood", "knee"),
        ("brain di Pepper, knee", "brain knee"),
        ("ecografia da Lima", "ecografia"),
        ("Old films. liver of von Law", "Old films. liver"),
    ],
)
def test_words_tied_by_a_particle_of_names_go(judge: TextJudge, text: str, stays: str) -> None:
    assert judge.clean(text, NOBODY)[0] == stays


@pytest.mark.parametrize(
    "text",
    [
        "Darstellung von Luft",
        "Freies Gas distal von Platte",
        "Ansammlung lateral von Luft",
        "ct von Kiefer",
        "RX de Torax",
        "Ecograf\u00eda de Costilla",
        "score de Child",
        "signe de Babinski",
        "knee, von Willebrand disease",
        "wrist with de Quervain tenosynovitis",
        "brain in von Hippel-Lindau",
        "radiographie de Face",
        "after ten Weeks",
    ],
)
def test_words_behind_what_only_looks_like_a_particle_stay(judge: TextJudge, text: str) -> None:
    assert judge.clean(text, NOBODY) == (text, ())


@pytest.mark.parametrize(
    "name",
    ["Ku Tai Son", "Do Van An", "Li Na", "Ma Lin", "KIM JONG MIN", "Vo Van Ba", "To Thi Be", "YU NA KIM", "NO TAE WOO"],
)
@pytest.mark.parametrize("form", ["MRI knee left, {}", "{}, MRI knee left", "MRI knee left ({})"])
def test_names_of_syllables_go(judge: TextJudge, name: str, form: str) -> None:
    assert judge.clean(form.format(name), NOBODY)[0] == "MRI knee left"


@pytest.mark.parametrize(
    "text",
    [
        "GEM CA",
        "VAC-LOK",
        "LIT DU MALADE",
        "PACIFIER",
        "reported by Radiology",
        "MR CHEST TYPE B",
        "ADDITIONAL VIEWS MAY BE HELPFUL",
    ],
)
def test_nobody_is_called_so(text: str) -> None:
    vocabulary = Vocabulary.load(folder("profiles") / "vocabulary")
    assert list(called.find(text, technical.tokens(text, vocabulary, prose=True), vocabulary)) == []


@pytest.mark.parametrize(
    "piece", ["Nachtigall, ", "reported by Stone ", "Ku Tai Son ", "Beat da ", "Iris Quilf ", "brain von Nagel, "]
)
def test_long_texts_take_time_by_their_length(piece: str) -> None:
    took, vocabulary = [], Vocabulary.load(folder("profiles") / "vocabulary")
    for times in (500, 5000):
        tokens = technical.tokens(piece * times, vocabulary, prose=True)
        before = process_time()
        list(called.find(piece * times, tokens, vocabulary))
        took.append(process_time() - before)
    assert took[1] < 25 * took[0]
