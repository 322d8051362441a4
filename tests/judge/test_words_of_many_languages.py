"""Words of body, complaint, view, finding and history stay in the languages of Europe, also with capital letters; names that are
words of one of them go."""

from __future__ import annotations

import pytest

from gateway.judge import TextJudge
from gateway.judge.text import fold
from gateway.records import Identifiers

JUDGE = TextJudge.load()
NOBODY = Identifiers()

PHRASES = {
    "German": ("Schmerzen seit Wochen", "Miktionszystourethrographie", "Keilbeinhöhle links", "Aufnahme im Bett"),
    "French": ("bili-IRM", "radiographie du dos", "chute avec traumatisme du poignet droit"),
    "Spanish": ("hernia inguinal izquierda", "tornillos y placa en tobillo"),
    "Italian": ("ginocchio sinistro in carico", "tosse e febbre"),
    "Portuguese": ("joelho esquerdo", "espessamento da parede da vesícula"),
    "Catalan": ("genoll dret amb vessament", "pulmons lliures"),
    "Dutch": ("geen bijzonderheden", "echo galblaas galstenen", "kniegewricht belast"),
    "Swedish": ("hosta och andnöd", "knäskål höger"),
    "Danish": ("mavesmerter", "lungebetændelse venstre side"),
    "Norwegian": ("svimmelhet og kvalme", "hoftebrudd venstre"),
    "Finnish": ("keuhkokuume", "nilkan murtuma oikealla", "lonkkakipu"),
    "Polish": ("duszność i kaszel", "okno płucne", "przepuklina pachwinowa"),
    "Czech": ("bolesti zad", "otok hlezna", "nález na plicích"),
    "Slovak": ("bolesti chrbta", "pľúca bez ložiskových zmien", "zlomenina predlaktia"),
    "Hungarian": ("törés kizárása", "epehólyag kövek", "térdízület"),
    "Romanian": ("CT fără contrast", "genunchiul stâng"),
    "Croatian": ("bol u leđima", "MR koljena", "UZV abdomena", "CT mozga"),
    "Slovene": ("hrbtenica brez sprememb", "pljučnica desno"),
    "Serbian": ("рендген плућа", "плућа без излива"),
    "Turkish": ("beyin tomografisi", "diz eklemi", "safra kesesi"),
    "Greek": ("κάταγμα ισχίου", "λιποθυμία και σπασμοί"),
    "Russian": ("перелом лодыжки", "острые боли в животе"),
    "Ukrainian": ("перелом стегна", "біль голови"),
    "Bulgarian": ("болки в корема", "фрактура на глезен"),
    "Latvian": ("plaušas bez pārmaiņām", "pēdas locītava"),
    "Lithuanian": ("plaučių uždegimas", "kelio sąnario skausmas"),
    "Estonian": ("põlveliiges", "kopsupõletik paremal"),
    "pathology": ("LSIL", "FFPE block", "Cytospin", "Prussian blue", "punch biopsy"),
    "endoscopy": ("cold snare polypectomy", "indigo carmine", "EMR with lift", "caecal intubation"),
    "comments": ("jewellery removed", "patient anxious, music played", "gown and gloves", "on backboard"),
}


@pytest.mark.parametrize("phrase", [phrase for phrases in PHRASES.values() for phrase in phrases])
def test_words_of_reports_stay_however_they_are_written(phrase: str) -> None:
    for written in (phrase, phrase.upper()):
        assert JUDGE.clean(written, NOBODY)[0] == written


@pytest.mark.parametrize(
    "name",
    ["Mišić", "Küçük", "Levý", "Starý", "Wolny", "Kivi", "Klein", "Petit", "Savary", "Inga", "Selva", "Riss", "Kámen"],
)
def test_names_that_are_words_of_some_language_go(name: str) -> None:
    for text in (f"CT thorax {name}", f"{name} Quilfeather, CT", f"CT knee, {name}"):
        assert name not in JUDGE.clean(text, NOBODY)[0]


def test_greek_words_are_the_same_in_capitals_and_with_mu() -> None:
    assert fold("ΠΝΕΥΜΟΝΑΣ") == fold("πνεύμονας")
    assert fold("5 \u03bcm") == fold("5 \u00b5m") == "5 um"


def test_letters_of_no_listed_word_are_foreign_still() -> None:
    assert "Ōkubē" not in JUDGE.clean("CT thorax Ōkubē", NOBODY)[0]
    assert JUDGE.clean("CT vēnas", NOBODY)[0] == "CT vēnas"
