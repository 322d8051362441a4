"""Phrases as hospitals of many languages write them stay whole; so do stages, grades, sizes and scales."""

from __future__ import annotations

import pytest

from gateway.judge import TextJudge
from gateway.judge.codes import known, stage
from gateway.records import Identifiers

JUDGE = TextJudge.load()
NOBODY = Identifiers()

PHRASES = {
    "German": (
        "Randwinkel frei, keine pneumonischen Infiltrate",
        "Nieren orthotop, kein Harnstau",
        "Patient sehr unruhig",
    ),
    "French": ("artefacts de mouvement", "patient à jeun, voie périphérique bras gauche", "séquence rapide"),
    "Italian": (
        "Ernia discale mediana con impronta sul sacco durale",
        "Colecisti alitiasica, vie biliari non dilatate",
    ),
    "Spanish": ("Patrón mamario denso heterogéneo", "hernia discal que contacta con la raíz"),
    "Portuguese": ("Não há sinais de hemorragia", "espessamento parietal do íleo terminal"),
    "Dutch": ("kan niet stilliggen", "geen aanwijzingen voor bloeding"),
    "Polish": ("stan po operacji", "Serce niepowiększone, jamy opłucnowe wolne", "Badanie ograniczone przez ruch"),
    "Czech": ("Plíce bez ložiskových změn, srdce nezvětšeno", "kašel a dušnost"),
    "Swedish": ("Inga hållpunkter för lungemboli, inga infiltrat", "nedsatt njurfunktion"),
    "Danish": ("hoste og feber", "Hjertet ikke forstørret, ingen stase"),
    "Norwegian": ("Hjertestørrelse innenfor normalen", "feil side"),
    "Finnish": ("Ei pleuranestettä eikä ilmarintaa", "sydän on normaalin kokoinen", "leikkauksen jälkeinen kontrolli"),
    "Hungarian": ("Máj homogén szerkezetű, epehólyag kőmentes", "friss fractura nem látható"),
    "Romanian": ("Revărsat pleural drept, opacitate infiltrativă bazală", "cord în limite normale"),
    "Turkish": ("Plevral efüzyon izlenmedi", "safra kesesinde taş", "akciğer parankimi doğal"),
    "Greek": ("Αξονική τομογραφία εγκεφάλου χωρίς σκιαγραφικό", "πνευμονική εμβολή"),
    "Russian": ("Очаговых изменений в веществе мозга не выявлено", "печень не увеличена, контуры ровные"),
}


@pytest.mark.parametrize("phrase", [phrase for phrases in PHRASES.values() for phrase in phrases])
def test_clinical_phrases_stay_whole(phrase: str) -> None:
    assert JUDGE.clean(phrase, NOBODY)[0] == phrase


@pytest.mark.parametrize(
    "grade",
    ["BI-RADS 4b", "Lung-RADS 4A", "LI-RADS LR-5", "PI-RADS 4", "Gleason 3+4=7", "cT2N1M0", "pT1c pN0 L0 V0 R0", "ypT2 N1a M0",
     "FIGO stage IB2", "stage IVA", "ASA III", "NYHA II-III", "mRS 2", "Kellgren-Lawrence 2", "Bosniak IIF", "Fazekas 1",
     "Child-Pugh B7", "Goutallier 2", "Balthazar grade E", "Tönnis grade 1", "Ann Arbor IIIB", "Couinaud segment IVb",
     "Garden III", "G2P1", "18G needle", "5F sheath", "HE1-4", "GG3", "TASC II D"],
)  # fmt: skip
def test_grades_and_sizes_stay_whole(grade: str) -> None:
    assert JUDGE.clean(grade, NOBODY)[0] == grade


@pytest.mark.parametrize("code", ["ct3bn1m0", "yptis", "pn1mi", "t4n2m1a", "iiic1", "g1p0", "6f", "64dir"])
def test_codes_of_reports_are_known_by_form(code: str) -> None:
    assert known(code)


@pytest.mark.parametrize("code", ["ct77", "tn4411", "m0451", "g22p", "x4f", "4711", "ab12cd", "t5n1m0"])
def test_numbers_of_somebody_are_no_codes(code: str) -> None:
    assert not known(code)


def test_roman_capitals_are_a_stage_behind_its_word_only() -> None:
    assert stage("IVA", "stage")
    assert stage("IVa", "")
    assert not stage("IVA", "")
    assert not stage("IVAN", "stage")


@pytest.mark.parametrize(
    "text", ["Iva CT abdomen", "IVA, MRI knee", "Stan: CT chest", "Inga CT chest", "Frei CT chest"]
)
def test_names_that_are_words_in_small_letters_go(text: str) -> None:
    assert text.split(maxsplit=1)[0].rstrip(",:") not in JUDGE.clean(text, NOBODY)[0]


def test_a_side_stays_before_its_view() -> None:
    assert JUDGE.clean("Quilfeather Oberlomp: L MLO", NOBODY)[0] == "L MLO"
    assert JUDGE.clean("Quilfeather L, chest", NOBODY)[0] == "chest"
